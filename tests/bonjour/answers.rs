//! What responders answer, by hand: each shape that the contract names.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use serde_json::json;

use crate::{
    answering, for_a_second, hex,
    packet::{HOST, HOST_V6, HTTP, HTTPS, service},
    playing, search, search_in,
};

/// Longer than `mdns-sd` takes to ask and a responder to answer, on a busy machine.
const SOON: Duration = Duration::from_millis(600);

#[test]
fn an_https_answer_is_taken_at_once_with_the_name_and_the_addresses() {
    let mut service = service(HTTPS);
    service.v6.push(HOST_V6);
    playing(&[answering(HTTPS, &service.packet())]).run(|_| {
        let ended = search();
        assert_eq!(ended.uri(), "https://prov.local:8443/p?uuid=${uuid}");
        assert_eq!(ended.found().by, "prov.local");
        let addresses = &ended.found().addresses;
        let expected: IpAddr = HOST.into();
        assert_eq!(addresses[0], SocketAddr::new(expected, 8443));
        let SocketAddr::V6(scoped) = addresses[1] else {
            panic!("{addresses:?}")
        };
        assert_eq!((*scoped.ip(), scoped.port()), (HOST_V6, 8443));
        assert_ne!(scoped.scope_id(), 0);
        assert!(ended.took < SOON, "{ended:#?}");

        let trace = &ended.trace;
        assert_eq!((trace.chosen, trace.answers.len()), (Some(0), 1));
        assert_eq!(trace.answers[0].from, "prov.local");
        assert_eq!(trace.answers[0].interface.as_deref(), Some("c0"));
        assert_eq!(trace.answers[0].bytes, hex(b"\x07path=/p\x0cuuid=${uuid}"));
        assert_eq!(trace.answers[0].ignored, None);
        let names: Vec<_> = trace.interfaces.iter().map(|each| &each.name).collect();
        assert_eq!(names, ["c0", "c1"]);
        for interface in &trace.interfaces {
            assert_eq!(interface.problem, None);
            assert!(!interface.sent.is_empty(), "{trace:#?}");
        }
    });
}

#[test]
fn an_http_answer_waits_half_a_second_for_an_https_one() {
    playing(&[answering(HTTP, &service(HTTP).packet())]).run(|_| {
        let ended = search();
        assert_eq!(ended.uri(), "http://prov.local:8080/p?uuid=${uuid}");
        let half = Duration::from_millis(500);
        assert!((half..half + SOON).contains(&ended.took), "{ended:#?}");
        assert!(ended.trace.why.contains("only answer"));
    });
}

#[test]
fn https_wins_although_it_comes_later() {
    let https = service(HTTPS).packet();
    playing(&[
        answering(HTTP, &service(HTTP).packet()),
        json!({"on": HTTPS, "send": [hex(&https)], "after": 0.3}),
    ])
    .run(|_| {
        let ended = search();
        assert!(ended.uri().starts_with("https:"), "{ended:#?}");
        let answers = &ended.trace.answers;
        assert_eq!((answers.len(), ended.trace.chosen), (2, Some(1)));
        assert!(answers[0].ignored.as_ref().unwrap().contains("preferred"));
    });
}

#[test]
fn another_name_is_listed_and_not_used() {
    let names = ["Provisioning URL #2", "Provisioning URL (2)", "Printer"];
    let steps: Vec<_> = names
        .iter()
        .zip(["a.local", "b.local", "c.local"])
        .map(|(name, host)| {
            let mut other = service(HTTPS);
            other.name = (*name).to_owned();
            other.host = host.to_owned();
            answering(HTTPS, &other.packet())
        })
        .collect();
    playing(&steps).run(|_| {
        let ended = search_in(&for_a_second());
        let tried = ended.tried();
        assert_eq!(ended.trace.answers.len(), 3, "{ended:#?}");
        for name in names {
            let line = format!("\u{201c}{name}\u{201d} in _https._tcp.local.: its name is not");
            assert!(tried.contains(&line), "{tried}");
        }
        assert!(tried.contains("c0 (10.77.1.10"), "{tried}");
        assert!(tried.contains("_http._tcp.local. asked for"), "{tried}");
    });
}

#[test]
fn a_server_with_only_ipv6_is_found_with_its_scope() {
    let mut only_v6 = service(HTTPS);
    only_v6.v4.clear();
    only_v6.v6.push(HOST_V6);
    let packet = hex(&only_v6.packet());
    playing(&[json!({"on": HTTPS, "send": [packet], "families": [6]})]).run(|_| {
        let ended = search();
        assert_eq!(ended.uri(), "https://prov.local:8443/p?uuid=${uuid}");
        let [SocketAddr::V6(address)] = ended.found().addresses[..] else {
            panic!("{ended:#?}")
        };
        assert_eq!(*address.ip(), HOST_V6);
        assert_ne!(address.scope_id(), 0);
    });
}

#[test]
fn an_ipv4_address_that_comes_a_little_later_is_waited_for() {
    let mut first = service(HTTPS);
    first.v4.clear();
    first.v6.push(HOST_V6);
    let second = service(HTTPS);
    playing(&[
        json!({"on": HTTPS, "send": [hex(&first.packet())], "families": [6]}),
        json!({"on": HTTPS, "send": [hex(&second.packet())], "after": 0.02}),
    ])
    .run(|_| {
        let ended = search();
        assert!(ended.found().addresses[0].is_ipv4(), "{ended:#?}");
    });
}

