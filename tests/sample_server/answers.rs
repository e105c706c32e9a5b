//! HTTP itself: methods, bodies, limits, connections.

use super::*;

#[tokio::test]
async fn post_get_and_head_are_served_and_nothing_else() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let posted = server.post("/?user=query", "os=x").await;
    assert!(posted.body.contains("USER_ID=query@"), "{}", posted.body);
    let got = server.send("GET", "/?user=query", "", "").await;
    assert_eq!((got.status, &got.body), (200, &posted.body));
    let length = format!("content-length: {}", got.body.len());
    assert!(got.head.contains(&length), "{}", got.head);
    let head = server.send("HEAD", "/?user=query", "", "").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert!(head.head.contains(&length), "{}", head.head);
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "X"] {
        let got = server.send(method, "/", "", "").await;
        assert_eq!(got.status, 405, "{method}");
        assert!(got.head.contains("allow: get, head, post"));
        assert_eq!(server.last().method, method);
    }
}

#[tokio::test]
async fn the_body_wins_over_the_query() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let got = server.post("/?user=query", "user=body").await;
    assert!(got.body.contains("USER_ID=body@"));
    assert_eq!(server.last().form.len(), 2);
}

#[tokio::test]
async fn a_form_that_is_none_is_a_400_or_a_415() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    for bad in ["a=%", "a=%zz", "a=%ff", "a=%e4", "\u{e4}=%4"] {
        let got = server.post("/", bad).await;
        assert_eq!(got.status, 400, "{bad}");
        assert!(got.body.contains("form-encoded"), "{}", got.body);
    }
    assert_eq!(server.post("/", &"a&".repeat(257)).await.status, 400);
    assert_eq!(server.send("GET", "/?a=%zz", "", "").await.status, 400);
    for kind in [
        "Content-Type: multipart/form-data; boundary=x\r\n",
        "Content-Type: application/json\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n",
    ] {
        assert_eq!(
            server.send("POST", "/", kind, "{}").await.status,
            415,
            "{kind}"
        );
        assert_eq!(
            server.send("POST", "/", kind, "").await.status,
            200,
            "{kind}"
        );
    }
    let kind = "Content-Type: Application/X-WWW-Form-URLEncoded ; charset=utf-8\r\n";
    assert_eq!(server.send("POST", "/", kind, "a=1").await.status, 200);
    assert_eq!(server.send("POST", "/", "", "a=1").await.status, 200);
}

#[tokio::test]
async fn a_form_may_have_a_mebibyte_and_no_more() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let form = format!("a={}", "x".repeat((1 << 20) - 2));
    assert_eq!(server.post("/", &form).await.status, 200);
    let got = server.post("/", &format!("{form}x")).await;
    assert_eq!(got.status, 413);
    assert!(got.head.contains("connection: close"), "{}", got.head);
    let exchange = server.last();
    assert_eq!((exchange.status, exchange.form.len()), (413, 0));
    // Sent without its length, it is counted as it comes.
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let request = format!("{head}{}0\r\n\r\n", chunk.repeat(17));
    assert_eq!(server.raw(request.as_bytes()).await.status, 413);
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_before_it_sends() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n";
    let got = server
        .raw(format!("{head}Content-Length: 2000000\r\n\r\n").as_bytes())
        .await;
    assert_eq!(got.status, 413);
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n";
    assert_eq!(server.raw(head.as_bytes()).await.status, 413);
}

#[tokio::test]
async fn a_connection_serves_several_requests() {
    let server = Running::start(Content::BuiltIn, Auth::Basic).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for (headers, status) in [("", "401"), (BASIC, "200"), ("", "401"), (BASIC, "200")] {
        let head = format!(
            "POST /next HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n{headers}\r\na=b"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut text = Vec::new();
        let length = loop {
            assert!(
                stream.read_buf(&mut text).await.unwrap() > 0,
                "closed too early"
            );
            let seen = String::from_utf8_lossy(&text).to_lowercase();
            let Some((head, body)) = seen.split_once("\r\n\r\n") else {
                continue;
            };
            let (_, rest) = head.split_once("content-length: ").unwrap();
            let length: usize = rest.split("\r\n").next().unwrap().parse().unwrap();
            if body.len() >= length {
                break body.len() - length;
            }
        };
        assert_eq!(length, 0, "more than one answer");
        assert!(text.starts_with(format!("HTTP/1.1 {status}").as_bytes()));
    }
    let peers: Vec<_> = server.log().iter().map(|exchange| exchange.peer).collect();
    assert!(peers.len() == 4 && peers.iter().all(|peer| *peer == peers[0]));
}

#[tokio::test]
async fn several_clients_are_served_at_once() {
    let server = Arc::new(Running::start(Content::BuiltIn, Auth::Form).await);
    // The first one is slow and does not keep the others waiting.
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    slow.write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        .await
        .unwrap();
    let mut clients = tokio::task::JoinSet::new();
    for n in 0..200 {
        let server = Arc::clone(&server);
        clients.spawn(async move {
            let got = server
                .post("/", &format!("user=jane&pw={CANARY}&n={n}"))
                .await;
            assert_eq!(got.status, 200);
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
    let mut sent: Vec<_> = server
        .log()
        .into_iter()
        .map(|mut e| e.form.pop().unwrap().1)
        .collect();
    sent.sort();
    sent.dedup();
    assert_eq!(sent.len(), 200);
}

#[tokio::test]
async fn what_is_no_http_is_said_with_advice() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    let greeting = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n";
    assert_eq!(server.raw(greeting).await.status, 400);
    let exchange = server.last();
    assert!(exchange.to_string().contains("use http here"), "{exchange}");
    let long = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nA: {}",
        "x".repeat(100_000)
    );
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // The server need not read to the end before it closes.
    let _ = stream.write_all(long.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert_eq!(server.last().status, 431);
}

#[tokio::test]
async fn an_answer_is_neither_kept_nor_taken_for_a_page() {
    let server = Running::start(Content::BuiltIn, Auth::None).await;
    for path in ["/", "/none"] {
        let got = server.send("GET", path, "", "").await;
        assert!(got.head.contains("cache-control: no-store"));
        assert!(got.head.contains("x-content-type-options: nosniff"));
        assert!(got.head.contains("content-type: text/plain"));
    }
}

#[tokio::test]
async fn an_open_server_does_not_answer_to_the_name_of_a_web_page() {
    for (auth, status) in [(Auth::None, 421), (Auth::Form, 200)] {
        let server = Running::start(Content::BuiltIn, auth).await;
        let form = format!("/?user=jane&pw={CANARY}");
        for (host, status) in [("evil.example:80", status), ("127.0.0.1:80", 200)] {
            let head = format!("GET {form} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let got = server.raw(head.as_bytes()).await;
            assert_eq!(got.status, status, "{auth:?} {host}");
            assert_eq!(got.body.contains("SIP"), status == 200);
        }
    }
}
