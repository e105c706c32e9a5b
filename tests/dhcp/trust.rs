//! What the network says is not believed (security rules 1, 2 and 3).

use std::{
    fs,
    net::UdpSocket,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::{
    by_dhcp,
    lab::{
        Inside, Lab,
        keyring::{self, Keyring, State},
        program::Program,
        run::Run,
    },
    provision, warnings,
};

/// PHP's own server.
const SERVER: &str = "http://10.77.1.1:8080";
/// The rogue's web server.
const ROGUE: &str = "http://10.77.1.2:8082";

/// The DHCP server names this address from now on.
fn name(lab: &Inside, uri: &str) {
    fs::write(lab.file("rogue"), uri).unwrap();
}

fn lab(servers: &[&'static str]) -> Lab {
    let mut all = vec!["rogue", "sniff"];
    all.extend(servers);
    Lab::of(&all)
}

fn at_terminal(program: &Program, answer: &str) -> Run {
    program.at_terminal(&["provision"], &[("Trust and continue?", answer)])
}

/// How often a name is looked up on this host.
fn name_server() -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let server = UdpSocket::bind("127.0.0.1:53").unwrap();
    let counter = Arc::clone(&count);
    thread::spawn(move || {
        let mut question = [0; 600];
        while let Ok((length, from)) = server.recv_from(&mut question) {
            counter.fetch_add(1, Ordering::SeqCst);
            // There is no such name.
            question[2] |= 0x80;
            question[3] = 3;
            let _ = server.send_to(&question[..length], from);
        }
    });
    count
}

#[test]
fn nothing_leaves_the_machine_before_the_yes() {
    lab(&["raw"]).run(|lab| {
        let asked = name_server();
        let program = by_dhcp(Program::new());
        let tokens = "i=${ipaddr}&m=${hwaddr}&h=${env.HOME}&s=${system.user.home}&n=${hostname}";
        for uri in [
            format!("{ROGUE}/taken?{tokens}"),
            format!("http://${{env.LANG}}.leak.test/taken?{tokens}"),
            format!("http://rogue.test:8082/${{hwaddr}}?{tokens}"),
        ] {
            name(lab, &uri);
            let run = provision(&program, &[]);
            run.failed(8, "PS-NEW-SERVER");
            let run = at_terminal(&program, "n\n");
            assert_eq!(run.status, 8, "{run:#?}");
            for token in [
                "${hwaddr}",
                "${env.HOME}",
                "${system.user.home}",
                "10.77.1.2",
            ] {
                assert!(run.output().contains(token), "{token} in {run:#?}");
            }
        }
        assert_eq!(asked.load(Ordering::SeqCst), 0);
        assert_eq!(lab.sniffed(), "");
        assert_eq!(lab.raw_requests(), [""; 0]);
        assert!(
            !fs::read_to_string(program.store())
                .unwrap()
                .contains(".URL")
        );

        // The same traps see what comes after a yes.
        provision(&program, &["--trust-discovered"]).failed(4, "PS-NET-NAME");
        assert!(asked.load(Ordering::SeqCst) > 0);
        name(lab, &format!("{ROGUE}/taken"));
        provision(&program, &["--trust-discovered"]).applied();
        assert!(
            lab.sniffed().contains("to 10.77.1.2 port 8082"),
            "{}",
            lab.sniffed()
        );
        assert_eq!(lab.raw_requests().len(), 1);
    });
}

#[test]
fn a_yes_is_asked_for_once_and_another_origin_asks_again_and_says_that_it_changed() {
    lab(&["http", "raw"]).by_nobody().run(|lab| {
        let program = by_dhcp(Program::new());
        name(lab, &format!("{SERVER}/provisioning.php?uuid=${{uuid}}"));
        let run = at_terminal(&program, "y\n");
        assert_eq!(run.status, 0, "{run:#?}");
        assert!(
            run.output().contains("found by DHCP, named by 10.77.1.2"),
            "{run:#?}"
        );
        assert!(!run.output().contains("It changed"), "{run:#?}");
        let known = fs::read_to_string(program.home().join("servers.toml")).unwrap();
        assert!(
            known.contains(SERVER) && known.contains("trusted = true"),
            "{known}"
        );
        // Nobody is asked any more, also for another path there.
        for path in ["provisioning.php", "provisioning.php?other=path"] {
            name(lab, &format!("{SERVER}/{path}"));
            let report = provision(&program, &[]).json();
            assert_eq!(report["code"], serde_json::Value::Null, "{report:#}");
            assert_eq!(warnings(&report), [""; 0]);
        }
        assert_eq!(lab.raw_requests(), [""; 0]);

        name(lab, &format!("{ROGUE}/taken"));
        let report = provision(&program, &[]).failed(8, "PS-NEW-SERVER");
        assert_eq!(warnings(&report), ["PS-SERVER-CHANGED"]);
        let message = report["warnings"][0]["message"].as_str().unwrap();
        assert!(
            message.contains(SERVER) && message.contains(ROGUE),
            "{message}"
        );
        let run = at_terminal(&program, "n\n");
        let says = format!("until now DHCP named {SERVER}");
        assert!(run.output().contains(&says), "{run:#?}");
        assert_eq!(lab.raw_requests(), [""; 0]);

        // The option is a yes for one run.
        let report = provision(&program, &["--trust-discovered"]).applied();
        assert_eq!(warnings(&report), ["PS-SERVER-CHANGED"]);
        let report = provision(&program, &[]).failed(8, "PS-NEW-SERVER");
        assert_eq!(warnings(&report), [""; 0]);
        assert_eq!(lab.raw_requests().len(), 1);
    });
}

#[test]
fn the_site_says_whom_to_trust() {
    lab(&["http", "raw"]).run(|lab| {
        let program = by_dhcp(Program::new());
        let site = program.root().join("site");
        fs::create_dir(&site).unwrap();
        for (file, line) in [
            (
                "defaults.properties",
                "trusted-origins=https://a.example, http://10.77.1.1:8080",
            ),
            (
                "overrides.properties",
                "*trusted-origins=http://10.77.1.1:8080 https://*.b.example",
            ),
        ] {
            fs::write(site.join(file), format!("{line}\n")).unwrap();
            name(lab, &format!("{SERVER}/provisioning.php?{file}"));
            provision(&program, &[]).applied();
            name(lab, &format!("{ROGUE}/taken"));
            provision(&program, &[]).failed(8, "PS-NEW-SERVER");
            fs::remove_file(site.join(file)).unwrap();
        }
        assert_eq!(lab.raw_requests(), [""; 0]);
        let known = fs::read_to_string(program.home().join("servers.toml"));
        assert!(!known.unwrap_or_default().contains("trusted = true"));
    });
}

#[test]
fn a_saved_password_never_reaches_an_origin_that_it_is_not_for() {
    let wanted = lab(&["http", "raw"]).needing(&keyring::PROGRAMS);
    wanted.run(|lab| {
        let keyring = Keyring::start(State::Unlocked);
        let program = by_dhcp(
            keyring
                .program()
                .allowing_plain_http(SERVER)
                .allowing_plain_http(ROGUE),
        );
        let login = "username=${username}&password=${password}&uuid=${uuid}";
        name(lab, &format!("{SERVER}/login.php?{login}"));
        let run = program.typing(
            "wonder\n",
            &[
                "provision",
                "--no-input",
                "--format",
                "json",
                "--trust-discovered",
                "--username",
                "alice",
                "--password-stdin",
                "--remember",
            ],
        );
        run.applied();
        // It is remembered for that one.
        let report = provision(&program, &["--trust-discovered"]).json();
        assert_eq!(report["outcome"], "unchanged", "{report:#}");

        name(lab, &format!("{ROGUE}/taken?{login}"));
        provision(&program, &["--trust-discovered"]).failed(5, "PS-CREDENTIALS");
        name(lab, &format!("{ROGUE}/both"));
        let _ = provision(&program, &["--trust-discovered"]);
        for request in lab.raw_requests() {
            assert!(!request.contains("wonder"), "{request}");
            assert!(!request.contains("Authorization"), "{request}");
        }
    });
}
