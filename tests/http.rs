//! The exchange with real sockets: what goes out byte by byte, and what
//! becomes of everything that a server can do to a client.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::time::Duration;

use provisioning_settings::{
    provisioning::{
        credentials::Credentials,
        exchange::{Answer, Authorization, Outgoing, Verb},
        failure::{AnswerProblem, Failure, NetworkFault},
    },
    system::http::{Http, Limits, Network, Proxy},
};
use url::Url;

#[path = "common/needs.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod needs;
#[path = "common/raw_server.rs"]
mod raw_server;

mod http {
    mod authorization;
    mod cancel;
    mod damage;
    mod limits;
    mod proxy;
    mod tls;
    mod wire;
}

/// Stands for a password in every request of these tests. No failure may show it.
const CANARY: &str = "canary-9f3c";
/// `canary-9f3c` as Basic sends it for `jane`, without the end that padding changes.
const CANARY_BASE64: &str = "amFuZTpjYW5hcnktOWYz";

fn direct() -> Network {
    Network::new().with_proxy(Proxy::Direct)
}

/// With waits so short that a test can sit them out.
fn hasty() -> Network {
    direct().with_limits(Limits {
        connect: Duration::from_millis(300),
        silence: Duration::from_millis(300),
        total: Duration::from_millis(1200),
    })
}

fn post(url: Url) -> Outgoing {
    Outgoing {
        verb: Verb::Post,
        url,
        addresses: Vec::new(),
        body: format!("user=jane&pass={CANARY}").into(),
        user_agent: "Jitsi/2.10.5550".into(),
        authorization: None,
    }
}

fn jane() -> Credentials {
    Credentials {
        username: "jane".into(),
        password: CANARY.into(),
    }
}

async fn answer(network: &Network, request: &Outgoing) -> Answer {
    network.exchange(request).await.unwrap()
}

/// The failure of an exchange that has the canary in every place where a
/// secret can be. Checks that the failure does not show it.
async fn failure(network: &Network, url: &Url) -> Failure {
    let mut request = post(url.clone());
    request.url.set_query(Some(&format!("p={CANARY}")));
    request.authorization = Some(Authorization::Basic(jane()));
    let failure = network.exchange(&request).await.unwrap_err();
    let shown = format!("{failure} {failure:?} {request:?} {:#?}", failure.chain());
    for secret in [CANARY, CANARY_BASE64] {
        assert!(!shown.contains(secret), "{shown}");
    }
    failure
}

/// The network fault of that failure, which must be one and have a chain.
async fn fault(network: &Network, url: &Url) -> NetworkFault {
    match failure(network, url).await {
        Failure::Network(problem) => {
            assert!(!problem.chain.is_empty());
            problem.fault
        }
        other => panic!("{other:?}"),
    }
}

async fn is_too_large(network: &Network, url: &Url) -> &'static str {
    match failure(network, url).await {
        Failure::Answer(AnswerProblem::TooLarge { limit, .. }) => limit,
        other => panic!("{other:?}"),
    }
}

async fn is_damaged(network: &Network, url: &Url) -> String {
    match failure(network, url).await {
        Failure::Answer(AnswerProblem::Damaged { what, .. }) => what,
        other => panic!("{other:?}"),
    }
}
