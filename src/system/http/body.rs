//! The body of an answer while it comes in, held to its limits (security
//! rule 6) and wiped wherever it was (rule 7).

use zeroize::Zeroizing;

use crate::provisioning::exchange::{MAX_BODY, MAX_LINES};

use super::{BODY_LIMIT, LINE_LIMIT};

/// What came in so far.
#[derive(Default)]
pub(super) struct Body {
    bytes: Zeroizing<Vec<u8>>,
    ended_lines: usize,
}

impl Body {
    /// Takes the next piece, or says which limit it would pass.
    pub(super) fn add(&mut self, chunk: &[u8]) -> Result<(), &'static str> {
        if self.bytes.len() + chunk.len() > MAX_BODY {
            return Err(BODY_LIMIT);
        }
        let mut before = self.bytes.last().copied();
        let mut counted = 0;
        for at in memchr::memchr2_iter(b'\r', b'\n', chunk) {
            if at > 0 {
                before = Some(chunk[at - 1]);
            }
            // The LF of a CRLF ends the line that the CR ended.
            if !(chunk[at] == b'\n' && before == Some(b'\r')) {
                counted += 1;
            }
        }
        self.ended_lines += counted;
        let open = usize::from(!matches!(chunk.last(), None | Some(b'\r' | b'\n')));
        if self.ended_lines + open > MAX_LINES {
            return Err(LINE_LIMIT);
        }
        self.grow(chunk.len());
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// What came in.
    pub(super) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// A `Vec` that grows by itself leaves its old bytes behind unwiped.
    fn grow(&mut self, by: usize) {
        let needed = self.bytes.len() + by;
        if needed <= self.bytes.capacity() {
            return;
        }
        let capacity = needed.max(2 * self.bytes.capacity()).min(MAX_BODY);
        let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
        larger.extend_from_slice(&self.bytes);
        self.bytes = larger;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> usize {
        let mut body = Body::default();
        for chunk in chunks {
            body.add(chunk).unwrap();
        }
        body.ended_lines
    }

    #[test]
    fn a_line_ends_at_lf_cr_or_both_together() {
        assert_eq!(lines(&[b"a\nb\rc\r\nd"]), 3);
        assert_eq!(lines(&[b"\n\n\r\r\r\n"]), 5);
        assert_eq!(lines(&[b"a\r", b"\nb\r", b"", b"c\n", b"\n"]), 4);
    }

    #[test]
    fn the_last_of_the_lines_may_be_left_open() {
        let mut body = Body::default();
        body.add(&vec![b'\n'; MAX_LINES - 1]).unwrap();
        body.add(b"a").unwrap();
        body.add(b"b\r").unwrap();
        body.add(b"\n").unwrap();
        assert_eq!(body.add(b"c"), Err(LINE_LIMIT));
    }

    #[test]
    fn the_last_byte_within_the_limit_is_taken() {
        let mut body = Body::default();
        body.add(&vec![0; MAX_BODY - 1]).unwrap();
        assert_eq!(body.add(b"ab"), Err(BODY_LIMIT));
        body.add(b"a").unwrap();
        assert_eq!(body.add(b"a"), Err(BODY_LIMIT));
        let bytes = body.into_bytes();
        assert_eq!((bytes.len(), bytes.capacity()), (MAX_BODY, MAX_BODY));
    }

    #[test]
    fn what_came_in_pieces_is_put_together() {
        let mut body = Body::default();
        for piece in ["ab", "", "c", "defg"] {
            body.add(piece.as_bytes()).unwrap();
        }
        assert_eq!(body.into_bytes().as_slice(), b"abcdefg");
    }
}
