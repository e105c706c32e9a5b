//! The reader of DHCP replies (security rule 11).
#![no_main]

use std::net::{IpAddr, Ipv4Addr};

use libfuzzer_sys::fuzz_target;
use provisioning_settings_fuzz::provisioning::dhcp::{LIMIT, Ledger, Link, Packet, read};

fuzz_target!(|bytes: &[u8]| {
    // The packet's own xid, so that the options are reached.
    let xid = bytes
        .get(4..8)
        .and_then(|xid| xid.try_into().ok())
        .map_or(0, u32::from_be_bytes);
    let reply = read(bytes, xid);
    if let Ok(uri) = &reply.uri {
        assert!(uri.check().is_ok());
        assert!(!uri.storable().contains(char::is_control));
    }
    let address = Ipv4Addr::new(192, 0, 2, 1);
    let link = Link {
        name: "eth0".into(),
        address,
        addresses: vec![IpAddr::V4(address)],
        mac: [0; 6],
    };
    let mut ledger = Ledger::new(xid, &[link], LIMIT);
    let from = IpAddr::V4(address);
    ledger.received(
        Packet {
            from,
            link: Some(0),
            bytes,
        },
        LIMIT,
    );
    let (result, trace) = ledger.finish(LIMIT);
    assert_eq!(result.is_ok(), reply.uri.is_ok());
    assert!(!trace.lines().is_empty());
});
