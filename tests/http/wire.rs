//! What goes out and what comes back, byte by byte.

use std::{
    io::Write,
    thread,
    time::{Duration, Instant},
};

use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use provisioning_settings::{
    provisioning::exchange::Verb,
    system::http::{Http, Network, Proxy},
};

use crate::{answer, direct, post, raw_server::RawServer};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
const BODY: &[u8] = b"lab.x=1\nlab.y=\xfc\r\n";

fn with_body(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\r\n", body].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_post_goes_out_as_the_contract_says() {
    let server = RawServer::answering(format!("{OK}Content-Length: 0\r\n\r\n"));
    let mut request = post(server.url("/a%20b/prov.php"));
    request.body = "uuid=1%2B2&a.b=%C3%BC+x".to_owned().into();
    answer(&direct(), &request).await;
    let expected = format!(
        "POST /a%20b/prov.php HTTP/1.1\r\n\
         User-Agent: Jitsi/2.10.5550\r\n\
         Accept-Encoding: gzip, deflate\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\
         Accept: */*\r\n\
         Host: {}\r\n\
         Content-Length: 23\r\n\
         \r\n\
         uuid=1%2B2&a.b=%C3%BC+x",
        server.address()
    );
    assert_eq!(server.requests(), [expected]);
}

#[tokio::test]
async fn a_post_without_parameters_has_an_empty_body_and_says_so() {
    let server = RawServer::answering(format!("{OK}Content-Length: 0\r\n\r\n"));
    let mut request = post(server.url("/"));
    request.body = String::new().into();
    answer(&direct(), &request).await;
    let sent = server.requests().remove(0);
    assert!(sent.starts_with("POST / HTTP/1.1\r\n"), "{sent}");
    assert!(
        sent.contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n"),
        "{sent}"
    );
    assert!(sent.contains("\r\nContent-Length: 0\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\n"), "{sent}");
}

#[tokio::test]
async fn a_get_has_neither_body_nor_content_type() {
    let server = RawServer::answering(format!("{OK}Content-Length: 0\r\n\r\n"));
    let mut request = post(server.url("/after?from=303"));
    request.verb = Verb::Get;
    answer(&direct(), &request).await;
    let expected = format!(
        "GET /after?from=303 HTTP/1.1\r\n\
         User-Agent: Jitsi/2.10.5550\r\n\
         Accept-Encoding: gzip, deflate\r\n\
         Accept: */*\r\n\
         Host: {}\r\n\
         \r\n",
        server.address()
    );
    assert_eq!(server.requests(), [expected]);
}

#[tokio::test]
async fn a_user_agent_cannot_bring_headers_in() {
    let server = RawServer::answering(format!("{OK}Content-Length: 0\r\n\r\n"));
    let mut request = post(server.url("/"));
    request.user_agent = "Büro/1\r\nX: y".into();
    answer(&direct(), &request).await;
    let sent = server.requests().remove(0);
    assert!(sent.contains("\r\nUser-Agent: Büro/1X: y\r\n"), "{sent}");
}

#[tokio::test]
async fn user_info_in_the_url_is_not_sent() {
    let server = RawServer::answering(format!("{OK}Content-Length: 0\r\n\r\n"));
    let proxy = Proxy::Fixed(format!("http://{}", server.address()));
    for network in [direct(), Network::new().with_proxy(proxy)] {
        let mut request = post(server.url("/"));
        request.url.set_username("jane").unwrap();
        request.url.set_password(Some("pw")).unwrap();
        answer(&network, &request).await;
    }
    for sent in server.requests() {
        assert!(!sent.contains("Authorization"), "{sent}");
        assert!(!sent.contains('@'), "{sent}");
    }
}

