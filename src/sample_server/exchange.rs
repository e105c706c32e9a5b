//! One request and its answer, as they may be shown.

use std::{fmt, net::SocketAddr};

/// More of a text than this says nothing more, in characters.
const MAX_SHOWN: usize = 200;
/// More parameters than this are counted, not listed.
const MAX_LISTED: usize = 50;

/// One request and how it was answered. All secrets in it are masked already.
///
/// `Display` is one line, then an indented one for each parameter and note.
/// What came from outside is shortened there and cannot steer a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Who asked.
    pub peer: SocketAddr,
    /// `POST`, `GET`, … as it was sent, or `?` if it was not HTTP.
    pub method: String,
    /// The path, decoded, without the query.
    pub path: String,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The parameters of the query and the body, in the order sent.
    pub form: Vec<(String, String)>,
    /// Who signed in.
    pub signed_in_as: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// The file that was served.
    pub file: Option<String>,
    /// What an administrator should know, for example which parameter the
    /// file asks for and nobody sent.
    pub notes: Vec<String>,
    /// From the request's headers to the answer, in milliseconds.
    pub milliseconds: u64,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} \u{2192} {}",
            Plain(&self.method),
            Plain(if self.path.is_empty() {
                "?"
            } else {
                &self.path
            }),
            self.status
        )?;
        if let Some(file) = &self.file {
            write!(f, " {}", Plain(file))?;
        }
        write!(f, " ({} ms, from {}", self.milliseconds, self.peer)?;
        if let Some(name) = &self.signed_in_as {
            write!(f, ", signed in as {}", Plain(name))?;
        }
        if let Some(agent) = &self.user_agent {
            write!(f, ", {}", Plain(agent))?;
        }
        f.write_str(")")?;
        for (name, value) in self.form.iter().take(MAX_LISTED) {
            write!(f, "\n    {} = {}", Plain(name), Plain(value))?;
        }
        if self.form.len() > MAX_LISTED {
            write!(
                f,
                "\n    \u{2026} and {} more",
                self.form.len() - MAX_LISTED
            )?;
        }
        for note in &self.notes {
            write!(f, "\n    note: {}", Plain(note))?;
        }
        Ok(())
    }
}

/// A text from outside: one line, no control characters, not endless.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(MAX_SHOWN) {
            match c {
                '"' | '\'' | '\\' => write!(f, "{c}")?,
                c => write!(f, "{}", c.escape_debug())?,
            }
        }
        let more = self.0.chars().skip(MAX_SHOWN).count();
        if more > 0 {
            write!(f, "\u{2026} ({more} more characters)")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange() -> Exchange {
        Exchange {
            peer: SocketAddr::from(([127, 0, 0, 1], 40312)),
            method: "POST".into(),
            path: "/provisioning".into(),
            user_agent: Some("Jitsi/2.10.5550".into()),
            form: vec![
                ("os".into(), "Linux".into()),
                ("dir".into(), r"C:\x".into()),
            ],
            signed_in_as: Some("demo".into()),
            status: 200,
            file: Some("provisioning.properties".into()),
            notes: vec!["something is odd".into()],
            milliseconds: 3,
        }
    }

    #[test]
    fn an_exchange_reads_as_a_line_and_its_parameters() {
        assert_eq!(
            exchange().to_string(),
            "POST /provisioning \u{2192} 200 provisioning.properties \
             (3 ms, from 127.0.0.1:40312, signed in as demo, Jitsi/2.10.5550)\n    \
             os = Linux\n    dir = C:\\x\n    note: something is odd"
        );
    }

    #[test]
    fn what_was_sent_cannot_steer_the_terminal_or_fake_a_line() {
        let mut exchange = exchange();
        let evil = "\u{1b}[2J\r\nGET /\u{202e}\u{9b}\u{7f}\u{2028}".to_owned();
        exchange.method.clone_from(&evil);
        exchange.path.clone_from(&evil);
        exchange.user_agent = Some(evil.clone());
        exchange.form = vec![(evil.clone(), evil.clone())];
        exchange.file = Some(evil.clone());
        exchange.notes = vec![evil];
        let text = exchange.to_string();
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(!text.contains(['\u{202e}', '\u{2028}']));
    }

    #[test]
    fn long_and_many_parameters_are_cut() {
        let mut exchange = exchange();
        exchange.form = vec![("x".into(), "y".repeat(100_000)); 60];
        let text = exchange.to_string();
        assert!(text.len() < 20_000 && text.lines().count() < 60, "{text}");
        assert!(text.contains("99800 more characters") && text.contains("and 10 more"));
    }
}
