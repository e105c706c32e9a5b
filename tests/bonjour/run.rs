//! Whole runs: from the search to the settings, at the name and the addresses
//! that mDNS gave.

use std::{fs, path::Path, sync::Arc};

use provisioning_settings::{
    engine::Engine,
    provisioning::{
        failure::{Decision, Failure},
        method::Method,
        report::Outcome,
        run::{Done, Options, State},
    },
    system::{
        Services,
        http::{Network, Proxy},
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::json;

use crate::{
    answering, hex,
    lab::{Inside, Lab},
    packet::{HTTP, HTTPS, Service, service},
    playing_on, runtime,
};

/// An engine whose method is Bonjour and which trusts the lab's authority. Its
/// proxy is one that no request may go through.
fn engine(home: &Path, lab: &Inside) -> Engine {
    let mut services = Services::without_keyring(home, &home.join("no site")).unwrap();
    let pem = fs::read(lab.authority()).unwrap();
    let root = CertificateDer::from_pem_slice(&pem).unwrap();
    let proxy = Proxy::Fixed("http://10.77.1.3:1".to_owned());
    let network = Network::new().with_roots(vec![root]).with_proxy(proxy);
    services.http = Arc::new(network);
    let engine = Engine::new(services);
    engine.choose(&Method::Bonjour, None).unwrap();
    engine
}

/// A run to its end, and the engine that shows what is stored now.
fn provision(lab: &Inside) -> (Done, Engine, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let engine = engine(home.path(), lab);
    let done = runtime().block_on(async {
        let options = Options {
            trust_discovered: true,
            ..Options::default()
        };
        let mut session = engine.start(options);
        while let Some(state) = session.next().await {
            if let State::Done(done) = &*state {
                return (**done).clone();
            }
        }
        panic!("the run has no end")
    });
    (done, engine, home)
}

#[track_caller]
fn applied(lab: &Inside) -> impl Fn(&str) -> String {
    let (done, engine, home) = provision(lab);
    assert_eq!(done.report.outcome, Outcome::Applied, "{done:#?}");
    assert_eq!(done.report.source.found.as_deref(), Some("bonjour"));
    move |key| {
        assert!(home.path().exists());
        engine.setting(key).unwrap().unwrap_or_default()
    }
}

/// The same server over this type, at the lab's nginx.
fn nginx(kind: &'static str) -> Service {
    let mut service = service(kind);
    service.host = "provhost.local".into();
    service.v4 = vec![[10, 77, 1, 1].into()];
    service.with_txt(&[b"path=/provisioning.php", b"ip=${ipaddr}", b"mac=${hwaddr}"])
}

#[test]
fn a_run_reaches_the_sample_for_avahi_over_tls_with_a_certificate_for_its_name() {
    Lab::of(&["avahi", "nginx"]).run(|lab| {
        let get = applied(lab);
        assert_eq!(get("lab.scheme"), "https");
        assert_eq!(get("lab.header.host"), "provhost.local");
        let uuid = get("net.java.sip.communicator.UUID");
        assert_eq!(get("lab.body"), format!("uuid={uuid}&os=Linux"));
        let url = get("net.java.sip.communicator.plugin.provisioning.URL");
        assert!(url.starts_with("https://provhost.local:443/"), "{url}");
    });
}

#[test]
fn a_run_reaches_a_server_that_has_only_a_link_local_address() {
    let mut only_v6 = nginx(HTTPS);
    only_v6.v4.clear();
    only_v6.v6 = vec!["fe80::ff:fe00:101".parse().unwrap()];
    let packet = hex(&only_v6.packet());
    let steps = [json!({"on": HTTPS, "send": [packet], "families": [6]})];
    playing_on("s1", Lab::of(&["nginx"]), &steps).run(|lab| {
        let get = applied(lab);
        assert_eq!(get("lab.header.host"), "provhost.local");
        // Where it would be reached from; no name was looked up for that.
        assert_eq!(get("lab.post.ip"), "fe80::ff:fe00:110");
        assert_eq!(get("lab.post.mac"), "02:00:00:00:01:10");
    });
}

#[test]
fn a_redirect_to_the_same_host_goes_to_its_addresses_and_to_the_new_port() {
    let http = nginx(HTTP).with_txt(&[b"path=/upgrade", b"ip=${ipaddr}"]);
    let steps = [answering(HTTP, &http.packet())];
    playing_on("s1", Lab::of(&["nginx"]), &steps).run(|lab| {
        let get = applied(lab);
        assert_eq!(get("lab.scheme"), "https");
        assert_eq!(get("lab.post.ip"), "10.77.1.10");
    });
}

#[test]
fn a_certificate_for_another_name_is_refused_although_the_address_is_right() {
    let mut other = nginx(HTTPS);
    other.host = "prov.local".into();
    let steps = [answering(HTTPS, &other.packet())];
    playing_on("s1", Lab::of(&["nginx"]), &steps).run(|lab| {
        let (done, _, _) = provision(lab);
        let Some(Failure::Decision(Decision::Certificate { origin, .. })) = &done.failure else {
            panic!("{done:#?}")
        };
        assert_eq!(origin.as_str(), "https://prov.local:8443");
        assert_eq!(lab.nginx_log(), "");
    });
}

#[test]
fn a_name_of_the_dns_is_looked_up_there_and_mdns_cannot_move_it() {
    let mut moved = nginx(HTTPS);
    moved.host = "prov.lab.test".into();
    moved.v4 = vec![[10, 77, 1, 99].into()];
    let steps = [answering(HTTPS, &moved.packet())];
    playing_on("s1", Lab::of(&[]), &steps).run(|_| {
        let ended = crate::search();
        assert!(ended.uri().starts_with("https://prov.lab.test:8443/"));
        assert_eq!(ended.found().addresses, []);
    });
}
