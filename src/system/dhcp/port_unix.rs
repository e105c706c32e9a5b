//! One socket on 0.0.0.0:6768 for all interfaces. Each packet names the
//! interface that it goes out of (`IP_PKTINFO`): without that, the default
//! route takes them all. And bound to an address of one interface, the socket
//! would not hear answers that are broadcast.

use std::{
    io::{IoSlice, IoSliceMut},
    net::{IpAddr, Ipv4Addr, SocketAddrV4},
    os::fd::AsRawFd,
};

use nix::{
    libc,
    net::if_::if_nametoindex,
    sys::socket::{
        ControlMessage, ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, sendmsg, setsockopt,
        sockopt::Ipv4PacketInfo,
    },
};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::{io::Interest, net::UdpSocket};

use crate::provisioning::dhcp::{CLIENT_PORT, Link, SERVER_PORT};

/// Enough for a burst between two looks at the socket.
const RECEIVE_BUFFER: usize = 256 * 1024;

/// The port that answers come to; closed when dropped.
pub(super) struct Port {
    socket: UdpSocket,
    /// The system's numbers of the interfaces, 0 for one that is gone.
    indices: Vec<u32>,
}

impl Port {
    /// Opens it for these interfaces.
    pub(super) fn open(links: &[Link]) -> std::io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        share(&socket)?;
        socket.set_broadcast(true)?;
        socket.set_nonblocking(true)?;
        // A smaller buffer does too.
        let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
        setsockopt(&socket, Ipv4PacketInfo, &true)?;
        let any = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, CLIENT_PORT);
        socket.bind(&any.into())?;
        let indices = links
            .iter()
            .map(|link| if_nametoindex(link.name.as_str()).unwrap_or_default())
            .collect();
        Ok(Self {
            socket: UdpSocket::from_std(socket.into())?,
            indices,
        })
    }

    /// Sends out of the interface at this place.
    pub(super) async fn send(&self, place: usize, bytes: &[u8]) -> std::io::Result<()> {
        let index = self.indices.get(place).copied().unwrap_or_default();
        if index == 0 {
            return Err(std::io::Error::other("the interface is gone"));
        }
        let everybody = SockaddrIn::from(SocketAddrV4::new(Ipv4Addr::BROADCAST, SERVER_PORT));
        let info = out_of(index)?;
        let send = || {
            let control = [ControlMessage::Ipv4PacketInfo(&info)];
            let parts = [IoSlice::new(bytes)];
            let file = self.socket.as_raw_fd();
            sendmsg(file, &parts, &control, MsgFlags::empty(), Some(&everybody))?;
            Ok(())
        };
        self.socket.async_io(Interest::WRITABLE, send).await
    }

    /// Receives one packet: its length, its sender, and the place of the
    /// interface that it came in by.
    pub(super) async fn receive(
        &self,
        buffer: &mut [u8],
    ) -> std::io::Result<(usize, IpAddr, Option<usize>)> {
        let receive = || {
            let mut control = nix::cmsg_space!(libc::in_pktinfo);
            let mut parts = [IoSliceMut::new(buffer)];
            let file = self.socket.as_raw_fd();
            let message =
                recvmsg::<SockaddrIn>(file, &mut parts, Some(&mut control), MsgFlags::empty())?;
            let from = message
                .address
                .map_or(Ipv4Addr::UNSPECIFIED, |address| address.ip());
            let mut place = None;
            for control in message.cmsgs()? {
                if let ControlMessageOwned::Ipv4PacketInfo(info) = control {
                    place = self.place(info);
                }
            }
            Ok((message.bytes, IpAddr::V4(from), place))
        };
        self.socket.async_io(Interest::READABLE, receive).await
    }

    fn place(&self, info: libc::in_pktinfo) -> Option<usize> {
        let index = i64::from(info.ipi_ifindex);
        let is_it = |known: &u32| i64::from(*known) == index;
        self.indices.iter().position(is_it)
    }
}

/// Lets another copy of this program search at the same time. The system gives
/// a unicast answer to one of them, to the one that opened the port last; its
/// xid tells whose it is, and the other asks again soon. With `SO_REUSEPORT`
/// one server's answers would all go to the same one, however often it asked;
/// bound to a device, one would take them all as long as it searches.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn share(socket: &Socket) -> std::io::Result<()> {
    socket.set_reuse_address(true)
}

/// Elsewhere a port cannot be shared like this: the second copy waits.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
fn share(_: &Socket) -> std::io::Result<()> {
    Ok(())
}

/// The order to go out of the interface with this number.
#[cfg_attr(
    target_vendor = "apple",
    expect(clippy::useless_conversion, reason = "the number has a sign elsewhere")
)]
fn out_of(index: u32) -> std::io::Result<libc::in_pktinfo> {
    let nobody = libc::in_addr { s_addr: 0 };
    Ok(libc::in_pktinfo {
        ipi_ifindex: index.try_into().map_err(std::io::Error::other)?,
        ipi_spec_dst: nobody,
        ipi_addr: nobody,
    })
}
