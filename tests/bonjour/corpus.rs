//! The kept records of the fuzzer, which once were a way into the reader.

use std::{fs, path::Path};

use provisioning_settings::provisioning::bonjour::{INSTANCE, Instance, Service, offer};

#[test]
fn the_corpus_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/txt");
    let mut count = 0;
    for file in fs::read_dir(corpus).unwrap() {
        let record = fs::read(file.unwrap().path()).unwrap();
        // Whether it is an offer does not matter; it must not panic.
        let _ = offer(&Instance {
            service: Service::Https,
            name: INSTANCE.into(),
            host: "prov.local.".into(),
            port: 8443,
            txt: record,
            addresses: Vec::new(),
            interface: None,
        });
        count += 1;
    }
    assert!(count >= 8, "{count}");
}
