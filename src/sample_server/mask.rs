//! Keeps secrets out of what is shown of a request.

use zeroize::Zeroizing;

use super::form::Form;
use crate::provisioning::{credentials::Credentials, secret::MASK};

/// Parts of parameter names that tell a secret, in lower case. They match
/// anywhere, so `sipPassword`, `pass1` and `api_key` are found; that `monkey`
/// is masked too is the better mistake.
const SECRET_WORDS: [&str; 9] = [
    "pass",
    "pw",
    "secret",
    "token",
    "pin",
    "key",
    "auth",
    "credential",
    "otp",
];

/// From how many bytes on a secret is looked for inside other texts. A shorter
/// one would be found everywhere, and the gaps would give it away.
const LONG_ENOUGH: usize = 4;

/// How many sent secrets are looked for inside other texts, so that a form
/// full of them costs little.
const SENT_SECRETS: usize = 16;

/// The secrets of one request.
pub(super) struct Mask {
    /// The configured password, masked as a whole value whatever its length.
    password: Zeroizing<String>,
    /// What is masked inside any text, longest first.
    within: Vec<Zeroizing<String>>,
}

impl Mask {
    /// Learns the secrets: the configured password and what `form` holds under
    /// names of secrets. The user's name is shown anyway, so a password that
    /// is the same, as in `demo:demo`, is hidden only under its own name.
    pub(super) fn new(user: &Credentials, form: &Form) -> Self {
        let differs = |text: &str| text != user.username;
        let password = user.password.reveal();
        let password = if differs(password) { password } else { "" };
        let sent = form
            .iter()
            .filter(|(name, _)| names_a_secret(name))
            .map(|(_, value)| value)
            .filter(|value| value.len() <= 1000 && differs(value))
            .take(SENT_SECRETS);
        let mut within: Vec<_> = std::iter::once(password)
            .chain(sent)
            .filter(|text| text.len() >= LONG_ENOUGH)
            .map(|text| Zeroizing::new(text.to_owned()))
            .collect();
        within.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self {
            password: Zeroizing::new(password.to_owned()),
            within,
        }
    }

    /// The text with every secret in it masked.
    pub(super) fn text(&self, text: &str) -> String {
        if !self.password.is_empty() && text == self.password.as_str() {
            return MASK.to_owned();
        }
        let mut shown = text.to_owned();
        for secret in &self.within {
            if shown.contains(secret.as_str()) {
                shown = shown.replace(secret.as_str(), MASK);
            }
        }
        shown
    }

    /// The parameters as they may be shown. An empty secret stays empty, as
    /// that is what an administrator wants to see.
    pub(super) fn form(&self, form: &Form) -> Vec<(String, String)> {
        form.iter()
            .map(|(name, value)| {
                let value = if names_a_secret(name) && !value.is_empty() {
                    MASK.to_owned()
                } else {
                    self.text(value)
                };
                (self.text(name), value)
            })
            .collect()
    }
}

/// Whether a parameter of this name holds a secret.
fn names_a_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(user: &str, encoded: &str) -> Vec<(String, String)> {
        let mut form = Form::default();
        form.read(encoded.as_bytes()).unwrap();
        Mask::new(&super::super::read_user(user).unwrap(), &form).form(&form)
    }

    #[test]
    fn parameters_with_names_of_secrets_are_masked() {
        for name in [
            "password",
            "PASS",
            "pw",
            "Secret",
            "access_token",
            "pin",
            "apiKey",
            "sipPassword2",
            "userpw",
            "passwd",
            "key",
            "client-secret",
            "X-Auth",
        ] {
            let form = masked("a:b", &format!("{name}=x"));
            assert_eq!(form, [(name.to_owned(), MASK.to_owned())]);
        }
        let plain = "user=u&uuid=3382&osname=Linux&arch=amd64&hwaddr=02&ipaddr=1&locale=de\
                     &build=2&hostname=h&resx=1&username=n&login=l";
        for (name, value) in masked("a:b", plain) {
            assert_ne!(value, MASK, "{name}");
        }
    }

    #[test]
    fn a_secret_is_masked_wherever_it_appears() {
        let form = masked(
            "jane:canary",
            "user=canary&x=my-canary-2&canary=1&token=zebra&y=zebras",
        );
        let text = format!("{form:?}");
        assert!(
            !text.contains("canary") && !text.contains("zebra"),
            "{text}"
        );
    }

    #[test]
    fn a_short_password_is_masked_as_a_whole_value_only() {
        let form = masked("jane:a", "x=a&y=banana");
        assert_eq!(form[0].1, MASK);
        assert_eq!(form[1].1, "banana");
    }

    #[test]
    fn the_longest_secret_goes_first() {
        let form = masked("jane:abcd", "pw=abcdefgh&x=abcdefgh");
        assert_eq!(form[1].1, MASK);
    }

    #[test]
    fn a_password_like_the_user_name_does_not_hide_the_name() {
        let form = masked("demo:demo", "user=demo&password=demo&pin=");
        assert_eq!(form[0].1, "demo");
        assert_eq!(form[1].1, MASK);
        assert_eq!(form[2].1, "");
    }
}
