//! The search by mDNS against Avahi, python-zeroconf, mdns-sd and a responder
//! that sends whatever it is told to, each test in a network of its own:
//! nothing is asked on the machine's own network.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says so on the terminal"
)]

#[path = "common/lab.rs"]
#[expect(dead_code, reason = "these tests need only a part of it")]
mod lab;

#[path = "bonjour/answers.rs"]
mod answers;
#[path = "bonjour/packet.rs"]
mod packet;
#[path = "bonjour/responders.rs"]
mod responders;
#[path = "bonjour/rogue.rs"]
mod rogue;
#[path = "bonjour/run.rs"]
mod run;
#[path = "bonjour/trouble.rs"]
mod trouble;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use provisioning_settings::{
    provisioning::{
        failure::{AddressProblem, Failure},
        method::Method,
        run::Found,
        search::Trace,
    },
    system::{bonjour, discovery::Scope},
};
use serde_json::{Value, json};

use lab::Lab;

/// What a search came to.
#[derive(Debug)]
struct Ended {
    result: Result<Found, Failure>,
    trace: Trace,
    took: Duration,
}

impl Ended {
    #[track_caller]
    fn found(&self) -> &Found {
        match &self.result {
            Ok(found) => found,
            Err(_) => panic!("nothing was found: {self:#?}"),
        }
    }

    #[track_caller]
    fn uri(&self) -> String {
        self.found().uri.storable()
    }

    /// What was tried, of a search that found nothing.
    #[track_caller]
    fn tried(&self) -> String {
        match &self.result {
            Err(Failure::Address(AddressProblem::NotFound { tried })) => tried.join("\n"),
            _ => panic!("something was found: {self:#?}"),
        }
    }
}

fn everywhere() -> Scope {
    Scope {
        method: Method::Bonjour,
        interface: None,
        timeout: None,
    }
}

/// Not longer than a test wants to wait.
fn for_a_second() -> Scope {
    Scope {
        timeout: Some(Duration::from_secs(1)),
        ..everywhere()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn search_in(scope: &Scope) -> Ended {
    let start = Instant::now();
    let watch = Arc::new(|_: &Trace| {}) as _;
    let (result, trace) = runtime().block_on(bonjour::search(scope, &watch));
    Ended {
        result,
        trace,
        took: start.elapsed(),
    }
}

fn search() -> Ended {
    search_in(&everywhere())
}

/// A network where the host 10.77.1.2 plays these steps (`mdns_responder.py`
/// says what they mean).
fn playing(steps: &[Value]) -> Lab {
    let script = Value::from(steps.to_vec()).to_string();
    assert!(!script.contains('\''));
    let program = lab::in_lab("py/mdns_responder.py");
    let command = format!("exec python3 '{}' s0 '{script}'", program.display());
    Lab::of(&[])
        .needing(&["python3"])
        .beside("s2", "^ready", &command)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Answers queries for `kind` with this packet, over IPv4.
fn answering(kind: &str, packet: &[u8]) -> Value {
    json!({"on": kind, "send": [hex(packet)]})
}
