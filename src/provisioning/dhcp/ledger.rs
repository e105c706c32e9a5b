//! One search as it is written down: what was sent, what came back, when it
//! is over and which answer counts. Told the time, never asking for it.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use super::{GRACE, read};
use crate::provisioning::{
    failure::{AddressProblem, Failure},
    method::Method,
    run::Found,
    search::{AnswerTrace, InterfaceTrace, Sent, Trace, hex},
    uri::Template,
};

/// The most packets that are listed one by one: a flood must not fill memory.
/// Good answers are always listed, up to as many again.
const LISTED: usize = 64;

/// An interface that can be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The system's name of it.
    pub name: String,
    /// The address that asks.
    pub address: Ipv4Addr,
    /// All its IPv4 addresses.
    pub addresses: Vec<IpAddr>,
    /// Its MAC address, zeros if it has none.
    pub mac: [u8; 6],
}

/// Something that came to the port.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// Who sent it.
    pub from: IpAddr,
    /// The interface that it came in by, as its place in the list.
    pub link: Option<usize>,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// A search under way.
#[derive(Debug)]
pub struct Ledger {
    xid: u32,
    limit: Duration,
    trace: Trace,
    /// The first good answer and when it came.
    first: Option<(Found, Duration)>,
    good: usize,
}

impl Ledger {
    /// A search over these interfaces that takes at most `limit`.
    pub fn new(xid: u32, links: &[Link], limit: Duration) -> Self {
        let mut trace = Trace::new(Method::Dhcp);
        trace.interfaces = links
            .iter()
            .map(|link| InterfaceTrace {
                name: link.name.clone(),
                addresses: link.addresses.clone(),
                sent: Vec::new(),
                problem: None,
            })
            .collect();
        Self {
            xid,
            limit,
            trace,
            first: None,
            good: 0,
        }
    }

    /// What it saw so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// A request went out of this interface, or could not.
    pub fn sent(&mut self, link: usize, result: Result<(), String>, at: Duration) {
        self.now(at);
        let Some(interface) = self.trace.interfaces.get_mut(link) else {
            return;
        };
        match result {
            Ok(()) => {
                interface.problem = None;
                interface.sent.push(Sent {
                    milliseconds: milliseconds(at),
                    what: format!("DHCPINFORM, xid {:#010x}", self.xid),
                });
            }
            Err(why) => interface.problem = Some(why),
        }
    }

    /// Something keeps every interface from being searched; `None`: no more.
    pub fn blocked(&mut self, why: Option<&str>, at: Duration) {
        self.now(at);
        for interface in &mut self.trace.interfaces {
            interface.problem = why.map(str::to_owned);
        }
    }

    /// A packet came. Returns whether the list is longer now.
    pub fn received(&mut self, packet: Packet<'_>, at: Duration) -> bool {
        self.now(at);
        let reply = read(packet.bytes, self.xid);
        let is_good = reply.uri.is_ok();
        if self.trace.answers.len() >= LISTED && !(is_good && self.good < LISTED) {
            self.trace.unlisted += 1;
            return false;
        }
        let name = |link: usize| Some(self.trace.interfaces.get(link)?.name.clone());
        self.trace.answers.push(AnswerTrace {
            interface: packet.link.and_then(name),
            from: packet.from.to_string(),
            milliseconds: milliseconds(at),
            bytes: hex(&reply.value),
            uri: reply.uri.as_ref().ok().map(Template::masked),
            ignored: reply.uri.as_ref().err().cloned(),
        });
        if let Ok(uri) = reply.uri {
            self.good += 1;
            if self.first.is_none() {
                self.trace.chosen = Some(self.trace.answers.len() - 1);
                let found = Found {
                    uri,
                    by: packet.from.to_string(),
                    addresses: Vec::new(),
                };
                self.first = Some((found, at));
            }
        }
        true
    }

    /// When the search is over, as far as is known now: at the limit, or when
    /// others have had their time after the first good answer.
    pub fn ends(&self) -> Duration {
        match &self.first {
            Some((_, came)) => self.limit.min(*came + GRACE),
            None => self.limit,
        }
    }

    /// The end.
    pub fn finish(mut self, at: Duration) -> (Result<Found, Failure>, Trace) {
        self.now(at);
        self.trace.why = self.why(at);
        let result = match self.first {
            Some((found, _)) => Ok(found),
            None => Err(AddressProblem::NotFound {
                tried: self.trace.lines(),
            }
            .into()),
        };
        (result, self.trace)
    }

    fn why(&self, at: Duration) -> String {
        if self.trace.interfaces.is_empty() {
            return "No interface is up and has an IPv4 address.".into();
        }
        let grace = GRACE.as_millis();
        match (self.good, self.trace.differing().len()) {
            (0, _) => format!("No good answer came within {:.1} s.", at.as_secs_f64()),
            (1, _) => {
                format!("It was the first good answer, and the only one within {grace} ms more.")
            }
            (count, 0) => {
                format!("It was the first of {count} good answers, which all name this address.")
            }
            (count, _) => format!(
                "It was the first of {count} good answers; those that came within {grace} ms more differ."
            ),
        }
    }

    fn now(&mut self, at: Duration) {
        self.trace.milliseconds = milliseconds(at);
    }
}

fn milliseconds(at: Duration) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or(u64::MAX)
}
