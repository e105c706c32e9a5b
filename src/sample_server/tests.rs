use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::oneshot,
    time::Instant,
};

use super::*;

fn listen_on(address: &str) -> Config {
    Config {
        listen: address.parse().unwrap(),
        ..Config::default()
    }
}

/// Much less than the limits that a test does not shorten, on a busy machine too.
const SOON: Duration = Duration::from_secs(5);

/// Limits that a test can wait for.
fn short() -> Limits {
    Limits {
        connections: 2,
        header: Duration::from_millis(300),
        body: Duration::from_millis(300),
        connection: Duration::from_mins(1),
        grace: Duration::from_millis(300),
    }
}

/// Starts a server with `limits`; it ends when the sender is dropped.
async fn start(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let mut server = bind(Config::default()).await.unwrap();
    server.limits = limits;
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let run = server.run(|_| {}, async {
        let _ = stopped.await;
    });
    (address, stop, tokio::spawn(run))
}

/// Sends `text` and reads until the server closes.
async fn talk(address: SocketAddr, text: &str) -> (String, Duration) {
    let begin = Instant::now();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    (
        String::from_utf8_lossy(&answer).into_owned(),
        begin.elapsed(),
    )
}

#[tokio::test]
async fn a_client_that_never_ends_its_headers_is_let_go() {
    let (address, _stop, _run) = start(short()).await;
    for text in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nA: "] {
        let (_, time) = talk(address, text).await;
        assert!(time < SOON, "{text:?} {time:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_is_let_go() {
    let (address, _stop, _run) = start(short()).await;
    let (answer, time) = talk(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(time < SOON, "{time:?}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_408() {
    // On a busy machine the headers may be late; they are not what is tested.
    let limits = Limits {
        header: SOON,
        ..short()
    };
    let (address, _stop, _run) = start(limits).await;
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab";
    let (answer, time) = talk(address, head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!(time < SOON, "{time:?}");
}

#[tokio::test]
async fn a_client_that_reads_slowly_loses_its_place_in_time() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("provisioning.properties"),
        vec![b'#'; 16 << 20],
    )
    .unwrap();
    let mut server = bind(Config {
        content: Content::Dir(dir.path().to_owned()),
        ..Config::default()
    })
    .await
    .unwrap();
    server.limits = Limits {
        connections: 1,
        connection: Duration::from_millis(900),
        ..short()
    };
    let address = server.address();
    let _run = tokio::spawn(server.run(|_| {}, std::future::pending()));
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    sleep(Duration::from_millis(50)).await;
    let (answer, time) = talk(address, "HEAD / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    assert!(time > Duration::from_millis(500), "{time:?}");
    assert!(time < SOON, "{time:?}");
}

#[tokio::test]
async fn more_connections_than_there_are_places_wait() {
    let (address, _stop, _run) = start(Limits {
        header: Duration::from_secs(1),
        ..short()
    })
    .await;
    let _first = TcpStream::connect(address).await.unwrap();
    let _second = TcpStream::connect(address).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let (answer, time) = talk(address, "GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    assert!(time > Duration::from_millis(150), "{time:?}");
}

#[tokio::test]
async fn the_end_waits_for_a_request_but_not_for_an_idle_client() {
    let (address, stop, run) = start(Limits {
        grace: Duration::from_secs(8),
        ..Limits::default()
    })
    .await;
    let _idle = TcpStream::connect(address).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n";
    busy.write_all(head).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let begin = Instant::now();
    drop(stop);
    sleep(Duration::from_millis(50)).await;
    assert!(
        TcpStream::connect(address).await.is_err(),
        "it still listens"
    );
    busy.write_all(b"a=b").await.unwrap();
    let mut answer = String::new();
    busy.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    run.await.unwrap();
    assert!(begin.elapsed() < SOON);
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let (address, stop, run) = start(Limits {
        grace: Duration::from_millis(200),
        ..Limits::default()
    })
    .await;
    let mut stuck = TcpStream::connect(address).await.unwrap();
    let head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n";
    stuck.write_all(head).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let begin = Instant::now();
    drop(stop);
    run.await.unwrap();
    assert!(begin.elapsed() < SOON);
}

#[tokio::test]
async fn the_uri_fits_the_mode_the_folder_and_the_address() {
    let tokens = "uuid=${uuid}&os=${osname}";
    for (auth, parameters) in [
        (Auth::None, tokens.to_owned()),
        (Auth::Basic, tokens.to_owned()),
        (
            Auth::Form,
            format!("user=${{username}}&password=${{password}}&{tokens}"),
        ),
    ] {
        let server = bind(Config {
            auth,
            ..Config::default()
        })
        .await
        .unwrap();
        let origin = format!("http://127.0.0.1:{}", server.address().port());
        assert_eq!(server.uri(), format!("{origin}/provisioning?{parameters}"));
        assert_eq!(server.uri_of("next"), format!("{origin}/next?{parameters}"));
        assert!(!server.is_public());
    }
    let dir = tempfile::tempdir().unwrap();
    let content = Content::Dir(dir.path().to_owned());
    for (file, path) in [("a b.properties", "/a%20b"), ("two.properties", "/")] {
        std::fs::write(dir.path().join(file), "").unwrap();
        let config = Config {
            content: content.clone(),
            ..Config::default()
        };
        let server = bind(config).await.unwrap();
        assert!(
            server.uri().contains(&format!("{path}?")),
            "{}",
            server.uri()
        );
    }
}

#[tokio::test]
async fn an_address_that_others_reach_is_told_and_its_uri_can_be_used_here() {
    for (listen, host, public) in [
        ("127.0.0.1:0", "127.0.0.1", false),
        ("127.1.2.3:0", "127.1.2.3", false),
        ("[::1]:0", "[::1]", false),
    ] {
        let Ok(server) = bind(listen_on(listen)).await else {
            assert!(listen != "127.0.0.1:0", "no loopback");
            continue;
        };
        assert!(
            server.uri().starts_with(&format!("http://{host}:")),
            "{}",
            server.uri()
        );
        assert_eq!(server.is_public(), public, "{listen}");
    }
    // Listening on all addresses is said of the address, without doing it.
    for (ip, host) in [("0.0.0.0:8080", "127.0.0.1"), ("[::]:8080", "[::1]")] {
        let mut server = bind(Config::default()).await.unwrap();
        server.address = ip.parse().unwrap();
        assert!(server.is_public());
        assert!(
            server.uri().starts_with(&format!("http://{host}:8080/")),
            "{}",
            server.uri()
        );
    }
}

#[tokio::test]
async fn what_cannot_start_says_why_and_what_to_do() {
    let first = bind(Config::default()).await.unwrap();
    let taken = bind(listen_on(&first.address().to_string()))
        .await
        .unwrap_err();
    assert!(matches!(taken, ServeError::AddressInUse(_)), "{taken}");
    let away = bind(listen_on("192.0.2.1:0")).await.unwrap_err();
    assert!(matches!(away, ServeError::AddressNotHere(_)), "{away}");
    let missing = bind(Config {
        content: Content::Dir("/no/such/folder".into()),
        ..Config::default()
    })
    .await
    .unwrap_err();
    assert_eq!(missing.to_string(), "There is no folder /no/such/folder.");
    let mut config = Config {
        auth: Auth::Basic,
        ..Config::default()
    };
    config.user.username = "a:b".into();
    let user = bind(config).await.unwrap_err();
    for error in [taken, away, missing, user] {
        assert!(error.to_string().ends_with('.') && error.advice().ends_with('.'));
    }
}

#[test]
fn a_user_is_a_name_a_colon_and_a_password() {
    let user = read_user("jane:a:b").unwrap();
    assert_eq!(
        (user.username.as_str(), user.password.reveal()),
        ("jane", "a:b")
    );
    assert!(read_user("jane:").is_ok());
    for bad in ["", "jane", ":x"] {
        let error = read_user(bad).unwrap_err();
        assert!(matches!(error, ServeError::User), "{bad}");
    }
}
