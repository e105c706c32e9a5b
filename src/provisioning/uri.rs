//! The provisioning URI: its parts, its tokens, and what it becomes on this
//! host (contract section 2).
//!
//! The URI is split at `?`, `&` and `=` **before** tokens are replaced, so
//! that no value can change the shape of the request.

mod hints;
mod mask;
mod token;

pub use hints::{Hint, hints};
pub use mask::{looks_secret, mask};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
pub use token::{Piece, Token, split as pieces};
use url::Url;

use super::{
    credentials::Credentials,
    facts::HostFacts,
    failure::AddressProblem,
    secret::Secret,
    warning::{Warning, WarningKind},
};

const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
const AUTHORITY: &AsciiSet = &PATH.remove(b':').remove(b'[').remove(b']');

/// A parameter as it stands in the URI, not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What stands before the first `=`.
    pub name: Vec<Piece>,
    /// What stands behind it.
    pub value: Vec<Piece>,
    /// Whether there was no `=`.
    pub bare: bool,
}

/// A provisioning URI with its tokens. `Debug` shows it masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    raw: String,
    target: Vec<Piece>,
    parameters: Vec<Parameter>,
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Template").field(&self.masked()).finish()
    }
}

impl Template {
    /// Reads a URI as it was typed, pasted or stored. Never fails: what is
    /// wrong with it shows when it is expanded.
    pub fn new(text: &str) -> Self {
        let raw = tidy(text);
        let (target, query) = match raw.split_once('?') {
            Some((target, query)) => (target, query),
            None => (raw.as_str(), ""),
        };
        // Java's split("&") drops trailing empty pieces.
        let query = query.trim_end_matches('&');
        let parameters = if query.is_empty() {
            Vec::new()
        } else {
            query.split('&').map(parameter).collect()
        };
        Self {
            target: token::split(target),
            parameters,
            raw,
        }
    }

    /// The URI with its tokens, without line breaks and blanks that a paste
    /// brings, and without user-info: this is what may be stored.
    pub fn storable(&self) -> String {
        mask::without_user_info(&self.raw)
    }

    /// The URI with its tokens, secrets masked: this is what may be shown.
    pub fn masked(&self) -> String {
        mask(&self.raw)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether it is an `http` or `https` address, whatever its tokens stand for.
    pub fn is_address(&self) -> bool {
        !hints(&self.raw).iter().any(|hint| hint.fatal)
            && !self.is_empty()
            && self.raw.contains("://")
    }

    /// Whether a user name or a password is written before its host.
    pub fn has_user_info(&self) -> bool {
        mask::without_user_info(&self.raw) != self.raw
    }

    /// Its parameters in order.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// All its tokens with the text that they were written as, in order.
    pub fn tokens(&self) -> impl Iterator<Item = (&Token, &str)> {
        let parameters = self
            .parameters
            .iter()
            .flat_map(|parameter| parameter.name.iter().chain(&parameter.value));
        self.target
            .iter()
            .chain(parameters)
            .filter_map(|piece| match piece {
                Piece::Token { token, raw } => Some((token, raw.as_str())),
                Piece::Text(_) => None,
            })
    }

    /// Whether a user name or a password has to be filled in, in a value or in the path.
    pub fn wants_credentials(&self) -> bool {
        self.target
            .iter()
            .chain(
                self.parameters
                    .iter()
                    .flat_map(|parameter| &parameter.value),
            )
            .any(is_credential)
    }

    /// Whether it has a password token.
    pub fn wants_password(&self) -> bool {
        self.tokens().any(|(token, _)| *token == Token::Password)
    }

    /// Whether it can become an `http` or `https` address somewhere, whatever
    /// its tokens stand for.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check(&self) -> Result<(), AddressProblem> {
        // A digit fits everywhere: into a name, an address, a port, a path.
        let text: String = self
            .target
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Token { .. } => "1",
            })
            .collect();
        parse(&text).map(drop)
    }

    /// What it becomes on this host; see [`Expanded`].
    ///
    /// # Errors
    /// If the result is not an `http` or `https` URL with a host.
    pub fn expand(
        &self,
        facts: &HostFacts,
        credentials: Option<&Credentials>,
    ) -> Result<Expanded, AddressProblem> {
        let mut warnings = Vec::new();
        let text = self.target_text(facts, credentials, &mut warnings)?;
        if dot_segments(&text) > dot_segments(&self.raw_target()) {
            let why = "a token makes \u{201c}.\u{201d} or \u{201c}..\u{201d} of a part of its path";
            return Err(AddressProblem::Invalid(why.to_owned()));
        }
        let mut url = parse(&text)?;
        url.set_fragment(None);
        let user_info = take_user_info(&mut url);
        if user_info.is_some() {
            let message =
                "The address holds a user name or a password; they are used, but not stored.";
            warnings.push(Warning::new(WarningKind::UserInfo, message));
        }
        let parameters = self
            .parameters
            .iter()
            .map(|parameter| expand_parameter(parameter, facts, credentials, &mut warnings))
            .collect();
        Ok(Expanded {
            url,
            parameters,
            user_info,
            warnings,
        })
    }

    fn raw_target(&self) -> String {
        let pieces = self.target.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Token { raw, .. } => raw,
        });
        pieces.collect()
    }

    fn target_text(
        &self,
        facts: &HostFacts,
        credentials: Option<&Credentials>,
        warnings: &mut Vec<Warning>,
    ) -> Result<String, AddressProblem> {
        let mut text = String::new();
        let whole = self.raw_target();
        let mut read = 0;
        for piece in &self.target {
            let (token, raw) = match piece {
                Piece::Text(plain) => {
                    read += plain.len();
                    text.push_str(plain);
                    continue;
                }
                Piece::Token { token, raw } => (token, raw),
            };
            read += raw.len();
            let rest = whole.get(read..).unwrap_or_default();
            if in_host(&text, rest) {
                may_be_in_host(token, raw, facts)?;
            }
            let value = credential(token, credentials)
                .map(|secret| secret.reveal().to_owned())
                .or_else(|| token.value(facts));
            match value {
                Some(value) if text.is_empty() && is_base(&value) => text.push_str(&value),
                Some(value) => {
                    let set = if in_authority(&text) { AUTHORITY } else { PATH };
                    text.extend(utf8_percent_encode(&value, set));
                }
                None => {
                    note_missing(token, raw, credentials, warnings);
                    text.push_str(raw);
                }
            }
        }
        Ok(text)
    }
}

