//! An origin (RFC 6454): scheme, host and port. Credentials, trust and
//! certificates belong to an origin and to nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Scheme, host and port of an `http` or `https` URL. `Display` is the ASCII
/// serialization of RFC 6454 section 6.2: the port is left out if it is the
/// scheme's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

impl Origin {
    /// The origin of `url`, or `None` if it is not an `http` or `https` URL with a host.
    pub fn of(url: &Url) -> Option<Self> {
        (matches!(url.scheme(), "http" | "https") && url.has_host())
            .then(|| Self(url.origin().ascii_serialization()))
    }

    /// The serialization of any URL's origin, for messages: `null` where there is none.
    pub fn serialized(url: &Url) -> Self {
        Self(url.origin().ascii_serialization())
    }

    /// The text, as `Display` shows it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether requests to it are encrypted.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Host without scheme and port; an IPv6 address keeps its brackets.
    pub fn host(&self) -> &str {
        let rest = self
            .0
            .split_once("://")
            .map_or(self.0.as_str(), |(_, rest)| rest);
        match rest.rfind(':') {
            Some(colon) if !rest[colon..].contains(']') => &rest[..colon],
            _ => rest,
        }
    }

    /// Whether it is this machine: `localhost`, a name below it, 127.0.0.0/8 or `::1`.
    pub fn is_loopback(&self) -> bool {
        match Host::parse(self.host()) {
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            Ok(Host::Ipv6(address)) => address.is_loopback(),
            Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Err(_) => false,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Url::parse(&text)
            .ok()
            .and_then(|url| Self::of(&url))
            .filter(|origin| origin.0 == text)
            .ok_or_else(|| {
                format!("\u{201c}{text}\u{201d} is not an origin like https://host:port")
            })
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&Url::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn an_origin_leaves_the_usual_port_out() {
        assert_eq!(
            origin("https://Prov.Example:443/x?y").as_str(),
            "https://prov.example"
        );
        assert_eq!(
            origin("http://prov.example:8080").as_str(),
            "http://prov.example:8080"
        );
        assert_eq!(origin("http://[::1]:8080").host(), "[::1]");
        assert_eq!(origin("http://[fe80::1]").host(), "[fe80::1]");
        assert_eq!(origin("http://a.b:1").host(), "a.b");
    }

    #[test]
    fn loopback_is_known_by_name_and_address() {
        for yes in [
            "http://localhost:1",
            "http://127.9.9.9",
            "http://[::1]:2",
            "http://a.localhost",
        ] {
            assert!(origin(yes).is_loopback(), "{yes}");
        }
        for no in [
            "http://localhost.example",
            "http://128.0.0.1",
            "http://[::2]",
        ] {
            assert!(!origin(no).is_loopback(), "{no}");
        }
    }

    #[test]
    fn an_origin_is_read_back_only_in_its_own_form() {
        assert!(Origin::try_from("https://a.example".to_owned()).is_ok());
        for bad in ["https://a.example/", "ftp://a", "a", "https://A.example"] {
            assert!(Origin::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
