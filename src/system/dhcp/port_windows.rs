//! A socket for each interface, bound to its address: on Windows that decides
//! the interface that a broadcast goes out of, and such a socket hears
//! broadcasts too.

use std::{
    future::poll_fn,
    net::{IpAddr, Ipv4Addr, SocketAddrV4},
    task::Poll,
};

use tokio::{io::ReadBuf, net::UdpSocket};

use crate::provisioning::dhcp::{CLIENT_PORT, Link, SERVER_PORT};

/// The port that answers come to, on each interface; closed when dropped.
pub(super) struct Port {
    sockets: Vec<std::io::Result<UdpSocket>>,
}

impl Port {
    /// Opens it on these interfaces. Fails if it cannot be opened on any.
    pub(super) fn open(links: &[Link]) -> std::io::Result<Self> {
        let mut sockets: Vec<_> = links.iter().map(|link| open(link.address)).collect();
        if sockets.iter().all(std::io::Result::is_err)
            && let Some(Err(error)) = sockets.pop()
        {
            return Err(error);
        }
        Ok(Self { sockets })
    }

    /// Sends out of the interface at this place.
    pub(super) async fn send(&self, place: usize, bytes: &[u8]) -> std::io::Result<()> {
        match self.sockets.get(place) {
            Some(Ok(socket)) => {
                let everybody = SocketAddrV4::new(Ipv4Addr::BROADCAST, SERVER_PORT);
                socket.send_to(bytes, everybody).await.map(drop)
            }
            Some(Err(error)) => Err(std::io::Error::new(error.kind(), error.to_string())),
            None => Err(std::io::Error::other("the interface is gone")),
        }
    }

    /// Receives one packet: its length, its sender, and the place of the
    /// interface that it came in by.
    pub(super) async fn receive(
        &self,
        buffer: &mut [u8],
    ) -> std::io::Result<(usize, IpAddr, Option<usize>)> {
        poll_fn(|context| {
            for (place, socket) in self.sockets.iter().enumerate() {
                let Ok(socket) = socket else { continue };
                let mut space = ReadBuf::new(buffer);
                if let Poll::Ready(result) = socket.poll_recv_from(context, &mut space) {
                    let length = space.filled().len();
                    return Poll::Ready(result.map(|from| (length, from.ip(), Some(place))));
                }
            }
            Poll::Pending
        })
        .await
    }
}

fn open(address: Ipv4Addr) -> std::io::Result<UdpSocket> {
    let socket = std::net::UdpSocket::bind((address, CLIENT_PORT))?;
    socket.set_broadcast(true)?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket)
}
