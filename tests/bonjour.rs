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
#[path = "bonjour/corpus.rs"]
mod corpus;
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
    fmt::Write as _,
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

/// More that a network can have.
trait More {
    /// A shell command that runs besides, on one of the hosts, and what its
    /// output has when it is ready.
    fn beside(self, host: &str, ready: &str, command: &str) -> Self;

    /// Other services than the administrators' samples for Avahi, from this
    /// folder of the lab.
    fn services(self, folder: &str) -> Self;
}

impl More for Lab {
    fn beside(mut self, host: &str, ready: &str, command: &str) -> Self {
        self.beside.push([host, ready, command].map(str::to_owned));
        self
    }

    fn services(mut self, folder: &str) -> Self {
        let folder = lab::in_lab(folder).display().to_string();
        self.env.push(("NETLAB_SERVICES", folder));
        self
    }
}

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
        let Ok(found) = &self.result else {
            panic!("nothing was found: {self:#?}")
        };
        found
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
    playing_on("s2", Lab::of(&[]), steps)
}

/// The same on another host of another network.
fn playing_on(host: &str, lab: Lab, steps: &[Value]) -> Lab {
    let script = Value::from(steps.to_vec()).to_string();
    assert!(!script.contains('\''));
    let program = lab::in_lab("py/mdns_responder.py");
    let command = format!(
        "exec /usr/bin/python3 '{}' s0 '{script}'",
        program.display()
    );
    lab.needing(&["/usr/bin/python3"])
        .beside(host, "^ready", &command)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Answers queries for `kind` with this packet, over IPv4.
fn answering(kind: &str, packet: &[u8]) -> Value {
    json!({"on": kind, "send": [hex(packet)]})
}
