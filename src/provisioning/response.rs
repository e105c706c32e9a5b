//! The bytes of an answer become directives in order, or a reason why not
//! (contract section 5).

use std::borrow::Cow;

use super::{
    exchange::MAX_LINES,
    failure::AnswerProblem,
    keys,
    origin::Origin,
    properties::{self, Text},
    secret::Secret,
    warning::{Warning, WarningKind},
};

const NULL: &str = "${null}";
const ALLOW: &str = "provisioning.ALLOW_PREFIX";
const ENFORCE: &str = "provisioning.ENFORCE_PREFIX";
const SYSTEM: &str = "${system}.";
const BOM: &[u8] = b"\xef\xbb\xbf";

/// What one line of an answer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Adds prefixes to the allowed list for the lines behind it.
    Allow(Vec<String>),
    /// Removes every key that starts with none of these prefixes.
    Enforce(Vec<String>),
    /// Removes every key that starts with this one.
    Remove,
    /// Puts the value into the keyring.
    Secret(Secret),
    /// Sets an entry of `system.properties`; the name is behind `${system}.`.
    System(String),
    /// Sets the key.
    Set(String),
}

/// One line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Line number, from 1.
    pub line: u32,
    /// The key as it stands in the answer.
    pub key: String,
    /// What to do.
    pub order: Order,
}

/// An answer that can be applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// What it asks for, in order.
    pub directives: Vec<Directive>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

impl Response {
    /// How many settings it holds: every line but the ALLOW and ENFORCE lists.
    pub fn settings(&self) -> usize {
        let lists = |order: &Order| matches!(order, Order::Allow(_) | Order::Enforce(_));
        self.directives
            .iter()
            .filter(|directive| !lists(&directive.order))
            .count()
    }
}

/// Who an answer came from: errors name it.
#[derive(Debug, Clone, Copy)]
pub enum From<'a> {
    /// A server.
    Server(&'a Origin),
    /// A saved answer; the file's name.
    File(&'a str),
}

/// Why an answer cannot be applied, without saying whose it is.
enum Refusal {
    WebPage,
    Binary,
    Lines,
    Malformed(u32),
}

/// Reads an answer.
///
/// # Errors
/// If it is a web page, has a NUL byte, has more than [`MAX_LINES`] lines, or
/// a malformed `\u` escape outside a comment.
pub fn read(
    body: &[u8],
    content_type: Option<&str>,
    from: From<'_>,
) -> Result<Response, AnswerProblem> {
    parse(body, content_type).map_err(|refusal| describe(&refusal, from))
}

fn describe(refusal: &Refusal, from: From<'_>) -> AnswerProblem {
    let (origin, name) = match from {
        From::Server(origin) => (Some(origin.clone()), origin.to_string()),
        From::File(name) => (None, name.to_owned()),
    };
    match (refusal, origin) {
        (Refusal::Malformed(line), _) => AnswerProblem::Malformed {
            from: name,
            line: *line,
        },
        (Refusal::WebPage, Some(origin)) => AnswerProblem::WebPage(origin),
        (Refusal::Binary, Some(origin)) => AnswerProblem::Binary(origin),
        (Refusal::Lines, Some(origin)) => AnswerProblem::TooLarge {
            origin,
            limit: "1,000,000 lines",
        },
        (Refusal::WebPage, None) => AnswerProblem::NotSettings {
            name,
            what: "a web page",
        },
        (Refusal::Binary, None) => AnswerProblem::NotSettings {
            name,
            what: "binary data",
        },
        (Refusal::Lines, None) => AnswerProblem::NotSettings {
            name,
            what: "more than 1,000,000 lines",
        },
    }
}

fn parse(body: &[u8], content_type: Option<&str>) -> Result<Response, Refusal> {
    let mut warnings = Vec::new();
    let body = match body.strip_prefix(BOM) {
        Some(rest) => {
            let message = "The answer begins with a byte-order mark; it was dropped.";
            warnings.push(Warning::at(WarningKind::ByteOrderMark, 1, message));
            rest
        }
        None => body,
    };
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        return Err(Refusal::WebPage);
    }
    if memchr::memchr(0, body).is_some() {
        return Err(Refusal::Binary);
    }
    let text = decode(body, content_type, &mut warnings);
    let document = properties::read(text).map_err(|error| Refusal::Malformed(error.line))?;
    if document.lines as usize > MAX_LINES {
        return Err(Refusal::Lines);
    }
    note_oddities(&document, &mut warnings);
    let mut directives = Vec::with_capacity(document.entries.len());
    for entry in document.entries {
        // Java's trim() takes away everything up to the blank.
        if entry.key.chars().all(|c| c <= ' ') {
            continue;
        }
        directives.push(directive(entry.key, entry.value, entry.line, &mut warnings));
    }
    if directives.is_empty() {
        warnings.push(Warning::new(
            WarningKind::EmptyAnswer,
            "The answer holds no settings.",
        ));
    }
    warnings.sort_by_key(|warning| warning.line);
    Ok(Response {
        directives,
        warnings,
    })
}

