//! The options of a DHCP message, read by hand: `dhcproto` joins only parts
//! that stand side by side, and gives up the whole message where one option
//! is damaged, without saying which.

use std::ops::Range;

use super::HEADER;

const PAD: u8 = 0;
const OVERLOAD: u8 = 52;
const END: u8 = 255;
/// Two fields that option 52 can turn into space for options (RFC 2131 section 4.1).
const SERVER_NAME: Range<usize> = 44..108;
const BOOT_FILE: Range<usize> = 108..236;

/// All parts of option `wanted` in the order of RFC 3396 section 7: the
/// options field, then `file`, then `sname`, where option 52 says that those
/// hold options. `None` if there is no part.
pub(super) fn joined(packet: &[u8], wanted: u8) -> Result<Option<Vec<u8>>, String> {
    let mut value = None;
    let overload = walk(packet.get(HEADER..).unwrap_or_default(), wanted, &mut value)?;
    for (bit, field) in [(1, BOOT_FILE), (2, SERVER_NAME)] {
        if overload & bit != 0 {
            // An option 52 in there means nothing: it would lead in circles.
            walk(packet.get(field).unwrap_or_default(), wanted, &mut value)?;
        }
    }
    Ok(value)
}

/// Reads one field of options; returns the value of option 52, 0 without one.
fn walk(mut field: &[u8], wanted: u8, value: &mut Option<Vec<u8>>) -> Result<u8, String> {
    let mut overload = 0;
    while let Some((&code, rest)) = field.split_first() {
        match code {
            PAD => field = rest,
            END => break,
            code => {
                let broken = || format!("it breaks off within option {code}");
                let (&length, rest) = rest.split_first().ok_or_else(broken)?;
                let (part, rest) = rest
                    .split_at_checked(usize::from(length))
                    .ok_or_else(broken)?;
                if code == wanted {
                    value.get_or_insert_default().extend_from_slice(part);
                } else if let (OVERLOAD, [fields]) = (code, part) {
                    overload = *fields;
                }
                field = rest;
            }
        }
    }
    Ok(overload)
}
