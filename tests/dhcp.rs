//! The search by DHCP (contract section 6), each test in a network of its own:
//! real servers, one that misbehaves, and networks that are not as they should
//! be. `netlab` says what there is.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says so on the terminal"
)]

#[path = "common/lab.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod lab;

#[path = "dhcp/limits.rs"]
mod limits;
#[path = "dhcp/network.rs"]
mod network;
#[path = "dhcp/rogue.rs"]
mod rogue;
#[path = "dhcp/servers.rs"]
mod servers;
#[path = "dhcp/trust.rs"]
mod trust;

use std::time::Duration;

use lab::{program::Program, run::Run};
use serde_json::Value;

/// What the rogue server's good answers name.
const GOOD: &str = "http://10.77.1.1:8080/provisioning.php?good=yes";

/// `discover dhcp` with these further arguments.
fn discover(more: &[&str]) -> Run {
    let mut arguments = vec!["discover", "dhcp", "--format", "json"];
    arguments.extend(more);
    Program::new().run(&arguments)
}

/// What a search by DHCP saw.
fn seen(run: &Run) -> Value {
    let document = run.json();
    let searches = document["searches"].as_array().unwrap();
    assert_eq!(searches.len(), 1, "{run:#?}");
    searches[0].clone()
}

/// Fails unless this address was found; gives what the search saw.
#[track_caller]
fn found(run: &Run, uri: &str) -> Value {
    assert_eq!(run.status, 0, "{run:#?}");
    let search = seen(run);
    assert_eq!(search["found"]["uri"], uri, "{run:#?}");
    assert_eq!(search["code"], Value::Null);
    search
}

/// Fails unless nothing was found; gives what the search saw.
#[track_caller]
fn nothing(run: &Run) -> Value {
    let search = seen(run);
    assert_eq!(
        (run.status, &search["found"], &search["code"]),
        (3, &Value::Null, &"PS-NOT-FOUND".into()),
        "{run:#?}"
    );
    search
}

/// A home whose method is DHCP.
fn by_dhcp(program: Program) -> Program {
    let run = program.run(&["method", "dhcp"]);
    assert_eq!(run.status, 0, "{run:#?}");
    program
}

/// `provision` where nobody is there, with further arguments.
fn provision(program: &Program, more: &[&str]) -> Run {
    let mut arguments = vec!["provision", "--no-input", "--format", "json"];
    arguments.extend(more);
    program.run(&arguments)
}

/// The `PS-` codes of a report's warnings.
fn warnings(report: &Value) -> Vec<String> {
    let list = report["warnings"].as_array().unwrap();
    list.iter()
        .map(|warning| warning["code"].as_str().unwrap().to_owned())
        .collect()
}

fn milliseconds(search: &Value) -> Duration {
    Duration::from_millis(search["milliseconds"].as_u64().unwrap())
}
