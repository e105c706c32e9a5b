//! Cuts a text into logical lines, and these into keys and values.
//!
//! The usual line, on one physical line and without a backslash, is read in
//! one pass and borrowed. All else is joined first, and then decoded.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr2, memchr3};

use super::MalformedEscape;
use super::escape::Decoder;
use super::scan::{blanks, escaped_key, plain_key, separator};
use super::text::{Slices, Text};

/// One logical line that sets a key. `Debug` is left out: the value may be a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Occurrence<'a> {
    /// The key, decoded. It can be empty.
    pub key: Cow<'a, str>,
    /// The value, decoded. It can be empty.
    pub value: Cow<'a, str>,
    /// The physical line, from 1, where the key begins.
    pub line: u32,
}

/// The lines of a text that set a key, in order, repeated keys too. Ends
/// after the first malformed escape.
pub struct Occurrences<'a> {
    text: Text<'a>,
    bytes: &'a [u8],
    slices: Slices<'a>,
    at: usize,
    /// The physical line of `at`.
    line: u32,
    /// A logical line whose escapes are not decoded yet: its physical lines
    /// without what joins them.
    raw: Vec<u8>,
    /// Where in `raw` which physical line begins.
    line_starts: Vec<(usize, u32)>,
    lone_surrogates: Vec<u32>,
}

impl<'a> Occurrences<'a> {
    /// Starts before the first line.
    pub fn new(text: Text<'a>) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            slices: Slices::new(text),
            at: 0,
            line: 1,
            raw: Vec::new(),
            line_starts: Vec::new(),
            lone_surrogates: Vec::new(),
        }
    }

    /// How many physical lines were begun so far: at the end, how many there are.
    pub fn lines(&self) -> u32 {
        let ended = matches!(self.bytes[..self.at].last(), None | Some(b'\n' | b'\r'));
        self.line - u32::from(ended)
    }

    /// The physical lines of `\u` escapes so far that are half a surrogate pair.
    pub fn into_lone_surrogates(self) -> Vec<u32> {
        self.lone_surrogates
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Steps over the line end at `self.at`, if there is one.
    #[inline]
    fn end_line(&mut self) {
        let length = match self.byte(self.at) {
            Some(b'\r') if self.byte(self.at + 1) == Some(b'\n') => 2,
            Some(_) => 1,
            None => return,
        };
        self.at += length;
        self.line = self.line.saturating_add(1);
    }

    /// Steps over blank lines, comments and leading blanks. Says whether a
    /// key begins here, else the text has ended.
    #[inline]
    fn find_key(&mut self) -> bool {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b' ' | b'\t' | b'\x0c' => self.at += 1,
                b'\n' | b'\r' => self.end_line(),
                b'#' | b'!' => self.at = self.or_end(memchr2(b'\n', b'\r', &self.bytes[self.at..])),
                b'\\' if self.begins_again() => {}
                _ => return true,
            }
        }
        false
    }

    /// The end of a search that began at `self.at`.
    fn or_end(&self, found: Option<usize>) -> usize {
        found.map_or(self.bytes.len(), |found| self.at + found)
    }

    /// Steps over a backslash and a line end where nothing of a key stands
    /// yet: what follows begins a line like any other, and may be a comment. At
    /// the end of the text they set the empty key, unless the line end is CR LF.
    #[cold]
    fn begins_again(&mut self) -> bool {
        let continued = matches!(self.byte(self.at + 1), Some(b'\n' | b'\r'));
        if !continued || self.at + 2 == self.bytes.len() {
            return false;
        }
        self.at += 1;
        self.end_line();
        true
    }

    /// Reads the key and the value that begin here.
    #[inline]
    fn read_line(&mut self) -> Result<Occurrence<'a>, MalformedEscape> {
        let (start, line) = (self.at, self.line);
        let key_end = start + plain_key(&self.bytes[start..]);
        self.at = key_end;
        if self.byte(key_end) == Some(b'\\') {
            return self.read_escaped(start, line);
        }
        let key = self.slices.get(start..key_end);
        let value_start = key_end + separator(&self.bytes[key_end..]);
        self.at = value_start;
        self.at = self.or_end(memchr3(b'\\', b'\n', b'\r', &self.bytes[value_start..]));
        let value = if self.byte(self.at) == Some(b'\\') {
            // The separator is looked for again: it can go on after the backslash.
            self.join(key_end, line);
            let from = separator(&self.raw);
            self.decode(from..usize::MAX)?
        } else {
            let value = self.slices.get(value_start..self.at);
            self.end_line();
            value
        };
        Ok(Occurrence { key, value, line })
    }

    /// Reads a logical line that has a backslash in its key.
    #[cold]
    fn read_escaped(&mut self, start: usize, line: u32) -> Result<Occurrence<'a>, MalformedEscape> {
        self.join(start, line);
        let raw = &self.raw;
        let key_end = escaped_key(raw);
        let value_start = key_end + separator(&raw[key_end..]);
        Ok(Occurrence {
            key: self.decode(0..key_end)?,
            value: self.decode(value_start..usize::MAX)?,
            line,
        })
    }

    /// Makes `self.raw` what is between `start` and the end of the logical
    /// line, whose first backslash is at `self.at`, and steps over it.
    fn join(&mut self, start: usize, line: u32) {
        let mut piece = start;
        self.raw.clear();
        self.line_starts.clear();
        self.line_starts.push((0, line));
        loop {
            match (self.byte(self.at), self.byte(self.at + 1)) {
                (Some(b'\\'), Some(b'\n' | b'\r')) => {
                    self.raw.extend_from_slice(&self.bytes[piece..self.at]);
                    self.at += 1;
                    self.end_line();
                    self.at += blanks(&self.bytes[self.at..]);
                    piece = self.at;
                    self.line_starts.push((self.raw.len(), self.line));
                }
                (Some(b'\\'), Some(_)) => self.at += 2,
                _ => break,
            }
            self.at = self.or_end(memchr3(b'\\', b'\n', b'\r', &self.bytes[self.at..]));
        }
        self.raw.extend_from_slice(&self.bytes[piece..self.at]);
        // A backslash is still here only if it is the last byte of the text.
        self.at += usize::from(self.byte(self.at) == Some(b'\\'));
        self.end_line();
    }

    /// The text of a part of `self.raw`; beyond its end means up to its end.
    fn decode(&mut self, part: Range<usize>) -> Result<Cow<'a, str>, MalformedEscape> {
        let raw = &self.raw;
        let mut decoder = Decoder {
            text: self.text,
            line_starts: &self.line_starts,
            lone_surrogates: &mut self.lone_surrogates,
        };
        match decoder.decode(raw, part.start, part.end.min(raw.len())) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(line) => {
                self.at = self.bytes.len();
                Err(MalformedEscape { line })
            }
        }
    }
}

impl<'a> Iterator for Occurrences<'a> {
    type Item = Result<Occurrence<'a>, MalformedEscape>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.find_key().then(|| self.read_line())
    }
}
