//! Questions to a person on a terminal, with the password's echo off.

use std::io::{BufRead, IsTerminal};

use tokio::sync::oneshot;

use super::out::{BOLD, DIM, Out, YELLOW, plain};
use crate::provisioning::{
    credentials::Credentials,
    run::{Prompt, TrustQuestion, What},
    secret::Secret,
};

/// Whether a person can be asked: both ends are a terminal.
pub(super) fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for user name and password, and once in a run whether to remember them.
pub(super) async fn credentials(
    prompt: &Prompt,
    remembered: &mut Option<bool>,
    out: &mut Out,
) -> What {
    out.note(format!(
        "{BOLD}{}{BOLD:#}: {}",
        prompt.origin,
        prompt.reason.sentence()
    ));
    if !prompt.origin.is_https() && !prompt.origin.is_loopback() {
        out.note(format!(
            "{YELLOW}The connection is not encrypted.{YELLOW:#}"
        ));
    }
    if let Some(link) = &prompt.sign_up_link {
        out.note(format!("{DIM}No account yet? {}{DIM:#}", plain(link)));
    }
    let username = loop {
        let known = if prompt.username.is_empty() {
            String::new()
        } else {
            format!(" [{}]", plain(&prompt.username))
        };
        out.prompt(format!("Username{known}: "));
        let Some(line) = read_line().await else {
            return What::Cancel;
        };
        let typed = line.trim();
        let name = if typed.is_empty() {
            prompt.username.as_str()
        } else {
            typed
        };
        if !name.is_empty() {
            break name.to_owned();
        }
        out.note("A user name is needed.");
    };
    out.prompt("Password: ");
    let Some(password) = read_secret().await else {
        return What::Cancel;
    };
    let remember = if let Some(remember) = *remembered {
        remember
    } else {
        out.prompt("Remember password? [y/N] ");
        match read_line().await {
            Some(line) => is_yes(&line),
            None => return What::Cancel,
        }
    };
    *remembered = Some(remember);
    What::Credentials {
        credentials: Credentials { username, password },
        remember,
    }
}

/// Asks whether a discovered server is trusted.
pub(super) async fn trust(question: &TrustQuestion, out: &mut Out) -> What {
    out.note(format!(
        "{BOLD}New server{BOLD:#}: {} (found by {}, named by {})",
        question.origin,
        question.method,
        plain(&question.by)
    ));
    if let Some(before) = &question.before {
        out.note(format!(
            "  {YELLOW}It changed:{YELLOW:#} until now {} named {before}.",
            question.method
        ));
    }
    if !question.origin.is_https() && !question.origin.is_loopback() {
        out.note(format!(
            "  {YELLOW}The connection will not be encrypted.{YELLOW:#}"
        ));
    }
    out.note(format!("  {}", plain(&question.uri)));
    if !question.reveals.is_empty() {
        out.note(format!(
            "  It asks for {}.",
            plain(&question.reveals.join(", "))
        ));
    }
    yes_or_no("Trust and continue?", out).await
}

/// Asks whether a password may go unencrypted.
pub(super) async fn plain_http(origin: impl std::fmt::Display, out: &mut Out) -> What {
    out.note(format!(
        "{YELLOW}A password would be sent to {origin} unencrypted.{YELLOW:#}"
    ));
    yes_or_no("Send it all the same, now and in future?", out).await
}

async fn yes_or_no(question: &str, out: &mut Out) -> What {
    out.prompt(format!("{question} [y/N] "));
    match read_line().await {
        Some(line) => What::Decided(is_yes(&line)),
        None => What::Cancel,
    }
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// One line from standard input, `None` at its end. On a thread of its own:
/// Ctrl+C is heard while it waits.
async fn read_line() -> Option<String> {
    on_thread(line).await
}

/// A line as it was typed; what is not UTF-8 in it is shown to be wrong, and
/// is no reason to give up.
fn line() -> Option<String> {
    let mut bytes = Vec::new();
    match std::io::stdin().lock().read_until(b'\n', &mut bytes) {
        Ok(read) if read > 0 => Some(String::from_utf8_lossy(&bytes).into_owned()),
        _ => None,
    }
}

/// The first line of standard input without its end, for a command that was
/// told to read a value there. A secret is typed with the echo off.
pub(super) fn line_or_secret(is_secret: bool) -> Option<Secret> {
    if is_secret && std::io::stdin().is_terminal() {
        return rpassword::read_password().ok().map(Secret::new);
    }
    let mut line = line()?;
    let value = Secret::from(line.trim_end_matches(['\r', '\n']));
    zeroize::Zeroize::zeroize(&mut line);
    Some(value)
}

async fn read_secret() -> Option<Secret> {
    let _echo = Echo::remember();
    on_thread(|| rpassword::read_password().ok().map(Secret::new)).await
}

async fn on_thread<T: Send + 'static>(
    read: impl FnOnce() -> Option<T> + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        // Nobody waits any more if the run was cancelled.
        let _ = sender.send(read());
    });
    receiver.await.ok().flatten()
}

/// Brings the terminal's echo back, however the question ends: after Ctrl+C
/// the thread that reads never comes to do it.
struct Echo {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Echo {
    fn remember() -> Self {
        Self {
            #[cfg(unix)]
            before: rustix::termios::tcgetattr(std::io::stdin()).ok(),
        }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(before) = &self.before {
            let now = rustix::termios::OptionalActions::Now;
            // A terminal that is gone needs no echo.
            let _ = rustix::termios::tcsetattr(std::io::stdin(), now, before);
        }
    }
}
