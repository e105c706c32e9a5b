//! Servers that break off, hang up or do not speak HTTP.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
};

use provisioning_settings::provisioning::failure::{Failure, NetworkFault};
use url::Url;

use crate::{direct, failure, fault, is_damaged, raw_server::RawServer};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

/// A closed socket with unread bytes in it sends a reset.
fn reset_after(bytes: &'static [u8]) -> RawServer {
    RawServer::silent(move |stream| {
        stream.peek(&mut [0; 16]).unwrap();
        stream.write_all(bytes).unwrap();
        // The reset must not overtake what was written.
        std::thread::sleep(std::time::Duration::from_millis(100));
    })
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_broken() {
    for (name, cut) in [
        ("nothing", ""),
        ("status line", "HTTP/1.1 20"),
        ("headers", "HTTP/1.1 200 OK\r\nContent-Ty"),
        (
            "length",
            "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\na=b",
        ),
        (
            "chunk",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nlab.x=1\n\r\n",
        ),
        (
            "inside a chunk",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nlab.x=1\n\r\n",
        ),
        (
            "compressed",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n\x1f",
        ),
    ] {
        let server = RawServer::answering(cut);
        let fault = fault(&direct(), &server.url("/")).await;
        assert_eq!(fault, NetworkFault::Broken, "{name}");
    }
}

#[tokio::test]
async fn a_reset_is_broken_wherever_it_comes() {
    for before in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\na=b",
    ] {
        let server = reset_after(before);
        let fault = fault(&direct(), &server.url("/")).await;
        assert_eq!(fault, NetworkFault::Broken, "{before:?}");
    }
}

#[tokio::test]
async fn what_is_not_http_is_damaged() {
    for (name, bytes) in [
        (
            "garbage",
            &b"\x15\x03\x01\0\x02\x02\x46\x15\x03\x01\0\x02"[..],
        ),
        ("HTTP/0.9", b"lab.x=1\n"),
        ("HTTP/2", b"HTTP/2.0 200 OK\r\n\r\n"),
        ("status", b"HTTP/1.1 2x0 OK\r\n\r\n"),
        ("header", b"HTTP/1.1 200 OK\r\nlab.x 1\r\n\r\n"),
        (
            "two lengths",
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ),
        ("length", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        (
            "chunk",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nlab.x=1\r\n",
        ),
        (
            "chunk length",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n",
        ),
    ] {
        let server = RawServer::answering(bytes);
        let what = is_damaged(&direct(), &server.url("/")).await;
        assert_eq!(what, "it is not valid HTTP", "{name}");
    }
}

#[tokio::test]
async fn what_comes_before_the_request_is_damaged() {
    let server = RawServer::silent(|stream| {
        stream.write_all(b"220 mail.example ESMTP\r\n").unwrap();
        crate::raw_server::wait_for_end(stream);
    });
    let what = is_damaged(&direct(), &server.url("/")).await;
    assert_eq!(what, "it is not valid HTTP");
}

#[tokio::test]
async fn compressed_data_that_does_not_unpack_is_damaged() {
    for (encoding, body) in [
        ("gzip", &b"notgzip!"[..]),
        ("deflate", b"notgzip!"),
        // A good head, then nothing of what it announces.
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b"),
    ] {
        let head = format!(
            "{OK}Content-Encoding: {encoding}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let server = RawServer::answering([head.as_bytes(), body].concat());
        let what = is_damaged(&direct(), &server.url("/")).await;
        assert_eq!(what, "its compressed data cannot be unpacked", "{body:?}");
    }
}

#[tokio::test]
async fn a_closed_port_is_no_connection_and_is_named() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    match failure(&direct(), &url).await {
        Failure::Network(problem) => {
            assert_eq!(problem.fault, NetworkFault::Connect);
            assert_eq!(problem.host, address.to_string());
            assert!(problem.chain.iter().any(|cause| cause.contains("refused")));
        }
        other => panic!("{other:?}"),
    }
    assert!(TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn an_unknown_name_is_told_from_a_closed_port() {
    // RFC 6761: no resolver may know it, with or without a network.
    for url in ["http://prov.invalid/", "https://prov.invalid/"] {
        let url = Url::parse(url).unwrap();
        assert_eq!(fault(&direct(), &url).await, NetworkFault::Name);
    }
}

#[tokio::test]
async fn another_scheme_is_an_address_problem() {
    let failure = failure(&direct(), &Url::parse("ftp://127.0.0.1/").unwrap()).await;
    assert!(matches!(failure, Failure::Address(_)), "{failure:?}");
}
