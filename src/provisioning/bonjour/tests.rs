use proptest::prelude::*;

use super::*;

fn v4() -> SocketAddr {
    "10.77.1.1:0".parse().unwrap()
}

fn v6() -> SocketAddr {
    "[fe80::1%2]:0".parse().unwrap()
}

fn named(name: &str) -> Instance {
    Instance {
        service: Service::Https,
        name: name.to_owned(),
        host: "prov.local.".to_owned(),
        port: 8443,
        txt: Vec::new(),
        addresses: vec![v4()],
        interface: Some("c0".to_owned()),
    }
}

fn record<'a>(strings: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let strings: Vec<Vec<u8>> = strings.map(<[u8]>::to_vec).collect();
    write_txt(&strings)
}

fn with(txt: &[&str]) -> Instance {
    Instance {
        txt: record(txt.iter().map(|entry| entry.as_bytes())),
        ..named(INSTANCE)
    }
}

fn uri(txt: &[&str]) -> String {
    offer(&with(txt)).unwrap().uri.storable()
}

fn at(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[test]
fn the_address_is_put_together_as_jitsi_does_it_but_with_the_name_of_the_host() {
    for (txt, address) in [
        (
            &["path=/p.php", "uuid=${uuid}", "Os=${osname}"][..],
            "https://prov.local:8443/p.php?uuid=${uuid}&Os=${osname}",
        ),
        (&["a=1", "path=p.php"], "https://prov.local:8443/p.php?a=1"),
        (&["path="], "https://prov.local:8443/"),
        (&["path=& "], "https://prov.local:8443/"),
        (&["a=1"], "https://prov.local:8443?a=1"),
        (&[], "https://prov.local:8443"),
        (&["", "=x", "="], "https://prov.local:8443"),
        (&["flag", "e="], "https://prov.local:8443?flag=true&e="),
        (&["path"], "https://prov.local:8443/true"),
        (&["Path=/x"], "https://prov.local:8443?Path=/x"),
        (
            &["path=http://other.example/x?", "a=1"],
            "http://other.example/x?a=1",
        ),
        (
            &["path=/x?b=2&", "a=1"],
            "https://prov.local:8443/x?b=2&a=1",
        ),
        (&["path=/x?b=2?"], "https://prov.local:8443/x?b=2?"),
        (&["a=1&&"], "https://prov.local:8443?a=1"),
        (
            &["eq=a=b&c", "f=1#2", "q=x?"],
            "https://prov.local:8443?eq=a=b&c&f=1#2&q=x?",
        ),
    ] {
        assert_eq!(uri(txt), address, "{txt:?}");
    }
}

#[test]
fn what_separates_parameters_goes_out_as_jitsi_sends_it() {
    let offer = offer(&with(&["path=/p#x", "eq=a=b&c", "f=1#2", "s=a b+c%20"])).unwrap();
    let expanded = offer
        .uri
        .expand(&crate::provisioning::facts::HostFacts::default(), None)
        .unwrap();
    assert_eq!(expanded.url.as_str(), "https://prov.local:8443/p");
    let body = crate::provisioning::request::body(&expanded);
    assert_eq!(*body, "eq=a%3Db&c=&f=1%232&s=a+b%2Bc%2520");
}

#[test]
fn of_a_key_that_is_there_twice_the_first_counts_and_that_is_said() {
    let offer = offer(&with(&["uuid=1", "b=2", "UUID=3", "path=/a", "path=/b"])).unwrap();
    assert_eq!(offer.uri.storable(), "https://prov.local:8443/a?uuid=1&b=2");
    assert_eq!(
        offer.notes,
        [
            "Its second UUID was left out.",
            "Its second path was left out."
        ]
    );
}

#[test]
fn entries_that_are_not_text_are_left_out_and_named() {
    let strings = [&b"a=1"[..], b"bin=\xff\x00", b"\xfe=x", b"z=9"];
    let mut instance = named(INSTANCE);
    instance.txt = record(strings.into_iter());
    let offer = super::offer(&instance).unwrap();
    assert_eq!(offer.uri.storable(), "https://prov.local:8443?a=1&z=9");
    assert_eq!(
        offer.notes,
        [
            "The value of bin is not text and was left out.",
            "A key that is not text was left out."
        ]
    );
    instance.txt.extend(b"\x07path=/\xff");
    assert_eq!(super::offer(&instance).unwrap_err(), "its path is not text");
}

#[test]
fn only_the_instance_of_the_exact_name_counts_whatever_its_case() {
    // DNS names have no case (RFC 6762 section 16); Jitsi takes this one too.
    assert!(offer(&named("provisioning url")).is_ok());
    for other in [
        "Provisioning URL #2",
        "Provisioning URL (2)",
        "Provisioning  URL",
        "Printer",
        "",
    ] {
        let why = offer(&named(other)).unwrap_err();
        assert_eq!(why, "its name is not \u{201c}Provisioning URL\u{201d}");
    }
}

#[test]
fn addresses_that_no_host_has_are_passed_over() {
    let addresses = |list: &[&str]| {
        let addresses = list.iter().map(|text| text.parse().unwrap()).collect();
        offer(&Instance {
            addresses,
            ..named(INSTANCE)
        })
    };
    for bad in [
        "127.0.0.1:0",
        "0.0.0.0:0",
        "0.1.2.3:0",
        "224.0.0.1:0",
        "255.255.255.255:0",
        "[::]:0",
        "[::1]:0",
        "[ff02::1%2]:0",
        "[::ffff:127.0.0.1]:0",
        "[fe80::1]:0",
    ] {
        let why = addresses(&[bad]).unwrap_err();
        assert!(why.starts_with("no host is at "), "{bad}: {why}");
        assert_eq!(addresses(&[bad, "10.0.0.1:0"]).unwrap().addresses.len(), 1);
    }
    assert!(addresses(&[]).unwrap_err().contains("no address"));
    let offer = addresses(&[
        "[fe80::1%2]:0",
        "[fd00::1]:0",
        "10.0.0.2:0",
        "169.254.1.1:0",
        "10.0.0.2:0",
    ]);
    let order: Vec<String> = offer
        .unwrap()
        .addresses
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        order,
        [
            "10.0.0.2:0",
            "169.254.1.1:0",
            "[fd00::1]:0",
            "[fe80::1%2]:0"
        ]
    );
}

