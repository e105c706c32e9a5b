//! ISC dhcpd, dnsmasq and Kea, with the configurations that administrators get.

use std::fs;

use crate::{
    by_dhcp, discover, found,
    lab::{Lab, program::Program},
    provision, warnings,
};

/// An address of this many bytes.
fn long(length: usize) -> String {
    let mut uri = "http://10.77.1.1:8080/provisioning.php?uuid=${uuid}&x=".to_owned();
    uri.push_str(&"a".repeat(length - uri.len()));
    uri
}

/// The server names addresses of these lengths, each in a lab of its own.
fn each_length_is_found(server: &'static str, address: &str, lengths: &[usize]) {
    for length in lengths {
        let lab = Lab::of(&[server]).with("NETLAB_URL", long(*length));
        lab.run(|_| {
            let uri = std::env::var("NETLAB_URL").unwrap();
            let search = found(&discover(&[]), &uri);
            let answer = &search["answers"][0];
            assert_eq!(
                (&answer["interface"], &answer["from"]),
                (&"c0".into(), &address.into())
            );
            let bytes = uri.bytes().map(|byte| format!("{byte:02x}"));
            assert_eq!(answer["bytes"], bytes.collect::<String>());
            println!("{server}: {} bytes", uri.len());
        });
        if Lab::is_inside() {
            return;
        }
    }
}

#[test]
fn isc_dhcpd_names_an_address_of_any_length_that_fits() {
    each_length_is_found("dhcpd", "10.77.1.1", &[60, 255, 256, 290, 600, 1200]);
}

#[test]
fn dnsmasq_names_an_address_of_up_to_255_bytes() {
    each_length_is_found("dnsmasq", "10.77.1.2", &[60, 255]);
}

#[test]
fn kea_names_an_address_that_it_splits_elsewhere() {
    each_length_is_found("kea", "10.77.1.3", &[60, 253, 255, 256, 290, 600]);
}

#[test]
fn three_servers_that_differ_are_all_reported_and_the_choice_is_explained() {
    Lab::of(&["dhcpd", "dnsmasq", "kea", "http"]).run(|_| {
        let run = discover(&[]);
        let search = run.json()["searches"][0].clone();
        let answers = search["answers"].as_array().unwrap();
        let mut from: Vec<_> = answers
            .iter()
            .map(|answer| answer["from"].as_str().unwrap())
            .collect();
        from.sort_unstable();
        assert_eq!(from, ["10.77.1.1", "10.77.1.2", "10.77.1.3"], "{run:#?}");
        assert_eq!((run.status, &search["chosen"]), (0, &0.into()));
        assert_eq!(search["found"]["by"], answers[0]["from"]);
        let why = search["why"].as_str().unwrap();
        assert!(
            why.contains("first of 3") && why.contains("differ"),
            "{why}"
        );

        // The run says so, too; whether its server is there is chance here.
        let program = by_dhcp(Program::new());
        let report = provision(&program, &["--trust-discovered"]).json();
        assert_eq!(warnings(&report)[0], "PS-ANSWERS-DIFFER", "{report:#}");
        let message = report["warnings"][0]["message"].as_str().unwrap();
        for server in from {
            let named = format!("{server} says http://{server}:8080/");
            assert!(message.contains(&named), "{message}");
        }
    });
}

/// A whole run with the administrators' files, over TLS.
fn a_whole_run(site: &'static str, arguments: &'static [&'static str]) {
    let uri = "https://prov.lab.test/provisioning.php?uuid=${uuid}";
    let lab = Lab::of(&["dhcpd", site]).with("NETLAB_URL", uri);
    lab.run(|lab| {
        let program = by_dhcp(Program::new().with("SSL_CERT_FILE", lab.authority()));
        let folder = program.root().join("site");
        fs::create_dir(&folder).unwrap();
        let trust = "trusted-origins=https://*.lab.test\n";
        fs::write(folder.join("defaults.properties"), trust).unwrap();
        let run = if arguments.is_empty() {
            provision(&program, &[])
        } else {
            program.typing("wonder\n", arguments)
        };
        let report = run.applied();
        assert_eq!(report["source"]["found"], "dhcp");
        assert_eq!(report["source"]["uri"], uri);
        assert_eq!(warnings(&report), [""; 0]);
        let settings = program.settings();
        assert_eq!(
            settings["net.java.sip.communicator.impl.protocol.sip.acc1.SERVER_ADDRESS"],
            "sip.example.com"
        );
    });
}

#[test]
fn the_samples_of_dhcpd_nginx_and_php_make_a_whole_run() {
    a_whole_run("site", &[]);
}

#[test]
fn the_sample_of_apache_asks_who_is_there() {
    a_whole_run(
        "site-apache",
        &[
            "provision",
            "--no-input",
            "--format",
            "json",
            "--username",
            "alice",
            "--password-stdin",
        ],
    );
}

#[test]
fn both_methods_search_at_the_same_time() {
    Lab::of(&["dhcpd", "avahi"]).by_nobody().run(|_| {
        let arguments = ["discover", "--timeout", "3", "--format", "json"];
        let began = std::time::Instant::now();
        let run = Program::new().run(&arguments);
        assert!(began.elapsed().as_secs_f64() < 3.5, "{:?}", began.elapsed());
        assert_eq!(run.status, 0, "{run:#?}");
        let found: Vec<_> = run.json()["searches"]
            .as_array()
            .unwrap()
            .iter()
            .map(|search| {
                let uri = search["found"]["uri"].as_str().unwrap_or_default();
                (search["method"].clone(), uri.starts_with("http"))
            })
            .collect();
        assert_eq!(found, [("dhcp".into(), true), ("bonjour".into(), true)]);
        assert!(run.json()["searches"][1]["found"]["addresses"][0].is_string());
    });
}
