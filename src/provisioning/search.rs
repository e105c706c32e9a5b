//! What a search for a server saw, as data: for the step list, for `discover`
//! and for the report. No packet is read here, and nothing is decided.

use std::net::IpAddr;

use serde::{Serialize, Serializer};

use super::{method::Method, secret::MASK};

/// One search by one method, while it goes on and at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// How it searches; `dhcp` or `bonjour` in JSON.
    #[serde(serialize_with = "lower_case")]
    pub method: Method,
    /// The interfaces that are searched, in the system's order.
    pub interfaces: Vec<InterfaceTrace>,
    /// What came back, in order of arrival.
    pub answers: Vec<AnswerTrace>,
    /// How much more came back and is not listed: after the first dozens, a
    /// flood is only counted.
    pub unlisted: u64,
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
            unlisted: 0,
            chosen: None,
            why: String::new(),
            milliseconds: 0,
        }
    }

    /// The answers that count and name another address than the chosen one.
    pub fn differing(&self) -> Vec<&AnswerTrace> {
        let chosen = self.chosen.and_then(|place| self.answers.get(place));
        let Some(chosen) = chosen else {
            return Vec::new();
        };
        // The bytes tell addresses apart whose secrets are masked.
        let differs = |answer: &&AnswerTrace| {
            answer.ignored.is_none() && (&answer.uri, &answer.bytes) != (&chosen.uri, &chosen.bytes)
        };
        self.answers.iter().filter(differs).collect()
    }

    /// As it may be shown: without the bytes that hold a masked secret. Inside
    /// they tell addresses apart.
    #[must_use]
    pub fn shown(&self) -> Self {
        let mut shown = self.clone();
        for answer in &mut shown.answers {
            if answer.is_secret() {
                answer.bytes.clear();
            }
        }
        shown
    }

    /// A line for each interface and each answer, for the step list, the
    /// report and the message that nothing was found.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self.interfaces.iter().map(InterfaceTrace::line).collect();
        if lines.is_empty() {
            lines.push("No interface was searched.".into());
        }
        for (place, answer) in self.answers.iter().enumerate() {
            let chosen = self.chosen == Some(place);
            lines.push(answer.line(chosen));
        }
        if self.unlisted > 0 {
            lines.push(format!("{} more were ignored", self.unlisted));
        }
        lines
    }
}

/// Bytes in hexadecimal, as [`AnswerTrace::bytes`] holds them.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into memory does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
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

impl InterfaceTrace {
    fn line(&self) -> String {
        let addresses: Vec<_> = self.addresses.iter().map(ToString::to_string).collect();
        let name = match addresses.join(", ") {
            addresses if addresses.is_empty() => self.name.clone(),
            addresses => format!("{} ({addresses})", self.name),
        };
        let sent = match self.kinds().as_slice() {
            [] => "nothing was sent".to_owned(),
            kinds => {
                let each = kinds.iter().map(|(what, times)| match times {
                    1 => (*what).to_owned(),
                    times => format!("{times} \u{d7} {what}"),
                });
                format!("sent {}", each.collect::<Vec<_>>().join(", "))
            }
        };
        match &self.problem {
            Some(problem) => format!("{name}: {sent}. {problem}"),
            None => format!("{name}: {sent}"),
        }
    }

    /// What was sent and how often, in the order of the first of each: by
    /// Bonjour two types are asked for in turn.
    fn kinds(&self) -> Vec<(&str, usize)> {
        let mut kinds: Vec<(&str, usize)> = Vec::new();
        for sent in &self.sent {
            match kinds.iter_mut().find(|(what, _)| *what == sent.what) {
                Some((_, times)) => *times += 1,
                None => kinds.push((&sent.what, 1)),
            }
        }
        kinds
    }
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

impl AnswerTrace {
    /// Whether its bytes would show a secret that is masked in its address.
    pub fn is_secret(&self) -> bool {
        self.uri.as_ref().is_some_and(|uri| uri.contains(MASK))
    }

    fn line(&self, chosen: bool) -> String {
        let on = self
            .interface
            .as_ref()
            .map(|name| format!(" on {name}"))
            .unwrap_or_default();
        let said = match (&self.ignored, &self.uri) {
            (Some(why), _) => format!("ignored, {why}"),
            // Whether it is used is decided later: it may still be refused.
            (None, Some(uri)) if chosen => format!("{uri} (chosen)"),
            (None, Some(uri)) => uri.clone(),
            (None, None) => "an answer".to_owned(),
        };
        format!("{}{on} after {} ms: {said}", self.from, self.milliseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_not_shown_where_the_address_is_masked() {
        let answer = |uri: &str| AnswerTrace {
            interface: None,
            from: "a".into(),
            milliseconds: 0,
            bytes: hex(uri.as_bytes()),
            uri: Some(crate::provisioning::uri::mask(uri)),
            ignored: None,
        };
        let mut trace = Trace::new(Method::Dhcp);
        trace.answers = vec![answer("http://h/p?password=x"), answer("http://h/p?a=x")];
        let shown = trace.shown();
        assert_eq!(shown.answers[0].bytes, "");
        assert_eq!(shown.answers[1], trace.answers[1]);
    }

    #[test]
    fn what_was_sent_is_counted_for_each_kind() {
        let sent = |what: &&str| Sent {
            milliseconds: 0,
            what: (*what).to_owned(),
        };
        let line = |whats: &[&str]| {
            let interface = InterfaceTrace {
                name: "c0".into(),
                addresses: Vec::new(),
                sent: whats.iter().map(sent).collect(),
                problem: None,
            };
            interface.line()
        };
        assert_eq!(line(&[]), "c0: nothing was sent");
        assert_eq!(line(&["A"]), "c0: sent A");
        assert_eq!(line(&["A", "B", "A"]), "c0: sent 2 \u{d7} A, B");
        assert_eq!(
            line(&["A", "B", "A", "B"]),
            "c0: sent 2 \u{d7} A, 2 \u{d7} B"
        );
    }
}
