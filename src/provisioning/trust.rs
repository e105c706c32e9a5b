//! What is known of servers: which origins are trusted, where a password may
//! go over plain http, and who signed in (`servers.toml`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::origin::Origin;

/// `servers.toml`: one table for each origin. Unknown keys are kept out, a
/// missing file is an empty one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Servers {
    /// What is known of each origin.
    pub servers: BTreeMap<Origin, Server>,
}

/// What is known of one origin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Server {
    /// Discovery may use it without asking (security rule 1).
    pub trusted: bool,
    /// A password may go to it unencrypted (security rule 4).
    pub plain_http_password: bool,
    /// SHA-256 fingerprints of certificates that are accepted for it (security rule 5).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// Whose password the keyring holds for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

impl Servers {
    /// What is known of `origin`, an empty entry if nothing is.
    pub fn entry(&mut self, origin: &Origin) -> &mut Server {
        self.servers.entry(origin.clone()).or_default()
    }

    /// Whether a password may be sent to `origin` (security rule 4): over
    /// https, to this machine, or where a person said yes.
    pub fn password_may_go_to(&self, origin: &Origin) -> bool {
        origin.is_https()
            || origin.is_loopback()
            || self
                .servers
                .get(origin)
                .is_some_and(|server| server.plain_http_password)
    }

    /// Removes entries that say nothing.
    pub fn tidy(&mut self) {
        self.servers
            .retain(|_, server| *server != Server::default());
    }
}
