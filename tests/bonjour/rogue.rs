//! Packets that nobody should send: the good answer behind them still wins,
//! and no wait is longer than the limit.

use std::time::Duration;

use serde_json::json;

use crate::{
    answering, everywhere, hex,
    packet::{HTTPS, labels, message, record, service},
    playing, search, search_in,
};

const PTR: u16 = 12;
const SRV: u16 = 33;
const TXT: u16 = 16;

/// A good answer, spoilt in each of these ways.
fn spoilt() -> Vec<Vec<u8>> {
    let good = service(HTTPS).packet();
    let kind = labels("_https._tcp.local");
    let with_count = |count: u16| {
        let mut packet = good.clone();
        packet[6..8].copy_from_slice(&count.to_be_bytes());
        packet
    };
    let mut many_labels = Vec::new();
    for _ in 0..127 {
        many_labels.extend(b"\x01a");
    }
    many_labels.push(0);
    let mut self_pointer = vec![0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    self_pointer.extend(b"\xc0\x0c\x00\x0c\x00\x01\x00\x00\x00\x78\x00\x02\xc0\x0c");
    let mut two_pointers = vec![0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    two_pointers.extend(b"\xc0\x0e\xc0\x0c\x00\x0c\x00\x01\x00\x00\x00\x78\x00\x02\xc0\x0c");
    let instance = labels("Provisioning URL._https._tcp.local");
    let mut packets: Vec<Vec<u8>> = (0..good.len())
        .step_by(7)
        .map(|at| good[..at].to_vec())
        .collect();
    packets.extend([
        with_count(0xffff),
        with_count(0),
        self_pointer,
        two_pointers,
        message(&[record(&kind, PTR, 1, 120, b"\xc0\x0c")]),
        message(&[record(&kind, PTR, 1, 120, b"\xc0\xff")]),
        message(&[record(&kind, PTR, 1, 120, &many_labels)]),
        message(&[record(&kind, PTR, 1, 120, &[0x3f; 70])]),
        message(&[record(&kind, PTR, 1, 120, &[0xbf; 70])]),
        message(&[record(&kind, PTR, 1, 120, b"\x04\xff\xfe\xfd\xfc\x00")]),
        message(&[record(&instance, SRV, 0x8001, 120, b"\0\0")]),
        message(&[record(
            &instance,
            SRV,
            0x8001,
            120,
            b"\0\0\0\0\x20\xfb\x50ab",
        )]),
        message(&[record(&instance, TXT, 0x8001, 120, b"\x50path=/short")]),
        message(&[record(&instance, TXT, 0x8001, 120, b"")]),
        message(&[record(&many_labels, 1, 0x8001, 120, &[10, 77, 1])]),
        vec![0; 12],
        vec![0xff; 9000],
        Vec::new(),
    ]);
    packets
}

#[test]
fn a_good_answer_among_spoilt_ones_is_found() {
    let spoilt: Vec<String> = spoilt().iter().map(|packet| hex(packet)).collect();
    playing(&[
        json!({"send": spoilt, "times": 0, "every": 0.02}),
        json!({"on": HTTPS, "send": spoilt}),
        json!({"send": ["random"], "times": 0, "every": 0.005}),
        json!({"on": HTTPS, "send": [hex(&service(HTTPS).packet())], "after": 0.15}),
    ])
    .run(|_| {
        for _ in 0..3 {
            let ended = search();
            assert_eq!(ended.uri(), "https://prov.local:8443/p?uuid=${uuid}");
            assert!(ended.took < Duration::from_secs(2), "{ended:#?}");
        }
    });
}

#[test]
fn spoilt_answers_alone_make_no_search_longer() {
    let spoilt: Vec<String> = spoilt().iter().map(|packet| hex(packet)).collect();
    playing(&[
        json!({"send": spoilt, "times": 0, "every": 0.001}),
        json!({"send": ["random"], "times": 0, "every": 0.001}),
    ])
    .run(|_| {
        let ended = search();
        assert!(ended.took < Duration::from_millis(4200), "{ended:#?}");
        ended.tried();
    });
}

#[test]
fn a_flood_of_other_instances_does_not_hide_the_good_one() {
    playing(&[
        json!({"send": ["printers"], "times": 400, "every": 0.01}),
        answering(HTTPS, &service(HTTPS).packet()),
    ])
    .run(|_| {
        let before = threads();
        let ended = search();
        assert_eq!(ended.uri(), "https://prov.local:8443/p?uuid=${uuid}");
        assert!(ended.took < Duration::from_secs(4), "{ended:#?}");
        settles_at(before);
    });
}

#[test]
fn a_flood_alone_makes_no_search_longer_and_leaves_nothing_behind() {
    playing(&[json!({"send": ["printers"], "times": 1500, "every": 0.002})]).run(|_| {
        let before = threads();
        let ended = search();
        assert!(ended.took < Duration::from_millis(4200), "{:?}", ended.took);
        ended.tried();
        settles_at(before);
    });
}

/// mdns-sd empties its socket before it hears that it shall end: a flood that
/// it cannot keep up with it outlives by a moment.
fn settles_at(before: usize) {
    let start = std::time::Instant::now();
    while threads() > before {
        assert!(start.elapsed() < Duration::from_secs(10), "{}", threads());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").unwrap().count()
}

#[test]
fn a_flood_of_whole_answers_is_bounded() {
    let flood: Vec<String> = (0..200)
        .map(|number| {
            let mut other = service(HTTPS);
            other.name = format!("Printer {number}");
            hex(&other.packet())
        })
        .collect();
    playing(&[json!({"send": flood, "times": 0, "every": 0.01})]).run(|_| {
        let ended = search();
        assert!(ended.took < Duration::from_millis(4200), "{ended:#?}");
        ended.tried();
        assert_eq!(ended.trace.answers.len(), 100);
        assert!(ended.trace.why.contains("more answers are not listed"));
    });
}

#[test]
fn an_unusable_answer_under_the_right_name_does_not_hide_the_good_one() {
    let mut bad = service(HTTPS);
    bad.host = "bad.local".into();
    bad.port = 0;
    playing(&[
        answering(HTTPS, &bad.packet()),
        json!({"on": HTTPS, "send": [hex(&service(HTTPS).packet())], "after": 0.1}),
    ])
    .run(|_| {
        let ended = search_in(&everywhere());
        assert_eq!(ended.uri(), "https://prov.local:8443/p?uuid=${uuid}");
        assert!(
            ended.trace.answers[0]
                .ignored
                .as_ref()
                .unwrap()
                .contains("port 0")
        );
    });
}
