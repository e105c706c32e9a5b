//! Who asks? Basic (RFC 7617), or user name and password among the parameters.

use std::hint::black_box;

use zeroize::Zeroizing;

use super::{Auth, form::Form};
use crate::provisioning::credentials::Credentials;

/// Where provisioning scripts look for the user name.
const USER_NAMES: [&str; 3] = ["username", "user", "login"];
/// Where they look for the password.
const PASSWORD_NAMES: [&str; 3] = ["password", "pass", "pw"];

/// What came of the credentials.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SignIn {
    /// The server asks nobody.
    Open,
    /// The configured user.
    Accepted,
    /// Nobody, and why, for the administrator's eyes.
    Refused(&'static str),
}

/// Checks what was sent against the one user that there is.
pub(super) fn check(
    auth: Auth,
    user: &Credentials,
    authorization: Option<&[u8]>,
    form: &Form,
) -> SignIn {
    if auth == Auth::None {
        return SignIn::Open;
    }
    let basic = authorization.map(|header| basic_matches(header, user));
    if basic == Some(true) {
        return SignIn::Accepted;
    }
    let name = form.first_of(&USER_NAMES);
    let password = form.first_of(&PASSWORD_NAMES);
    match (auth, name, password) {
        (Auth::Form, Some(name), Some(password)) => {
            // Both are always compared, so that the time does not tell which was wrong.
            let name = same(name.as_bytes(), user.username.as_bytes());
            let password = same(password.as_bytes(), user.password.reveal().as_bytes());
            if name & password {
                SignIn::Accepted
            } else {
                SignIn::Refused("user name or password is wrong")
            }
        }
        _ if basic.is_some() => SignIn::Refused("the Authorization header is not the right one"),
        (Auth::Form, ..) => SignIn::Refused(
            "no user name (username, user, login) and password (password, pass, pw) among the parameters",
        ),
        _ => SignIn::Refused("no Authorization header"),
    }
}

/// Compares the encoded forms, so that nothing sent needs decoding.
fn basic_matches(header: &[u8], user: &Credentials) -> bool {
    let expected = Zeroizing::new(http_auth::basic::encode_credentials(
        &user.username,
        user.password.reveal(),
    ));
    let (scheme, sent) = match header.iter().position(|byte| *byte == b' ') {
        Some(blank) => header.split_at(blank),
        None => (header, [].as_slice()),
    };
    let wanted = expected
        .as_bytes()
        .get(b"Basic ".len()..)
        .unwrap_or_default();
    same(sent.trim_ascii(), wanted) & scheme.eq_ignore_ascii_case(b"basic")
}

/// Whether two texts are equal, in a time that does not depend on where they differ.
fn same(sent: &[u8], expected: &[u8]) -> bool {
    let mut difference = sent.len() ^ expected.len();
    for place in 0..sent.len().max(expected.len()) {
        let byte = |text: &[u8]| text.get(place).copied().unwrap_or(0);
        difference |= usize::from(byte(sent) ^ byte(expected));
    }
    black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_with(auth: Auth, header: Option<&str>, body: &str) -> SignIn {
        let user = super::super::read_user("jane:pass:w\u{f6}rd").unwrap();
        let mut form = Form::default();
        form.read(body.as_bytes()).unwrap();
        check(auth, &user, header.map(str::as_bytes), &form)
    }

    #[test]
    fn basic_knows_the_user_in_either_mode_and_the_scheme_in_any_case() {
        // printf 'jane:pass:wörd' | base64
        let token = "amFuZTpwYXNzOnfDtnJk";
        for auth in [Auth::Basic, Auth::Form] {
            for scheme in ["Basic ", "basic ", "BASIC   "] {
                let header = format!("{scheme}{token}");
                assert_eq!(
                    check_with(auth, Some(&header), ""),
                    SignIn::Accepted,
                    "{header}"
                );
            }
            for bad in [
                "Basic",
                "Basic ",
                "Bearer amFuZTpwYXNzOnfDtnJk",
                "Basic amFuZTpwYXNzOnfDtnJ",
            ] {
                let outcome = check_with(auth, Some(bad), "");
                assert!(matches!(outcome, SignIn::Refused(_)), "{bad}");
            }
        }
    }

    #[test]
    fn form_credentials_count_in_form_mode_only() {
        for body in [
            "username=jane&password=pass%3Aw%C3%B6rd",
            "user=jane&pass=pass:w%C3%B6rd",
            "login=jane&pw=pass:w%C3%B6rd",
        ] {
            assert_eq!(
                check_with(Auth::Form, None, body),
                SignIn::Accepted,
                "{body}"
            );
            assert!(matches!(
                check_with(Auth::Basic, None, body),
                SignIn::Refused(_)
            ));
        }
        for body in [
            "",
            "user=jane",
            "user=jane&pw=",
            "user=&pw=",
            "user=Jane&pw=pass:w%C3%B6rd",
        ] {
            let outcome = check_with(Auth::Form, None, body);
            assert!(matches!(outcome, SignIn::Refused(_)), "{body}");
        }
    }

    #[test]
    fn texts_are_the_same_only_if_they_are() {
        assert!(same(b"", b"") && same(b"ab", b"ab"));
        for (a, b) in [
            ("ab", "ac"),
            ("ab", "a"),
            ("a", "ab"),
            ("", "\0"),
            ("b\0", "b"),
        ] {
            assert!(!same(a.as_bytes(), b.as_bytes()), "{a:?} {b:?}");
        }
    }
}
