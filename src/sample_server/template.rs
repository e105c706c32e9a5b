//! Fills posted parameters into a `.properties` template.
//!
//! `{{name}}` is replaced by the parameter `name`, `{{name|default}}` by the
//! default if it was not sent or is empty. `\{{` stands for itself, comment
//! lines and `${…}` are left alone. What is filled in is escaped as
//! `java.util.Properties.store` escapes it, so that it can neither end its
//! line nor, in a key, end the key.

use std::ops::Range;

use memchr::{memchr2, memmem};

use crate::provisioning::exchange::MAX_BODY;

/// How many notes there are at most.
const MAX_NOTES: usize = 20;

/// A filled template.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rendered {
    /// The answer's body.
    pub(super) body: Vec<u8>,
    /// What is odd, for the administrator's eyes.
    pub(super) notes: Vec<String>,
    /// Where something was filled in, and under which name.
    filled: Vec<(Range<usize>, String)>,
}

/// Why a template was not filled.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The result would be larger than any client takes.
    TooLarge,
    /// The parameter of this name would be an instruction for the client.
    Instruction(String),
}

/// Fills `template`, which need not be UTF-8, from `value_of`.
pub(super) fn render<'v>(
    template: &[u8],
    value_of: impl Fn(&str) -> Option<&'v str>,
) -> Result<Rendered, Problem> {
    let mut rendered = Rendered::default();
    let mut rest = template;
    let mut continued = false;
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let (line, end, after) = next_line(rest);
        rest = after;
        let comment = !continued && matches!(line.trim_ascii_start().first(), Some(b'#' | b'!'));
        if comment {
            rendered.body.extend_from_slice(line);
        } else {
            rendered.fill(line, number, &value_of)?;
        }
        rendered.body.extend_from_slice(end);
        continued = !comment && trailing_backslashes(line) % 2 == 1;
    }
    rendered.check()?;
    Ok(rendered)
}

impl Rendered {
    /// Fills one line in.
    fn fill<'v>(
        &mut self,
        line: &[u8],
        number: usize,
        value_of: &impl Fn(&str) -> Option<&'v str>,
    ) -> Result<(), Problem> {
        let mut done = 0;
        while let Some(start) = next_opening(line, done) {
            self.body.extend_from_slice(&line[done..start]);
            done = start + 2;
            if trailing_backslashes(&line[..start]) % 2 == 1 {
                self.body.extend_from_slice(b"{{");
                continue;
            }
            let Some(placeholder) = Placeholder::read(&line[done..]) else {
                self.note(format!(
                    "line {number}: the {{{{ is no placeholder and stays; write \\{{{{ if that is meant"
                ));
                self.body.extend_from_slice(b"{{");
                continue;
            };
            done += placeholder.length;
            self.replace(&placeholder, value_of(placeholder.name));
            if self.body.len() > MAX_BODY {
                return Err(Problem::TooLarge);
            }
        }
        self.body.extend_from_slice(&line[done..]);
        Ok(())
    }

    /// Puts the value or the default in the place of a placeholder.
    fn replace(&mut self, placeholder: &Placeholder, value: Option<&str>) {
        let name = placeholder.name;
        match (value.filter(|value| !value.is_empty()), placeholder.default) {
            (Some(value), _) => {
                let start = self.body.len();
                push_escaped(&mut self.body, value);
                self.filled.push((start..self.body.len(), name.to_owned()));
            }
            // The default is part of the file: properties text like the rest.
            (None, Some(default)) => self.body.extend_from_slice(default),
            (None, None) if value.is_none() => {
                self.note(format!(
                    "{{{{{name}}}}} was not sent and has no default: left empty"
                ));
            }
            (None, None) => {}
        }
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Refuses values that make an instruction (contract section 5, rules 5
    /// and 7). There is no escape for those, not even in two halves.
    fn check(&self) -> Result<(), Problem> {
        for instruction in ["${null}", "${system}"] {
            for start in memmem::find_iter(&self.body, instruction) {
                let end = start + instruction.len();
                let first = self.filled.partition_point(|(range, _)| range.end <= start);
                if let Some((range, name)) = self.filled.get(first)
                    && range.start < end
                {
                    return Err(Problem::Instruction(name.clone()));
                }
            }
        }
        if self.body.len() > MAX_BODY {
            return Err(Problem::TooLarge);
        }
        Ok(())
    }
}

/// What stands between `{{` and `}}`.
struct Placeholder<'a> {
    name: &'a str,
    default: Option<&'a [u8]>,
    /// With the closing braces.
    length: usize,
}

impl<'a> Placeholder<'a> {
    /// Reads what stands behind `{{`.
    fn read(text: &'a [u8]) -> Option<Self> {
        let end = memchr2(b'|', b'}', text)?;
        let name = std::str::from_utf8(text[..end].trim_ascii()).ok()?;
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(known) {
            return None;
        }
        let (default, length) = if text[end] == b'|' {
            let length = default_length(&text[end + 1..])?;
            (Some(&text[end + 1..][..length]), end + 1 + length + 2)
        } else {
            (text.get(end + 1) == Some(&b'}')).then_some((None, end + 2))?
        };
        Some(Self {
            name,
            default,
            length,
        })
    }
}

/// How long a default is: up to `}}`, where `${…}` inside keeps its brace.
fn default_length(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    while at < text.len() {
        match &text[at..] {
            [b'$', b'{', ..] => {
                open += 1;
                at += 1;
            }
            [b'}', ..] if open > 0 => open -= 1,
            [b'}', b'}', ..] => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the next `{{` is. Of three braces in a row the last two count, so
/// that `${{{name}}}` is a placeholder in `${…}`.
fn next_opening(line: &[u8], from: usize) -> Option<usize> {
    let mut start = from + memmem::find(&line[from..], b"{{")?;
    while line.get(start + 2) == Some(&b'{') {
        start += 1;
    }
    Some(start)
}

/// The first line, its terminator (CR, LF, CRLF or none), and the rest.
fn next_line(text: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let Some(end) = memchr2(b'\r', b'\n', text) else {
        return (text, &[], &[]);
    };
    let length = if text[end..].starts_with(b"\r\n") {
        2
    } else {
        1
    };
    let (line, rest) = text.split_at(end);
    let (terminator, rest) = rest.split_at(length);
    (line, terminator, rest)
}

fn trailing_backslashes(text: &[u8]) -> usize {
    text.iter().rev().take_while(|byte| **byte == b'\\').count()
}

/// Escapes as `java.util.Properties.store` does for keys, which is right for
/// values too. The result is ASCII, so it fits a file in any encoding.
fn push_escaped(body: &mut Vec<u8>, value: &str) {
    for unit in value.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'\t') => body.extend_from_slice(b"\\t"),
            Ok(b'\n') => body.extend_from_slice(b"\\n"),
            Ok(b'\r') => body.extend_from_slice(b"\\r"),
            Ok(0x0c) => body.extend_from_slice(b"\\f"),
            Ok(byte @ (b' ' | b'\\' | b'=' | b':' | b'#' | b'!')) => {
                body.extend_from_slice(&[b'\\', byte]);
            }
            Ok(byte @ 0x21..=0x7e) => body.push(byte),
            _ => body.extend_from_slice(format!("\\u{unit:04X}").as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests;