#[test]
fn a_host_that_stands_for_something_else_is_refused() {
    for host in [
        "localhost.",
        "x.localhost",
        "LOCALHOST",
        "10.0.0.1",
        "0x7f.1",
        "[::1]",
        "a/b.local.",
        "a b.local.",
        "a@b.local",
        "${env.HOME}.local.",
        "a%2fb.local",
        "",
        ".",
    ] {
        let instance = Instance {
            host: host.to_owned(),
            ..named(INSTANCE)
        };
        assert!(offer(&instance).is_err(), "{host}");
    }
    let port = Instance {
        port: 0,
        ..named(INSTANCE)
    };
    assert_eq!(offer(&port).unwrap_err(), "it names port 0");
}

#[test]
fn addresses_are_kept_only_for_a_name_of_this_link() {
    let addresses = |host: &str, txt: &[&str]| {
        let instance = Instance {
            host: host.to_owned(),
            ..with(txt)
        };
        offer(&instance).unwrap().addresses
    };
    assert_eq!(addresses("Prov.local.", &[]), [v4()]);
    assert_eq!(addresses("J\u{f6}rg.LOCAL", &[]), [v4()]);
    // The DNS says where this is, and nobody else.
    assert_eq!(addresses("prov.corp.example.", &[]), []);
    // Another host than the one that the addresses belong to.
    let path = "path=https://prov.corp.example/p";
    assert_eq!(addresses("prov.local.", &[path]), []);
    let path = "path=http://PROV.local.:81/p";
    assert_eq!(addresses("prov.local.", &[path]), [v4()]);
    assert_eq!(addresses("prov.local.", &["path=http://${uuid}/"]), []);
}

