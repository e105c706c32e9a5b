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

/// Whether discovery may use `origin` without a question: a person said so
/// before, or the site did (security rule 1). `site` is the site's
/// `trusted-origins`: origins separated by blanks or commas, where
/// `https://*.corp.example` stands for every host below `corp.example`.
pub fn is_trusted(origin: &Origin, servers: &Servers, site: &str) -> bool {
    servers
        .servers
        .get(origin)
        .is_some_and(|server| server.trusted)
        || site
            .split([' ', '\t', '\r', '\n', ','])
            .filter(|pattern| !pattern.is_empty())
            .any(|pattern| matches(pattern, origin))
}

fn matches(pattern: &str, origin: &Origin) -> bool {
    let pattern = pattern.trim_end_matches('/').to_ascii_lowercase();
    let Some((scheme, parent)) = pattern.split_once("://*.") else {
        return url::Url::parse(&pattern)
            .ok()
            .and_then(|url| Origin::of(&url))
            .as_ref()
            == Some(origin);
    };
    // Any name stands for the host: it carries the port, and must be exactly one host.
    let Ok(url) = url::Url::parse(&format!("{scheme}://x.{parent}")) else {
        return false;
    };
    let Some(below) = Origin::of(&url) else {
        return false;
    };
    let port = |origin: &Origin| {
        origin.as_str()[origin
            .as_str()
            .len()
            .min(scheme.len() + 3 + origin.host().len())..]
            .to_owned()
    };
    origin.is_https() == below.is_https()
        && port(origin) == port(&below)
        && below.host().strip_prefix('x').is_some_and(|parent| {
            origin.host().len() > parent.len() && origin.host().ends_with(parent)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_trusts_exact_origins_and_hosts_below_a_wildcard() {
        let trusted = |origin: &str, site: &str| {
            let origin = Origin::try_from(origin.to_owned()).unwrap();
            is_trusted(&origin, &Servers::default(), site)
        };
        let site = "https://a.example:8443, https://*.corp.example http://*.lab:81";
        for yes in [
            "https://a.example:8443",
            "https://x.corp.example",
            "https://x.y.corp.example",
            "http://p.lab:81",
        ] {
            assert!(trusted(yes, site), "{yes}");
        }
        for no in [
            "https://a.example",
            "http://x.corp.example",
            "https://corp.example",
            "https://evilcorp.example",
            "https://x.corp.example:8443",
            "https://x.corp.example.evil.example",
            "http://p.lab",
        ] {
            assert!(!trusted(no, site), "{no}");
        }
        assert!(!trusted("https://a.example", "https://*. * https://*"));
    }

    #[test]
    fn a_person_s_yes_counts_for_one_origin() {
        let origin = |text: &str| Origin::try_from(text.to_owned()).unwrap();
        let mut servers = Servers::default();
        servers.entry(&origin("https://a.example")).trusted = true;
        assert!(is_trusted(&origin("https://a.example"), &servers, ""));
        assert!(!is_trusted(&origin("https://a.example:444"), &servers, ""));
    }

    #[test]
    fn a_password_goes_over_plain_http_only_to_this_machine_or_after_a_yes() {
        let origin = |text: &str| Origin::try_from(text.to_owned()).unwrap();
        let mut servers = Servers::default();
        assert!(servers.password_may_go_to(&origin("https://a.example")));
        assert!(servers.password_may_go_to(&origin("http://127.0.0.1:8080")));
        assert!(!servers.password_may_go_to(&origin("http://a.example")));
        servers
            .entry(&origin("http://a.example"))
            .plain_http_password = true;
        assert!(servers.password_may_go_to(&origin("http://a.example")));
        assert!(!servers.password_may_go_to(&origin("http://a.example:8080")));
    }
}
