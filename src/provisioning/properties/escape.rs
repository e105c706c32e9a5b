//! Escapes: `\t \n \r \f`, `\uXXXX`, and a backslash before anything else,
//! which only takes the backslash away.

use memchr::memchr;

use super::text::Text;

/// What decoding found on its way.
pub(super) struct Decoder<'s> {
    /// The charset of the raw bytes.
    pub(super) text: Text<'s>,
    /// Where in the raw bytes which physical line begins, rising.
    pub(super) line_starts: &'s [(usize, u32)],
    /// The physical lines of halves of surrogate pairs.
    pub(super) lone_surrogates: &'s mut Vec<u32>,
}

impl Decoder<'_> {
    /// Decodes `raw[start..end]`, which has no line end that counts any more.
    /// The error is the line of the first malformed escape.
    pub(super) fn decode(&mut self, raw: &[u8], start: usize, end: usize) -> Result<String, u32> {
        let raw = &raw[..end];
        let mut out = String::with_capacity(end - start);
        let (mut from, mut search) = (start, start);
        while let Some(found) = memchr(b'\\', &raw[search..]) {
            let backslash = search + found;
            self.text.append(&raw[from..backslash], &mut out);
            let plain = match raw.get(backslash + 1) {
                Some(b'u') => {
                    from = self.unicode(raw, backslash, &mut out)?;
                    search = from;
                    continue;
                }
                Some(b't') => '\t',
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b'f') => '\u{c}',
                // The character itself is part of the next plain piece, even
                // if it is a backslash.
                _ => {
                    from = backslash + 1;
                    search = end.min(backslash + 2);
                    continue;
                }
            };
            out.push(plain);
            from = backslash + 2;
            search = from;
        }
        self.text.append(&raw[from..], &mut out);
        Ok(out)
    }

    /// Decodes the `\uXXXX` at `at`, with the one behind it if they are a
    /// surrogate pair, and gives the place after it.
    fn unicode(&mut self, raw: &[u8], at: usize, out: &mut String) -> Result<usize, u32> {
        let Some(unit) = code_unit(raw, at) else {
            return Err(self.line_of(at));
        };
        let after = at + 6;
        if let Some(c) = char::from_u32(u32::from(unit)) {
            out.push(c);
            return Ok(after);
        }
        let next = code_unit(raw, after).unwrap_or_default();
        if let Some(Ok(c)) = char::decode_utf16([unit, next]).next() {
            out.push(c);
            return Ok(after + 6);
        }
        out.push(char::REPLACEMENT_CHARACTER);
        let line = self.line_of(at);
        self.lone_surrogates.push(line);
        Ok(after)
    }

    fn line_of(&self, at: usize) -> u32 {
        let later = self.line_starts.partition_point(|&(start, _)| start <= at);
        self.line_starts[..later]
            .last()
            .map_or(1, |&(_, line)| line)
    }
}

/// The UTF-16 code unit that the `\uXXXX` at `at` stands for.
fn code_unit(raw: &[u8], at: usize) -> Option<u16> {
    let digits = raw.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, &digit| {
        let value = char::from(digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(value).ok()?)
    })
}