#[test]
fn a_path_that_replaces_the_address_has_to_be_one() {
    for path in [
        "path=ftp://x/",
        "path=://x",
        "path=/go?to=http://x",
        "path=http://",
        "path=/a\nb",
    ] {
        assert!(offer(&with(&[path])).is_err(), "{path}");
    }
    assert_eq!(uri(&["path=http://${uuid}.x/"]), "http://${uuid}.x/");
    assert_eq!(uri(&["path=${env.BASE}://"]), "${env.BASE}://");
}

#[test]
fn https_with_ipv4_ends_the_search_and_everything_else_waits_for_better() {
    let mut search = Search::new(LIMIT);
    assert_eq!((search.ends(), search.chosen()), (LIMIT, None));
    let http = Instance {
        service: Service::Http,
        ..named(INSTANCE)
    };
    search.resolved(http, at(100));
    assert_eq!((search.ends(), search.chosen()), (at(600), Some(0)));
    search.resolved(named("Printer"), at(150));
    assert_eq!(search.ends(), at(600));
    let only_v6 = Instance {
        addresses: vec![v6()],
        ..named(INSTANCE)
    };
    search.resolved(only_v6, at(200));
    assert_eq!((search.ends(), search.chosen()), (at(250), Some(2)));
    let both = Instance {
        addresses: vec![v6(), v4()],
        ..named(INSTANCE)
    };
    search.resolved(both, at(210));
    assert_eq!((search.ends(), search.chosen()), (at(200), Some(2)));
    assert_eq!(search.offer().unwrap().addresses, [v4(), v6()]);
    let answers = search.answers();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[1].uri, None);
    assert!(answers[0].uri.is_some());
    assert!(answers[0].ignored.as_ref().unwrap().contains("preferred"));
    assert_eq!(answers[2].ignored, None);
    assert!(answers[1].ignored.as_ref().unwrap().contains("Printer"));
    assert_eq!(answers[2].from, "prov.local");
    assert!(search.why().starts_with("https comes before http"));
}

#[test]
fn no_wait_goes_beyond_the_limit() {
    let mut search = Search::new(LIMIT);
    let http = Instance {
        service: Service::Http,
        ..named(INSTANCE)
    };
    search.resolved(http, at(3900));
    assert_eq!(search.ends(), LIMIT);
}

#[test]
fn a_goodbye_takes_an_answer_back() {
    let mut search = Search::new(LIMIT);
    search.resolved(named(INSTANCE), at(1));
    assert!(!search.gone(Service::Http, INSTANCE));
    assert_eq!(search.chosen(), Some(0));
    assert!(search.gone(Service::Https, INSTANCE));
    assert!(!search.gone(Service::Https, INSTANCE));
    assert_eq!((search.chosen(), search.ends()), (None, LIMIT));
    assert!(
        search.answers()[0]
            .ignored
            .as_ref()
            .unwrap()
            .contains("withdrawn")
    );
    assert_eq!(search.why(), "Nothing that answered can be used.");
    search.resolved(named(INSTANCE), at(9));
    assert_eq!((search.chosen(), search.ends()), (Some(0), at(9)));
}

#[test]
fn a_flood_of_other_instances_is_counted_and_the_good_one_still_chosen() {
    let mut search = Search::new(LIMIT);
    for number in 0..10_000 {
        search.resolved(named(&format!("Printer {number}")), at(1));
    }
    search.resolved(named(INSTANCE), at(2));
    assert_eq!(search.answers().len(), MAX_ALIKE + 1);
    assert_eq!(search.chosen(), Some(MAX_ALIKE));
    assert!(search.why().contains("9900 more answers"));
}

