//! Redirects (contract section 3): followed to the same origin and up to
//! https, refused elsewhere, and never with somebody else's password.

use crate::{
    NGINX,
    lab::{Inside, Lab, program::Program},
};

const LOGIN: &str = "username=${username}&password=${password}";

/// The lines of nginx's log for one port.
fn asked_at(lab: &Inside, port: u16) -> Vec<String> {
    let log = lab.nginx_log();
    let start = format!("{port} ");
    log.lines()
        .filter(|line| line.starts_with(&start))
        .map(str::to_owned)
        .collect()
}

/// Trusts the lab's authority.
fn program(lab: &Inside) -> Program {
    Program::new().with("SSL_CERT_FILE", lab.authority())
}

#[test]
fn the_post_follows_a_redirect_and_after_303_it_is_a_get() {
    Lab::of(&["nginx"]).run(|_| {
        for status in [301, 302, 307, 308] {
            let program = Program::new();
            program
                .provision(&format!("{NGINX}/{status}?a=b&c=d"))
                .applied();
            let settings = program.settings();
            assert_eq!(settings["lab.verb"], "POST", "{status}");
            assert_eq!(settings["lab.body"], "a=b&c=d", "{status}");
            assert_eq!(
                settings["lab.header.content-type"], "application/x-www-form-urlencoded",
                "{status}"
            );
        }
        let program = Program::new();
        program.provision(&format!("{NGINX}/303?a=b&c=d")).applied();
        let settings = program.settings();
        assert_eq!(
            (&settings["lab.verb"], &settings["lab.body"]),
            (&"GET".into(), &"".into())
        );
        // PHP has an empty one where there is none.
        assert_eq!(settings["lab.header.content-type"], "");
        assert_eq!(settings["lab.header.user-agent"], "Jitsi/2.10.5550");
    });
}

#[test]
fn another_server_hears_nothing_of_a_redirect_to_it() {
    Lab::of(&["nginx", "raw"]).run(|lab| {
        for status in [302, 307] {
            let program = Program::new().allowing_plain_http(NGINX);
            let uri = format!("{NGINX}/elsewhere/{status}?{LOGIN}");
            let run = program.sign_in(&uri, "alice", "wonder");
            run.failed(6, "PS-REDIRECT");
            assert!(
                run.message().contains("http://10.77.1.2:8082/taken"),
                "{run:#?}"
            );
        }
        // Not even a connection.
        assert_eq!(lab.raw_requests(), Vec::<String>::new());
    });
}

#[test]
fn an_upgrade_to_https_is_followed_with_the_same_post() {
    Lab::of(&["nginx"]).run(|lab| {
        for server in ["http://10.77.1.1", NGINX, "http://prov.lab.test"] {
            let program = program(lab);
            program
                .provision(&format!("{server}/upgrade?a=b"))
                .applied();
            let settings = program.settings();
            let got = ["lab.scheme", "lab.verb", "lab.body"].map(|key| settings[key].as_str());
            assert_eq!(got, [Some("https"), Some("POST"), Some("a=b")], "{server}");
        }
    });
}

#[test]
fn a_password_follows_from_port_80_to_443_and_to_no_other_port() {
    Lab::of(&["nginx"]).run(|lab| {
        let usual = "http://10.77.1.1";
        let trusting = || program(lab).allowing_plain_http(usual);
        let uri = format!("{usual}/upgrade/login?{LOGIN}");
        trusting().sign_in(&uri, "alice", "wonder").applied();
        assert_eq!(asked_at(lab, 443).len(), 1);

        let uri = format!("{usual}/upgrade/port?{LOGIN}");
        trusting()
            .sign_in(&uri, "alice", "wonder")
            .failed(5, "PS-CREDENTIALS");
        let uri = format!("{NGINX}/upgrade/login?{LOGIN}");
        let program = program(lab).allowing_plain_http(NGINX);
        program
            .sign_in(&uri, "alice", "wonder")
            .failed(5, "PS-CREDENTIALS");
        for line in [asked_at(lab, 8443), asked_at(lab, 443)[1..].to_vec()].concat() {
            assert!(!line.contains("wonder"), "{line}");
        }
    });
}

#[test]
fn downgrades_files_loops_and_nowhere_are_refused() {
    Lab::of(&["nginx"]).run(|lab| {
        for (uri, part) in [
            ("https://10.77.1.1:8443/downgrade", "unencrypted"),
            ("http://10.77.1.1:8080/to-a-file", "file:///etc/passwd"),
            ("http://10.77.1.1:8080/case/without-target", "nowhere"),
            ("http://10.77.1.1:8080/case/loop/1", "/case/loop/12"),
        ] {
            let program = program(lab);
            let run = program.provision(&format!("{uri}?a=b"));
            run.failed(6, "PS-REDIRECT");
            assert!(run.message().contains(part), "{run:#?}");
            assert!(!program.settings().to_string().contains("lab."));
        }
        // The first request and ten redirects.
        assert_eq!(lab.nginx_log().matches("/case/loop/").count(), 11);
        assert!(!lab.nginx_log().contains("8080 POST /provisioning.php"));
    });
}
