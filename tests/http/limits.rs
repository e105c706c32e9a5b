//! Answers that never end, never begin, or are far too large.

use std::{
    fs,
    io::Write,
    thread,
    time::{Duration, Instant},
};

use flate2::{Compression, write::GzEncoder};
use provisioning_settings::provisioning::exchange::{MAX_BODY, MAX_LINES};

use crate::{
    answer, direct, failure, hasty, is_too_large, post,
    raw_server::{RawServer, wait_for_end},
};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

/// The most memory that this process had, in kB.
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.unwrap().split_whitespace().next();
    number.unwrap().parse().unwrap()
}

/// Which wait was over; checks that it was neither cut short nor made longer.
async fn gave_up(server: &RawServer) -> String {
    let start = Instant::now();
    let failure = failure(&hasty(), &server.url("/")).await;
    assert_eq!(failure.code(), "PS-NET-TIMEOUT");
    assert!((300..2500).contains(&start.elapsed().as_millis()));
    failure.chain().join(", ")
}

/// Sends a byte every 50 ms until the client has enough.
fn drip(before: &'static str) -> RawServer {
    RawServer::new(move |stream| {
        stream.write_all(before.as_bytes()).unwrap();
        while stream.write_all(b"a").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    })
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let server = RawServer::new(wait_for_end);
    assert_eq!(gave_up(&server).await, "no answer within 0.3 s");
}

#[tokio::test]
async fn headers_that_drip_are_given_up() {
    let server = drip("HTTP/1.1 200 OK\r\nX: ");
    assert_eq!(gave_up(&server).await, "no answer within 0.3 s");
}

#[tokio::test]
async fn a_body_that_stops_is_given_up() {
    let server = RawServer::new(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\na=b").unwrap();
        wait_for_end(stream);
    });
    assert_eq!(gave_up(&server).await, "no further byte within 0.3 s");
}

#[tokio::test]
async fn a_body_that_drips_for_ever_ends_at_the_total_limit() {
    let server = drip("HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(gave_up(&server).await, "no complete answer within 1.2 s");
    assert!(server.ends_within(Duration::from_secs(10)));
}

#[tokio::test]
async fn a_flood_of_100_continue_ends_and_keeps_nothing() {
    let before = peak();
    let server = RawServer::new(|stream| {
        let many = "HTTP/1.1 100 Continue\r\nX: y\r\n\r\n".repeat(1000);
        while stream.write_all(many.as_bytes()).is_ok() {}
    });
    let waited = gave_up(&server).await;
    assert!(waited.starts_with("no "), "{waited}");
    assert!(server.ends_within(Duration::from_secs(10)));
    assert!(peak() - before < 64 * 1024, "{} kB", peak() - before);
}

#[tokio::test]
async fn slow_pieces_within_the_limits_are_an_answer() {
    let server = RawServer::new(|stream| {
        for piece in [
            "HTTP/1.1 200",
            " OK\r\nContent-",
            "Length: 2\r\n\r\n",
            "a",
            "b",
        ] {
            stream.write_all(piece.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(80));
        }
    });
    let answer = answer(&hasty(), &post(server.url("/"))).await;
    assert_eq!(answer.body.as_slice(), b"ab");
}

#[tokio::test]
async fn headers_over_64_kib_are_too_large() {
    let before = peak();
    for (name, head) in [
        ("one of 2 MB", format!("X: {}\r\n", "a".repeat(2_000_000))),
        ("one of 70 kB", format!("X: {}\r\n", "a".repeat(70_000))),
        ("many", "X-A: y\r\n".repeat(20_000)),
        ("two", format!("X: {}\r\n", "a".repeat(40_000)).repeat(2)),
    ] {
        let server = RawServer::answering(format!("{OK}{head}Content-Length: 0\r\n\r\n"));
        let limit = is_too_large(&direct(), &server.url("/")).await;
        assert_eq!(limit, "64 KiB or 100 lines of headers", "{name}");
    }
    assert!(peak() - before < 64 * 1024, "{} kB", peak() - before);
}

#[tokio::test]
async fn headers_within_64_kib_are_an_answer() {
    for head in [
        format!("X: {}\r\n", "a".repeat(65_000)),
        "X-A: y\r\n".repeat(90),
    ] {
        let server = RawServer::answering(format!("{OK}{head}Content-Length: 0\r\n\r\n"));
        let answer = answer(&direct(), &post(server.url("/"))).await;
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn a_body_of_16_mib_passes_and_one_byte_more_does_not() {
    let server = RawServer::new(|stream| {
        write!(stream, "{OK}Connection: close\r\n\r\n").unwrap();
        stream.write_all(&vec![b'a'; MAX_BODY]).unwrap();
    });
    let answer = answer(&direct(), &post(server.url("/"))).await;
    assert_eq!(answer.body.len(), MAX_BODY);
    let server = RawServer::new(|stream| {
        write!(stream, "{OK}Connection: close\r\n\r\n").unwrap();
        drop(stream.write_all(&vec![b'a'; MAX_BODY + 1]));
    });
    assert_eq!(is_too_large(&direct(), &server.url("/")).await, "16 MiB");
}

#[tokio::test]
async fn an_announced_length_over_the_limit_is_refused_at_once() {
    let server = RawServer::new(|stream| {
        write!(stream, "{OK}Content-Length: 99999999999\r\n\r\na").unwrap();
        wait_for_end(stream);
    });
    let start = Instant::now();
    assert_eq!(is_too_large(&direct(), &server.url("/")).await, "16 MiB");
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_bomb_is_stopped_before_it_unfolds() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..256 {
        bomb.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let before = peak();
    let head = format!("{OK}Content-Encoding: gzip\r\n\r\n");
    let server = RawServer::answering([head.as_bytes(), &bomb].concat());
    assert_eq!(is_too_large(&direct(), &server.url("/")).await, "16 MiB");
    assert!(peak() - before < 64 * 1024, "{} kB", peak() - before);
}

#[tokio::test]
async fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r", "\r\n"] {
        let most = format!("{OK}\r\n{}", end.repeat(MAX_LINES));
        let server = RawServer::answering(most.clone());
        let answer = answer(&direct(), &post(server.url("/"))).await;
        assert_eq!(answer.body.len(), end.len() * MAX_LINES);
        let server = RawServer::answering(most + "a");
        let limit = is_too_large(&direct(), &server.url("/")).await;
        assert_eq!(limit, "1,000,000 lines", "{end:?}");
    }
}