/// A URI with its tokens replaced.
#[derive(Debug, Clone)]
pub struct Expanded {
    /// Where the request goes: no user-info, no query, no fragment.
    pub url: Url,
    /// The parameters in order.
    pub parameters: Vec<ExpandedParameter>,
    /// User name and password that stood in the URI.
    pub user_info: Option<Credentials>,
    /// Tokens without a value, parameters without `=`, user-info.
    pub warnings: Vec<Warning>,
}

/// A parameter with its tokens replaced, not yet form-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpandedParameter {
    /// The name.
    pub name: String,
    /// The value; wiped when dropped, as it may be a password.
    pub value: Secret,
    /// The value as it may be shown.
    pub shown: String,
    /// Tokens in it that have no value here.
    pub missing: Vec<String>,
}

fn parameter(text: &str) -> Parameter {
    match text.split_once('=') {
        Some((name, value)) => Parameter {
            name: token::split(name),
            value: token::split(value),
            bare: false,
        },
        None => Parameter {
            name: token::split(text),
            value: Vec::new(),
            bare: true,
        },
    }
}

/// Removes blanks and line breaks at the ends and around `&`.
fn tidy(text: &str) -> String {
    let mut pieces = text.split('&').map(str::trim);
    let mut tidy = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        tidy.push('&');
        tidy.push_str(piece);
    }
    tidy
}

fn is_credential(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::Token {
            token: Token::Username | Token::Password,
            ..
        }
    )
}

fn credential(token: &Token, credentials: Option<&Credentials>) -> Option<Secret> {
    let credentials = credentials?;
    match token {
        Token::Username => Some(Secret::from(credentials.username.as_str())),
        Token::Password => Some(credentials.password.clone()),
        _ => None,
    }
}

/// Whether a value may stand for the whole beginning of a URI.
fn is_base(value: &str) -> bool {
    (value.starts_with("https://") || value.starts_with("http://"))
        && !value.contains(['?', '#', '@', '\\'])
}

/// How many parts of the path mean "here" or "above" (RFC 3986 section 5.2.4).
fn dot_segments(text: &str) -> usize {
    text.split(['/', '\\'])
        .filter(|part| matches!(*part, "." | ".."))
        .count()
}

/// Whether the text so far ends before the path begins.
fn in_authority(text: &str) -> bool {
    text.find("://")
        .is_none_or(|scheme| !text[scheme + 3..].contains('/'))
}

