//! The reader of TXT records, and the address that one becomes (security rule 11).
#![no_main]

use libfuzzer_sys::fuzz_target;
use provisioning_settings_fuzz::provisioning::bonjour::{
    INSTANCE, Instance, Service, offer, read_txt, write_txt,
};

fuzz_target!(|record: &[u8]| {
    let strings = read_txt(record);
    let fits = |string: &Vec<u8>| (1..=255).contains(&string.len());
    assert!(strings.iter().all(fits));
    assert_eq!(read_txt(&write_txt(&strings)), strings);
    let instance = Instance {
        service: Service::Https,
        name: INSTANCE.into(),
        host: "prov.local.".into(),
        port: 8443,
        txt: record.to_vec(),
        addresses: Vec::new(),
        interface: None,
    };
    if let Ok(offer) = offer(&instance) {
        assert!(!offer.uri.is_empty());
        assert!(!offer.uri.storable().ends_with('&'));
    }
});
