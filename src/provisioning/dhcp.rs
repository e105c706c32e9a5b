//! DHCP (contract section 6): the question, what an answer says, and which
//! answer counts. Bytes in, bytes out; the socket is elsewhere.

mod ledger;
mod options;

use std::{net::Ipv4Addr, time::Duration};

use dhcproto::{
    Encodable,
    v4::{DhcpOption, Message, MessageType, Opcode, OptionCode},
};

use super::{failure::AddressProblem, uri::Template};

pub use ledger::{Ledger, Link, Packet};

/// The port that answers come to.
pub const CLIENT_PORT: u16 = 6768;
/// The port that servers listen on.
pub const SERVER_PORT: u16 = 6767;
/// The option that names the address.
pub const OPTION: u8 = 224;
/// How long others are waited for after the first good answer.
pub const GRACE: Duration = Duration::from_millis(250);
/// How long a search takes at most.
pub const LIMIT: Duration = Duration::from_secs(10);
/// The largest message that is asked for with option 57, and read.
pub const MAX_MESSAGE: u16 = 1500;

/// Where the fields of a message end and its options begin (RFC 2131 section 2).
const HEADER: usize = 240;
const COOKIE: [u8; 4] = [99, 130, 83, 99];
const BOOT_REPLY: u8 = 2;

/// The DHCPINFORM that an interface with this address sends.
///
/// # Errors
/// If it cannot be encoded, with the reason.
pub fn inform(xid: u32, address: Ipv4Addr, mac: [u8; 6]) -> Result<Vec<u8>, String> {
    let nobody = Ipv4Addr::UNSPECIFIED;
    let mut message = Message::new_with_id(xid, address, nobody, nobody, nobody, &mac);
    message.set_opcode(Opcode::BootRequest);
    let options = message.opts_mut();
    options.insert(DhcpOption::MessageType(MessageType::Inform));
    options.insert(DhcpOption::ParameterRequestList(vec![OptionCode::from(
        OPTION,
    )]));
    // Without it ISC dhcpd drops an address longer than about 294 bytes.
    options.insert(DhcpOption::MaxMessageSize(MAX_MESSAGE));
    message.to_vec().map_err(|error| error.to_string())
}

/// When the two retransmissions go out: 1 to 3 s after what was sent before.
/// `random` makes the jitter, so that a floor of desktops that was switched on
/// together does not ask in step.
pub fn retransmissions(random: [u16; 2]) -> [Duration; 2] {
    let pause = |random: u16| Duration::from_millis(1000 + u64::from(random) % 2001);
    let first = pause(random[0]);
    [first, first + pause(random[1])]
}

/// What a packet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Option 224 as it came, its parts joined.
    pub value: Vec<u8>,
    /// The address, or why the packet does not count: the rest of a sentence
    /// that begins with "it".
    pub uri: Result<Template, String>,
}

impl Reply {
    fn bad(why: impl Into<String>) -> Self {
        Self {
            value: Vec::new(),
            uri: Err(why.into()),
        }
    }
}

/// Reads a packet that may come from anybody (security rule 11).
pub fn read(packet: &[u8], xid: u32) -> Reply {
    if packet.len() > usize::from(MAX_MESSAGE) {
        return Reply::bad("it is longer than the 1,500 bytes that were asked for");
    }
    let Some((header, _)) = packet.split_at_checked(HEADER) else {
        return Reply::bad(format!("it is too short for DHCP ({} bytes)", packet.len()));
    };
    if header[0] != BOOT_REPLY {
        return Reply::bad(format!("it is not a reply (op {})", header[0]));
    }
    let theirs = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
    if theirs != xid {
        return Reply::bad(format!("it answers another request (xid {theirs:#010x})"));
    }
    if header[HEADER - COOKIE.len()..] != COOKIE {
        return Reply::bad("it has no DHCP options (no magic cookie)");
    }
    match options::joined(packet, OPTION) {
        Err(why) => Reply::bad(why),
        Ok(None) => Reply::bad("it has no option 224"),
        Ok(Some(value)) => Reply {
            uri: address(&value),
            value,
        },
    }
}

/// The address that the bytes of option 224 are.
fn address(value: &[u8]) -> Result<Template, String> {
    let end = value.iter().rposition(|byte| *byte != 0);
    let Some(end) = end else {
        return Err("its option 224 is empty".into());
    };
    let text = str::from_utf8(&value[..=end])
        .map_err(|_| "its option 224 is not text in UTF-8".to_owned())?;
    // A URL parser drops line breaks silently; two readers may not differ.
    if text.chars().any(char::is_control) {
        return Err("its option 224 holds control characters".into());
    }
    let template = Template::new(text);
    match template.check() {
        Ok(()) => Ok(template),
        Err(AddressProblem::Invalid(why)) => {
            Err(format!("its option 224 is not an address: {why}"))
        }
        Err(_) => Err("its option 224 is empty".into()),
    }
}

#[cfg(test)]
mod tests;
