//! Tokens: `${…}` in a provisioning URI (contract section 2).

use crate::provisioning::facts::HostFacts;

/// What stands between `${` and `}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// `${env.NAME}`
    Env(String),
    /// `${system.NAME}`
    System(String),
    /// `${home.location}`
    HomeLocation,
    /// `${home.name}`
    HomeName,
    /// `${uuid}`
    Uuid,
    /// `${osname}`
    OsName,
    /// `${arch}`
    Arch,
    /// `${resx}`
    ResX,
    /// `${resy}`
    ResY,
    /// `${build}`
    Build,
    /// `${locale}`
    Locale,
    /// `${ipaddr}`
    IpAddr,
    /// `${hostname}`
    Hostname,
    /// `${hwaddr}`
    HwAddr,
    /// `${username}`
    Username,
    /// `${password}`
    Password,
    /// A name that nobody knows.
    Unknown,
}

impl Token {
    /// The token with this name; names are case-sensitive.
    pub fn named(name: &str) -> Self {
        if let Some(variable) = name.strip_prefix("env.") {
            return Self::Env(variable.to_owned());
        }
        if let Some(property) = name.strip_prefix("system.") {
            return Self::System(property.to_owned());
        }
        match name {
            "home.location" => Self::HomeLocation,
            "home.name" => Self::HomeName,
            "uuid" => Self::Uuid,
            "osname" => Self::OsName,
            "arch" => Self::Arch,
            "resx" => Self::ResX,
            "resy" => Self::ResY,
            "build" => Self::Build,
            "locale" => Self::Locale,
            "ipaddr" => Self::IpAddr,
            "hostname" => Self::Hostname,
            "hwaddr" => Self::HwAddr,
            "username" => Self::Username,
            "password" => Self::Password,
            _ => Self::Unknown,
        }
    }

    /// Its value on this host, `None` where there is none and for credentials.
    pub fn value(&self, facts: &HostFacts) -> Option<String> {
        match self {
            Self::Env(name) => facts.env.get(name).cloned(),
            Self::System(name) => facts.system.get(name).cloned(),
            Self::HomeLocation => Some(facts.home_location.clone()),
            Self::HomeName => Some(facts.home_name.clone()),
            Self::Uuid => Some(facts.uuid.clone()),
            Self::OsName => Some(facts.os_name.clone()),
            Self::Arch => Some(facts.arch.clone()),
            Self::ResX => facts.screen.map(|(width, _)| width.to_string()),
            Self::ResY => facts.screen.map(|(_, height)| height.to_string()),
            Self::Build => Some(facts.build.clone()),
            Self::Locale => Some(facts.locale.clone()),
            Self::IpAddr => facts.address.map(|address| address.to_string()),
            Self::Hostname => facts.hostname.clone(),
            Self::HwAddr => facts.mac.clone(),
            Self::Username | Self::Password | Self::Unknown => None,
        }
    }

    /// Whether it tells a server something about this person or machine that
    /// a trust question has to name (security rule 2).
    pub fn is_revealing(&self) -> bool {
        matches!(
            self,
            Self::Env(_)
                | Self::System(_)
                | Self::HomeLocation
                | Self::HomeName
                | Self::Hostname
                | Self::Username
                | Self::Password
                | Self::HwAddr
        )
    }
}

/// A stretch of text, or a token with the text that it was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Plain text.
    Text(String),
    /// A token.
    Token {
        /// What it stands for.
        token: Token,
        /// `${…}` as written.
        raw: String,
    },
}

/// Splits `text` at its tokens. An unclosed `${` is text.
pub fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        plain.push_str(&rest[..start]);
        let inner = &rest[start + 2..];
        // An opening inside the name means that the first one was not a token.
        let end = inner.find('}').filter(|end| !inner[..*end].contains("${"));
        let Some(end) = end else {
            plain.push_str("${");
            rest = inner;
            continue;
        };
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        let name = &inner[..end];
        pieces.push(Piece::Token {
            token: Token::named(name),
            raw: format!("${{{name}}}"),
        });
        rest = &inner[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_at_tokens_and_unclosed_ones_stay_text() {
        let raws = |text: &str| -> Vec<String> {
            split(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text,
                    Piece::Token { raw, .. } => format!("<{raw}>"),
                })
                .collect()
        };
        assert_eq!(raws("a${uuid}b"), ["a", "<${uuid}>", "b"]);
        assert_eq!(raws("${a${uuid}"), ["${a", "<${uuid}>"]);
        assert_eq!(raws("x${uuid"), ["x${uuid"]);
        assert_eq!(raws(""), Vec::<String>::new());
        assert_eq!(raws("$${}}"), ["$", "<${}>", "}"]);
    }

    #[test]
    fn names_are_case_sensitive() {
        assert_eq!(Token::named("UUID"), Token::Unknown);
        assert_eq!(Token::named("env.X"), Token::Env("X".into()));
        assert_eq!(Token::named("env"), Token::Unknown);
    }
}
