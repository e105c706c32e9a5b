//! `WWW-Authenticate` (RFC 9110 section 11.6.1): which of the challenges that
//! a server sent is answered (contract section 4).
//!
//! The crate `http-auth` reads one challenge. It is not given whole headers:
//! it stops at the first thing that it cannot read (a `token68` of Negotiate,
//! an umlaut in a realm), and what follows would be lost.

use http_auth::{
    ChallengeParser, DigestClient, ParamValue,
    digest::{Algorithm, Qop},
};

/// A challenge that can be answered with a user name and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// RFC 7617.
    Basic,
    /// RFC 7616: the one challenge's own text, from `Digest` on.
    Digest(String),
}

impl Challenge {
    /// Whether the server only wants a fresh nonce (RFC 7616 section 3.3): the
    /// credentials were right and should be sent again, not asked again.
    pub fn is_stale(&self) -> bool {
        match self {
            Self::Basic => false,
            Self::Digest(text) => digest_client(text).is_some_and(|client| client.stale()),
        }
    }
}

/// The strongest challenge in `headers` that can be answered: Digest with
/// SHA-256, then with MD5, then Basic; the first of equals. `None` if there is
/// none, whether there were other challenges or not.
pub fn choose(headers: &[String]) -> Option<Challenge> {
    let mut best: Option<(u8, &str)> = None;
    for text in headers.iter().flat_map(|header| split(header)) {
        let rank = rank(text);
        if rank > best.map_or(0, |(rank, _)| rank) {
            best = Some((rank, text));
        }
    }
    best.map(|(rank, text)| match rank {
        1 => Challenge::Basic,
        _ => Challenge::Digest(text.to_owned()),
    })
}

/// As they are registered with IANA (RFC 7616 section 6.1).
const ALGORITHMS: [&str; 6] = [
    "MD5",
    "MD5-sess",
    "SHA-256",
    "SHA-256-sess",
    "SHA-512-256",
    "SHA-512-256-sess",
];

/// What can answer the Digest challenge `text`; `None` if it is not one or
/// uses something unknown.
pub fn digest_client(text: &str) -> Option<DigestClient> {
    let mut challenge = ChallengeParser::new(text).next()?.ok()?;
    for (name, value) in &mut challenge.params {
        // `md5` in lower case is common, but http-auth compares exactly.
        if name.eq_ignore_ascii_case("algorithm") {
            let known = ALGORITHMS
                .iter()
                .find(|known| known.eq_ignore_ascii_case(value.as_escaped()));
            *value = ParamValue::try_from_escaped(known?).ok()?;
        }
    }
    let client = DigestClient::try_from(&challenge).ok()?;
    // http-auth computes auth-int over the body where RFC 7616 section 3.4.3
    // wants the body's hash.
    (client.qop() & Qop::Auth).then_some(client)
}

fn rank(text: &str) -> u8 {
    let scheme = &text[..token_end(text)];
    if scheme.eq_ignore_ascii_case("Basic") {
        return 1;
    }
    match digest_client(text).map(|client| client.algorithm()) {
        Some(Algorithm::Md5) => 2,
        Some(_) => 3,
        None => 0,
    }
}

