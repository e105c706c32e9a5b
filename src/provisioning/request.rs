//! An expanded URI becomes a request, its masked twin for people, and, after
//! a redirect, the next request (contract section 3).

use form_urlencoded::Serializer;
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

use super::{
    exchange::{Authorization, Outgoing, Verb},
    failure::AnswerProblem,
    origin::Origin,
    uri::Expanded,
    warning::Warning,
};

/// The most redirects that one run follows.
pub const MAX_REDIRECTS: usize = 10;

/// The form body: UTF-8, blank as `+`, `* - . _` kept, all else as `%XX`.
pub fn body(expanded: &Expanded) -> Zeroizing<String> {
    let mut form = Serializer::new(String::new());
    for parameter in &expanded.parameters {
        form.append_pair(&parameter.name, parameter.value.reveal());
    }
    Zeroizing::new(form.finish())
}

/// The request that an expanded URI stands for.
pub fn outgoing(
    expanded: &Expanded,
    user_agent: &str,
    authorization: Option<Authorization>,
) -> Outgoing {
    Outgoing {
        verb: Verb::Post,
        url: expanded.url.clone(),
        addresses: Vec::new(),
        body: body(expanded),
        user_agent: user_agent.to_owned(),
        authorization,
    }
}

/// `<application name>/<application version>`. Characters that a header
/// cannot carry are left out.
pub fn user_agent(name: &str, version: &str) -> String {
    let clean = |text: &str| -> String {
        text.trim()
            .chars()
            .filter(|c| c.is_ascii_graphic() || *c == ' ')
            .collect()
    };
    format!("{}/{}", clean(name), clean(version))
}

/// Whether a status is a redirect that section 3 knows.
pub fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The request after a redirect: the same POST to the same origin or to the
/// same host with `http` upgraded to `https`; after 303 a GET without a body.
/// An `Authorization` stays behind when the origin changes (security rule 3).
///
/// # Errors
/// If the target is missing, is no URL, or is not allowed.
pub fn redirected(
    from: &Outgoing,
    status: u16,
    location: Option<&str>,
) -> Result<Outgoing, AnswerProblem> {
    let origin = Origin::serialized(&from.url);
    let Some(location) = location else {
        return Err(AnswerProblem::Redirect {
            target: redirect_target(&from.url, None),
            origin,
            why: "that cannot be followed",
        });
    };
    let Ok(mut target) = from.url.join(location) else {
        return Err(refuse(from, location, "that is not a valid address"));
    };
    let Some(next) = Origin::of(&target) else {
        return Err(refuse(from, location, "only http and https are followed"));
    };
    let upgraded = !origin.is_https() && next.is_https() && origin.host() == next.host();
    if next != origin && !upgraded {
        let why = if origin.is_https() && !next.is_https() && origin.host() == next.host() {
            "a redirect to an unencrypted address is not followed"
        } else {
            "a redirect to another server is not followed"
        };
        return Err(refuse(from, target.as_str(), why));
    }
    target.set_fragment(None);
    // Both setters fail only for URLs without a host.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    let mut next_request = from.clone();
    next_request.url = target;
    if next != origin {
        next_request.authorization = None;
    }
    if status == 303 || from.verb == Verb::Get {
        next_request.verb = Verb::Get;
        next_request.body = Zeroizing::default();
    }
    Ok(next_request)
}

fn refuse(from: &Outgoing, target: &str, why: &'static str) -> AnswerProblem {
    AnswerProblem::Redirect {
        origin: Origin::serialized(&from.url),
        target: redirect_target(&from.url, Some(target)),
        why,
    }
}

/// Where a `Location` leads, as far as it may be shown: a script may put what
/// it was sent into the query, a password too.
pub fn redirect_target(from: &Url, location: Option<&str>) -> String {
    match location.map(|location| from.join(location)) {
        Some(Ok(mut url)) => {
            url.set_query(None);
            url.set_fragment(None);
            // Both setters fail only for URLs without a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.to_string()
        }
        Some(Err(_)) => "an unreadable address".to_owned(),
        None => "nowhere".to_owned(),
    }
}

/// Whether what a user typed for `from` may go along to `to`: to the same
/// origin, and from port 80 to port 443 of the same host. Another port of
/// that host may belong to somebody else (security rule 3).
pub fn credentials_may_follow(from: &Url, to: &Url) -> bool {
    let (Some(a), Some(b)) = (Origin::of(from), Origin::of(to)) else {
        return false;
    };
    let upgraded = from.port_or_known_default() == Some(80)
        && to.scheme() == "https"
        && to.port_or_known_default() == Some(443)
        && a.host() == b.host();
    a == b || upgraded
}

