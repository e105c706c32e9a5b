//! Parameters as they were sent: `application/x-www-form-urlencoded`, read
//! more strictly than most servers do, so that a mistake is seen here first.

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// Far more than any provisioning URI has.
const MAX_PARAMETERS: usize = 256;

/// Decoded parameters in the order in which they were sent. Not `Debug`:
/// passwords are among them.
#[derive(Default)]
pub(super) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// Adds the parameters of a query or a body.
    ///
    /// The error is a sentence for the client. It names parameters by their
    /// place, as what stands there could be a secret.
    pub(super) fn read(&mut self, encoded: &[u8]) -> Result<(), String> {
        let encoded = std::str::from_utf8(encoded)
            .map_err(|_| "The parameters are not form-encoded: there are raw bytes in them.")?;
        for piece in encoded.split('&').filter(|piece| !piece.is_empty()) {
            let place = self.0.len() + 1;
            if place > MAX_PARAMETERS {
                return Err(format!("There are more than {MAX_PARAMETERS} parameters."));
            }
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let bad = |why| format!("Parameter {place} is not form-encoded: {why}.");
            let name = decode(name).map_err(bad)?;
            let value = decode(value).map_err(bad)?;
            self.0.push((name.to_string(), value));
        }
        Ok(())
    }

    /// The last value sent under `name`, as PHP and most frameworks have it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .rev()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The first of `names` that was sent.
    pub(super) fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// Names and values, in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Undoes the encoding of one name or value.
fn decode(text: &str) -> Result<Zeroizing<String>, &'static str> {
    let escapes_are_whole = text
        .split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit));
    if !escapes_are_whole {
        return Err("a % without two hexadecimal digits behind it");
    }
    let blanks = Zeroizing::new(text.replace('+', " "));
    percent_decode_str(&blanks)
        .decode_utf8()
        .map(|text| Zeroizing::new(text.into_owned()))
        .map_err(|_| "it is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(encoded: &str) -> Result<Vec<(String, String)>, String> {
        let mut form = Form::default();
        form.read(encoded.as_bytes())?;
        Ok(form
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }

    #[test]
    fn order_duplicates_and_empty_values_are_kept() {
        let form = read("b=1&a=&&b=x+y%2Bz%C3%A4&c&=n&d=1=2").unwrap();
        let expected = [
            ("b", "1"),
            ("a", ""),
            ("b", "x y+z\u{e4}"),
            ("c", ""),
            ("", "n"),
            ("d", "1=2"),
        ];
        assert_eq!(form.len(), expected.len());
        for ((name, value), (n, v)) in form.iter().zip(expected) {
            assert_eq!((name.as_str(), value.as_str()), (n, v));
        }
    }

    #[test]
    fn the_last_of_several_values_counts() {
        let mut form = Form::default();
        form.read(b"a=1&a=2").unwrap();
        assert_eq!(form.get("a"), Some("2"));
        assert_eq!(form.first_of(&["x", "a"]), Some("2"));
        assert_eq!(form.get("A"), None);
    }

    #[test]
    fn broken_encodings_are_refused_without_repeating_them() {
        for bad in [
            "a=%",
            "a=%4",
            "a=%zz",
            "%g0=1",
            "a=%\u{e4}\u{e4}",
            "a=%ff",
            "a=%C3",
        ] {
            let why = read(&format!("ok=canary&{bad}")).unwrap_err();
            assert!(why.contains("Parameter 2"), "{bad}: {why}");
            assert!(!why.contains("canary"), "{why}");
        }
        let mut form = Form::default();
        assert!(form.read(b"a=\xff").is_err());
    }

    #[test]
    fn too_many_parameters_are_refused() {
        assert!(read(&"a=1&".repeat(MAX_PARAMETERS)).is_ok());
        assert!(read(&"a=1&".repeat(MAX_PARAMETERS + 1)).is_err());
    }
}
