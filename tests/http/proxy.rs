//! The system's proxy (contract section 3).

use std::{env, net::TcpListener, process::Command};

use provisioning_settings::{
    provisioning::failure::NetworkFault,
    system::http::{Network, Proxy},
};
use url::Url;

use crate::{CANARY, answer, direct, failure, fault, post, raw_server::RawServer};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const CHILD: &str = "PROVISIONING_TEST_CHILD";

fn through(address: impl std::fmt::Display) -> Network {
    Network::new().with_proxy(Proxy::Fixed(format!("http://jane:{CANARY}@{address}")))
}

#[tokio::test]
async fn a_plain_request_goes_to_the_proxy_whole() {
    let proxy = RawServer::answering(OK);
    let url = Url::parse("http://prov.invalid:8080/a?b").unwrap();
    let answer = answer(&through(proxy.address()), &post(url)).await;
    assert_eq!(answer.body.as_slice(), b"ok");
    let sent = proxy.requests().remove(0);
    assert!(
        sent.starts_with("POST http://prov.invalid:8080/a?b HTTP/1.1\r\n"),
        "{sent}"
    );
    assert!(sent.contains("\r\nProxy-Authorization: Basic "), "{sent}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_as_the_cause() {
    for refusal in [
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 502 Bad Gateway\r\n\r\n",
        "garbage\r\n\r\n",
        "",
    ] {
        let proxy = RawServer::answering(refusal);
        let network = through(proxy.address());
        let url = Url::parse("https://prov.invalid/").unwrap();
        assert_eq!(
            fault(&network, &url).await,
            NetworkFault::Proxy,
            "{refusal}"
        );
        let sent = proxy.requests().remove(0);
        assert!(
            sent.starts_with("CONNECT prov.invalid:443 HTTP/1.1\r\n"),
            "{sent}"
        );
        assert!(!sent.contains("pass="), "{sent}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_as_the_cause() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for network in [through(closed), through("proxy.invalid:8080")] {
        for url in ["http://prov.invalid/", "https://prov.invalid/"] {
            let url = Url::parse(url).unwrap();
            assert_eq!(fault(&network, &url).await, NetworkFault::Proxy, "{url}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_no_url_is_a_failure_without_its_password() {
    let network = Network::new().with_proxy(Proxy::Fixed(format!("http://jane:{CANARY}@:x:y")));
    failure(&network, &Url::parse("http://prov.invalid/").unwrap()).await;
}

/// Runs one of the tests below again, in a process with other variables.
fn again(name: &str, variables: &[(&str, &str)]) {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "--nocapture", &format!("http::proxy::{name}")]);
    for other in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        child.env_remove(other).env_remove(other.to_uppercase());
    }
    let output = child
        .env(CHILD, "1")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[test]
fn the_environment_says_which_proxy_to_use() {
    if env::var_os(CHILD).is_some() {
        return ask_through_the_system_proxy();
    }
    let proxy = RawServer::answering(OK);
    let server = RawServer::answering(OK);
    let url = format!("http://jane:pw@{}", proxy.address());
    let name = "the_environment_says_which_proxy_to_use";
    let variables = [
        ("http_proxy", url.as_str()),
        ("TARGET", "http://prov.invalid/"),
    ];
    again(name, &variables);
    assert_eq!((proxy.requests().len(), server.requests().len()), (1, 0));
    // What is meant for this machine stays on it, a password too.
    let target = server.url("/").to_string();
    again(name, &[("http_proxy", &url), ("TARGET", &target)]);
    assert_eq!((proxy.requests().len(), server.requests().len()), (1, 1));
}

#[tokio::main(flavor = "current_thread")]
async fn ask_through_the_system_proxy() {
    let url = Url::parse(&env::var("TARGET").unwrap()).unwrap();
    let got = answer(&Network::new(), &post(url)).await;
    assert_eq!(got.body.as_slice(), b"ok");
}

#[test]
fn a_proxy_of_the_environment_that_refuses_is_named_as_the_cause() {
    if env::var_os(CHILD).is_some() {
        return be_refused_by_the_system_proxy();
    }
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://jane:{CANARY}@{closed}");
    again(
        "a_proxy_of_the_environment_that_refuses_is_named_as_the_cause",
        &[("http_proxy", &url), ("https_proxy", &url)],
    );
}

#[tokio::main(flavor = "current_thread")]
async fn be_refused_by_the_system_proxy() {
    for url in ["http://prov.invalid/", "https://prov.invalid/"] {
        let url = Url::parse(url).unwrap();
        assert_eq!(fault(&Network::new(), &url).await, NetworkFault::Proxy);
        assert_eq!(fault(&direct(), &url).await, NetworkFault::Name);
    }
}
