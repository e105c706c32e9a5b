//! Why nothing can be received on the port of mDNS.

use std::{io::ErrorKind, net::UdpSocket};

/// The port of mDNS (RFC 6762 section 2).
const PORT: u16 = mdns_sd::MDNS_PORT;

/// Interfaces are there, and yet the daemon has none.
pub(super) fn why_unusable() -> String {
    match UdpSocket::bind(("0.0.0.0", PORT)).map_err(|error| error.kind()) {
        Err(ErrorKind::AddrInUse) => {
            let holder = holder().unwrap_or_else(|| "another program".to_owned());
            format!(
                "UDP port {PORT} is held by {holder}, which does not share it as mDNS needs. \
                 End that program and try again."
            )
        }
        Err(ErrorKind::PermissionDenied) => format!(
            "This computer does not let the program use UDP port {PORT}, which mDNS needs. \
             Ask your administrator."
        ),
        _ => "No network interface of this computer takes part in mDNS. \
              Check that they allow multicast."
            .to_owned(),
    }
}

/// The program that holds the port, if this user may see it.
#[cfg(target_os = "linux")]
fn holder() -> Option<String> {
    use std::{fs, path::Path};

    let inodes: Vec<String> = ["/proc/net/udp", "/proc/net/udp6"]
        .into_iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| table.lines().filter_map(inode).collect::<Vec<_>>())
        .collect();
    let holds = |process: &Path| {
        let files = fs::read_dir(process.join("fd")).ok()?;
        let mut links = files
            .flatten()
            .filter_map(|file| fs::read_link(file.path()).ok());
        links
            .any(|link| {
                inodes
                    .iter()
                    .any(|inode| link.as_os_str() == inode.as_str())
            })
            .then_some(())
    };
    fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let number: u32 = process.file_name().to_str()?.parse().ok()?;
        holds(&process.path())?;
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        Some(format!(
            "\u{201c}{}\u{201d} (process {number})",
            name.trim()
        ))
    })
}

/// `socket:[INODE]` of a line that is about the port.
#[cfg(target_os = "linux")]
fn inode(line: &str) -> Option<String> {
    let mut fields = line.split_whitespace();
    let (_, port) = fields.nth(1)?.rsplit_once(':')?;
    let inode = fields.nth(7)?;
    (u16::from_str_radix(port, 16) == Ok(PORT)).then(|| format!("socket:[{inode}]"))
}

/// Other systems do not tell it without more.
#[cfg(not(target_os = "linux"))]
fn holder() -> Option<String> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_known_by_its_port() {
        let line = "  9: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000  \
                    108        0 23456 2 0000000000000000 0";
        assert_eq!(inode(line).as_deref(), Some("socket:[23456]"));
        assert_eq!(inode(&line.replace("14E9", "14E8")), None);
        assert_eq!(inode("sl local_address rem_address"), None);
    }
}
