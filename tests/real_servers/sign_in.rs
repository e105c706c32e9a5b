//! Signing in (contract section 4) to forms, Basic and Digest.

use std::fs;

use crate::{
    APACHE, NGINX, RAW,
    lab::{Lab, keyring, keyring::Keyring, keyring::State, program::Program},
};

const FORM: &str = "/login.php?username=${username}&password=${password}&uuid=${uuid}";
const LOGIN: &str = "net.java.sip.communicator.lab.login";
const USERNAME: &str = "net.java.sip.communicator.plugin.provisioning.auth.USERNAME";

fn program() -> Program {
    Program::new().allowing_plain_http(NGINX)
}

fn form() -> String {
    format!("{NGINX}{FORM}")
}

#[test]
fn a_form_is_filled_in_with_the_first_request() {
    Lab::of(&["nginx"]).password("w&nd=r +é").run(|lab| {
        let program = program();
        program.sign_in(&form(), "alice", "w&nd=r +é").applied();
        assert_eq!(program.settings()[LOGIN], "alice");
        assert_eq!(lab.nginx_log().lines().count(), 1);
        assert!(lab.nginx_log().contains("password=w%26nd%3Dr+%2B%C3%A9"));
        // Not remembered without being asked to.
        assert_eq!(program.settings().get(USERNAME), None);
    });
}

#[test]
fn a_wrong_password_is_refused_and_nothing_is_stored() {
    Lab::of(&["nginx"]).run(|lab| {
        let program = program();
        program
            .sign_in(&form(), "alice", "wrong")
            .failed(5, "PS-401");
        assert_eq!(lab.nginx_log().lines().count(), 1);
        assert!(!program.settings().to_string().contains("lab.login"));
    });
}

#[test]
fn without_a_person_and_without_credentials_nothing_is_sent() {
    Lab::of(&["nginx"]).run(|lab| {
        program().provision(&form()).failed(5, "PS-CREDENTIALS");
        assert_eq!(lab.nginx_log(), "");
    });
}

#[test]
fn a_password_goes_over_plain_http_only_after_a_yes() {
    Lab::of(&["nginx"]).run(|lab| {
        let program = Program::new();
        program
            .sign_in(&form(), "alice", "wonder")
            .failed(8, "PS-PLAIN-HTTP");
        assert_eq!(lab.nginx_log(), "");

        let uri = form();
        let arguments = ["provision", "--uri", &uri];
        let run = program.at_terminal(&arguments, &[("unencrypted", "n\n")]);
        assert_eq!(run.status, 8, "{run:#?}");
        assert_eq!(lab.nginx_log(), "");

        let dialogue = [
            ("unencrypted", "y\n"),
            ("Username", "alice\n"),
            ("Password", "wonder\n"),
            ("Remember", "n\n"),
        ];
        let run = program.at_terminal(&arguments, &dialogue);
        assert_eq!(run.status, 0, "{run:#?}");
        // The yes is remembered.
        program.sign_in(&form(), "alice", "wonder");
        let other = format!("http://10.77.1.1{FORM}");
        program
            .sign_in(&other, "alice", "wonder")
            .failed(8, "PS-PLAIN-HTTP");
    });
}

#[test]
fn a_person_may_try_until_it_works() {
    Lab::of(&["nginx"]).run(|lab| {
        let program = program();
        let uri = form();
        let run = program.at_terminal(
            &["provision", "--uri", &uri],
            &[
                ("The server asks who you are", ""),
                ("Username: ", "\n"),
                ("A user name is needed", "bob\n"),
                ("Password", "first\n"),
                // Asked once, however often it takes.
                ("Remember", "n\n"),
                ("did not accept", ""),
                // The name stays filled in, and may be replaced.
                ("[bob]", "alice\n"),
                ("Password", "second\n"),
                ("[alice]", "\n"),
                ("Password", "third\n"),
                ("[alice]", "\n"),
                ("Password", "wonder\n"),
            ],
        );
        assert_eq!(run.status, 0, "{run:#?}");
        assert_eq!(program.settings()[LOGIN], "alice");
        assert_eq!(lab.nginx_log().lines().count(), 4);
        for password in ["first", "second", "third", "wonder"] {
            assert!(
                !run.stdout.contains(password),
                "{password} is on the screen: {run:#?}"
            );
        }
    });
}

