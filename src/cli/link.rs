//! `provisioning:` links: a web page or a mail hands an address over. Whoever
//! wrote the link is not known, so all that it does is fill in the field.

use std::ffi::OsString;

/// What such a link begins with.
const SCHEME: &str = "provisioning:";

/// The command line, where a link that stands alone becomes `--link`: that is
/// how browsers and file managers start a program.
pub(super) fn arguments(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    if let [_, link] = args.as_mut_slice()
        && link.to_str().is_some_and(|link| body(link).is_some())
    {
        let mut option = OsString::from("--link=");
        option.push(&link);
        *link = option;
    }
    args
}

/// The address in a link. `provisioning://host/p` is read as
/// `https://host/p`, since some mail programs make links of nothing else.
pub(super) fn address(link: &str) -> Result<String, &'static str> {
    let address = body(link).ok_or("a link begins with provisioning:")?;
    let address: String = address.chars().filter(|c| !c.is_control()).collect();
    // Browsers may escape the braces of tokens, and nothing else that counts.
    let address = address
        .replace("%24%7B", "${")
        .replace("$%7B", "${")
        .replace("%7D", "}");
    Ok(if address.starts_with("//") {
        format!("https:{address}")
    } else {
        address
    })
}

fn body(link: &str) -> Option<&str> {
    let (scheme, body) = link.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(args: &[&str]) -> Vec<OsString> {
        arguments(args.iter().map(OsString::from))
    }

    #[test]
    fn only_a_link_that_stands_alone_is_one() {
        assert_eq!(
            args(&["p", "provisioning:https://a/"]),
            ["p", "--link=provisioning:https://a/"]
        );
        for other in [
            &["p", "settings", "provisioning:x"][..],
            &["p", "provision"],
            &["p"],
        ] {
            assert_eq!(args(other), other);
        }
    }

    #[test]
    fn the_address_keeps_its_tokens() {
        for (link, expected) in [
            (
                "provisioning:https://a.example/p?u=${username}",
                "https://a.example/p?u=${username}",
            ),
            (
                "Provisioning:https://a.example/p?u=$%7Busername%7D&v=%20",
                "https://a.example/p?u=${username}&v=%20",
            ),
            ("provisioning://a.example/p", "https://a.example/p"),
            ("provisioning:http://a\u{1b}\n/", "http://a/"),
            ("provisioning:", ""),
        ] {
            assert_eq!(address(link).as_deref(), Ok(expected));
        }
        address("https://a.example/").unwrap_err();
    }
}
