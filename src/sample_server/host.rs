//! Which names this machine goes by, where an open server asks for no other proof.
//!
//! A web page can let its own host name lead to 127.0.0.1 and then read what a
//! local server sends (DNS rebinding). The `Host` header gives it away.

use url::Host;

/// Whether a request with this `Host` header was meant for this machine: an
/// IP address, `localhost` or a name below it, or no header (HTTP/1.0).
pub(super) fn is_own(header: Option<&str>) -> bool {
    let Some(header) = header else {
        return true;
    };
    let name = match header.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => header,
    };
    match Host::parse(name) {
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Ok(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_own_and_names_are_not() {
        for own in [
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:8080",
            "localhost:1",
            "LocalHost",
            "a.localhost:9",
        ] {
            assert!(is_own(Some(own)), "{own}");
        }
        assert!(is_own(None));
        for other in [
            "evil.example",
            "evil.example:8080",
            "localhost.example",
            "127.0.0.1.example",
            "",
            ":80",
            "xlocalhost",
        ] {
            assert!(!is_own(Some(other)), "{other}");
        }
    }
}
