//! What is wrong with an address, said while it is being typed.

use url::Url;

use super::{Template, pieces, token::Piece, token::Token};
use crate::provisioning::{
    credentials::Credentials, facts::HostFacts, failure::AddressProblem, origin::Origin,
};

/// Something to know about an address before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Whether it is a mistake.
    pub wrong: bool,
    /// Whether the address cannot be used at all like this.
    pub fatal: bool,
    /// One sentence, without secrets.
    pub words: String,
}

impl Hint {
    fn wrong(words: impl Into<String>) -> Self {
        Self {
            wrong: true,
            fatal: false,
            words: words.into(),
        }
    }

    fn careful(words: impl Into<String>) -> Self {
        Self {
            wrong: false,
            fatal: false,
            words: words.into(),
        }
    }
}

/// What there is to say about `text` as it stands in the field; nothing while
/// it may still become an address. Pure: tokens that have a value somewhere
/// count as if they had one here.
pub fn hints(text: &str) -> Vec<Hint> {
    let typed = text.trim();
    if ["http://", "https://"]
        .iter()
        .any(|scheme| scheme.starts_with(typed))
    {
        return Vec::new();
    }
    let mut hints = unknown_tokens(text);
    let template = Template::new(text);
    let facts = HostFacts {
        home_location: "x".into(),
        home_name: "x".into(),
        uuid: "x".into(),
        build: "1".into(),
        ..HostFacts::default()
    };
    match with_values(&template).expand(&facts, Some(&placeholder())) {
        Err(AddressProblem::Invalid(why)) => hints.push(Hint {
            fatal: true,
            ..Hint::wrong(format!("{}.", capital(&why)))
        }),
        Err(_) => {}
        Ok(expanded) => {
            hints.extend(plain_http(&template, &expanded.url));
            if expanded.user_info.is_some() {
                hints.push(Hint::careful(
                    "User name and password in the address are used, but not stored; leave them out and they are asked for.",
                ));
            }
        }
    }
    hints
}

fn placeholder() -> Credentials {
    Credentials {
        username: "x".into(),
        password: "x".into(),
    }
}

/// The address with tokens of its first half replaced that only a real
/// computer could fill in; what remains are those that nobody knows.
fn with_values(template: &Template) -> Template {
    let text: String = pieces(&template.raw)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            // They are filled in where they may stand.
            Piece::Token {
                token: Token::Unknown | Token::Username | Token::Password,
                raw,
            } => raw,
            Piece::Token { .. } => "x".to_owned(),
        })
        .collect();
    Template::new(&text)
}

fn unknown_tokens(text: &str) -> Vec<Hint> {
    let mut hints = Vec::new();
    let mut at = 1;
    for piece in pieces(text) {
        let raw = match &piece {
            Piece::Text(text) => {
                if let Some(open) = text.find("${") {
                    let place = at + text[..open].chars().count();
                    hints.push(Hint::wrong(format!(
                        "The token at character {place} has no closing brace."
                    )));
                }
                text
            }
            Piece::Token { token, raw } => {
                if *token == Token::Unknown {
                    hints.push(Hint::wrong(format!(
                        "{raw} at character {at} is not a known token; it is sent as it stands."
                    )));
                }
                raw
            }
        };
        at += raw.chars().count();
    }
    hints
}

fn plain_http(template: &Template, url: &Url) -> Option<Hint> {
    let origin = Origin::of(url)?;
    (template.wants_password() && !origin.is_https() && !origin.is_loopback()).then(|| {
        Hint::careful(
            "The password would be sent unencrypted, as the address begins with http and not with https.",
        )
    })
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        hints(text).into_iter().map(|hint| hint.words).collect()
    }

    #[test]
    fn an_address_that_is_being_begun_is_not_scolded() {
        for text in [
            "",
            " ",
            "h",
            "http",
            "https:/",
            "https://",
            "https://prov.example/p?uuid=${uuid}&u=${username}&p=${password}",
            "https://${hostname}.example/${env.X}?a=${system.user.name}",
            "http://127.0.0.1:8080/p?password=${password}",
        ] {
            assert_eq!(words(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_said_at_once() {
        for (text, said) in [
            (
                "prov.example",
                "It does not begin with http:// or https://.",
            ),
            ("ftp://prov.example/", "Ftp is neither http nor https."),
            ("https://?x=1", "Empty host."),
            (
                "https://${password}.example/",
                "${password} may stand in the path or behind the ?, not in the host.",
            ),
        ] {
            let hints = hints(text);
            assert_eq!(hints[0].words, said, "{text}");
            assert!(hints[0].wrong);
        }
    }

    #[test]
    fn an_unknown_token_is_named_with_its_place() {
        let said = words("https://h/p?\u{e4}=${uid}&b=${uuid}&c=${x");
        assert_eq!(
            said,
            [
                "${uid} at character 15 is not a known token; it is sent as it stands.",
                "The token at character 34 has no closing brace.",
            ]
        );
    }

    #[test]
    fn a_password_over_plain_http_and_one_in_the_address_are_warned_of() {
        let hints_of = hints("http://prov.example/p?p=${password}");
        assert!(!hints_of[0].wrong);
        assert!(hints_of[0].words.contains("unencrypted"));
        let hints_of = hints("https://jane:canary@prov.example/p");
        assert!(!hints_of[0].wrong);
        assert!(!hints_of[0].words.contains("canary"));
    }
}
