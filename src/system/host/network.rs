//! Names and addresses of this computer.

use std::{
    net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket},
    sync::mpsc,
    time::Duration,
};

use network_interface::{NetworkInterface, NetworkInterfaceConfig};
use url::Url;

/// How long a name look-up for `${ipaddr}` may take.
const LOOK_UP_LIMIT: Duration = Duration::from_secs(5);

/// `COMPUTERNAME` on Windows, the host's name elsewhere. No DNS is asked: a
/// reverse look-up can hang.
pub(super) fn hostname() -> Option<String> {
    let name = if cfg!(windows) {
        std::env::var("COMPUTERNAME").ok()
    } else if cfg!(target_os = "linux") {
        std::fs::read_to_string("/proc/sys/kernel/hostname").ok()
    } else {
        gethostname::gethostname().into_string().ok()
    };
    name.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

/// The local address from which the system would reach the host of `url`, at
/// `addresses` if there are any. Nothing is sent: connecting a datagram socket
/// only asks for the route.
pub(super) fn local_address(url: &Url, addresses: &[SocketAddr]) -> Option<IpAddr> {
    let port = url.port_or_known_default()?;
    let targets: Vec<SocketAddr> = match url.host()? {
        _ if !addresses.is_empty() => addresses.iter().map(|at| with_port(*at, port)).collect(),
        url::Host::Ipv4(address) => vec![(address, port).into()],
        url::Host::Ipv6(address) => vec![(address, port).into()],
        url::Host::Domain(name) => look_up(name.to_owned(), port)?,
    };
    targets.into_iter().find_map(|target| {
        let any: SocketAddr = if target.is_ipv4() {
            ([0, 0, 0, 0], 0).into()
        } else {
            ([0u16; 8], 0).into()
        };
        let socket = UdpSocket::bind(any).ok()?;
        socket.connect(target).ok()?;
        let address = socket.local_addr().ok()?.ip();
        (!address.is_unspecified()).then_some(address)
    })
}

/// Connecting to port 0 fails on some systems, even where nothing is sent.
fn with_port(mut address: SocketAddr, port: u16) -> SocketAddr {
    address.set_port(port);
    address
}

/// The addresses of a name. A look-up that hangs is left alone: its thread
/// keeps nobody, and the token stays without a value.
fn look_up(name: String, port: u16) -> Option<Vec<SocketAddr>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let found = (name, port).to_socket_addrs().map(Iterator::collect);
        // Nobody waits any more after the limit.
        let _ = sender.send(found.ok());
    });
    receiver.recv_timeout(LOOK_UP_LIMIT).ok().flatten()
}

/// The MAC address of the interface with this address, lower case, with colons.
pub(super) fn mac_of(address: IpAddr) -> Option<String> {
    let interfaces = NetworkInterface::show().ok()?;
    let interface = interfaces.into_iter().find(|interface| {
        interface
            .addr
            .iter()
            .any(|candidate| candidate.ip() == address)
    })?;
    interface
        .mac_addr
        .map(|mac| mac.to_ascii_lowercase())
        .filter(|mac| mac != "00:00:00:00:00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_is_reached_from_the_loopback() {
        let url = Url::parse("http://127.0.0.1:9/x").unwrap();
        assert_eq!(local_address(&url, &[]), Some([127, 0, 0, 1].into()));
        assert_eq!(mac_of([127, 0, 0, 1].into()), None);
    }

    #[test]
    fn a_name_with_known_addresses_is_not_looked_up() {
        let url = Url::parse("http://no.such.host.invalid/x").unwrap();
        let known = ["127.0.0.2:0".parse().unwrap()];
        assert_eq!(local_address(&url, &known), Some([127, 0, 0, 1].into()));
    }
}
