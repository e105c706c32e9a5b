//! The interfaces that mDNS is asked on, and why there may be none. The list
//! comes from the crate that `mdns-sd` takes it from, so the names are the same.

use if_addrs::Interface;

use super::port;
use crate::{provisioning::search::InterfaceTrace, system::discovery::not_searched};

/// What will be searched, in the system's order.
pub(super) fn searched(only: Option<&str>) -> Vec<InterfaceTrace> {
    let mut searched: Vec<InterfaceTrace> = Vec::new();
    let wanted = usable().into_iter();
    for interface in wanted.filter(|interface| only.is_none_or(|name| name == interface.name)) {
        let address = interface.ip();
        match searched
            .iter_mut()
            .find(|known| known.name == interface.name)
        {
            Some(known) => known.addresses.push(address),
            None => searched.push(InterfaceTrace {
                name: interface.name,
                addresses: vec![address],
                sent: Vec::new(),
                problem: None,
            }),
        }
    }
    searched
}

/// Those that are up, but for the loopback and point-to-point links.
fn usable() -> Vec<Interface> {
    let mut interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.retain(|interface| {
        interface.is_oper_up() && !interface.is_p2p() && !interface.is_loopback()
    });
    interfaces
}

/// The interfaces in what the daemon says of them: `TYPE on 2 interfaces
/// [c0 (2), c1 (3)]`. `None` if it says it in another way.
pub(super) fn named(text: &str) -> Option<Vec<String>> {
    let (_, list) = text.rsplit_once(" interfaces [")?;
    let list = list.strip_suffix(']')?;
    if list.is_empty() {
        return Some(Vec::new());
    }
    let named = list.split(", ");
    named
        .map(|entry| Some(entry.rsplit_once(" (")?.0.to_owned()))
        .collect()
}

/// Why the daemon has none: it does not tell itself, not even that its port
/// is taken.
pub(super) fn why_none(only: Option<&str>) -> String {
    let usable = usable();
    let is_up = |name: &str| usable.iter().any(|interface| interface.name == name);
    match only {
        Some(name) if !is_up(name) => {
            not_searched(name, usable.into_iter().map(|interface| interface.name))
        }
        None if usable.is_empty() => {
            "No network interface of this computer is up and has an address. \
             Connect it to the network and try again."
                .to_owned()
        }
        _ => port::why_unusable(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_read_from_what_the_daemon_says() {
        let named = |text: &str| named(text);
        assert_eq!(
            named("_http._tcp.local. on 2 interfaces [c0 (2), Ethernet 2 (x) (11)]"),
            Some(vec!["c0".to_owned(), "Ethernet 2 (x)".to_owned()])
        );
        assert_eq!(named("_http._tcp.local. on 0 interfaces []"), Some(vec![]));
        assert_eq!(named("something else"), None);
    }
}
