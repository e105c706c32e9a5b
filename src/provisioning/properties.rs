//! `java.util.Properties` as OpenJDK 17 reads and writes it (contract
//! section 5), checked against that program value for value.
//!
//! [`read`] gives a [`Document`]: distinct keys in order. [`Occurrences`]
//! gives every line that sets a key, repeated ones too, for whoever looks for
//! mistakes. [`write()`] gives the bytes of a file.
//!
//! What needs no decoding is borrowed from the input: a key or value is copied
//! only if it has an escape, is continued on another line, or has a Latin-1
//! character beyond ASCII.

mod escape;
mod index;
mod lines;
mod scan;
/// An index of the entries so far, which are all different.
fn indexed(entries: &[Entry<'_>], expected: usize) -> index::Index {
    let mut index = index::Index::new(expected);
    for (place, entry) in entries.iter().enumerate() {
        index.find_or_insert(&entry.key, place, |_| false);
    }
    index
}

#[cfg(test)]
mod tests;
mod text;
mod writer;

use std::borrow::Cow;
use std::fmt;

use thiserror::Error;

pub use lines::{Occurrence, Occurrences};
pub use text::Text;
pub use writer::write;

use super::secret::MASK;

/// One key with the value that counts. `Debug` masks the value: it may be a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The key, decoded. It can be empty.
    pub key: Cow<'a, str>,
    /// The value of the last line that sets the key.
    pub value: Cow<'a, str>,
    /// The physical line, from 1, where the last line that sets the key begins.
    pub line: u32,
    /// The same of the first line that sets the key.
    pub first_line: u32,
}

impl Entry<'_> {
    /// Whether more than one line sets the key.
    pub fn is_repeated(&self) -> bool {
        self.line != self.first_line
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", &self.key)
            .field("value", &MASK)
            .field("line", &self.line)
            .field("first_line", &self.first_line)
            .finish()
    }
}

/// A whole file, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document<'a> {
    /// Distinct keys: each at the place of its first line, with the value of its last.
    pub entries: Vec<Entry<'a>>,
    /// The physical lines of `\u` escapes that are half a surrogate pair. A
    /// string here cannot hold one, so U+FFFD stands in its place, and keys
    /// that differ in nothing else are one key.
    pub lone_surrogates: Vec<u32>,
    /// How many physical lines there are, comments and blank ones too.
    pub lines: u32,
}

impl<'a> Document<'a> {
    /// The entries whose key more than one line sets, in their order.
    pub fn duplicates(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(|entry| entry.is_repeated())
    }
}

/// A `\u` outside a comment without four hexadecimal digits behind it. Java
/// refuses the whole file, and so does the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("line {line} has a \\u escape without four hexadecimal digits")]
pub struct MalformedEscape {
    /// The physical line, from 1, of the backslash.
    pub line: u32,
}

/// Reads a whole file. Every text is a file but for a malformed `\u` escape.
///
/// # Errors
/// [`MalformedEscape`] for the first one; nothing of the file counts then.
pub fn read(text: Text<'_>) -> Result<Document<'_>, MalformedEscape> {
    let mut occurrences = Occurrences::new(text);
    // A guess that only saves growing: lines of real files are about this long.
    let expected = text.as_bytes().len() / 80;
    let mut entries: Vec<Entry<'_>> = Vec::with_capacity(expected);
    // While each key is greater than the one before it, as in a file that was
    // written sorted, none can be there twice and nothing has to be looked up.
    let mut index: Option<index::Index> = None;
    for occurrence in &mut occurrences {
        let Occurrence { key, value, line } = occurrence?;
        let rises = entries.last().is_none_or(|last| last.key < key);
        if index.is_none() && !rises {
            index = Some(indexed(&entries, expected));
        }
        let known = index.as_mut().and_then(|index| {
            index.find_or_insert(&key, entries.len(), |at| entries[at].key == key)
        });
        match known {
            Some(first) => {
                entries[first].value = value;
                entries[first].line = line;
            }
            None => entries.push(Entry {
                key,
                value,
                line,
                first_line: line,
            }),
        }
    }
    let lines = occurrences.lines();
    Ok(Document {
        entries,
        lone_surrogates: occurrences.into_lone_surrogates(),
        lines,
    })
}
