//! Packets, good and bad, without a network.

use std::net::IpAddr;

use dhcproto::{Decodable, Decoder};
use proptest::prelude::*;

use super::*;
use crate::provisioning::{failure::Failure, method::Method, run::Found, search::Trace};

const XID: u32 = 0x1122_3344;
const URI: &[u8] = b"http://good.example/p";

fn option(code: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = vec![code, u8::try_from(value.len()).unwrap()];
    bytes.extend_from_slice(value);
    bytes
}

/// An option in parts of this size, as servers split it.
fn parts(value: &[u8], size: usize) -> Vec<u8> {
    value
        .chunks(size)
        .flat_map(|part| option(OPTION, part))
        .collect()
}

/// A reply whose options field holds this, without an end.
fn open(options: &[u8]) -> Vec<u8> {
    let mut packet = vec![0; HEADER];
    packet[..4].copy_from_slice(&[2, 1, 6, 0]);
    packet[4..8].copy_from_slice(&XID.to_be_bytes());
    packet[HEADER - 4..].copy_from_slice(&COOKIE);
    packet.extend_from_slice(&option(53, &[5]));
    packet.extend_from_slice(options);
    packet
}

fn reply(options: &[u8]) -> Vec<u8> {
    let mut packet = open(options);
    packet.push(255);
    packet
}

fn named(value: &[u8]) -> Vec<u8> {
    reply(&option(OPTION, value))
}

fn uri(packet: &[u8]) -> Result<String, String> {
    read(packet, XID).uri.map(|uri| uri.storable())
}

#[test]
fn the_request_is_the_contract_s_byte_by_byte() {
    let packet = inform(XID, [10, 77, 1, 10].into(), [2, 0, 0, 0, 1, 16]).unwrap();
    let mut expected = vec![0; HEADER];
    expected[..8].copy_from_slice(&[1, 1, 6, 0, 0x11, 0x22, 0x33, 0x44]);
    expected[12..16].copy_from_slice(&[10, 77, 1, 10]);
    expected[28..34].copy_from_slice(&[2, 0, 0, 0, 1, 16]);
    expected[236..].copy_from_slice(&[0x63, 0x82, 0x53, 0x63]);
    expected.extend([53, 1, 8, 55, 1, 224, 57, 2, 0x05, 0xdc, 255]);
    assert_eq!(packet, expected);
}

#[test]
fn it_is_sent_again_twice_one_to_three_seconds_apart() {
    for random in [[0, 0], [u16::MAX, 1], [2000, 2001], [1234, 4321]] {
        let [first, second] = retransmissions(random);
        let seconds = Duration::from_secs(1)..=Duration::from_secs(3);
        assert!(seconds.contains(&first), "{first:?}");
        assert!(
            seconds.contains(&second.saturating_sub(first)),
            "{second:?}"
        );
    }
}

#[test]
fn a_good_reply_names_the_address() {
    assert_eq!(uri(&named(URI)).unwrap(), "http://good.example/p");
    // Neither the end nor the message type is needed, and pads may stand anywhere.
    assert!(uri(&open(&option(OPTION, URI))).is_ok());
    let padded = [&[0; 40][..], &option(OPTION, URI), &[0; 7]].concat();
    assert!(uri(&reply(&padded)).is_ok());
    let tokens = b"https://${env.SITE}.example:${env.PORT}/${uuid}?u=${username}";
    assert_eq!(uri(&named(tokens)).unwrap().as_bytes(), tokens.as_slice());
}

#[test]
fn parts_are_joined_however_a_server_splits_them() {
    for length in [255, 256, 290, 600, 1200] {
        let mut value = b"http://good.example/".to_vec();
        value.resize(length, b'a');
        for size in [253, 255, 100] {
            assert_eq!(
                uri(&reply(&parts(&value, size))).unwrap().len(),
                length,
                "{length} in {size}"
            );
        }
    }
    let apart = [
        option(OPTION, b"http://good.example/"),
        option(1, &[255, 255, 255, 0]),
        option(OPTION, b""),
        option(OPTION, b"apart"),
    ];
    assert_eq!(
        uri(&reply(&apart.concat())).unwrap(),
        "http://good.example/apart"
    );
}

#[test]
fn overloaded_fields_are_read_after_the_options_file_first() {
    let overloaded = |which: u8| {
        let first = [
            option(OPTION, b"http://good.example/"),
            option(52, &[which]),
        ];
        let mut packet = reply(&first.concat());
        let file = [option(OPTION, b"file"), option(52, &[3]), vec![255]].concat();
        let name = [option(OPTION, b"name"), vec![255]].concat();
        packet[108..108 + file.len()].copy_from_slice(&file);
        packet[44..44 + name.len()].copy_from_slice(&name);
        uri(&packet).unwrap()
    };
    assert_eq!(overloaded(0), "http://good.example/");
    assert_eq!(overloaded(1), "http://good.example/file");
    assert_eq!(overloaded(2), "http://good.example/name");
    assert_eq!(overloaded(3), "http://good.example/filename");
}

