//! What goes out (contract sections 2 and 3), as the servers saw it.

use std::fs;

use crate::{
    NGINX, RAW,
    lab::{Lab, program::Program},
};

/// Everything that the encoding could get wrong, with the UUID in front.
const PARAMETERS: &str = "uuid=${uuid}&a.b=c d~*-._&x=é€😀&x=2&empty=&pct=a%20b+c&eq=a=b&frag=1#2";
const ENCODED: &str = "a.b=c+d%7E*-._&x=%C3%A9%E2%82%AC%F0%9F%98%80&x=2&empty=&pct=a%2520b%2Bc\
                       &eq=a%3Db&frag=1%232";

fn uuid(program: &Program) -> String {
    let settings = program.settings();
    settings["net.java.sip.communicator.UUID"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_request_is_the_one_that_jitsi_sends() {
    Lab::of(&["raw"]).run(|lab| {
        let program = Program::new();
        program
            .provision(&format!("{RAW}/taken?{PARAMETERS}"))
            .applied();

        let requests = lab.raw_requests();
        assert_eq!(requests.len(), 1);
        let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        assert_eq!(lines.next(), Some("POST /taken HTTP/1.1"));
        let headers: Vec<_> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let header = |wanted: &str| {
            let mut found = headers.iter().filter(|(name, _)| name == wanted);
            let value = found.next().map(|(_, value)| *value);
            assert!(found.next().is_none(), "{wanted} twice");
            value
        };
        assert_eq!(header("host"), Some("10.77.1.2:8082"));
        assert_eq!(
            header("content-type"),
            Some("application/x-www-form-urlencoded")
        );
        assert_eq!(header("user-agent"), Some("Jitsi/2.10.5550"));
        assert_eq!(header("accept-encoding"), Some("gzip, deflate"));
        assert_eq!(
            header("content-length"),
            Some(body.len().to_string().as_str())
        );
        assert_eq!(header("authorization"), None);
        assert_eq!(header("cookie"), None);
        assert_eq!(body, format!("uuid={}&{ENCODED}", uuid(&program)));
    });
}

#[test]
fn php_reads_from_the_form_what_stands_in_the_address() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        program
            .provision(&format!("{NGINX}/provisioning.php?{PARAMETERS}"))
            .applied();
        let settings = program.settings();
        let post = |name: &str| settings[format!("lab.post.{name}")].as_str().unwrap();
        assert_eq!(post("uuid"), uuid(&program));
        assert_eq!(post("a_b"), "c d~*-._");
        // Of a name that is there twice PHP takes the last value.
        assert_eq!(post("x"), "2");
        assert_eq!(post("empty"), "");
        assert_eq!(post("pct"), "a%20b+c");
        assert_eq!(post("eq"), "a=b");
        assert_eq!(post("frag"), "1#2");
        assert_eq!(
            settings["lab.body"],
            format!("uuid={}&{ENCODED}", uuid(&program))
        );
        assert_eq!(settings["lab.uri"], "/provisioning.php");
        assert_eq!(
            settings["lab.header.content-type"],
            "application/x-www-form-urlencoded"
        );
    });
}

