//! A TXT record: strings with a length byte in front (RFC 6763 section 6.1).

/// The strings of a record in order. A string that is cut off at the end of
/// the record is left out, and so is what would follow; empty ones say nothing
/// and are left out too.
pub fn read(record: &[u8]) -> Vec<Vec<u8>> {
    let mut strings = Vec::new();
    let mut rest = record;
    while let Some((&length, behind)) = rest.split_first() {
        let Some((string, behind)) = behind.split_at_checked(usize::from(length)) else {
            break;
        };
        if !string.is_empty() {
            strings.push(string.to_vec());
        }
        rest = behind;
    }
    strings
}

/// The record with these strings, each cut at the 255 bytes that it may have.
pub fn write(strings: &[Vec<u8>]) -> Vec<u8> {
    let mut record = Vec::new();
    for string in strings {
        let length = u8::try_from(string.len()).unwrap_or(u8::MAX);
        record.push(length);
        record.extend(string.iter().take(usize::from(length)));
    }
    record
}

/// A string as key and value. Without `=` there is no value. `None` for one
/// without a key, which says nothing (RFC 6763 section 6.4).
pub(super) fn entry(string: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let equals = string.iter().position(|byte| *byte == b'=');
    let (key, value) = match equals {
        Some(at) => (&string[..at], Some(&string[at + 1..])),
        None => (string, None),
    };
    (!key.is_empty()).then_some((key, value))
}