#[test]
fn trailing_nuls_are_dropped_and_no_others() {
    assert_eq!(
        uri(&named(b"http://good.example/p\0\0\0")).unwrap(),
        "http://good.example/p"
    );
    assert_eq!(read(&named(b"http://g/\0"), XID).value, b"http://g/\0");
    assert_eq!(
        uri(&named(b"http://good.example/\0p")).unwrap_err(),
        "its option 224 holds control characters"
    );
}

#[test]
fn each_packet_that_does_not_count_says_why() {
    let mut other = named(URI);
    other[4] ^= 0xff;
    let mut request = named(URI);
    request[0] = 1;
    let mut bootp = named(URI);
    bootp[236] = 0;
    let mut long = named(URI);
    long.resize(1501, 0);
    for (packet, why) in [
        (vec![], "it is too short for DHCP (0 bytes)"),
        (vec![2], "it is too short for DHCP (1 bytes)"),
        (
            named(URI)[..239].to_vec(),
            "it is too short for DHCP (239 bytes)",
        ),
        (other, "it answers another request (xid 0xee223344)"),
        (request, "it is not a reply (op 1)"),
        (bootp, "it has no DHCP options (no magic cookie)"),
        (
            long,
            "it is longer than the 1,500 bytes that were asked for",
        ),
        (reply(&[]), "it has no option 224"),
        (
            reply(&option(43, &option(OPTION, URI))),
            "it has no option 224",
        ),
        (
            [reply(&[]), option(OPTION, URI)].concat(),
            "it has no option 224",
        ),
        (named(b""), "its option 224 is empty"),
        (named(b"\0\0"), "its option 224 is empty"),
        (named(b"   "), "its option 224 is empty"),
        (
            named(b"http://evil.example/\xff\xe9"),
            "its option 224 is not text in UTF-8",
        ),
        (
            named(b"http://evil.example/a\r\nX: y"),
            "its option 224 holds control characters",
        ),
        (
            named(b"file:///etc/passwd"),
            "its option 224 is not an address: file is neither http nor https",
        ),
        (
            named(b"prov.example/p"),
            "its option 224 is not an address: it does not begin with http:// or https://",
        ),
        (
            open(&[OPTION, 200, b'h']),
            "it breaks off within option 224",
        ),
        (open(&[OPTION]), "it breaks off within option 224"),
        (
            open(&[&option(OPTION, URI)[..], &[1, 4, 255]].concat()),
            "it breaks off within option 1",
        ),
    ] {
        assert_eq!(uri(&packet).unwrap_err(), why, "{packet:02x?}");
    }
}

fn ledger() -> Ledger {
    let link = |name: &str, last: u8| Link {
        name: name.into(),
        address: [10, 0, 0, last].into(),
        addresses: vec![IpAddr::from([10, 0, 0, last])],
        mac: [2, 0, 0, 0, 0, last],
    };
    Ledger::new(XID, &[link("eth0", 1), link("eth1", 2)], LIMIT)
}

