//! The bytes that `Properties.store` writes, with sorted keys and `\n`.

use std::cmp::Ordering;

/// A file with these entries, as OpenJDK 17's `Properties.store` writes it,
/// in ISO-8859-1, but for two things: keys are sorted as Java's
/// `String.compareTo` sorts them, and lines end with `\n` on every system.
///
/// `comment` stands at the top behind a `#`. In a stored file it is the line
/// with the date. Of entries with the same key the order is kept, so that a
/// reader takes the last.
pub fn write<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>, comment: &str) -> Vec<u8> {
    let mut entries: Vec<_> = entries.into_iter().collect();
    sort(&mut entries);
    let size: usize = entries.iter().map(|(k, v)| k.len() + v.len() + 2).sum();
    let mut out = Vec::with_capacity(comment.len() + 2 + size + size / 8);
    write_comment(comment, &mut out);
    for (key, value) in entries {
        escape(key, &KEY, &mut out);
        out.push(b'=');
        // In a value only the first blank needs a backslash.
        if value.starts_with(' ') {
            out.push(b'\\');
        }
        escape(value, &VALUE, &mut out);
        out.push(b'\n');
    }
    out
}

/// Sorts as Java sorts strings, by UTF-16 code unit. That is the order of
/// UTF-8's bytes, as long as there is no character beyond U+FFFF.
fn sort(entries: &mut [(&str, &str)]) {
    let is_beyond = |byte: u8| byte >= 0xf0;
    let by_bytes = |a: &(&str, &str), b: &(&str, &str)| a.0.cmp(b.0);
    if entries.iter().any(|(key, _)| key.bytes().any(is_beyond)) {
        entries.sort_by(|a, b| java_order(a.0, b.0));
    } else if !entries.is_sorted_by(|a, b| by_bytes(a, b).is_le()) {
        entries.sort_by(by_bytes);
    }
}

/// The order of any strings. The surrogates of characters beyond U+FFFF come
/// before U+E000, so their first bytes (F0 to F4) come before EE and EF.
fn java_order(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| match byte {
        0xee | 0xef => byte | 0x10,
        _ => byte,
    };
    a.bytes().map(rank).cmp(b.bytes().map(rank))
}

/// Writes `#` and the comment. Its line ends begin new comment lines, with a
/// `#` unless they have one of their own; what Latin-1 lacks is escaped.
fn write_comment(comment: &str, out: &mut Vec<u8>) {
    out.push(b'#');
    let mut chars = comment.chars().peekable();
    while let Some(c) = chars.next() {
        match u8::try_from(c) {
            Ok(b'\n' | b'\r') => {
                if c == '\r' {
                    chars.next_if_eq(&'\n');
                }
                out.push(b'\n');
                if !matches!(chars.peek(), Some('#' | '!')) {
                    out.push(b'#');
                }
            }
            Ok(latin1) => out.push(latin1),
            Err(_) => push_units(c, out),
        }
    }
    out.push(b'\n');
}

/// What the byte at this place becomes: itself ([`PLAIN`]), a backslash and
/// the byte in the table, or `\u` escapes for the whole character.
type Escapes = [u8; 256];

const PLAIN: u8 = 0;
const UNICODE: u8 = b'u';

const VALUE: Escapes = {
    let mut table = [UNICODE; 256];
    let mut byte = 0x20_u8;
    while byte < 0x7f {
        table[byte as usize] = match byte {
            b'\\' | b'=' | b':' | b'#' | b'!' => byte,
            _ => PLAIN,
        };
        byte += 1;
    }
    table[b'\t' as usize] = b't';
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\x0c' as usize] = b'f';
    table
};

const KEY: Escapes = {
    let mut table = VALUE;
    table[b' ' as usize] = b' ';
    table
};

fn escape(text: &str, escapes: &Escapes, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(plain) = rest
        .bytes()
        .position(|byte| escapes[usize::from(byte)] != PLAIN)
    {
        let (before, from) = rest.split_at(plain);
        out.extend_from_slice(before.as_bytes());
        let mut chars = from.chars();
        if let Some(c) = chars.next() {
            match u8::try_from(c).map(|byte| escapes[usize::from(byte)]) {
                Ok(letter) if letter != UNICODE => out.extend_from_slice(&[b'\\', letter]),
                _ => push_units(c, out),
            }
        }
        rest = chars.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Appends one or two `\uXXXX`, with capital digits.
fn push_units(c: char, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.extend_from_slice(b"\\u");
        for shift in [12, 8, 4, 0] {
            out.push(DIGITS[usize::from(*unit >> shift & 0xf)]);
        }
    }
}
