//! Why a run did not end in applied settings: one value for each reason, with
//! its stable code, its exit status and what a person can do about it.
//!
//! `Display` says what happened, [`Failure::advice`] what to do next, and
//! [`Failure::chain`] keeps the technical causes apart for *Details*.

use thiserror::Error;

use super::origin::Origin;

/// The reason why a run ended without applied settings.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// The provisioning address itself cannot be used.
    #[error(transparent)]
    Address(#[from] AddressProblem),
    /// The server was not reached (exit 4).
    #[error(transparent)]
    Network(#[from] NetworkProblem),
    /// The server wants other credentials, or none would do (exit 5).
    #[error(transparent)]
    SignIn(#[from] SignInProblem),
    /// The server answered, but not with something that can be applied (exit 6).
    #[error(transparent)]
    Answer(#[from] AnswerProblem),
    /// The store or the keyring could not be read or written (exit 7).
    #[error(transparent)]
    Keep(#[from] KeepProblem),
    /// A person has to decide first (exit 8).
    #[error(transparent)]
    Decision(#[from] Decision),
    /// The user cancelled (exit 130).
    #[error("The run was cancelled. Nothing was changed.")]
    Cancelled,
}

/// Why there is no address that could be asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressProblem {
    /// Provisioning is switched off (exit 2, or 0 with `--if-enabled`).
    #[error("Provisioning is switched off.")]
    Off,
    /// Manual mode without an address.
    #[error("No provisioning address is set.")]
    Missing,
    /// The address does not parse, or is neither http nor https. The text says
    /// which part and why; secrets in it are masked.
    #[error("The provisioning address cannot be used: {0}.")]
    Invalid(String),
    /// A file that was named could not be read (exit 2).
    #[error("{name} could not be read.")]
    File {
        /// The name of the file.
        name: String,
        /// Technical causes.
        chain: Vec<String>,
    },
    /// This program cannot search by that method, and nothing is stored (exit 3).
    #[error("This version cannot look for a server by {0}.")]
    CannotSearch(String),
    /// Discovery found nothing and nothing is stored (exit 3).
    #[error("No provisioning server was found on this network.")]
    NotFound {
        /// What was tried, one line for each attempt.
        tried: Vec<String>,
    },
}

/// How far the connection got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFault {
    /// The host name is not known.
    Name,
    /// No connection: refused, no route, unreachable.
    Connect,
    /// 10 s without a connection or without a byte, or 30 s in all.
    Timeout,
    /// The connection broke before the answer was complete.
    Broken,
    /// TLS could not be agreed on, or the server wants a client certificate.
    Tls,
    /// The proxy refused or failed.
    Proxy,
}

/// The server was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", network_sentence(*.fault, .host))]
pub struct NetworkProblem {
    /// How far the connection got.
    pub fault: NetworkFault,
    /// Host, or host and port, that was asked.
    pub host: String,
    /// Technical causes, outermost first, without secrets.
    pub chain: Vec<String>,
}

fn network_sentence(fault: NetworkFault, host: &str) -> String {
    match fault {
        NetworkFault::Name => format!("The name {host} is not known on this network."),
        NetworkFault::Connect => format!("No connection to {host} could be made."),
        NetworkFault::Timeout => format!("{host} did not answer in time."),
        NetworkFault::Broken => format!("The connection to {host} broke off."),
        NetworkFault::Tls => format!("No secure connection to {host} could be agreed on."),
        NetworkFault::Proxy => format!("The proxy did not let the request to {host} through."),
    }
}

/// The server knows us not, or not like this.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignInProblem {
    /// Credentials are needed and nobody can be asked.
    #[error("{0} asks for a user name and a password.")]
    Needed(Origin),
    /// The given credentials were refused and nobody can be asked again.
    #[error("{0} did not accept that user name and password.")]
    Refused(Origin),
    /// Every challenge asks for something that is neither Basic nor Digest.
    #[error("{0} wants a way of signing in that this program does not know.")]
    Unsupported(Origin),
    /// Status 403 (contract section 4).
    #[error("{0} knows who you are but does not allow this.")]
    Forbidden(Origin),
}

/// The answer is not usable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerProblem {
    /// A status other than 200, 401, 403 and the redirects.
    #[error("{origin} answered with status {status}{}.", quoted(.text))]
    Status {
        /// Who answered.
        origin: Origin,
        /// The HTTP status.
        status: u16,
        /// First line of the answer if it is plain text, at most 200 characters.
        text: String,
    },
    /// A redirect that must not be followed (contract section 3).
    #[error("{origin} redirects to {target}, and {why}.")]
    Redirect {
        /// Who answered.
        origin: Origin,
        /// Where to, secrets masked.
        target: String,
        /// Why it is not followed.
        why: &'static str,
    },
    /// Begins with `<`: an error page or a captive portal's log-in page.
    #[error("{0} answered with a web page, not with settings.")]
    WebPage(Origin),
    /// A NUL byte.
    #[error("{0} answered with binary data, not with settings.")]
    Binary(Origin),
    /// Over 16 MiB after decompression, 64 KiB of headers or 1,000,000 lines.
    #[error("The answer of {origin} is too large: more than {limit}.")]
    TooLarge {
        /// Who answered.
        origin: Origin,
        /// The limit that was passed, in words.
        limit: &'static str,
    },
    /// Not valid HTTP, or not decodable.
    #[error("The answer of {origin} is damaged: {what}.")]
    Damaged {
        /// Who answered.
        origin: Origin,
        /// What is wrong with it.
        what: String,
    },
    /// A saved answer that is something else.
    #[error("{name} holds {what}, not settings.")]
    NotSettings {
        /// The name of the file.
        name: String,
        /// What it holds.
        what: &'static str,
    },
    /// A malformed `\u` escape: the whole answer is refused (contract section 5).
    #[error("Line {line} of {from} has a damaged \\u escape.")]
    Malformed {
        /// Origin, or the name of the file.
        from: String,
        /// Line number, from 1.
        line: u32,
    },
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" (\u{201c}{text}\u{201d})")
    }
}