fn at(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn come(ledger: &mut Ledger, from: u8, bytes: &[u8], milliseconds: u64) -> bool {
    let packet = Packet {
        from: IpAddr::from([10, 0, 0, from]),
        link: Some(1),
        bytes,
    };
    ledger.received(packet, at(milliseconds))
}

fn end(ledger: Ledger) -> (Result<Found, Failure>, Trace) {
    let ends = ledger.ends();
    ledger.finish(ends)
}

#[test]
fn the_first_good_answer_counts_and_others_have_their_time() {
    let mut ledger = ledger();
    ledger.sent(0, Ok(()), at(0));
    ledger.sent(1, Err("No.".into()), at(0));
    assert_eq!(ledger.ends(), LIMIT);
    assert!(come(&mut ledger, 8, &named(b""), 2));
    assert_eq!(ledger.ends(), LIMIT);
    assert!(come(&mut ledger, 9, &named(URI), 5));
    assert!(come(&mut ledger, 7, &named(b"https://other.example/"), 200));
    assert_eq!(ledger.ends(), at(255));
    let (found, trace) = end(ledger);
    assert_eq!(found.unwrap().by, "10.0.0.9");
    assert_eq!((trace.chosen, trace.milliseconds), (Some(1), 255));
    assert_eq!(trace.differing().len(), 1);
    assert_eq!(
        trace.why,
        "It was the first of 2 good answers; those that came within 250 ms more differ."
    );
    assert_eq!(
        trace.lines(),
        [
            "eth0 (10.0.0.1): sent DHCPINFORM, xid 0x11223344",
            "eth1 (10.0.0.2): nothing was sent. No.",
            "10.0.0.8 on eth1 after 2 ms: ignored, its option 224 is empty",
            "10.0.0.9 on eth1 after 5 ms: http://good.example/p (chosen)",
            "10.0.0.7 on eth1 after 200 ms: https://other.example/",
        ]
    );
}

#[test]
fn answers_that_agree_are_no_reason_to_worry() {
    let mut ledger = ledger();
    come(&mut ledger, 9, &named(URI), 5);
    come(&mut ledger, 7, &named(URI), 6);
    let (_, trace) = end(ledger);
    assert!(trace.differing().is_empty());
    assert_eq!(
        trace.why,
        "It was the first of 2 good answers, which all name this address."
    );
}

#[test]
fn an_answer_just_before_the_limit_does_not_extend_it() {
    let mut ledger = ledger();
    come(&mut ledger, 9, &named(URI), 9_990);
    assert_eq!(ledger.ends(), LIMIT);
}

#[test]
fn nothing_found_says_what_was_tried() {
    let mut ledger = ledger();
    for time in [0, 1500, 3000] {
        ledger.sent(0, Ok(()), at(time));
    }
    ledger.blocked(Some("The port is taken."), at(3000));
    let (result, trace) = end(ledger);
    let failure = result.unwrap_err();
    assert_eq!(
        (failure.exit(), failure.code().as_str()),
        (3, "PS-NOT-FOUND")
    );
    assert_eq!(
        failure.chain(),
        [
            "eth0 (10.0.0.1): sent 3 × DHCPINFORM, xid 0x11223344. The port is taken.",
            "eth1 (10.0.0.2): nothing was sent. The port is taken.",
        ]
    );
    assert_eq!(trace.why, "No good answer came within 10.0 s.");
    let (_, trace) = end(Ledger::new(XID, &[], LIMIT));
    assert_eq!(trace.why, "No interface is up and has an IPv4 address.");
    assert_eq!(trace.lines(), ["No interface was searched."]);
    assert_eq!(trace.method, Method::Dhcp);
}

#[test]
fn a_flood_is_counted_and_the_good_answer_behind_it_still_listed() {
    let mut ledger = ledger();
    for _ in 0..10_000 {
        come(&mut ledger, 6, &named(b""), 1);
    }
    assert!(come(&mut ledger, 9, &named(URI), 2));
    for _ in 0..10_000 {
        come(&mut ledger, 6, &named(URI), 3);
    }
    let (found, trace) = end(ledger);
    assert_eq!(found.unwrap().by, "10.0.0.9");
    assert!(trace.answers.len() <= 128);
    assert_eq!(trace.answers.len() as u64 + trace.unlisted, 20_001);
    assert_eq!(trace.chosen, Some(64));
}

/// Packets that come close to what servers send, to be damaged.
fn corpus() -> Vec<Vec<u8>> {
    let long: Vec<u8> = b"http://good.example/"
        .iter()
        .copied()
        .chain([b'a'; 900])
        .collect();
    let mut overloaded = reply(&[option(OPTION, b"http://g/"), option(52, &[3])].concat());
    overloaded[108..116].copy_from_slice(&[OPTION, 4, b'f', b'i', b'l', b'e', 255, 0]);
    overloaded[44..52].copy_from_slice(&[OPTION, 4, b'n', b'a', b'm', b'e', 255, 0]);
    vec![
        named(URI),
        named(b""),
        reply(&parts(&long, 253)),
        overloaded,
        reply(&[]),
        vec![],
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_fail(packet in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&packet, XID);
    }

    #[test]
    fn no_damage_makes_the_reader_fail(
        which in 0..corpus().len(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        cut in any::<prop::sample::Index>(),
        more in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut packet = corpus().swap_remove(which);
        for (at, byte) in damage {
            if !packet.is_empty() {
                let at = at.index(packet.len());
                packet[at] = byte;
            }
        }
        packet.extend(more);
        packet.truncate(cut.index(packet.len() + 1));
        let reply = read(&packet, XID);
        if let Ok(uri) = reply.uri {
            prop_assert!(uri.check().is_ok());
        }
    }

    /// Where `dhcproto` can read a message, it is read the same way.
    #[test]
    fn an_undamaged_option_is_what_dhcproto_reads(value in "http://[a-z]{1,200}\\.example/[a-z]{0,200}") {
        let packet = reply(&parts(value.as_bytes(), 255));
        let message = Message::decode(&mut Decoder::new(&packet)).unwrap();
        let theirs = match message.opts().get(OptionCode::from(OPTION)) {
            Some(DhcpOption::Unknown(option)) => option.data().to_vec(),
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(read(&packet, XID).value, theirs);
    }
}
