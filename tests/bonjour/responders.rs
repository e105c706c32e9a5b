//! Real responders: Avahi with the administrators' samples, python-zeroconf,
//! mdns-sd itself.

use std::{
    env,
    net::{IpAddr, Ipv4Addr},
    path::Path,
    process::Command,
    thread,
    time::Duration,
};

use mdns_sd::{DaemonEvent, ServiceDaemon, ServiceInfo};

use crate::{
    More as _,
    lab::{self, Inside, Lab},
    packet, search,
};

/// Avahi's host.
const AVAHI: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 77, 1, 1));

/// What the samples in `packaging/server/avahi` come to.
const SAMPLE: &str = "https://provhost.local:443/provisioning.php?uuid=${uuid}&os=${osname}";

/// RFC 6762 section 6: what was just announced is not repeated within a second.
fn settled(test: impl FnOnce(&Inside)) -> impl FnOnce(&Inside) {
    |inside| {
        thread::sleep(Duration::from_millis(1100));
        test(inside);
    }
}

#[test]
fn the_samples_for_avahi_are_found_over_https() {
    Lab::of(&["avahi"]).run(|_| {
        // Right after the announcement, as when both start together.
        let ended = search();
        assert_eq!(ended.uri(), SAMPLE);
        assert_eq!(ended.found().by, "provhost.local");
        let addresses = &ended.found().addresses;
        assert_eq!(addresses[0].ip(), AVAHI, "{ended:#?}");
        assert!(ended.took < Duration::from_millis(1500), "{ended:#?}");
    });
}

#[test]
fn avahi_on_the_same_computer_does_not_disturb_the_search() {
    Lab::of(&["avahi", "avahi-client"]).run(settled(|_| {
        for _ in 0..2 {
            let ended = search();
            assert_eq!(ended.uri(), SAMPLE);
            assert_eq!(ended.found().addresses[0].ip(), AVAHI, "{ended:#?}");
            thread::sleep(Duration::from_millis(1100));
        }
    }));
}

#[test]
fn a_second_server_that_avahi_renames_is_listed_and_not_used() {
    Lab::of(&["avahi", "avahi2"]).run(settled(|lab| {
        let log = |name: &str| std::fs::read_to_string(lab.file(name)).unwrap();
        let both = log("avahi.log") + &log("avahi2.log");
        assert!(both.contains("Provisioning URL #2"), "{both}");
        let ended = search();
        assert!(ended.uri().starts_with("https://provhost"), "{ended:#?}");
    }));
}

#[test]
fn an_alias_of_the_host_and_odd_entries_arrive_as_avahi_was_told() {
    Lab::of(&["avahi"])
        .services("etc/avahi-odd")
        .run(settled(|_| {
            let ended = search();
            assert_eq!(
                ended.uri(),
                "https://prov.local:8443/provisioning.php?z=first&flag=true&empty=\
                 &eq=a=b&c&umlaut=\u{fc} \u{df}&keyless=true&ip=${ipaddr}"
            );
            let other: IpAddr = [10, 77, 1, 3].into();
            assert_eq!(ended.found().addresses[0].ip(), other);
            let why = &ended.trace.why;
            assert!(why.contains("The value of bin is not text"), "{why}");
        }));
}

#[test]
fn python_zeroconf_is_found() {
    let python = "/usr/bin/python3";
    let has_module = Command::new(python)
        .args(["-c", "import zeroconf"])
        .output();
    if !has_module.is_ok_and(|output| output.status.success()) {
        assert!(!lab::is_required(), "python3-zeroconf is not installed");
        println!("skipped: python3-zeroconf is not installed");
        return;
    }
    let program = lab::in_lab("py/zeroconf_responder.py");
    let command = format!(
        "exec {python} '{}' 10.77.1.2,fe80::ff:fe00:102 zc 8443 path=/z 'uuid=${{uuid}}' flag",
        program.display()
    );
    Lab::of(&[])
        .beside("s2", "^ready", &command)
        .run(settled(|_| {
            let ended = search();
            assert_eq!(
                ended.uri(),
                "https://zc.local:8443/z?uuid=${uuid}&flag=true"
            );
            assert!(ended.found().addresses[0].is_ipv4(), "{ended:#?}");
        }));
}

#[test]
fn the_sample_for_systemd_resolved_is_found() {
    // Debian's package takes over the machine's own look-up of names, so it is
    // not required; `.ci/run` only unpacks it.
    let places = [
        "/lib/systemd/systemd-resolved",
        "/usr/lib/systemd/systemd-resolved",
    ];
    let named = env::var_os("NETLAB_RESOLVED").is_some();
    if !named && !places.iter().any(|place| Path::new(place).exists()) {
        println!("skipped: systemd-resolved is not there");
        return;
    }
    Lab::of(&["resolved"]).run(settled(|_| {
        let ended = search();
        assert_eq!(
            ended.uri(),
            "https://resolvedhost.local:443/provisioning.php?uuid=${uuid}&os=${osname}"
        );
        // It answers over IPv4 and IPv6 after a different time each, which may
        // be more than the wait for IPv4.
        let first = ended.found().addresses[0].ip();
        let hosts: [IpAddr; 2] = [packet::HOST.into(), packet::HOST_V6.into()];
        assert!(hosts.contains(&first), "{ended:#?}");
    }));
}

#[test]
fn mdns_sd_is_found() {
    let this = env::current_exe().unwrap();
    let command = format!(
        "PROVISIONING_RESPONDER=1 exec '{}' --exact responders::this_program_as_a_responder \
         --nocapture",
        this.display()
    );
    Lab::of(&[])
        .beside("s3", "^ready", &command)
        .run(settled(|_| {
            let ended = search();
            assert_eq!(ended.uri(), "https://sd.local:8443/p?b=2&a=1&uuid=${uuid}");
            let expected: IpAddr = [10, 77, 1, 3].into();
            assert_eq!(ended.found().addresses[0].ip(), expected, "{ended:#?}");
        }));
}

/// No test, but what `mdns_sd_is_found` starts on another host.
#[test]
fn this_program_as_a_responder() {
    if env::var_os("PROVISIONING_RESPONDER").is_none() {
        return;
    }
    let daemon = ServiceDaemon::new().unwrap();
    let events = daemon.monitor().unwrap();
    let entries = [("path", "/p"), ("b", "2"), ("a", "1"), ("uuid", "${uuid}")];
    let service = ServiceInfo::new(
        "_https._tcp.local.",
        "Provisioning URL",
        "sd.local.",
        "10.77.1.3",
        8443,
        &entries[..],
    );
    daemon.register(service.unwrap()).unwrap();
    while !matches!(events.recv().unwrap(), DaemonEvent::Announce(..)) {}
    // At the beginning of a line, which the harness has begun.
    println!("\nready");
    thread::sleep(Duration::from_mins(10));
}