#[test]
fn an_address_without_parameters_is_still_posted_to() {
    Lab::of(&["nginx", "raw"]).run(|lab| {
        for end in ["", "?"] {
            let program = Program::new();
            program
                .provision(&format!("{NGINX}/provisioning.php{end}"))
                .applied();
            let settings = program.settings();
            assert_eq!(
                (&settings["lab.verb"], &settings["lab.body"]),
                (&"POST".into(), &"".into())
            );
            program.provision(&format!("{RAW}/taken{end}")).applied();
        }
        for request in lab.raw_requests() {
            assert!(request.starts_with("POST /taken HTTP/1.1\r\n"), "{request}");
            let lower = request.to_ascii_lowercase();
            assert!(lower.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"));
            assert!(lower.contains("\r\ncontent-length: 0\r\n") && lower.ends_with("\r\n\r\n"));
        }
    });
}

#[test]
fn parameters_without_a_value_and_odd_ones_are_sent_as_java_splits_them() {
    Lab::of(&["nginx"]).run(|_| {
        for (parameters, body) in [
            ("flag&a=1", "flag=&a=1"),
            ("a=1&&b=2&&", "a=1&=&b=2"),
            ("a=1 & b=2", "a=1&b=2"),
            ("a=1\n&b=2\n", "a=1&b=2"),
            ("=v", "=v"),
        ] {
            let program = Program::new();
            program
                .provision(&format!("{NGINX}/provisioning.php?{parameters}"))
                .applied();
            let sent = program.settings()["lab.body"].as_str().unwrap().to_owned();
            // An empty piece in the middle: with or without its equals sign.
            assert!(
                sent == body || sent == body.replace("&=&", "&&"),
                "{parameters:?}: {sent}"
            );
        }
    });
}

#[test]
fn facts_about_the_host_are_those_of_the_interface_that_leads_to_the_server() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new().with("LAB_VALUE", "a&b=c");
        let uri = format!(
            "{NGINX}/provisioning.php?ip=${{ipaddr}}&mac=${{hwaddr}}&host=${{hostname}}\
             &os=${{osname}}&build=${{build}}&env=${{env.LAB_VALUE}}&user=${{system.user.home}}"
        );
        program.provision(&uri).applied();
        let settings = program.settings();
        let post = |name: &str| settings[format!("lab.post.{name}")].as_str().unwrap();
        assert_eq!(post("ip"), "10.77.1.10");
        assert_eq!(post("mac"), "02:00:00:00:01:10");
        assert_eq!(post("host"), "netlab");
        assert_eq!(post("os"), "Linux");
        assert_eq!(post("build"), "2.10.5550");
        // A value cannot bring parameters of its own.
        assert_eq!(post("env"), "a&b=c");
        assert!(post("user").starts_with('/'), "{}", post("user"));
        // The address is stored with its tokens.
        let stored = &settings["net.java.sip.communicator.plugin.provisioning.URL"];
        assert_eq!(stored, &uri);
    });
}

#[test]
fn tokens_stand_in_host_and_path_too() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new()
            .with("LAB_HOST", "10.77.1.1")
            .with("LAB_PATH", "ü /?#x");
        let uri = "http://${env.LAB_HOST}:8080/case/uri/${env.LAB_PATH}";
        program.provision(uri).applied();
        let settings = program.settings();
        assert_eq!(settings["lab.uri"], "/case/uri/%C3%BC%20%2F%3F%23x");
    });
}

#[test]
fn the_site_names_the_program_that_the_settings_are_for() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        let site = program.root().join("site");
        fs::create_dir(&site).unwrap();
        fs::write(
            site.join("defaults.properties"),
            "service.gui.APPLICATION_NAME=Wazo\nsip-communicator.version=1.2.3\n",
        )
        .unwrap();
        program
            .provision(&format!("{NGINX}/provisioning.php?b=${{build}}"))
            .applied();
        let settings = program.settings();
        assert_eq!(settings["lab.header.user-agent"], "Wazo/1.2.3");
        assert_eq!(settings["lab.post.b"], "1.2.3");
    });
}

#[test]
fn a_second_run_with_the_same_answer_changes_nothing() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        let uri = format!("{NGINX}/provisioning.php?uuid=${{uuid}}");
        program.provision(&uri).applied();
        let before = fs::read(program.store()).unwrap();
        let run = program.provision(&uri);
        assert_eq!(
            (run.status, &run.json()["outcome"]),
            (0, &"unchanged".into()),
            "{run:#?}"
        );
        assert_eq!(fs::read(program.store()).unwrap(), before);
    });
}

#[test]
fn a_dry_run_asks_and_writes_nothing() {
    Lab::of(&["nginx"]).run(|lab| {
        let program = Program::new();
        let uri = format!("{NGINX}/provisioning.php?a=b");
        let run = program.run(&["provision", "--uri", &uri, "--dry-run", "--format", "json"]);
        assert_eq!(
            (run.status, &run.json()["outcome"]),
            (0, &"preview".into()),
            "{run:#?}"
        );
        assert!(lab.nginx_log().contains("body=[a=b]"));
        assert!(!program.settings().to_string().contains("lab."));
    });
}