#[test]
fn what_a_stranger_wrote_cannot_steer_a_terminal() {
    let mut search = Search::new(LIMIT);
    let mut strange = named("Printer\u{1b}[2J\u{202e}");
    strange.host = "a\u{7}.local.".to_owned();
    search.resolved(strange, at(1));
    let mut strange = with(&["k\u{1b}=1", "k\u{1b}=2"]);
    strange.host = "prov.local".to_owned();
    search.resolved(strange, at(2));
    let trace = search.answers();
    let text = format!(
        "{}{}{}",
        trace[0].from,
        trace[0].ignored.as_ref().unwrap(),
        search.why()
    );
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
}

#[test]
fn an_instance_without_an_address_is_named() {
    let mut search = Search::new(LIMIT);
    search.announced(Service::Http, INSTANCE);
    search.announced(Service::Http, INSTANCE);
    search.announced(Service::Https, "Printer");
    assert_eq!(
        search.why(),
        "Nothing answered. \u{201c}Provisioning URL\u{201d} in _http._tcp.local. names no \
         host with an address."
    );
    let http = Instance {
        service: Service::Http,
        ..named(INSTANCE)
    };
    assert!(search.resolved(http.clone(), at(5)));
    assert!(!search.resolved(http, at(6)));
    assert_eq!(search.why(), "It is the only answer that can be used.");
}

#[test]
fn of_two_servers_with_one_name_the_first_counts_and_both_are_listed() {
    let mut search = Search::new(LIMIT);
    let other = Instance {
        host: "other.local.".to_owned(),
        ..named(INSTANCE)
    };
    search.resolved(other, at(10));
    search.resolved(named(INSTANCE), at(11));
    assert_eq!(search.chosen(), Some(0));
    let hosts: Vec<String> = search.answers().into_iter().map(|a| a.from).collect();
    assert_eq!(hosts, ["other.local", "prov.local"]);
}

#[test]
fn a_record_is_read_up_to_where_it_is_cut_off() {
    assert_eq!(read_txt(b"\x03a=1\x00\x02b="), [&b"a=1"[..], b"b="]);
    assert_eq!(read_txt(b"\x50path=/short"), Vec::<Vec<u8>>::new());
    assert_eq!(read_txt(b""), Vec::<Vec<u8>>::new());
    assert_eq!(write_txt(&[b"a=1".to_vec(), Vec::new()]), b"\x03a=1\x00");
    assert_eq!(write_txt(&[vec![b'x'; 300]]).len(), 256);
}

proptest! {
    #[test]
    fn no_record_breaks_the_reader(record: Vec<u8>, host: String, name: String, port: u16) {
        let txt = read_txt(&record);
        for string in &txt {
            prop_assert!((1..=255).contains(&string.len()));
        }
        prop_assert_eq!(read_txt(&write_txt(&txt)), txt);
        let txt = record;
        let instance = Instance { name, host, port, txt, ..named(INSTANCE) };
        let _ = offer(&instance);
        let _ = offer(&Instance { txt: instance.txt, ..named(INSTANCE) });
    }

    #[test]
    fn every_offer_is_an_address_that_can_be_asked(
        txt in prop::collection::vec("(path=)?[ -~]{0,30}", 0..6),
    ) {
        let txt: Vec<&str> = txt.iter().map(String::as_str).collect();
        if let Ok(offer) = offer(&with(&txt)) {
            let text = offer.uri.storable();
            prop_assert!(!text.ends_with('&'), "{}", text);
            prop_assert!(!offer.uri.is_empty());
            // Nothing that mDNS said of this host is used for another.
            if !offer.addresses.is_empty() {
                let facts = crate::provisioning::facts::HostFacts::default();
                let url = offer.uri.expand(&facts, None).unwrap().url;
                prop_assert_eq!(url.host_str().unwrap().trim_end_matches('.'), "prov.local");
            }
        }
    }
}
