//! The search by mDNS (contract section 7), with `mdns-sd`: both service types
//! are browsed at once, the rules in [`crate::provisioning::bonjour`] say which
//! answer counts and when the search ends.

mod daemon;
mod interfaces;
mod port;

use std::{
    net::{SocketAddr, SocketAddrV6},
    time::Duration,
};

use mdns_sd::{ResolvedService, ScopedIp, ServiceEvent};
use tokio::{
    task::yield_now,
    time::{Instant, sleep_until},
};

use self::daemon::Daemon;
use super::discovery::{Scope, Watcher};
use crate::provisioning::{
    bonjour::{Instance, LIMIT, Search, Service, write_txt},
    failure::{AddressProblem, Failure},
    method::Method,
    run::Found,
    search::{InterfaceTrace, Sent, Trace},
};

/// So often a daemon that a flood has overrun is replaced by a fresh one. The
/// old one reads on until its socket is empty, so they must not become many.
const MAX_RESTARTS: u32 = 1;
/// Longer than anybody waits.
const FAR: Duration = Duration::from_hours(24);

/// Searches, and tells `watch` each time that there is something new to see.
/// Dropping the future ends the search at once.
pub async fn search(scope: &Scope, watch: &Watcher) -> (Result<Found, Failure>, Trace) {
    let mut run = Run::new(scope, watch);
    run.tell();
    let problem = run.listen(scope).await.err();
    let result = run.end(problem);
    run.tell();
    (result, run.trace)
}

/// One search under way.
struct Run<'a> {
    began: Instant,
    watch: &'a Watcher,
    search: Search,
    trace: Trace,
    /// The types that the daemon has begun to browse.
    begun: Vec<Service>,
}

impl<'a> Run<'a> {
    fn new(scope: &Scope, watch: &'a Watcher) -> Self {
        let mut trace = Trace::new(Method::Bonjour);
        trace.interfaces = interfaces::searched(scope.interface.as_deref());
        Self {
            began: Instant::now(),
            watch,
            search: Search::new(scope.timeout.unwrap_or(LIMIT)),
            trace,
            begun: Vec::new(),
        }
    }

    /// Until the rules say that it is enough. Fails if nothing can be asked.
    async fn listen(&mut self, scope: &Scope) -> Result<(), String> {
        let mut daemon = Daemon::start(scope.interface.as_deref())?;
        let mut restarts = 0;
        loop {
            let end = self.ends();
            // At once, and not a tick of the timer later; in a flood, too.
            if Instant::now() >= end {
                return Ok(());
            }
            let event = tokio::select! {
                event = daemon.next() => event,
                () = sleep_until(end) => return Ok(()),
            };
            match event {
                Some((service, event)) => {
                    self.on(service, event, scope)?;
                    // In a flood this future would never rest, and whoever
                    // wants to drop it would not get a turn.
                    yield_now().await;
                }
                None if restarts < MAX_RESTARTS => {
                    restarts += 1;
                    self.begun.clear();
                    daemon = Daemon::start(scope.interface.as_deref())?;
                }
                None => {
                    sleep_until(end).await;
                    return Ok(());
                }
            }
        }
    }

    fn ends(&self) -> Instant {
        let end = self.began.checked_add(self.search.ends());
        // Nobody waits for longer than the clock has time.
        end.unwrap_or_else(|| self.began + FAR)
    }

    fn on(&mut self, service: Service, event: ServiceEvent, scope: &Scope) -> Result<(), String> {
        let at = self.began.elapsed();
        let new = match event {
            ServiceEvent::SearchStarted(text) => {
                let Some(names) = interfaces::named(&text) else {
                    return Ok(());
                };
                if names.is_empty() {
                    return Err(interfaces::why_none(scope.interface.as_deref()));
                }
                self.asked(service, &names, at);
                true
            }
            ServiceEvent::ServiceFound(_, fullname) => {
                self.search.announced(service, instance(service, &fullname));
                false
            }
            ServiceEvent::ServiceResolved(resolved) => {
                self.search.resolved(heard(service, &resolved), at)
            }
            ServiceEvent::ServiceRemoved(_, fullname) => {
                self.search.gone(service, instance(service, &fullname))
            }
            _ => false,
        };
        if new {
            self.tell();
        }
        Ok(())
    }

    /// The daemon says it once when it begins, and then each time that a
    /// query goes out.
    fn asked(&mut self, service: Service, names: &[String], at: Duration) {
        if !self.begun.contains(&service) {
            self.begun.push(service);
            let interfaces = self.trace.interfaces.iter_mut();
            for interface in interfaces.filter(|interface| !names.contains(&interface.name)) {
                interface.problem = Some("It does not take part in mDNS.".to_owned());
            }
            return;
        }
        for name in names {
            let interfaces = &mut self.trace.interfaces;
            let known = interfaces.iter().position(|known| known.name == *name);
            let place = known.unwrap_or_else(|| {
                interfaces.push(InterfaceTrace {
                    name: name.clone(),
                    addresses: Vec::new(),
                    sent: Vec::new(),
                    problem: None,
                });
                interfaces.len() - 1
            });
            if let Some(interface) = interfaces.get_mut(place) {
                interface.sent.push(Sent {
                    milliseconds: milliseconds(at),
                    what: format!("PTR {}", service.browsed()),
                });
            }
        }
    }