/// A request as a person may see it: *What will be sent*, `request`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Always `POST`.
    pub verb: &'static str,
    /// Where to, without parameters.
    pub address: String,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The parameters in order, secrets masked.
    pub parameters: Vec<ShownParameter>,
    /// What is odd about the address.
    pub warnings: Vec<Warning>,
}

/// One parameter of [`Shown`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownParameter {
    /// Its name.
    pub name: String,
    /// Its value, secrets masked.
    pub value: String,
    /// Tokens in it that have no value on this computer.
    pub missing: Vec<String>,
}

/// The masked twin of what [`outgoing`] makes.
pub fn shown(expanded: &Expanded, user_agent: &str) -> Shown {
    let parameters = expanded.parameters.iter();
    Shown {
        verb: "POST",
        address: expanded.url.to_string(),
        user_agent: user_agent.to_owned(),
        parameters: parameters
            .map(|parameter| ShownParameter {
                name: parameter.name.clone(),
                value: parameter.shown.clone(),
                missing: parameter.missing.clone(),
            })
            .collect(),
        warnings: expanded.warnings.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provisioning::{credentials::Credentials, facts::HostFacts, uri::Template};

    fn request(uri: &str) -> Outgoing {
        let expanded = Template::new(uri)
            .expand(&HostFacts::default(), None)
            .unwrap();
        outgoing(&expanded, "Jitsi/2.10.5550", None)
    }

    #[test]
    fn the_body_is_form_encoded_as_jitsi_does_it() {
        let body = |uri: &str| request(uri).body.to_string();
        assert_eq!(body("http://h/p?x=a%20b+c"), "x=a%2520b%2Bc");
        assert_eq!(body("http://h/p?x=a b~*-._é&y"), "x=a+b%7E*-._%C3%A9&y=");
        assert_eq!(body("http://h/p?"), "");
        assert_eq!(body("http://h/p?=v"), "=v");
    }

    #[test]
    fn the_user_agent_cannot_break_the_header() {
        assert_eq!(user_agent("Jitsi", "2.10.5550"), "Jitsi/2.10.5550");
        assert_eq!(user_agent("A\r\nX: y", "1\n"), "AX: y/1");
    }

    #[test]
    fn redirects_keep_the_post_and_303_makes_a_get() {
        let from = request("http://h.example/a/b?x=1");
        for status in [301, 302, 307, 308] {
            let next = redirected(&from, status, Some("../c?d=e#f")).unwrap();
            assert_eq!(
                (next.verb, next.url.as_str()),
                (Verb::Post, "http://h.example/c?d=e")
            );
            assert_eq!(*next.body, "x=1");
        }
        let next = redirected(&from, 303, Some("/c")).unwrap();
        assert_eq!((next.verb, next.body.as_str()), (Verb::Get, ""));
        let after = redirected(&next, 307, Some("/d")).unwrap();
        assert_eq!(after.verb, Verb::Get);
    }

    #[test]
    fn redirects_elsewhere_are_refused_and_named() {
        let from = request("https://h.example/a");
        for (target, part) in [
            (
                "https://u:canary@other.example/x?password=canary",
                "to https://other.example/x, and",
            ),
            ("http://h.example/x", "unencrypted"),
            ("https://h.example:8443/x", "another server"),
            ("file:///etc/passwd", "only http and https"),
            ("//evil.example/", "another server"),
        ] {
            let problem = redirected(&from, 302, Some(target))
                .unwrap_err()
                .to_string();
            assert!(problem.contains(part), "{problem}");
            assert!(!problem.contains("canary"));
        }
        assert!(redirected(&from, 302, None).is_err());
    }

    #[test]
    fn an_upgrade_to_https_is_followed_without_the_authorization() {
        let mut from = request("http://h.example/a?x=1");
        let credentials = Credentials {
            username: "jane".into(),
            password: "pw".into(),
        };
        from.authorization = Some(Authorization::Basic(credentials));
        let next = redirected(&from, 301, Some("https://u:p@h.example:8443/a")).unwrap();
        assert_eq!(next.url.as_str(), "https://h.example:8443/a");
        assert_eq!(next.authorization, None);
        let same = redirected(&from, 301, Some("/b")).unwrap();
        assert!(same.authorization.is_some());
    }

    #[test]
    fn credentials_follow_only_to_the_same_origin_or_from_port_80_to_443() {
        let may = |a: &str, b: &str| {
            credentials_may_follow(&Url::parse(a).unwrap(), &Url::parse(b).unwrap())
        };
        assert!(may("http://h/a", "http://h/b") && may("http://h/a", "https://h/b"));
        assert!(!may("http://h/a", "https://h:8443/b") && !may("http://h:8080/a", "https://h/b"));
        assert!(!may("http://h/a", "https://i/a"));
    }
}
