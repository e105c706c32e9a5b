//! Hiding what is secret in a URI that is shown, logged or stored.

use super::token::Piece;
use crate::provisioning::secret::MASK;

/// Whether a parameter of this name usually carries a secret.
pub fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let parts = ["passw", "secret", "token", "apikey", "api_key"];
    matches!(name.as_str(), "pass" | "pw" | "pwd" | "pin")
        || name.ends_with("pass")
        || name.ends_with("pwd")
        || parts.iter().any(|part| name.contains(part))
}

/// `uri` with user-info and literal secrets in its parameters masked. Tokens
/// stay: `${password}` is not a secret, its value is.
pub fn mask(uri: &str) -> String {
    let (before, user_info, after) = parts(uri);
    let mut masked = before.to_owned();
    if user_info.is_some() {
        masked.push_str(MASK);
        masked.push('@');
    }
    let (target, query) = match after.split_once('?') {
        Some((target, query)) => (target, Some(query)),
        None => (after, None),
    };
    masked.push_str(target);
    if let Some(query) = query {
        masked.push('?');
        let parameters: Vec<String> = query.split('&').map(mask_parameter).collect();
        masked.push_str(&parameters.join("&"));
    }
    masked
}

fn mask_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, value)) if looks_secret(name) => {
            let pieces = super::token::split(value);
            let shown = pieces.iter().map(|piece| match piece {
                Piece::Text(_) => MASK,
                Piece::Token { raw, .. } => raw,
            });
            format!("{name}={}", shown.collect::<String>())
        }
        _ => parameter.to_owned(),
    }
}

/// `uri` without `user:password@`.
pub(super) fn without_user_info(uri: &str) -> String {
    let (before, _, after) = parts(uri);
    format!("{before}{after}")
}

/// Splits into what stands before the user-info, the user-info, and what
/// stands behind its `@`. As in RFC 3986 section 3.2, the last `@` of the
/// authority ends the user-info.
fn parts(uri: &str) -> (&str, Option<&str>, &str) {
    let Some(scheme) = uri.find("://") else {
        return ("", None, uri);
    };
    let start = scheme + 3;
    let end = uri[start..]
        .find(['/', '?', '#', '\\'])
        .map_or(uri.len(), |end| start + end);
    match uri[start..end].rfind('@') {
        Some(at) => (
            &uri[..start],
            Some(&uri[start..start + at]),
            &uri[start + at + 1..],
        ),
        None => (&uri[..start], None, &uri[start..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_info_and_literal_passwords_are_masked() {
        for (uri, shown) in [
            ("https://jane:pw@h.example/p", "https://••••••@h.example/p"),
            ("https://a@b:pw@h/p", "https://••••••@h/p"),
            (
                "http://h/p?user=x&password=pw",
                "http://h/p?user=x&password=••••••",
            ),
            (
                "http://h/p?password=${password}",
                "http://h/p?password=${password}",
            ),
            ("http://h/p?x=a@b", "http://h/p?x=a@b"),
            (
                "http://h/p?pw=a${uuid}b",
                "http://h/p?pw=••••••${uuid}••••••",
            ),
            ("no uri?pass=pw", "no uri?pass=••••••"),
        ] {
            assert_eq!(mask(uri), shown);
        }
        assert_eq!(without_user_info("https://jane:pw@h/p?q"), "https://h/p?q");
    }
}