    fn tell(&mut self) {
        self.trace.answers = self.search.answers();
        self.trace.milliseconds = milliseconds(self.began.elapsed());
        (self.watch)(&self.trace);
    }

    fn end(&mut self, problem: Option<String>) -> Result<Found, Failure> {
        self.trace.chosen = self.search.chosen();
        let mut tried = Vec::new();
        self.trace.why = problem.unwrap_or_else(|| {
            tried = self.tried();
            self.search.why()
        });
        let Some(offer) = self.search.offer() else {
            tried.push(self.trace.why.clone());
            return Err(AddressProblem::NotFound { tried }.into());
        };
        let answers = self.search.answers();
        let by = self.trace.chosen.and_then(|place| answers.get(place));
        Ok(Found {
            uri: offer.uri.clone(),
            by: by.map(|answer| answer.from.clone()).unwrap_or_default(),
            addresses: offer.addresses.clone(),
        })
    }

    /// What was tried and what came of it, for a failure.
    fn tried(&self) -> Vec<String> {
        let interfaces = self.trace.interfaces.iter().map(|interface| {
            let addresses: Vec<String> = interface
                .addresses
                .iter()
                .map(ToString::to_string)
                .collect();
            let what = match &interface.problem {
                Some(problem) => problem.clone(),
                None => Service::ALL
                    .map(|service| times(interface, service))
                    .join(", "),
            };
            format!("{} ({}): {what}", interface.name, addresses.join(", "))
        });
        let ignored = self.search.answers().into_iter().filter_map(|answer| {
            let why = answer.ignored?;
            Some(format!("{} answered. {why}", answer.from))
        });
        interfaces.chain(ignored).collect()
    }
}

fn times(interface: &InterfaceTrace, service: Service) -> String {
    let what = format!("PTR {}", service.browsed());
    let times = interface
        .sent
        .iter()
        .filter(|sent| sent.what == what)
        .count();
    format!("{} asked for {times} times", service.browsed())
}

/// `Provisioning URL._http._tcp.local.` without its type.
fn instance(service: Service, fullname: &str) -> &str {
    let kind = service.browsed();
    let name = fullname
        .len()
        .checked_sub(kind.len())
        .and_then(|at| fullname.split_at_checked(at))
        .filter(|(_, end)| end.eq_ignore_ascii_case(kind))
        .and_then(|(name, _)| name.strip_suffix('.'));
    name.unwrap_or(fullname)
}

fn heard(service: Service, resolved: &ResolvedService) -> Instance {
    let txt = resolved.txt_properties.iter().map(|property| {
        let mut entry = property.key().as_bytes().to_vec();
        if let Some(value) = property.val() {
            entry.push(b'=');
            entry.extend(value);
        }
        entry
    });
    let names = resolved.addresses.iter().flat_map(heard_on);
    Instance {
        service,
        name: instance(service, &resolved.fullname).to_owned(),
        host: resolved.host.clone(),
        port: resolved.port,
        txt: write_txt(&txt.collect::<Vec<_>>()),
        addresses: resolved
            .addresses
            .iter()
            .map(|address| reached_at(address, resolved.port))
            .collect(),
        interface: names.min().map(str::to_owned),
    }
}

fn heard_on(address: &ScopedIp) -> Vec<&str> {
    match address {
        ScopedIp::V4(address) => {
            let interfaces = address.interface_ids().iter();
            interfaces
                .map(|interface| interface.name.as_str())
                .collect()
        }
        ScopedIp::V6(address) => vec![address.scope_id().name.as_str()],
        _ => Vec::new(),
    }
}

/// Only a link-local address needs to know the interface, and only it may be
/// told: a routed one is reached as the system thinks best.
fn reached_at(address: &ScopedIp, port: u16) -> SocketAddr {
    match address {
        ScopedIp::V6(scoped) if scoped.addr().is_unicast_link_local() => {
            SocketAddrV6::new(*scoped.addr(), port, 0, scoped.scope_id().index).into()
        }
        other => SocketAddr::new(other.to_ip_addr(), port),
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instance_is_what_stands_before_the_type() {
        for (fullname, name) in [
            ("Provisioning URL._http._tcp.local.", "Provisioning URL"),
            ("a.b._HTTP._tcp.local.", "a.b"),
            ("_http._tcp.local.", "_http._tcp.local."),
            ("x_http._tcp.local.", "x_http._tcp.local."),
            ("\u{e9}", "\u{e9}"),
            ("", ""),
        ] {
            assert_eq!(instance(Service::Http, fullname), name);
        }
    }
}