#[tokio::test]
async fn each_status_passes_through_and_nothing_is_followed() {
    for status in [
        200, 201, 204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 407, 500, 503, 599,
    ] {
        let server = RawServer::answering(format!(
            "HTTP/1.1 {status} X\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
        ));
        let answer = answer(&direct(), &post(server.url("/"))).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.location.as_deref(), Some("/again"));
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn the_headers_that_the_run_needs_come_back_as_they_were() {
    let head = b"HTTP/1.1 401 Unauthorized\r\n\
        content-type: text/html; charset=UTF-8\r\n\
        WWW-AUTHENTICATE: Negotiate\r\n\
        Location: https://b.example/\xc3\xbc\r\n\
        www-authenticate: Basic realm=\"a, \\\"b\\\" \xfc\", NTLM\r\n\
        Set-Cookie: a=b\r\n\
        Content-Length: 0\r\n\r\n";
    let server = RawServer::answering(*head);
    let network = direct();
    let first = answer(&network, &post(server.url("/"))).await;
    assert_eq!(
        first.content_type.as_deref(),
        Some("text/html; charset=UTF-8")
    );
    assert_eq!(first.location.as_deref(), Some("https://b.example/ü"));
    assert_eq!(
        first.challenges,
        ["Negotiate", "Basic realm=\"a, \\\"b\\\" \u{fffd}\", NTLM"]
    );
    answer(&network, &post(server.url("/"))).await;
    let second = server.requests().remove(1);
    for kept in ["Cookie", "Referer", "Authorization"] {
        assert!(!second.contains(kept), "{second}");
    }
}

#[tokio::test]
async fn a_body_comes_back_whole_however_it_is_sent() {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(BODY).unwrap();
    let deflated = deflated.finish().unwrap();
    let zipped = gzip(BODY);
    let zipped_chunks = [b"5\r\n", &zipped[..5], b"\r\n"].concat();
    let rest = format!("{:x}\r\n", zipped.len() - 5);
    let zipped_chunks = [
        &zipped_chunks,
        rest.as_bytes(),
        &zipped[5..],
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let chunks = [
        b"3;x=y\r\nlab\r\ne\r\n",
        &BODY[3..],
        b"\r\n0\r\nT: v\r\n\r\n",
    ]
    .concat();
    for (name, head, body) in [
        ("length", "Content-Length: 17\r\n", BODY),
        ("close", "Connection: close\r\n", BODY),
        ("chunks", "Transfer-Encoding: chunked\r\n", &chunks),
        ("gzip", "Content-Encoding: gzip\r\n", &zipped),
        ("deflate", "Content-Encoding: deflate\r\n", &deflated),
        (
            "gzip in chunks",
            "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            &zipped_chunks,
        ),
    ] {
        let server = RawServer::answering(with_body(&format!("{OK}{head}"), body));
        let answer = answer(&direct(), &post(server.url("/"))).await;
        assert_eq!(answer.body.as_slice(), BODY, "{name}");
    }
}

#[tokio::test]
async fn an_empty_body_may_be_called_compressed() {
    for head in ["Content-Encoding: gzip", "Content-Encoding: deflate"] {
        let head = format!("HTTP/1.1 401 X\r\n{head}\r\nContent-Length: 0\r\n");
        let server = RawServer::answering(with_body(&head, b""));
        let answer = answer(&direct(), &post(server.url("/"))).await;
        assert_eq!((answer.status, answer.body.len()), (401, 0), "{head}");
    }
}

#[tokio::test]
async fn http_1_0_and_html_pass_and_are_judged_later() {
    let server = RawServer::answering("HTTP/1.0 200 OK\r\n\r\n<html>\x00</html>");
    let answer = answer(&direct(), &post(server.url("/"))).await;
    assert_eq!(answer.body.as_slice(), b"<html>\0</html>");
}

#[tokio::test]
async fn a_100_continue_is_passed_over() {
    for times in [1, 1000] {
        let before = "HTTP/1.1 100 Continue\r\n\r\n".repeat(times);
        let server = RawServer::answering(format!("{before}{OK}Content-Length: 2\r\n\r\nok"));
        let answer = answer(&direct(), &post(server.url("/"))).await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, &b"ok"[..]));
    }
}

#[tokio::test]
async fn the_time_is_taken_to_the_last_byte() {
    let server = RawServer::new(|stream| {
        write!(stream, "{OK}Content-Length: 2\r\n\r\na").unwrap();
        thread::sleep(Duration::from_millis(150));
        stream.write_all(b"b").unwrap();
    });
    let start = Instant::now();
    let answer = answer(&direct(), &post(server.url("/"))).await;
    let all = start.elapsed().as_millis();
    assert!(
        (150..=all).contains(&answer.milliseconds.into()),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_discovered_name_is_reached_at_its_discovered_address() {
    let server = RawServer::answering(format!("{OK}Content-Length: 0\r\n\r\n"));
    let proxy = Proxy::Fixed("http://proxy.invalid:8080".into());
    for network in [direct(), Network::new().with_proxy(proxy)] {
        let mut url = server.url("/");
        url.set_host(Some("prov.invalid")).unwrap();
        let mut request = post(url.clone());
        // The port of the URL counts.
        request.addresses = vec!["127.0.0.1:1".parse().unwrap()];
        answer(&network, &request).await;
        let host = format!("\r\nHost: prov.invalid:{}\r\n", server.address().port());
        assert!(server.requests()[0].contains(&host));
        network.exchange(&post(url)).await.unwrap_err();
    }
    assert_eq!(server.requests().len(), 2);
}