/// What could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeepProblem {
    /// A file could not be read (missing permission, not a file, damaged).
    #[error("{path} could not be read{}.", at_line(*.line))]
    Read {
        /// The file.
        path: String,
        /// The line where reading stopped, from 1.
        line: Option<u32>,
        /// Technical causes.
        chain: Vec<String>,
    },
    /// A file could not be written. Nothing was changed.
    #[error("{path} could not be written. Nothing was changed.")]
    Write {
        /// The file.
        path: String,
        /// Technical causes.
        chain: Vec<String>,
    },
    /// Another copy of the program holds the lock.
    #[error("Another copy of this program is changing the settings in {path}.")]
    Busy {
        /// The home folder.
        path: String,
    },
    /// A path leads out of the home folder by a symbolic link.
    #[error("{path} is a link that leads out of the settings folder.")]
    Link {
        /// The link.
        path: String,
    },
    /// The keyring is missing, locked or does not answer.
    #[error("{}", keyring_sentence(*.fault))]
    Keyring {
        /// What is wrong with it.
        fault: KeyringFault,
        /// Technical causes.
        chain: Vec<String>,
    },
    /// There is no such run in the history; `0`: no run at all.
    #[error("There is no run {}in the history that could be undone.", numbered(*.0))]
    NoSuchRun(u64),
    /// The site fixed this key (contract section 1).
    #[error("{key} is fixed by {file}.")]
    Fixed {
        /// The key.
        key: String,
        /// The site file.
        file: String,
    },
}

fn at_line(line: Option<u32>) -> String {
    line.map(|line| format!(" (line {line})"))
        .unwrap_or_default()
}

fn numbered(run: u64) -> String {
    if run == 0 {
        String::new()
    } else {
        format!("{run} ")
    }
}

/// What is wrong with the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringFault {
    /// There is no keyring service.
    Missing,
    /// The keyring is locked, or the user refused to unlock it.
    Locked,
    /// The keyring service does not answer.
    Hung,
    /// Anything else.
    Failed,
}

fn keyring_sentence(fault: KeyringFault) -> &'static str {
    match fault {
        KeyringFault::Missing => "There is no keyring on this computer to keep passwords in.",
        KeyringFault::Locked => "The keyring is locked.",
        KeyringFault::Hung => "The keyring does not answer.",
        KeyringFault::Failed => "The keyring could not be used.",
    }
}

/// What only a person may decide (security rules 1, 4 and 5).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Decision {
    /// A discovered origin that is not trusted yet.
    #[error("{0} was found on this network and is not trusted yet.")]
    NewServer(Origin),
    /// A certificate that the platform does not trust.
    #[error("The certificate of {origin} is not trusted: {why}.")]
    Certificate {
        /// Whose certificate.
        origin: Origin,
        /// What is wrong with it.
        why: String,
    },
    /// A password would go over plain http.
    #[error("A password would be sent to {0} unencrypted.")]
    PlainHttp(Origin),
}
