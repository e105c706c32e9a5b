//! mDNS answers by hand (RFC 1035 section 4, RFC 6762 section 18), so that
//! they can be wrong.

use std::net::{Ipv4Addr, Ipv6Addr};

pub(crate) const HTTPS: &str = "_https._tcp";
pub(crate) const HTTP: &str = "_http._tcp";

/// A responder's host on this link.
pub(crate) const HOST: Ipv4Addr = Ipv4Addr::new(10, 77, 1, 2);
pub(crate) const HOST_V6: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 0x102);

const PTR: u16 = 12;
const TXT: u16 = 16;
const SRV: u16 = 33;
const A: u16 = 1;
const AAAA: u16 = 28;
/// Internet, and for records that only one host has: forget the old ones.
const SHARED: u16 = 1;
const UNIQUE: u16 = 0x8001;

/// One service instance.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) txt: Vec<Vec<u8>>,
    pub(crate) v4: Vec<Ipv4Addr>,
    pub(crate) v6: Vec<Ipv6Addr>,
    pub(crate) ttl: u32,
}

/// A good one.
pub(crate) fn service(kind: &'static str) -> Service {
    Service {
        kind,
        name: "Provisioning URL".to_owned(),
        host: "prov.local".to_owned(),
        port: if kind == HTTPS { 8443 } else { 8080 },
        txt: vec![b"path=/p".to_vec(), b"uuid=${uuid}".to_vec()],
        v4: vec![HOST],
        v6: Vec::new(),
        ttl: 120,
    }
}

impl Service {
    pub(crate) fn with_txt(mut self, txt: &[&[u8]]) -> Self {
        self.txt = txt.iter().map(|entry| entry.to_vec()).collect();
        self
    }

    /// The whole answer to a question for its type.
    pub(crate) fn packet(&self) -> Vec<u8> {
        let kind = labels(&format!("{}.local", self.kind));
        let mut instance = vec![u8::try_from(self.name.len()).unwrap()];
        instance.extend(self.name.as_bytes());
        instance.extend(&kind);
        let host = labels(&self.host);
        let mut srv = vec![0, 0, 0, 0];
        srv.extend(self.port.to_be_bytes());
        srv.extend(&host);
        let mut txt = Vec::new();
        for entry in &self.txt {
            txt.push(u8::try_from(entry.len()).unwrap());
            txt.extend(entry);
        }
        if txt.is_empty() {
            txt.push(0);
        }
        let mut records = vec![
            record(&kind, PTR, SHARED, self.ttl, &instance),
            record(&instance, SRV, UNIQUE, self.ttl, &srv),
            record(&instance, TXT, UNIQUE, self.ttl, &txt),
        ];
        let v4 = self.v4.iter();
        records.extend(v4.map(|address| record(&host, A, UNIQUE, self.ttl, &address.octets())));
        let v6 = self.v6.iter();
        records.extend(v6.map(|address| record(&host, AAAA, UNIQUE, self.ttl, &address.octets())));
        message(&records)
    }
}

/// An answer with these records.
pub(crate) fn message(records: &[Vec<u8>]) -> Vec<u8> {
    let mut message = vec![0, 0, 0x84, 0, 0, 0];
    message.extend(u16::try_from(records.len()).unwrap().to_be_bytes());
    message.extend([0; 4]);
    message.extend(records.concat());
    message
}

pub(crate) fn record(name: &[u8], kind: u16, class: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
    let mut record = name.to_vec();
    record.extend(kind.to_be_bytes());
    record.extend(class.to_be_bytes());
    record.extend(ttl.to_be_bytes());
    record.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
    record.extend(data);
    record
}

pub(crate) fn labels(name: &str) -> Vec<u8> {
    let mut labels = Vec::new();
    for label in name.split('.') {
        labels.push(u8::try_from(label.len()).unwrap());
        labels.extend(label.as_bytes());
    }
    labels.push(0);
    labels
}