/// Whether what comes next belongs to the host or its port: no path has begun,
/// and no `@` is to come that would make user-info of it.
fn in_host(before: &str, rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#', '\\']).next();
    in_authority(before) && !authority.is_some_and(|rest| rest.contains('@'))
}

/// The origin that is trusted, and that a password is bound to, has to be known
/// before anybody signs in and must not change with it (security rules 1, 3).
fn may_be_in_host(token: &Token, raw: &str, facts: &HostFacts) -> Result<(), AddressProblem> {
    let why = match token {
        Token::Username | Token::Password => {
            format!("{raw} may stand in the path or behind the ?, not in the host")
        }
        _ if token.value(facts).is_none() => {
            format!("{raw} stands in the host and has no value on this computer")
        }
        _ => return Ok(()),
    };
    Err(AddressProblem::Invalid(why))
}

fn parse(text: &str) -> Result<Url, AddressProblem> {
    let invalid = |why: &str| AddressProblem::Invalid(why.to_owned());
    if text.is_empty() {
        return Err(AddressProblem::Missing);
    }
    let url = Url::parse(text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            invalid("it does not begin with http:// or https://")
        }
        other => invalid(&other.to_string()),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(&format!(
            "{} is neither http nor https",
            url.scheme()
        )));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(invalid("it names no host"));
    }
    Ok(url)
}

fn take_user_info(url: &mut Url) -> Option<Credentials> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let credentials = Credentials {
        username: decode(url.username()),
        password: Secret::new(decode(url.password().unwrap_or_default())),
    };
    // Both setters fail only for URLs without a host, and there is one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some(credentials)
}

fn note_missing(
    token: &Token,
    raw: &str,
    credentials: Option<&Credentials>,
    warnings: &mut Vec<Warning>,
) {
    let (kind, message) = match token {
        Token::Unknown => (
            WarningKind::UnknownToken,
            format!("{raw} is not a known token."),
        ),
        Token::Username | Token::Password if credentials.is_none() => return,
        _ => (
            WarningKind::TokenWithoutValue,
            format!("{raw} has no value on this computer."),
        ),
    };
    warnings.push(Warning::new(kind, message));
}

fn expand_parameter(
    parameter: &Parameter,
    facts: &HostFacts,
    credentials: Option<&Credentials>,
    warnings: &mut Vec<Warning>,
) -> ExpandedParameter {
    let mut missing = Vec::new();
    let (name, _) = fill(&parameter.name, facts, None, &mut missing, warnings);
    if parameter.bare {
        let message =
            format!("The parameter \u{201c}{name}\u{201d} has no value; it is sent empty.");
        warnings.push(Warning::new(WarningKind::ParameterWithoutValue, message));
    }
    let (value, mut shown) = fill(&parameter.value, facts, credentials, &mut missing, warnings);
    if looks_secret(&name) && !value.is_empty() {
        shown = mask_but_tokens(&parameter.value, &missing);
    }
    ExpandedParameter {
        name,
        value: Secret::new(value),
        shown,
        missing,
    }
}

/// A secret's value: what has a value is masked, what has none stays.
fn mask_but_tokens(pieces: &[Piece], missing: &[String]) -> String {
    let mut shown = String::new();
    for piece in pieces {
        match piece {
            Piece::Token { raw, .. } if missing.contains(raw) => shown.push_str(raw),
            _ => shown.push_str(super::secret::MASK),
        }
    }
    shown
}

/// Returns the value, and the value as it may be shown.
fn fill(
    pieces: &[Piece],
    facts: &HostFacts,
    credentials: Option<&Credentials>,
    missing: &mut Vec<String>,
    warnings: &mut Vec<Warning>,
) -> (String, String) {
    let (mut value, mut shown) = (String::new(), String::new());
    for piece in pieces {
        let (token, raw) = match piece {
            Piece::Text(text) => {
                value.push_str(text);
                shown.push_str(text);
                continue;
            }
            Piece::Token { token, raw } => (token, raw),
        };
        if let Some(secret) = credential(token, credentials) {
            value.push_str(secret.reveal());
            let visible = *token == Token::Username;
            shown.push_str(if visible {
                secret.reveal()
            } else {
                super::secret::MASK
            });
        } else if let Some(text) = token.value(facts) {
            value.push_str(&text);
            shown.push_str(&text);
        } else {
            note_missing(token, raw, credentials, warnings);
            missing.push(raw.clone());
            value.push_str(raw);
            shown.push_str(raw);
        }
    }
    (value, shown)
}

#[cfg(test)]
mod tests;
