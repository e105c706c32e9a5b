//! Bonjour (contract section 7; RFC 6762, RFC 6763): which of the services
//! that mDNS resolved is the provisioning server, when the search may end, and
//! the address that comes of it. What was heard goes in, nothing is asked here.

mod offer;
mod txt;

use std::{fmt::Write as _, net::SocketAddr, time::Duration};

pub use offer::{Offer, offer};
pub use txt::{read as read_txt, write as write_txt};

use super::search::AnswerTrace;

/// The name of the instance that is the provisioning server.
pub const INSTANCE: &str = "Provisioning URL";
/// How long a search takes if nothing usable answers.
pub const LIMIT: Duration = Duration::from_secs(4);
/// How long an `http` answer waits for an `https` one.
pub const HTTPS_GRACE: Duration = Duration::from_millis(500);
/// How long an answer without an IPv4 address waits for one.
pub const IPV4_GRACE: Duration = Duration::from_millis(50);
/// So many answers of a kind are kept (those that do not count, and those of
/// each type that do): a flood of them must not fill the memory.
const MAX_ALIKE: usize = 100;

/// The two service types, the preferred one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// `_https._tcp`
    Https,
    /// `_http._tcp`
    Http,
}

impl Service {
    /// Both, in order of preference.
    pub const ALL: [Self; 2] = [Self::Https, Self::Http];

    /// The service type with its domain, as it is browsed.
    pub fn browsed(self) -> &'static str {
        match self {
            Self::Https => "_https._tcp.local.",
            Self::Http => "_http._tcp.local.",
        }
    }

    /// The scheme of its URIs.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }
}

/// An instance as far as mDNS told about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its type.
    pub service: Service,
    /// Its name without the type.
    pub name: String,
    /// The target of its SRV record.
    pub host: String,
    /// The port of its SRV record.
    pub port: u16,
    /// Its TXT record.
    pub txt: Vec<u8>,
    /// The addresses of `host`; link-local ones carry their scope. The port of
    /// these is without meaning.
    pub addresses: Vec<SocketAddr>,
    /// The interface that it was heard on, where that is known.
    pub interface: Option<String>,
}

/// Something that was heard, and what it is worth.
#[derive(Debug)]
struct Heard {
    instance: Instance,
    at: Duration,
    /// Since when it could be used.
    usable: Option<Duration>,
    offer: Result<Offer, String>,
}

impl Heard {
    /// Whether both are the same server under the same name. Two servers may
    /// have one name: nobody is renamed where responders do not probe.
    fn is(&self, instance: &Instance) -> bool {
        self.instance.service == instance.service
            && self.instance.name.eq_ignore_ascii_case(&instance.name)
            && self.instance.host.eq_ignore_ascii_case(&instance.host)
            && self.instance.port == instance.port
    }

    fn has_ipv4(&self) -> bool {
        self.offer
            .as_ref()
            .is_ok_and(|offer| offer.reachable.iter().any(SocketAddr::is_ipv4))
    }
}

/// One search: what was heard so far, and when it may end. Times are counted
/// from its beginning.
#[derive(Debug)]
pub struct Search {
    limit: Duration,
    heard: Vec<Heard>,
    announced: Vec<Service>,
    unlisted: usize,
}

impl Search {
    /// A search that takes at most `limit`.
    pub fn new(limit: Duration) -> Self {
        Self {
            limit,
            heard: Vec::new(),
            announced: Vec::new(),
            unlisted: 0,
        }
    }

    /// An instance of this name exists. More than that may never come.
    pub fn announced(&mut self, service: Service, name: &str) {
        if name.eq_ignore_ascii_case(INSTANCE) && !self.announced.contains(&service) {
            self.announced.push(service);
        }
    }

    /// `instance` was resolved, for the first time or with more than before.
    /// Returns whether there is anything new to show.
    pub fn resolved(&mut self, instance: Instance, at: Duration) -> bool {
        let offer = offer(&instance);
        if let Some(known) = self.heard.iter_mut().find(|heard| heard.is(&instance)) {
            known.usable = offer.is_ok().then(|| known.usable.unwrap_or(at));
            let same = known.offer == offer && known.instance == instance;
            known.offer = offer;
            known.instance = instance;
            return !same;
        }
        let alike = |heard: &&Heard| match heard.usable {
            Some(_) => offer.is_ok() && heard.instance.service == instance.service,
            None => offer.is_err(),
        };
        if self.heard.iter().filter(alike).count() >= MAX_ALIKE {
            self.unlisted += 1;
            return false;
        }
        self.heard.push(Heard {
            usable: offer.is_ok().then_some(at),
            instance,
            at,
            offer,
        });
        true
    }

