//! Standard output for results, standard error for all else; colour where a
//! person looks and `NO_COLOR` does not forbid it.

use std::{
    fmt::Display,
    io::{IsTerminal, Write},
};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::provisioning::{
    failure::{AddressProblem, Failure},
    warning::Warning,
};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const RED: Style = AnsiColor::Red.on_default();
pub(super) const CYAN: Style = AnsiColor::Cyan.on_default();

/// Where a command prints. A reader that closed the pipe has read enough;
/// any other error of writing a result is kept for the exit status.
pub(super) struct Out {
    stdout: AutoStream<std::io::Stdout>,
    stderr: AutoStream<std::io::Stderr>,
    verbose: bool,
    lost: Option<std::io::Error>,
}

impl Out {
    pub(super) fn new(verbose: bool) -> Self {
        Self {
            stdout: anstream::AutoStream::auto(std::io::stdout()),
            stderr: anstream::AutoStream::auto(std::io::stderr()),
            verbose,
            lost: None,
        }
    }

    /// One line of a result.
    pub(super) fn line(&mut self, line: impl Display) {
        let written = writeln!(self.stdout, "{line}");
        self.check(written);
    }

    /// Bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let mut stdout = std::io::stdout().lock();
        let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
        self.check(written);
    }

    /// One value as it is in a pipe, and harmless on a terminal.
    pub(super) fn value(&mut self, value: &str) {
        if std::io::stdout().is_terminal() {
            self.line(plain(value));
        } else {
            self.bytes(format!("{value}\n").as_bytes());
        }
    }

    fn check(&mut self, written: std::io::Result<()>) {
        match written {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                self.lost.get_or_insert(error);
            }
            _ => {}
        }
    }

    /// Whether a result could not be printed; says so.
    pub(super) fn is_lost(&mut self) -> bool {
        let flushed = self.stdout.flush();
        self.check(flushed);
        let Some(error) = self.lost.take() else {
            return false;
        };
        let chain = [error.to_string()];
        let message = "The result could not be printed.";
        self.problem(
            "PS-OUTPUT",
            message,
            "Check where standard output goes.",
            &chain,
        );
        true
    }

    /// One line of all else.
    pub(super) fn note(&mut self, line: impl Display) {
        let _ = writeln!(self.stderr, "{line}");
    }

    /// A question, without a line end.
    pub(super) fn prompt(&mut self, text: impl Display) {
        let _ = write!(self.stderr, "{text}");
        let _ = self.stderr.flush();
    }

    /// A result as one JSON document.
    pub(super) fn json(&mut self, document: &impl Serialize) {
        match serde_json::to_string_pretty(document) {
            Ok(text) => self.line(plain_json(&text)),
            Err(error) => self.note(format!("The result could not be printed: {error}.")),
        }
    }

    /// Whether a person sees standard error.
    pub(super) fn is_watched() -> bool {
        std::io::stderr().is_terminal()
    }

    pub(super) fn warning(&mut self, warning: &Warning) {
        let line = warning
            .line
            .map(|line| format!(" line {line}:"))
            .unwrap_or_default();
        let code = warning.code();
        let message = plain(&warning.message);
        self.note(format!(
            "{YELLOW}{code}{YELLOW:#}{line} {message} {DIM}{}{DIM:#}",
            warning.kind.advice()
        ));
    }

    pub(super) fn failure(&mut self, failure: &Failure) {
        let message = failure.to_string();
        self.problem(&failure.code(), &message, failure.advice(), failure.chain());
        // What was tried helps whoever asks why nothing was found.
        if let (Failure::Address(AddressProblem::NotFound { tried }), false) =
            (failure, self.verbose)
        {
            for attempt in tried {
                self.note(format!("  {DIM}{}{DIM:#}", plain(attempt)));
            }
        }
    }

    /// Without its causes, which were printed before.
    pub(super) fn failure_in_short(&mut self, failure: &Failure) {
        let message = failure.to_string();
        self.problem(&failure.code(), &message, failure.advice(), &[]);
    }

    pub(super) fn problem(&mut self, code: &str, message: &str, advice: &str, chain: &[String]) {
        self.note(format!("{RED}{code}{RED:#} {}", plain(message)));
        self.note(format!("  {advice}"));
        if self.verbose {
            for cause in chain {
                self.note(format!("  {DIM}because: {}{DIM:#}", plain(cause)));
            }
        }
    }
}

/// Text from outside, so that it cannot steer a terminal or turn a line around.
pub(super) fn plain(text: &str) -> String {
    if !text.chars().any(is_active) {
        return text.to_owned();
    }
    let mut plain = String::new();
    for c in text.chars() {
        if is_active(c) {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Control characters, and those that change the direction of writing.
fn is_active(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// JSON in which such characters are escapes; they stand in strings only.
fn plain_json(text: &str) -> String {
    use std::fmt::Write as _;

    if !text.chars().any(|c| is_active(c) && c != '\n') {
        return text.to_owned();
    }
    let mut plain = String::new();
    for c in text.chars() {
        if is_active(c) && c != '\n' {
            // Writing into memory does not fail.
            let _ = write!(plain, "\\u{:04x}", u32::from(c));
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_steer_the_terminal() {
        assert_eq!(plain("a\x1b[31m\nb"), "a\\u{1b}[31m\\nb");
        assert_eq!(plain("caf\u{e9}\u{202e}"), "caf\u{e9}\\u{202e}");
        assert_eq!(plain_json("{\n\"a\u{9b}\"}"), "{\n\"a\\u009b\"}");
    }
}
