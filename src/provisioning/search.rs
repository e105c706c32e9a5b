//! What a search for a server saw, as data: for the step list, for `discover`
//! and for the report. No packet is read here, and nothing is decided.

use std::net::IpAddr;

use serde::{Serialize, Serializer};

use super::method::Method;

/// One search by one method, while it goes on and at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// How it searches; `dhcp` or `bonjour` in JSON.
    #[serde(serialize_with = "lower_case")]
    pub method: Method,
    /// The interfaces that are searched, in the system's order.
    pub interfaces: Vec<InterfaceTrace>,
    /// Everything that came back, in order of arrival.
    pub answers: Vec<AnswerTrace>,
    /// The answer that was chosen, as its place in `answers`.
    pub chosen: Option<usize>,
    /// Why that one, or why none; empty while the search goes on.
    pub why: String,
    /// How long it has taken so far, in milliseconds.
    pub milliseconds: u64,
}

impl Trace {
    /// A search that has not begun.
    pub fn new(method: Method) -> Self {
        Self {
            method,
            interfaces: Vec::new(),
            answers: Vec::new(),
            chosen: None,
            why: String::new(),
            milliseconds: 0,
        }
    }
}

fn lower_case<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&method.as_stored().to_ascii_lowercase())
}

/// What happened on one interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InterfaceTrace {
    /// The system's name of it.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// What was sent out of it, in order.
    pub sent: Vec<Sent>,
    /// Why it could not be searched, in one sentence.
    pub problem: Option<String>,
}

/// One packet or query that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Since the search began, in milliseconds.
    pub milliseconds: u64,
    /// What it was, for example `DHCPINFORM, xid 0x1a2b3c4d`.
    pub what: String,
}

/// One thing that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerTrace {
    /// The interface that it came in by, where that is known.
    pub interface: Option<String>,
    /// Who sent it: a DHCP server's address, an mDNS host's name.
    pub from: String,
    /// Since the search began, in milliseconds.
    pub milliseconds: u64,
    /// The bytes that matter (option 224; the TXT record), in hexadecimal.
    pub bytes: String,
    /// The address that it names, secrets masked.
    pub uri: Option<String>,
    /// Why it does not count, in one sentence; `None` if it does.
    pub ignored: Option<String>,
}