/// ISO-8859-1, unless the header says UTF-8 and the bytes are.
fn decode<'a>(body: &'a [u8], content_type: Option<&str>, warnings: &mut Vec<Warning>) -> Text<'a> {
    if !content_type.is_some_and(says_utf8) {
        return Text::Latin1(body);
    }
    if let Ok(text) = std::str::from_utf8(body) {
        return Text::Utf8(text);
    }
    let message =
        "The header says charset=utf-8, but the bytes are not UTF-8; they were read as ISO-8859-1.";
    warnings.push(Warning::new(WarningKind::NotUtf8, message));
    Text::Latin1(body)
}

/// Reads the charset parameter (RFC 9110 section 8.3.1).
fn says_utf8(content_type: &str) -> bool {
    content_type.split(';').skip(1).any(|parameter| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            let value = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("charset")
                && (value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8"))
        })
    })
}

fn note_oddities(document: &properties::Document<'_>, warnings: &mut Vec<Warning>) {
    for duplicate in document.duplicates() {
        let message = format!(
            "{} stands in line {} already; the value of this line counts.",
            duplicate.key, duplicate.first_line
        );
        warnings.push(Warning::at(
            WarningKind::DuplicateKey,
            duplicate.line,
            message,
        ));
    }
    for line in &document.lone_surrogates {
        let message = "Half a surrogate pair was read as U+FFFD.";
        warnings.push(Warning::at(WarningKind::LoneSurrogate, *line, message));
    }
}

fn directive(
    key: Cow<'_, str>,
    value: Cow<'_, str>,
    line: u32,
    warnings: &mut Vec<Warning>,
) -> Directive {
    let key = key.into_owned();
    let order = match key.as_str() {
        ALLOW => Order::Allow(prefixes(
            &value,
            line,
            WarningKind::EmptyAllowPrefix,
            warnings,
        )),
        ENFORCE => Order::Enforce(prefixes(
            &value,
            line,
            WarningKind::EmptyEnforcePrefix,
            warnings,
        )),
        _ if value == NULL => Order::Remove,
        _ => {
            if value.trim_end() == NULL {
                let message = format!("{key} is ${{null}} with a blank behind it: plain text.");
                warnings.push(Warning::at(WarningKind::BlankAfterNull, line, message));
            }
            let value = value.into_owned();
            if keys::is_secret(&key) {
                Order::Secret(Secret::new(value))
            } else if key.starts_with(SYSTEM) {
                Order::System(value)
            } else {
                Order::Set(value)
            }
        }
    };
    Directive { line, key, order }
}

/// Java's `split("\\|")`: trailing empty pieces dropped, but the empty text is one empty piece.
fn prefixes(
    value: &str,
    line: u32,
    empty: WarningKind,
    warnings: &mut Vec<Warning>,
) -> Vec<String> {
    let mut pieces: Vec<String> = value.split('|').map(str::to_owned).collect();
    if !value.is_empty() {
        while pieces.last().is_some_and(String::is_empty) {
            pieces.pop();
        }
    }
    if pieces.iter().any(String::is_empty) {
        let message = "An empty prefix is in the list; it matches every key.";
        warnings.push(Warning::at(empty, line, message));
    }
    if pieces.is_empty() {
        let (kind, name) = match empty {
            WarningKind::EmptyEnforcePrefix => (WarningKind::EnforceIgnored, "ENFORCE"),
            _ => (WarningKind::AllowIgnored, "ALLOW"),
        };
        let message = format!("The {name} list has no prefix in it; it was ignored.");
        warnings.push(Warning::at(kind, line, message));
    }
    pieces
}

/// The name in `system.properties` for a key that starts with `${system}.`.
pub fn system_name(key: &str) -> &str {
    key.strip_prefix(SYSTEM).unwrap_or(key)
}

#[cfg(test)]
mod tests;
