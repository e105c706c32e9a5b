//! Files and strings made of what is hard to read, the same for the same seed.

/// A small generator of numbers (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    /// Starts from a seed other than 0.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap() % limit
    }

    fn pick<'a>(&mut self, from: &[&'a [u8]]) -> &'a [u8] {
        from[self.below(from.len())]
    }

    /// A file in ISO-8859-1 of up to `pieces` pieces.
    pub(crate) fn latin1(&mut self, pieces: usize) -> Vec<u8> {
        self.file(
            pieces,
            &[b"\xe9", b"\xff", b"\x80", b"\x85", b"\xa0", b"\xc3\xa9"],
        )
    }

    /// A file in UTF-8.
    pub(crate) fn utf8(&mut self, pieces: usize) -> String {
        let beyond = [
            "\u{e9}",
            "\u{85}",
            "\u{2028}",
            "\u{fffd}",
            "\u{ffff}",
            "\u{1f600}",
        ];
        String::from_utf8(self.file(pieces, &beyond.map(str::as_bytes))).unwrap()
    }

    /// A file in ISO-8859-1 whose hard part begins at byte `at`.
    pub(crate) fn behind(&mut self, at: usize, pieces: usize) -> Vec<u8> {
        let start: &[u8] = match self.below(3) {
            0 => b"a",
            1 => b"a=",
            _ => b"#",
        };
        let mut file = start.to_vec();
        file.resize(at, b'x');
        file.extend(self.latin1(pieces));
        file
    }

    fn file(&mut self, pieces: usize, beyond_ascii: &[&[u8]]) -> Vec<u8> {
        let mut file = Vec::new();
        for _ in 0..self.below(pieces + 1) {
            let piece = match self.below(100) {
                0..30 => self.pick(&[b"a", b"b", b"u", b"t", b"n", b"r", b"f", b"0", b"D"]),
                30..50 => self.pick(&[b"\n", b"\r", b"\r\n"]),
                50..62 => self.pick(&[b" ", b"\t", b"\x0c"]),
                62..72 => self.pick(&[b"=", b":"]),
                72..76 => self.pick(&[b"#", b"!"]),
                76..86 => self.pick(&[b"\\", b"\\\n", b"\\\r\n", b"\\\\"]),
                86..90 => self.pick(&[b"\\u0041", b"\\u00e9", b"\\u0000", b"\\u0020", b"\\uFFFD"]),
                90..95 => self.pick(&[b"\\uD83D", b"\\uDE00", b"\\udbff\\udfff"]),
                95 => self.pick(&[b"\\u", b"\\u12", b"\\u00g0", b"\\u+041"]),
                96 => self.pick(&[b"\0", b"\x01", b"\x0b", b"\x1c", b"\x7f"]),
                _ => self.pick(beyond_ascii),
            };
            file.extend(piece);
        }
        file
    }

    /// A string to be written.
    pub(crate) fn string(&mut self, chars: usize) -> String {
        const CHARS: &[char] = &[
            'a',
            'b',
            'Z',
            '0',
            'u',
            ' ',
            ' ',
            '\t',
            '\n',
            '\r',
            '\u{c}',
            '=',
            ':',
            '#',
            '!',
            '\\',
            '\0',
            '\u{b}',
            '\u{1f}',
            '~',
            '\u{7f}',
            '\u{80}',
            '\u{e9}',
            '\u{ff}',
            '\u{100}',
            '\u{d7ff}',
            '\u{e000}',
            '\u{fffd}',
            '\u{ffff}',
            '\u{10000}',
            '\u{1f600}',
            '\u{10ffff}',
        ];
        (0..self.below(chars + 1))
            .map(|_| CHARS[self.below(CHARS.len())])
            .collect()
    }
}
