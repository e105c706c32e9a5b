//! The input with its charset, and slices of it as text.

use std::borrow::Cow;
use std::ops::Range;

/// A properties file that was not read yet, in one of the two charsets that
/// the contract knows. A byte-order mark is text here: the caller drops it.
#[derive(Clone, Copy)]
pub enum Text<'a> {
    /// ISO-8859-1, what `Properties.load(InputStream)` expects. Any bytes are valid.
    Latin1(&'a [u8]),
    /// UTF-8, checked by being a `str`; as `Properties.load(Reader)` reads it.
    Utf8(&'a str),
}

impl<'a> Text<'a> {
    /// The bytes as they are in the file.
    pub fn as_bytes(self) -> &'a [u8] {
        match self {
            Self::Latin1(bytes) => bytes,
            Self::Utf8(text) => text.as_bytes(),
        }
    }

    /// Appends `piece`, bytes of this text's charset that begin and end
    /// between two characters.
    pub(super) fn append(self, piece: &[u8], to: &mut String) {
        match self {
            Self::Latin1(_) if !piece.is_ascii() => to.extend(piece.iter().map(|&b| char::from(b))),
            _ => to.push_str(&String::from_utf8_lossy(piece)),
        }
    }
}

/// Gives slices of a text, borrowed where its bytes are UTF-8 already.
///
/// A Latin-1 text is one where its bytes are ASCII. To check that slice by
/// slice is slow; so a whole run of ASCII is checked at once, and the slices
/// that lie in it are cut out of the result.
pub(super) struct Slices<'a> {
    text: Text<'a>,
    run: &'a str,
    run_start: usize,
}

impl<'a> Slices<'a> {
    pub(super) fn new(text: Text<'a>) -> Self {
        let run = match text {
            Text::Utf8(text) => text,
            Text::Latin1(bytes) => ascii_run(bytes),
        };
        Self {
            text,
            run,
            run_start: 0,
        }
    }

    /// The text of `range`, which begins and ends between two characters. Fast
    /// if the ranges of one text are asked for in rising order.
    #[inline]
    pub(super) fn get(&mut self, range: Range<usize>) -> Cow<'a, str> {
        match self.in_run(&range) {
            Some(text) => Cow::Borrowed(text),
            None => self.in_next_run(&range),
        }
    }

    #[inline]
    fn in_run(&self, range: &Range<usize>) -> Option<&'a str> {
        let start = range.start.checked_sub(self.run_start)?;
        self.run.get(start..start + range.len())
    }

    #[cold]
    fn in_next_run(&mut self, range: &Range<usize>) -> Cow<'a, str> {
        let bytes = self.text.as_bytes();
        self.run = ascii_run(&bytes[range.start..]);
        self.run_start = range.start;
        if let Some(text) = self.in_run(range) {
            return Cow::Borrowed(text);
        }
        let mut owned = String::with_capacity(range.len() + 8);
        self.text.append(&bytes[range.clone()], &mut owned);
        Cow::Owned(owned)
    }
}

/// The longest start of `bytes` that is ASCII.
fn ascii_run(bytes: &[u8]) -> &str {
    const STEP: usize = 128;
    let blocks = bytes.chunks(STEP).take_while(|block| block.is_ascii());
    let mut end = (blocks.count() * STEP).min(bytes.len());
    end += bytes[end..].iter().take_while(|b| b.is_ascii()).count();
    // ASCII is valid, so the default is never used.
    str::from_utf8(&bytes[..end]).unwrap_or_default()
}
