//! One HTTP exchange as data: what goes out and what came back. Redirects and
//! challenges are decided by the run, so an exchange follows neither.

use std::net::SocketAddr;

use url::Url;
use zeroize::Zeroizing;

use super::{credentials::Credentials, origin::Origin};

/// The most that an answer may have after decompression, in bytes (security rule 6).
pub const MAX_BODY: usize = 16 * 1024 * 1024;
/// The most that the header section of an answer may have, in bytes.
pub const MAX_HEADERS: usize = 64 * 1024;
/// The most lines that an answer may have.
pub const MAX_LINES: usize = 1_000_000;

/// The verb: POST, and GET only after a 303 (contract section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// With the form in the body.
    Post,
    /// Without a body.
    Get,
}

/// How a request answers a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorization {
    /// RFC 7617, sent without waiting for a challenge or in answer to one.
    Basic(Credentials),
    /// RFC 7616: the challenge as the server sent it (one `Digest …`), and the answer's credentials.
    Digest {
        /// The text of the challenge, beginning with `Digest`.
        challenge: String,
        /// Who signs in.
        credentials: Credentials,
    },
}

/// A request, ready to go out.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// POST or GET.
    pub verb: Verb,
    /// Without user-info and fragment. A query is there only after a redirect.
    pub url: Url,
    /// Where the host of `url` is, if that is known without asking the system
    /// (contract section 7): no name is looked up and no proxy is used. The
    /// port of `url` counts.
    pub addresses: Vec<SocketAddr>,
    /// The encoded form; wiped when dropped, as a password may be in it.
    pub body: Zeroizing<String>,
    /// `<application name>/<application version>`.
    pub user_agent: String,
    /// The answer to a challenge.
    pub authorization: Option<Authorization>,
}

impl Outgoing {
    /// The origin that the request goes to.
    pub fn origin(&self) -> Option<Origin> {
        Origin::of(&self.url)
    }
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("verb", &self.verb)
            .field("origin", &self.origin())
            .field("body_bytes", &self.body.len())
            .field("authorization", &self.authorization)
            .finish_non_exhaustive()
    }
}

/// What a server sent back, whole and within the limits.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Each `WWW-Authenticate` header as it was sent (RFC 9110 section 11.6.1).
    pub challenges: Vec<String>,
    /// The `Location` header.
    pub location: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The decoded body; it may hold passwords and is wiped when dropped.
    pub body: Zeroizing<Vec<u8>>,
    /// From sending to the last byte, in milliseconds.
    pub milliseconds: u64,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("challenges", &self.challenges.len())
            .field("location", &self.location.is_some())
            .field("content_type", &self.content_type)
            .field("body_bytes", &self.body.len())
            .field("milliseconds", &self.milliseconds)
            .finish()
    }
}