/// One search for each way in which a TXT record can be odd.
#[test]
fn odd_txt_records_become_the_address_that_the_contract_names() {
    let forty: Vec<String> = (0..40)
        .map(|number| format!("k{number}={number}"))
        .collect();
    let forty_bytes: Vec<&[u8]> = forty.iter().map(String::as_bytes).collect();
    let forty_uri = format!("https://prov.local:8443?{}", forty.join("&"));
    let cases: Vec<(&str, Vec<&[u8]>, &str)> = vec![
        (
            "no slash",
            vec![b"path=p.php"],
            "https://prov.local:8443/p.php",
        ),
        (
            "replaced",
            vec![b"path=http://prov.lab.test:8080/x", b"a=1"],
            "http://prov.lab.test:8080/x?a=1",
        ),
        ("no path", vec![b"a=1"], "https://prov.local:8443?a=1"),
        (
            "no value",
            vec![b"flag"],
            "https://prov.local:8443?flag=true",
        ),
        ("empty value", vec![b"e="], "https://prov.local:8443?e="),
        ("nothing", vec![], "https://prov.local:8443"),
        (
            "binary",
            vec![b"a=1", b"bin=\xff\x00", b"\xfe=2", b"z=9"],
            "https://prov.local:8443?a=1&z=9",
        ),
        (
            "twice",
            vec![b"uuid=1", b"UUID=2", b"uuid=3"],
            "https://prov.local:8443?uuid=1",
        ),
        ("forty", forty_bytes, &forty_uri),
    ];
    let turns: Vec<[String; 1]> = cases
        .iter()
        .map(|(_, txt, _)| [hex(&service(HTTPS).with_txt(txt).packet())])
        .collect();
    playing(&[json!({"on": HTTPS, "turns": turns})]).run(|_| {
        for (name, _, uri) in &cases {
            assert_eq!(search().uri(), *uri, "{name}");
        }
    });
}

#[test]
fn what_cannot_be_reached_is_passed_over_with_its_reason() {
    let with = |change: fn(&mut crate::packet::Service)| {
        let mut service = service(HTTPS);
        change(&mut service);
        answering(HTTPS, &service.packet())
    };
    let steps = [
        with(|service| service.port = 0),
        with(|service| {
            service.host = "here.local".into();
            service.v4 = vec![[127, 0, 0, 1].into()];
        }),
        with(|service| {
            service.host = "group.local".into();
            service.v4 = vec![[224, 0, 0, 1].into()];
        }),
        with(|service| {
            service.host = "localhost".into();
            service.port = 9;
        }),
    ];
    playing(&steps).run(|_| {
        let ended = search_in(&for_a_second());
        let tried = ended.tried();
        for part in [
            "it names port 0",
            "no host is at 127.0.0.1",
            "no host is at 224.0.0.1",
            "\u{201c}localhost\u{201d} is this computer's own name",
        ] {
            assert!(tried.contains(part), "{part}: {tried}");
        }
    });
}

#[test]
fn a_responder_that_comes_late_is_heard_without_a_new_question() {
    let packet = hex(&service(HTTPS).packet());
    playing(&[json!({"send": [packet], "after": 1.6, "times": 1})]).run(|_| {
        let ended = search();
        assert!(ended.uri().starts_with("https:"));
        assert!(ended.took < Duration::from_secs(3), "{ended:#?}");
    });
}

#[test]
fn a_goodbye_is_no_answer() {
    let mut bye = service(HTTPS);
    bye.ttl = 0;
    playing(&[answering(HTTPS, &bye.packet())]).run(|_| {
        search_in(&for_a_second()).tried();
    });
}

#[test]
fn two_servers_with_one_name_are_both_listed() {
    let mut other = service(HTTPS);
    other.host = "other.local".into();
    other.v4 = vec![[10, 77, 1, 3].into()];
    // The second one over http, so that the search goes on until it has come.
    let mut http = service(HTTP);
    http.host = "third.local".into();
    playing(&[
        answering(HTTP, &http.packet()),
        json!({"on": HTTPS, "send": [hex(&service(HTTPS).packet())], "after": 0.2}),
        json!({"on": HTTPS, "send": [hex(&other.packet())], "after": 0.2}),
    ])
    .run(|_| {
        let ended = search();
        assert!(ended.uri().starts_with("https:"), "{ended:#?}");
        let from: Vec<_> = ended
            .trace
            .answers
            .iter()
            .map(|each| each.from.as_str())
            .collect();
        assert!(from.contains(&"third.local"), "{from:?}");
        assert!(ended.trace.why.starts_with("https comes before http"));
    });
}

#[test]
fn an_instance_without_an_address_is_named_in_the_failure() {
    let mut lost = service(HTTPS);
    lost.v4.clear();
    playing(&[answering(HTTPS, &lost.packet())]).run(|_| {
        let tried = search_in(&for_a_second()).tried();
        assert!(tried.contains("names no host with an address"), "{tried}");
    });
}