#[test]
fn a_bare_401_without_parameters_to_fill_in_is_answered_with_basic() {
    Lab::of(&["nginx"]).run(|lab| {
        let program = program();
        program
            .sign_in(&format!("{NGINX}/login.php?uuid=1"), "alice", "wonder")
            .failed(5, "PS-401");
        let log = lab.nginx_log();
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].contains("authorization=[]"), "{log}");
        assert!(
            lines[1].contains("authorization=[Basic YWxpY2U6d29uZGVy]"),
            "{log}"
        );
    });
}

#[test]
fn basic_is_answered_when_it_is_asked_for() {
    Lab::of(&["nginx", "apache"]).password("wönder").run(|lab| {
        for server in [NGINX, APACHE] {
            let program = Program::new().allowing_plain_http(server);
            let uri = format!("{server}/basic/provisioning.php?uuid=${{uuid}}");
            program.provision(&uri).failed(5, "PS-CREDENTIALS");
            program.sign_in(&uri, "alice", "wrong").failed(5, "PS-401");
            program.sign_in(&uri, "alice", "wönder").applied();
            assert_eq!(program.settings()["lab.user"], "alice");
        }
        let log = lab.nginx_log();
        assert_eq!(log.lines().count(), 5, "{log}");
        assert_eq!(log.matches("authorization=[]").count(), 3, "{log}");
    });
}

#[test]
fn a_form_behind_basic_and_a_challenge_behind_a_redirect_are_answered() {
    Lab::of(&["nginx"]).run(|_| {
        let program = program();
        program
            .sign_in(&format!("{NGINX}/basic{FORM}"), "alice", "wonder")
            .applied();
        assert_eq!(program.settings()[LOGIN], "alice");
        program
            .sign_in(&format!("{NGINX}/to-basic?a=b"), "alice", "wonder")
            .applied();
        let settings = program.settings();
        assert_eq!(
            (&settings["lab.user"], &settings["lab.body"]),
            (&"alice".into(), &"a=b".into())
        );
    });
}

#[test]
fn a_nonce_that_is_always_too_old_ends_the_run() {
    Lab::of(&["raw"]).run(|lab| {
        let run = Program::new().sign_in(&format!("{RAW}/always-stale"), "alice", "wonder");
        run.failed(5, "PS-401");
        assert!(
            lab.raw_requests().len() <= 3,
            "{}",
            lab.raw_requests().len()
        );
    });
}

#[test]
fn a_person_may_give_up_at_any_question() {
    Lab::of(&["nginx"]).run(|lab| {
        let uri = form();
        let arguments = ["provision", "--uri", &uri];
        // Ctrl+C and Ctrl+D.
        for key in ["\u{3}", "\u{4}"] {
            for dialogue in [
                &[("Username", key)][..],
                &[("Username", "alice\n"), ("Password", key)],
                &[
                    ("Username", "alice\n"),
                    ("Password", "wonder\n"),
                    ("Remember", key),
                ],
            ] {
                let run = program().at_terminal(&arguments, dialogue);
                assert_eq!(run.status, 130, "{dialogue:?}: {run:#?}");
                assert!(
                    !run.stdout.contains("the echo stayed off"),
                    "{dialogue:?}: {run:#?}"
                );
            }
        }
        assert_eq!(lab.nginx_log(), "");
    });
}

