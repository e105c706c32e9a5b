//! Secrets in gnome-keyring, in every state that it may be in (security rule 8).

use std::{fs, time::Instant};

use crate::{
    NGINX,
    lab::{Lab, keyring, keyring::Keyring, keyring::State, program::Program},
};

const PASSWORD: &str = "net.java.sip.communicator.impl.protocol.sip.acc1.PASSWORD";
const BEFORE: &str = "net.java.sip.communicator.lab.before";
const LOGIN: &str = "/login.php?username=${username}&password=${password}";

fn secret() -> String {
    format!("{NGINX}/secret.php")
}

fn lab() -> Lab {
    Lab::of(&["nginx"]).needing(&keyring::PROGRAMS)
}

/// In each state in which nothing can be kept: what is asked must fail with its
/// code, in time, and leave every byte and the history as they were.
fn nothing_changes(attempt: impl Fn(&Program) -> crate::lab::run::Run) {
    for (state, code) in [
        (State::Locked, "PS-KEYRING-LOCKED"),
        (State::Hung, "PS-KEYRING-HUNG"),
        (State::Absent, "PS-KEYRING-MISSING"),
        (State::NoBus, "PS-KEYRING-MISSING"),
    ] {
        let keyring = Keyring::start(state);
        let program = keyring.program().allowing_plain_http(NGINX);
        program
            .provision(&format!("{NGINX}/provisioning.php?first=yes"))
            .applied();
        let before = program.kept();
        let began = Instant::now();
        let run = attempt(&program);
        println!("{state:?}: {} after {:?}", run.status, began.elapsed());
        run.failed(7, code);
        assert!(!run.output().contains("wonder"), "{run:#?}");
        assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
        let changed: Vec<_> = program
            .kept()
            .into_iter()
            .filter(|(path, bytes)| before.get(path) != Some(bytes))
            .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
            .filter(|(path, _)| !path.to_string_lossy().contains("/logs/"))
            .collect();
        assert!(changed.is_empty(), "{state:?} left {changed:#?}");
    }
}

#[test]
fn a_password_in_the_answer_goes_to_the_keyring() {
    lab().run(|_| {
        let keyring = Keyring::start(State::Unlocked);
        let program = keyring.program();
        let run = program.provision(&secret());
        let report = run.applied();
        assert!(!run.output().contains("wonder"), "{run:#?}");
        let changes = report["changes"].as_array().unwrap();
        let change = changes
            .iter()
            .find(|change| change["key"] == PASSWORD)
            .unwrap();
        assert_eq!(
            (&change["action"], &change["new"]),
            (&"secret".into(), &().into())
        );

        let settings = program.settings();
        assert_eq!(
            (&settings[PASSWORD], &settings[BEFORE]),
            (&"${secret}".into(), &"yes".into())
        );
        assert_eq!(
            keyring.secret(&format!("setting {PASSWORD}")).as_deref(),
            Some("wonder")
        );
        let shown = program.run(&["settings", "get", PASSWORD]);
        assert!(!shown.output().contains("wonder"), "{shown:#?}");
        let shown = program.run(&["settings", "get", PASSWORD, "--reveal"]);
        assert_eq!(shown.stdout.trim(), "wonder", "{shown:#?}");
    });
}

#[test]
fn taking_a_run_back_takes_its_secrets_back() {
    lab().run(|lab| {
        let keyring = Keyring::start(State::Unlocked);
        let program = keyring.program();
        let item = format!("setting {PASSWORD}");
        program.provision(&secret()).applied();
        fs::write(lab.file("password"), "second").unwrap();
        program.provision(&secret()).applied();
        assert_eq!(keyring.secret(&item).as_deref(), Some("second"));
        for (undo, expected) in [("2", Some("wonder")), ("1", None)] {
            let undo = program.run(&["history", "undo", undo]);
            assert_eq!(undo.status, 0, "{undo:#?}");
            assert_eq!(keyring.secret(&item).as_deref(), expected);
        }
        assert!(!program.settings().to_string().contains("lab."));
    });
}

#[test]
fn an_answer_with_a_password_is_not_applied_if_it_cannot_be_kept() {
    lab().run(|_| nothing_changes(|program| program.provision(&secret())));
}

#[test]
fn credentials_that_cannot_be_remembered_change_nothing() {
    lab().run(|_| {
        nothing_changes(|program| {
            let uri = format!("{NGINX}{LOGIN}");
            program.sign_in_with(&uri, "alice", "wonder", &["--remember"])
        });
    });
}

#[test]
fn without_a_keyring_credentials_live_for_one_run() {
    lab().run(|_| {
        let program = Keyring::start(State::NoBus)
            .program()
            .allowing_plain_http(NGINX);
        let uri = format!("{NGINX}{LOGIN}");
        program.sign_in(&uri, "alice", "wonder").applied();
        program.provision(&uri).failed(5, "PS-CREDENTIALS");
    });
}

#[test]
fn a_remembered_password_behind_a_lock_is_a_failure_of_the_keyring() {
    lab().run(|lab| {
        let mut keyring = Keyring::start(State::Unlocked);
        let program = keyring.program().allowing_plain_http(NGINX);
        let uri = format!("{NGINX}{LOGIN}");
        program
            .sign_in_with(&uri, "alice", "wonder", &["--remember"])
            .applied();
        let asked = lab.nginx_log().lines().count();
        keyring.make(State::Locked);
        program.provision(&uri).failed(7, "PS-KEYRING-LOCKED");
        assert_eq!(lab.nginx_log().lines().count(), asked);
    });
}

#[test]
fn two_homes_do_not_share_passwords() {
    lab().run(|_| {
        let keyring = Keyring::start(State::Unlocked);
        let (one, other) = (keyring.program(), keyring.program());
        one.provision(&secret()).applied();
        assert!(
            keyring.items(&one).contains(PASSWORD),
            "{}",
            keyring.items(&one)
        );
        assert_eq!(keyring.items(&other), "");
    });
}