    /// The instance said goodbye (RFC 6762 section 10.1). Returns whether that
    /// changes anything.
    pub fn gone(&mut self, service: Service, name: &str) -> bool {
        let mut changed = false;
        for heard in &mut self.heard {
            let instance = &heard.instance;
            if instance.service == service && instance.name.eq_ignore_ascii_case(name) {
                changed |= heard.usable.take().is_some();
                heard.offer = Err("it was withdrawn".to_owned());
            }
        }
        changed
    }

    /// The answer that counts now, as its place among [`Search::answers`]:
    /// `https` before `http`, and of each the one that came first.
    pub fn chosen(&self) -> Option<usize> {
        let usable = self.heard.iter().enumerate();
        usable
            .filter_map(|(place, heard)| {
                let since = heard.usable?;
                Some((heard.instance.service, since, place))
            })
            .min()
            .map(|(_, _, place)| place)
    }

    /// The moment when the answer that counts may be taken, if nothing else
    /// comes until then.
    pub fn ends(&self) -> Duration {
        let chosen = self.chosen().and_then(|place| self.heard.get(place));
        let Some((heard, since)) = chosen.and_then(|heard| Some((heard, heard.usable?))) else {
            return self.limit;
        };
        let grace = match heard.instance.service {
            Service::Http => HTTPS_GRACE,
            Service::Https if heard.has_ipv4() => Duration::ZERO,
            Service::Https => IPV4_GRACE,
        };
        self.limit.min(since.saturating_add(grace))
    }

    /// What the answer that counts comes to.
    pub fn offer(&self) -> Option<&Offer> {
        self.chosen()
            .and_then(|place| self.heard.get(place)?.offer.as_ref().ok())
    }

    /// Everything that was heard, in order of arrival.
    pub fn answers(&self) -> Vec<AnswerTrace> {
        let chosen = self.chosen().and_then(|place| self.heard.get(place));
        let best = chosen.map(|heard| heard.instance.service);
        self.heard.iter().map(|heard| trace(heard, best)).collect()
    }

    /// Why the answer that counts was chosen, or why there is none.
    pub fn why(&self) -> String {
        let usable = self.heard.iter().filter(|heard| heard.usable.is_some());
        let chosen = self.chosen().and_then(|place| self.heard.get(place));
        let sentence = match (chosen.map(|heard| heard.instance.service), usable.count()) {
            (None, _) if self.heard.is_empty() => "Nothing answered.",
            (None, _) => "Nothing that answered can be used.",
            (Some(_), 1) => "It is the only answer that can be used.",
            (Some(Service::Https), _) => {
                "https comes before http, and of two the one that came first."
            }
            (Some(Service::Http), _) => "It came first, and none over https came.",
        };
        let mut why = sentence.to_owned();
        for service in self.unresolved() {
            let service = service.browsed();
            // Writing to a string does not fail.
            let _ = write!(
                why,
                " \u{201c}{INSTANCE}\u{201d} in {service} names no host with an address."
            );
        }
        for note in self.offer().iter().flat_map(|offer| &offer.notes) {
            why.push(' ');
            why.push_str(note);
        }
        if self.unlisted > 0 {
            let _ = write!(why, " {} more answers are not listed.", self.unlisted);
        }
        why
    }

    /// Where the right name was announced and nothing else was told.
    fn unresolved(&self) -> impl Iterator<Item = Service> {
        let announced = self.announced.iter().copied();
        announced.filter(|service| {
            let heard = self.heard.iter().map(|heard| &heard.instance);
            let mut named = heard.filter(|instance| instance.name.eq_ignore_ascii_case(INSTANCE));
            !named.any(|instance| instance.service == *service)
        })
    }
}

fn trace(heard: &Heard, best: Option<Service>) -> AnswerTrace {
    let instance = &heard.instance;
    let ignored = match &heard.offer {
        Err(why) => Some(why.as_str()),
        // Most servers offer both; that is no disagreement.
        Ok(_) if best < Some(instance.service) => Some("https is preferred"),
        Ok(_) => None,
    };
    AnswerTrace {
        interface: instance.interface.clone(),
        from: shown(offer::without_dot(&instance.host)),
        milliseconds: u64::try_from(heard.at.as_millis()).unwrap_or(u64::MAX),
        bytes: hexadecimal(&instance.txt),
        uri: heard.offer.as_ref().ok().map(|offer| offer.uri.masked()),
        ignored: ignored.map(|why| {
            let name = shown(&instance.name);
            format!(
                "\u{201c}{name}\u{201d} in {}: {why}.",
                instance.service.browsed()
            )
        }),
    }
}

/// What anybody on the link wrote, without what steers a terminal or turns
/// the direction of the text behind it.
fn shown(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace(steers, "\u{fffd}")
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