/// The challenges in one header. A list element begins a new challenge unless
/// it is a parameter (`name=value`); what is neither stays with the challenge
/// before it, so that only that one is lost.
fn split(header: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    for (from, to) in elements(header) {
        let element = &header[from..to];
        let token = token_end(element);
        let is_parameter = element[token..].trim_start().starts_with('=');
        if token > 0 && !is_parameter {
            starts.push(from);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([header.len()]);
    let of = |(from, to): (&usize, usize)| header[*from..to].trim_end_matches([',', ' ', '\t']);
    starts.iter().zip(ends).map(of).collect()
}

/// Start and end of each comma-separated element, without blanks around it.
/// Commas in quoted strings do not separate.
fn elements(header: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut from, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in header.bytes().chain([b',']).enumerate() {
        let end = at == header.len();
        match byte {
            _ if escaped && !end => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted || end => {
                let element = &header[from..at];
                let start = from + element.len() - element.trim_start().len();
                found.push((start, start + element.trim().len()));
                from = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Where the token (RFC 9110 section 5.6.2) at the start of `text` ends.
fn token_end(text: &str) -> usize {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    text.find(|c| !is_token(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(headers: &[&str]) -> Option<Challenge> {
        choose(&headers.iter().map(|&h| h.to_owned()).collect::<Vec<_>>())
    }

    fn digest(text: &str) -> Challenge {
        Challenge::Digest(text.into())
    }

    const SHA: &str = r#"Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth""#;
    const MD5: &str = r#"Digest realm="r", nonce="n", algorithm=MD5, qop="auth""#;

    #[test]
    fn the_strongest_answerable_challenge_wins() {
        assert_eq!(of(&["Basic realm=x", MD5, SHA]), Some(digest(SHA)));
        assert_eq!(of(&["Basic realm=x", MD5]), Some(digest(MD5)));
        assert_eq!(of(&["Negotiate", "Basic realm=x"]), Some(Challenge::Basic));
        let legacy = r#"Digest realm="r", nonce="n""#;
        assert_eq!(of(&[legacy, MD5]), Some(digest(legacy)));
    }

    #[test]
    fn without_a_challenge_that_we_support_there_is_none() {
        assert_eq!(of(&[]), None);
        assert_eq!(
            of(&["Negotiate", "NTLM", r#"Bearer realm="Basic realm""#]),
            None
        );
        assert_eq!(of(&["Digest realm=r, nonce=n, algorithm=SHA-3"]), None);
        assert_eq!(of(&[r#"Digest realm=r, nonce=n, qop="auth-int""#]), None);
        assert_eq!(of(&["Digest realm=r", "", ",,", "Basic=1"]), None);
    }

    #[test]
    fn several_challenges_in_one_header_are_told_apart() {
        let header = format!(r#"Bearer realm="x", {SHA}, Basic realm="lab, \"q\"""#);
        assert_eq!(of(&[&header]), Some(digest(SHA)));
        let header = r#"Basic realm="a \", Digest realm=b, nonce=c""#;
        assert_eq!(of(&[header]), Some(Challenge::Basic));
        assert_eq!(
            of(&[&format!("Negotiate oYGrTlRM+/==, {MD5}")]),
            Some(digest(MD5))
        );
        assert_eq!(of(&[&format!("NTLM, , {MD5} ,")]), Some(digest(MD5)));
        assert_eq!(
            of(&["digest realm = r , nonce=n"]),
            Some(digest("digest realm = r , nonce=n"))
        );
    }

    #[test]
    fn what_is_quoted_is_no_challenge() {
        assert_eq!(of(&[r#"Bearer realm="a, Basic, b""#]), None);
        assert_eq!(of(&[r#"Bearer realm="a\", Basic, b""#]), None);
        assert_eq!(
            of(&[r#"Bearer realm="a\\", Basic"#]),
            Some(Challenge::Basic)
        );
    }

    #[test]
    fn one_unreadable_challenge_does_not_hide_another() {
        assert_eq!(
            of(&["Basic realm=\"Büro\""]),
            Some(Challenge::Basic),
            "a realm is not needed"
        );
        assert_eq!(
            of(&[&format!("@@, Digest x y z, {SHA}")]),
            Some(digest(SHA))
        );
        assert_eq!(of(&["Basic realm=\"open", SHA]), Some(digest(SHA)));
        assert_eq!(of(&["\"", "Basic"]), Some(Challenge::Basic));
    }

    #[test]
    fn an_algorithm_in_lower_case_is_known() {
        let lower = SHA.replace("SHA-256", "sha-256");
        assert_eq!(of(&[MD5, &lower]), Some(digest(&lower)));
    }

    #[test]
    fn a_stale_nonce_is_told_from_a_refusal() {
        let stale = |text: &str| Challenge::Digest(text.into()).is_stale();
        assert!(stale(&format!("{MD5}, stale=TRUE")));
        assert!(!stale(&format!("{MD5}, stale=false")));
        assert!(!stale(MD5));
        assert!(!Challenge::Basic.is_stale());
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(headers in proptest::collection::vec(".*", 0..4)) {
            choose(&headers);
        }

        #[test]
        fn no_header_made_of_its_own_alphabet_makes_it_panic(
            header in r#"((Basic|Digest|Negotiate|realm|nonce|qop|algorithm|MD5|auth|ü)[ ,="\\]{0,3}){0,12}"#
        ) {
            choose(&[header]);
        }

        #[test]
        fn a_good_challenge_is_found_behind_any_other_header(other in "[^\"]*") {
            prop_assert!(of(&[&other, SHA]).is_some());
        }
    }
}
