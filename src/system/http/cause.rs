//! Why an exchange failed: the errors of reqwest, hyper, rustls and the system
//! become one [`Failure`]. Causes are found by their type; texts are only kept
//! for *Details*.

use std::{error::Error, io, time::Duration};

use url::Url;

use crate::provisioning::{
    failure::{AnswerProblem, Decision, Failure, NetworkFault, NetworkProblem},
    origin::Origin,
};

use super::{HEADER_LIMIT, certificate};

/// Longer causes hold something that a server wrote.
const CAUSE_CHARS: usize = 200;

/// Who was asked, for failures.
#[derive(Clone)]
pub(super) struct Asked {
    /// The server.
    pub(super) origin: Origin,
    /// Whether a proxy is in between.
    pub(super) is_proxied: bool,
    host: String,
}

type Cause<'a> = &'a (dyn Error + 'static);

impl Asked {
    /// `url` is what is asked, at `origin`.
    pub(super) fn new(origin: Origin, url: &Url) -> Self {
        let port = url.port().map(|port| format!(":{port}"));
        let host = format!("{}{}", origin.host(), port.unwrap_or_default());
        Self {
            origin,
            host,
            is_proxied: false,
        }
    }

    /// The same, and whether a proxy is in between.
    pub(super) fn through_proxy(self, is_proxied: bool) -> Self {
        Self { is_proxied, ..self }
    }

    /// The wait for `what` was over after `limit`.
    pub(super) fn late(&self, what: &str, limit: Duration) -> Failure {
        let chain = vec![format!("{what} within {} s", limit.as_secs_f64())];
        self.network(NetworkFault::Timeout, chain)
    }

    /// The answer passed `limit`.
    pub(super) fn too_large(&self, limit: &'static str) -> Failure {
        let origin = self.origin.clone();
        AnswerProblem::TooLarge { origin, limit }.into()
    }

    /// The answer is damaged, and `what` is wrong with it.
    pub(super) fn damaged(&self, what: impl Into<String>) -> Failure {
        let (origin, what) = (self.origin.clone(), what.into());
        AnswerProblem::Damaged { origin, what }.into()
    }

    /// Nothing was sent, as the system has no thread or memory left.
    pub(super) fn not_asked(&self, error: &io::Error) -> Failure {
        self.network(NetworkFault::Connect, texts(&[error]))
    }

    /// TLS could not even be prepared.
    pub(super) fn tls(&self, error: &rustls::Error) -> Failure {
        self.network(NetworkFault::Tls, texts(&[error]))
    }

    fn network(&self, fault: NetworkFault, chain: Vec<String>) -> Failure {
        let host = self.host.clone();
        NetworkProblem { fault, host, chain }.into()
    }
}

/// The failure that `error` is.
pub(super) fn failure(error: reqwest::Error, asked: &Asked) -> Failure {
    // The URL may hold a password in its query.
    let error = error.without_url();
    let causes = causes(&error);
    if let Some(rustls::Error::InvalidCertificate(problem)) = tls_error(&causes, asked) {
        let origin = asked.origin.clone();
        let why = certificate::words(problem, origin.host());
        return Decision::Certificate { origin, why }.into();
    }
    if let Some(problem) = answer_problem(&error, &causes, asked) {
        return problem;
    }
    asked.network(fault(&error, &causes, asked), texts(&causes))
}

/// Whether the server answered, but not with valid HTTP.
fn answer_problem(error: &reqwest::Error, causes: &[Cause<'_>], asked: &Asked) -> Option<Failure> {
    const NOT_HTTP: &str = "it is not valid HTTP";
    if tls_error(causes, asked).is_some() || error.is_timeout() || error.is_connect() {
        return None;
    }
    let Some(http) = find::<hyper::Error>(causes) else {
        let what = "its compressed data cannot be unpacked";
        return error.is_decode().then(|| asked.damaged(what));
    };
    if http.is_parse_too_large() {
        return Some(asked.too_large(HEADER_LIMIT));
    }
    let is_damaged = match find(causes).map(io::Error::kind) {
        // Chunks that are none.
        Some(kind) => matches!(
            kind,
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
        ),
        // The rest does not parse, or came before anything was asked.
        None => !(http.is_incomplete_message() || http.is_canceled() || http.is_closed()),
    };
    is_damaged.then(|| asked.damaged(NOT_HTTP))
}

fn fault(error: &reqwest::Error, causes: &[Cause<'_>], asked: &Asked) -> NetworkFault {
    if error.is_timeout() {
        NetworkFault::Timeout
    } else if tls_error(causes, asked).is_some() {
        NetworkFault::Tls
    } else if asked.is_proxied && error.is_connect() {
        NetworkFault::Proxy
    } else if error.is_dns() {
        NetworkFault::Name
    } else if error.is_connect() {
        match find(causes).map(io::Error::kind) {
            // The connection was there, so this was the TLS handshake.
            Some(io::ErrorKind::UnexpectedEof) => NetworkFault::Tls,
            Some(
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe,
            ) => NetworkFault::Broken,
            _ => NetworkFault::Connect,
        }
    } else {
        NetworkFault::Broken
    }
}

/// What TLS said, if it was the server's: a proxy may speak TLS too.
fn tls_error<'a>(causes: &[Cause<'a>], asked: &Asked) -> Option<&'a rustls::Error> {
    find(causes).filter(|_| asked.origin.is_https())
}

/// `error` and its causes, outermost first. An [`io::Error`] that wraps an
/// error passes it over in `source()`.
fn causes(error: &reqwest::Error) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut next: Option<Cause<'_>> = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
    }
    causes
}

fn find<'a, E: Error + 'static>(causes: &[Cause<'a>]) -> Option<&'a E> {
    // From the inside: hyper and the system wrap errors into their own kind.
    let mut causes = causes.iter().rev();
    causes.find_map(|cause| cause.downcast_ref())
}

/// The causes' words, without repetitions: a wrapper often says the same.
fn texts(causes: &[Cause<'_>]) -> Vec<String> {
    let mut texts: Vec<String> = causes
        .iter()
        .map(|cause| {
            let text = cause.to_string();
            let printable = text.chars().filter(|c| !c.is_control());
            printable.take(CAUSE_CHARS).collect()
        })
        .collect();
    texts.dedup();
    texts
}
