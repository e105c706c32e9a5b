//! How long the parts of a line are.

/// The bytes at which a key may end, or at which it is not plain any more.
const ENDS_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b" \t\x0c=:\n\r\\";
    while let [byte, others @ ..] = rest {
        table[*byte as usize] = true;
        rest = others;
    }
    table
};

/// How long the key at the start is, up to a separator, a line end, or a
/// backslash, which makes it one to decode.
///
/// Keys are long, so eight bytes are looked at together: a byte that is below
/// 0x21 or that is one of the others sets its highest bit. The lowest hit is
/// exact, those above it may not be.
#[inline]
pub(super) fn plain_key(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    let (words, _) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let below = |limit: u8, word: u64| word.wrapping_sub(ONES * u64::from(limit)) & !word;
        let equal = |byte: u8| below(1, word ^ (ONES * u64::from(byte)));
        let hits = below(0x21, word) | equal(b':') | equal(b'=') | equal(b'\\');
        let hits = hits & (ONES << 7);
        if hits != 0 {
            at += hits.trailing_zeros() as usize / 8;
            break;
        }
        at += 8;
    }
    // Some control characters are hits, but end no key.
    let rest = bytes[at..].iter();
    at + rest
        .take_while(|&&byte| !ENDS_KEY[usize::from(byte)])
        .count()
}

pub(super) fn blanks(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t' | b'\x0c'))
        .count()
}

/// How long the separator at the start is: blanks, with one `=` or `:` among them.
#[inline]
pub(super) fn separator(bytes: &[u8]) -> usize {
    let before = blanks(bytes);
    match bytes.get(before) {
        Some(b'=' | b':') => before + 1 + blanks(&bytes[before + 1..]),
        _ => before,
    }
}

/// How long the key at the start is: to the first separator that no backslash
/// stands before.
pub(super) fn escaped_key(raw: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        match byte {
            b'\\' => at += 2,
            b' ' | b'\t' | b'\x0c' | b'=' | b':' => return at,
            _ => at += 1,
        }
    }
    raw.len()
}
