//! An exchange that is dropped ends at once, wherever it is (security rule 12).

use std::{
    io::Write,
    time::{Duration, Instant},
};

use provisioning_settings::system::http::{Http, Network, Proxy};
use tokio::time::timeout;
use url::Url;

use crate::{
    direct, post,
    raw_server::{RawServer, wait_for_end},
};

/// Drops the exchange after 200 ms in a runtime of its own, which must then
/// end at once too, as the program's does.
fn is_dropped_at_once(network: &Network, url: &Url, server: &RawServer, stage: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let request = post(url.clone());
    let begun = runtime.block_on(async {
        let exchange = network.exchange(&request);
        let ended = timeout(Duration::from_millis(200), exchange).await;
        assert!(ended.is_err(), "{stage}: {ended:?}");
        let start = Instant::now();
        tokio::task::yield_now().await;
        start
    });
    drop(runtime);
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(100), "{stage}: {took:?}");
    assert!(server.ends_within(Duration::from_secs(10)), "{stage}");
}

#[test]
fn a_dropped_exchange_ends_at_once_at_each_stage() {
    for (stage, before) in [
        ("before the answer", ""),
        ("in the headers", "HTTP/1.1 200 OK\r\nX: y"),
        (
            "in the body",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na",
        ),
        (
            "in a chunk",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\na",
        ),
    ] {
        let server = RawServer::new(move |stream| {
            stream.write_all(before.as_bytes()).unwrap();
            wait_for_end(stream);
        });
        is_dropped_at_once(&direct(), &server.url("/"), &server, stage);
    }
}

#[test]
fn a_dropped_exchange_ends_at_once_while_it_connects() {
    let server = RawServer::silent(wait_for_end);
    let secure = Url::parse(&format!("https://{}/", server.address())).unwrap();
    is_dropped_at_once(&direct(), &secure, &server, "in the TLS handshake");
    let proxy = Proxy::Fixed(format!("http://{}", server.address()));
    let network = Network::new().with_proxy(proxy);
    let secure = Url::parse("https://prov.invalid/").unwrap();
    is_dropped_at_once(&network, &secure, &server, "at the proxy");
}

#[test]
fn a_dropped_exchange_ends_at_once_in_a_flood() {
    let server = RawServer::new(|stream| {
        let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000);
        while stream.write_all(many.as_bytes()).is_ok() {}
    });
    is_dropped_at_once(&direct(), &server.url("/"), &server, "in a flood");
}