#[test]
fn digest_is_answered_and_the_password_stays_here() {
    Lab::of(&["apache"]).run(|lab| {
        // Digest sends no password, so plain http needs no yes.
        let program = Program::new();
        let uri = format!("{APACHE}/digest/provisioning.php?uuid=${{uuid}}");
        program.provision(&uri).failed(5, "PS-CREDENTIALS");
        program.sign_in(&uri, "alice", "wrong").failed(5, "PS-401");
        program.sign_in(&uri, "alice", "wonder").applied();
        let settings = program.settings();
        assert_eq!(
            (&settings["lab.user"], &settings["lab.verb"]),
            (&"alice".into(), &"POST".into())
        );
        let log = lab.apache_log();
        assert!(
            log.contains("qop=auth") && log.contains("nc=00000001"),
            "{log}"
        );
        assert!(!log.contains("wonder") && !log.contains("Basic"), "{log}");
    });
}

#[test]
fn a_nonce_that_got_old_while_a_person_typed_is_no_wrong_password() {
    Lab::of(&["apache"]).run(|lab| {
        let program = Program::new().with("TERMINAL_PAUSE", "0.8");
        let uri = format!("{APACHE}/stale/provisioning.php");
        let run = program.at_terminal(
            &["provision", "--uri", &uri],
            &[
                ("Username", "alice\n"),
                ("Password", "wonder\n"),
                ("Remember", "n\n"),
            ],
        );
        assert_eq!(run.status, 0, "{run:#?}");
        let log = lab.apache_log();
        assert_eq!(log.lines().count(), 3, "the nonce was still good: {log}");
    });
}

#[test]
fn forbidden_and_unknown_ways_of_signing_in_end_the_run() {
    Lab::of(&["nginx", "raw"]).run(|_| {
        let program = program().allowing_plain_http(RAW);
        let uri = format!("{NGINX}/case/status/403");
        program.sign_in(&uri, "alice", "wonder").failed(5, "PS-403");
        let uri = format!("{RAW}/negotiate");
        program
            .sign_in(&uri, "alice", "wonder")
            .failed(5, "PS-401-SCHEME");
        let uri = format!("{RAW}/both");
        program.sign_in(&uri, "alice", "wonder").failed(5, "PS-401");
    });
}

#[test]
fn what_was_remembered_signs_in_until_the_server_refuses_it() {
    Lab::of(&["nginx"]).needing(&keyring::PROGRAMS).run(|lab| {
        let keyring = Keyring::start(State::Unlocked);
        let program = keyring.program().allowing_plain_http(NGINX);
        let item = format!("login {NGINX} alice");

        program
            .sign_in_with(&form(), "alice", "wrong", &["--remember"])
            .failed(5, "PS-401");
        assert_eq!(
            keyring.secret(&item),
            None,
            "kept before the server accepted it"
        );
        program
            .sign_in_with(&form(), "alice", "wonder", &["--remember"])
            .applied();
        assert_eq!(keyring.secret(&item).as_deref(), Some("wonder"));
        assert_eq!(program.settings()[USERNAME], "alice");

        let run = program.provision(&form());
        assert_eq!(run.status, 0, "{run:#?}");
        // Another origin gets nothing of it.
        program
            .provision(&format!("https://10.77.1.1:8443{FORM}"))
            .failed(5, "PS-CREDENTIALS");

        fs::write(lab.file("password"), "changed").unwrap();
        program.provision(&form()).failed(5, "PS-401");
        assert_eq!(
            keyring.secret(&item),
            None,
            "a refused password is still kept"
        );
        program.provision(&form()).failed(5, "PS-CREDENTIALS");
    });
}

#[test]
fn credentials_in_the_address_are_used_and_masked() {
    Lab::of(&["apache"]).run(|_| {
        let program = Program::new().allowing_plain_http(APACHE);
        let run = program.provision("http://alice:wonder@10.77.1.3:8081/basic/provisioning.php");
        let report = run.applied();
        assert!(!run.output().contains("wonder"), "{run:#?}");
        let warnings = report["warnings"].as_array().unwrap();
        assert!(
            warnings
                .iter()
                .any(|warning| warning["code"] == "PS-USER-INFO"),
            "{run:#?}"
        );
    });
}
