//! The search by DHCP (contract section 6): sends out of every interface at
//! once and writes down what comes back.

mod link;
#[cfg_attr(unix, path = "dhcp/port_unix.rs")]
#[cfg_attr(windows, path = "dhcp/port_windows.rs")]
mod port;

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::discovery::{Scope, Searched, Watcher, not_searched};
use crate::provisioning::dhcp::{self, LIMIT, Ledger, Link, Packet};
use port::Port;

/// How long a port that another program holds is waited for: Jitsi, too, looks
/// for a server and is done soon.
const BUSY_LIMIT: Duration = Duration::from_secs(3);
/// The most packets that are taken from a port that is given up: more than
/// its buffer holds.
const DRAINED: usize = 4096;
/// How often it is looked whether it is free.
const BUSY_PAUSE: Duration = Duration::from_millis(100);

/// Looks for a server by DHCP. Dropping the future closes the socket and
/// leaves nothing behind.
pub async fn search(scope: &Scope, watch: &Watcher) -> Searched {
    let limit = scope.timeout.unwrap_or(LIMIT);
    let (xid, jitter) = random();
    let links = link::list(scope.interface.as_deref());
    let search = DhcpSearch {
        began: Instant::now(),
        ledger: Ledger::new(xid, &links, limit),
        links,
        watch,
    };
    let none = search.links.is_empty();
    let (result, mut trace) = search.run(xid, jitter).await;
    if let Some(name) = scope.interface.as_deref().filter(|_| none) {
        let usable = link::list(None).into_iter().map(|link| link.name);
        trace.why = not_searched(name, usable);
    }
    (result, trace)
}

/// A transaction number, and what the jitter is made of.
fn random() -> (u32, [u16; 2]) {
    // The bytes of a UUID that carry no version.
    let bytes = uuid::Uuid::new_v4().into_bytes();
    let pair = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
    let xid = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    (xid, [pair(10), pair(12)])
}

struct DhcpSearch<'a> {
    began: Instant,
    ledger: Ledger,
    links: Vec<Link>,
    watch: &'a Watcher,
}

impl DhcpSearch<'_> {
    async fn run(mut self, xid: u32, jitter: [u16; 2]) -> Searched {
        (self.watch)(self.ledger.trace());
        if let Some(port) = self.open().await {
            let begin = self.began.elapsed();
            let again = dhcp::retransmissions(jitter).map(|pause| begin + pause);
            self.exchange(port, xid, &[begin, again[0], again[1]]).await;
        }
        let end = self.began.elapsed();
        self.ledger.finish(end)
    }

    /// Opens the port, and waits a while if another program holds it.
    async fn open(&mut self) -> Option<Port> {
        if self.links.is_empty() {
            return None;
        }
        let deadline = self.began + BUSY_LIMIT.min(self.ledger.ends());
        loop {
            let error = match Port::open(&self.links) {
                Ok(port) => {
                    self.ledger.blocked(None, self.began.elapsed());
                    return Some(port);
                }
                Err(error) => error,
            };
            let busy = error.kind() == std::io::ErrorKind::AddrInUse;
            let why = if busy {
                "Another program uses UDP port 6768; close it (Jitsi, perhaps) and try again."
                    .to_owned()
            } else {
                format!("UDP port 6768 could not be opened: {error}.")
            };
            self.ledger.blocked(Some(&why), self.began.elapsed());
            (self.watch)(self.ledger.trace());
            if !busy || Instant::now() + BUSY_PAUSE > deadline {
                return None;
            }
            sleep(BUSY_PAUSE).await;
        }
    }

    /// Sends at each of `times` and listens to the end.
    async fn exchange(&mut self, mut port: Port, xid: u32, times: &[Duration]) {
        let mut times = times.iter().copied().peekable();
        // A datagram that is too large has to be told from an error.
        let mut buffer = vec![0; usize::from(u16::MAX)];
        loop {
            let now = self.began.elapsed();
            let ends = self.ledger.ends();
            if now >= ends {
                return;
            }
            if times.next_if(|time| *time <= now).is_some() {
                // Of several copies of this program the system gives an
                // answer to the one that opened the port last: let it be this.
                if let Ok(again) = Port::open(&self.links) {
                    let old = std::mem::replace(&mut port, again);
                    self.drain(&old, &mut buffer).await;
                }
                self.send(&port, xid).await;
                (self.watch)(self.ledger.trace());
            }
            let until = times.peek().map_or(ends, |next| ends.min(*next));
            let until = self.began + until;
            let Ok(received) = timeout_at(until, port.receive(&mut buffer)).await else {
                continue;
            };
            match received {
                Ok((length, from, link)) => {
                    let bytes = &buffer[..length];
                    let packet = Packet { from, link, bytes };
                    if self.ledger.received(packet, self.began.elapsed()) {
                        (self.watch)(self.ledger.trace());
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "nothing could be received");
                    // An error that stays must not keep the processor busy.
                    sleep_until(until.min(Instant::now() + BUSY_PAUSE)).await;
                }
            }
        }
    }

    /// Takes what already came to a port that is given up, without waiting.
    async fn drain(&mut self, port: &Port, buffer: &mut [u8]) {
        // A flood goes on for ever; its rest comes to the new port.
        for _ in 0..DRAINED {
            let Ok(Ok(received)) = timeout(Duration::ZERO, port.receive(buffer)).await else {
                return;
            };
            let (length, from, link) = received;
            let bytes = &buffer[..length];
            let packet = Packet { from, link, bytes };
            self.ledger.received(packet, self.began.elapsed());
        }
    }

    /// Sends out of each interface; one that fails does not stop the others.
    async fn send(&mut self, port: &Port, xid: u32) {
        for (place, link) in self.links.iter().enumerate() {
            let result = match dhcp::inform(xid, link.address, link.mac) {
                Ok(bytes) => port
                    .send(place, &bytes)
                    .await
                    .map_err(|error| format!("The request could not be sent: {error}.")),
                Err(why) => Err(format!("The request could not be made: {why}.")),
            };
            self.ledger.sent(place, result, self.began.elapsed());
        }
    }
}
