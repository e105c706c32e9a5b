//! The interfaces that can be searched.

use std::net::{IpAddr, Ipv4Addr};

use crate::provisioning::dhcp::Link;

/// The interfaces that are up, not the loopback, and have an IPv4 address, in
/// the system's order; only the one named `only` if one is named.
pub(super) fn list(only: Option<&str>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (name, address, mac) in addresses() {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        if let Some(link) = links.iter_mut().find(|link| link.name == name) {
            // A server answers an address of its own network, and 169.254 is nobody's.
            if link.address.is_link_local() {
                link.address = address;
            }
            link.addresses.push(IpAddr::V4(address));
        } else {
            links.push(Link {
                name,
                address,
                addresses: vec![IpAddr::V4(address)],
                mac,
            });
        }
    }
    links
}

#[cfg(unix)]
fn addresses() -> Vec<(String, Ipv4Addr, [u8; 6])> {
    use std::collections::HashMap;

    use nix::{ifaddrs::getifaddrs, net::if_::InterfaceFlags, sys::socket::LinkAddr};

    let Ok(all) = getifaddrs() else {
        return Vec::new();
    };
    let mut macs = HashMap::new();
    let mut found = Vec::new();
    for entry in all {
        let Some(address) = entry.address else {
            continue;
        };
        if let Some(mac) = address.as_link_addr().and_then(LinkAddr::addr) {
            macs.insert(entry.interface_name, mac);
        } else if let Some(address) = address.as_sockaddr_in() {
            let flags = entry.flags;
            if flags.contains(InterfaceFlags::IFF_UP)
                && !flags.contains(InterfaceFlags::IFF_LOOPBACK)
            {
                // An address with a label, eth0:1, is one of eth0's.
                let name = entry.interface_name.split(':').next().unwrap_or_default();
                found.push((name.to_owned(), address.ip()));
            }
        }
    }
    let with_mac = |(name, address): (String, Ipv4Addr)| {
        let mac = macs.get(&name).copied().unwrap_or_default();
        (name, address, mac)
    };
    found.into_iter().map(with_mac).collect()
}

#[cfg(windows)]
fn addresses() -> Vec<(String, Ipv4Addr, [u8; 6])> {
    use network_interface::{NetworkInterface, NetworkInterfaceConfig};

    let mut found = Vec::new();
    for interface in NetworkInterface::show().unwrap_or_default() {
        let mac = interface
            .mac_addr
            .as_deref()
            .and_then(mac)
            .unwrap_or_default();
        for address in &interface.addr {
            if let IpAddr::V4(address) = address.ip()
                && !address.is_loopback()
                && !address.is_unspecified()
            {
                found.push((interface.name.clone(), address, mac));
            }
        }
    }
    found
}

#[cfg(windows)]
fn mac(text: &str) -> Option<[u8; 6]> {
    let mut parts = text.split([':', '-']);
    let mut mac = [0; 6];
    for byte in &mut mac {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(mac)
}
