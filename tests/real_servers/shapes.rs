//! Provisioning servers that exist, and what they send (contract section 8).
//! What the program stores, Java has to read as the same.

use std::collections::BTreeMap;

use crate::{
    NGINX,
    lab::{Lab, java, program::Program},
};

const METHOD: &str = "net.java.sip.communicator.plugin.provisioning.METHOD";
const URL: &str = "net.java.sip.communicator.plugin.provisioning.URL";
const UUID: &str = "net.java.sip.communicator.UUID";
const SIP: &str = "net.java.sip.communicator.impl.protocol.sip";

fn program() -> Program {
    Program::new().allowing_plain_http(NGINX)
}

/// The store without the UUID: the same by the program and by Java.
fn store(program: &Program) -> BTreeMap<String, String> {
    let settings: BTreeMap<String, String> = serde_json::from_value(program.settings()).unwrap();
    if let Some(read) = java::reads(&program.store()) {
        assert_eq!(read, settings);
    }
    let mut settings = settings;
    settings.remove(UUID);
    settings
}

fn expected(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|&(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn a_plain_php_script() {
    Lab::of(&["nginx"]).run(|_| {
        let program = program();
        let uri = format!(
            "{NGINX}/login.php?username=${{username}}&password=${{password}}&uuid=${{uuid}}"
        );
        program.sign_in(&uri, "alice", "wonder").applied();
        let uuid = program.settings()[UUID].as_str().unwrap().to_owned();
        let wanted = [
            (URL, uri.as_str()),
            ("net.java.sip.communicator.lab.login", "alice"),
            ("net.java.sip.communicator.lab.device", &uuid),
        ];
        assert_eq!(store(&program), expected(&wanted));
    });
}

#[test]
fn jitsiprovs() {
    Lab::of(&["nginx"]).run(|_| {
        let program = program();
        let uri = format!(
            "{NGINX}/jitsiprovs.php?username=${{username}}&password=${{password}}\
             &osname=${{osname}}&arch=${{arch}}&build=${{build}}"
        );
        program
            .sign_in(&uri, "alice@lab.test", "wrong")
            .failed(5, "PS-401");
        program.sign_in(&uri, "alice@lab.test", "wonder").applied();
        let arch = if cfg!(target_arch = "x86_64") {
            "amd64"
        } else {
            std::env::consts::ARCH
        };
        let key = |end: &str| format!("{SIP}.acc1{end}");
        let wanted = [
            (URL, uri.as_str()),
            (&key(""), "acc1"),
            (&key(".ACCOUNT_UID"), "SIP:alice@lab.test"),
            (&key(".USER_ID"), "alice@lab.test"),
            (&key(".SERVER_ADDRESS"), "lab.test"),
            (&key(".DISPLAY_NAME"), "Älice Ångström €"),
            ("net.java.sip.communicator.lab.osname", "Linux"),
            ("net.java.sip.communicator.lab.arch", arch),
            ("net.java.sip.communicator.lab.build", "2.10.5550"),
        ];
        assert_eq!(store(&program), expected(&wanted));
    });
}

#[test]
fn wazo() {
    Lab::of(&["nginx"]).run(|_| {
        let program = program();
        let uri = format!("{NGINX}/wazo.php?uuid=${{uuid}}");
        program.run(&["settings", "set", "net.java.sip.communicator.other", "goes"]);
        let report = program.provision(&uri).applied();
        let key = |end: &str| format!("{SIP}.acc01{end}");
        let wanted = [
            // ENFORCE removes what it does not name, but not where to ask.
            (URL, uri.as_str()),
            (&key(""), "acc01"),
            (&key(".ACCOUNT_UID"), "SIP:101@lab.test"),
            (&key(".DISPLAY_NAME"), "André"),
            (&key(".VERSION"), "2.10.5550"),
        ];
        assert_eq!(store(&program), expected(&wanted));
        assert!(
            report["warnings"].to_string().contains("PS-KEPT-KEY"),
            "{report:#}"
        );

        let run = program.provision(&format!("{NGINX}/wazo.php"));
        run.failed(6, "PS-400");
        assert!(run.message().contains("No uuid in the request"), "{run:#?}");
        let run = program.provision(&format!("{NGINX}/wazo.php?uuid=unknown"));
        run.failed(6, "PS-404");
        assert!(
            run.message().contains("No device with uuid unknown"),
            "{run:#?}"
        );
    });
}

#[test]
fn ngcp() {
    Lab::of(&["nginx"]).run(|lab| {
        let program = program();
        let first = format!("{NGINX}/ngcp.php?user=${{username}}&pass=${{password}}");
        program
            .sign_in(&first, "disabled", "wonder")
            .failed(5, "PS-403");
        program
            .sign_in(&first, "alice", "wrong")
            .failed(6, "PS-404");
        program.sign_in(&first, "alice", "wonder").applied();
        let next = format!("{first}&uuid=${{uuid}}");
        let key = |end: &str| format!("{SIP}.acc_ngcp{end}");
        let wanted = [
            (METHOD, "Manual"),
            // The answer's address wins, and its tokens stay.
            (URL, next.as_str()),
            (&key(""), "acc_ngcp"),
            (&key(".USER_ID"), "alice@lab.test"),
        ];
        assert_eq!(store(&program), expected(&wanted));

        let arguments = [
            "provision",
            "--no-input",
            "--username",
            "alice",
            "--password-stdin",
        ];
        let mut run = program.command(&arguments);
        run.args(["--format", "json"]);
        let run = crate::lab::program::finish(run, "wonder\n");
        assert_eq!(run.status, 0, "{run:#?}");
        let uuid = program.settings()[UUID].as_str().unwrap().to_owned();
        assert!(lab.nginx_log().contains(&format!("&uuid={uuid}]")));
    });
}

#[test]
fn sipxcom() {
    Lab::of(&["nginx"]).run(|_| {
        let program = program();
        for (key, value) in [("old.1", "goes"), ("acc1.USER_ID", "stays")] {
            program.run(&["settings", "set", &format!("{SIP}.{key}"), value]);
        }
        program.run(&[
            "settings",
            "set",
            "net.java.sip.communicator.impl.gui",
            "goes",
        ]);
        let uri = format!("{NGINX}/basic/sipxcom.php");
        let report = program.sign_in(&uri, "alice", "wonder").applied();
        let key = |end: &str| format!("{SIP}.acc1{end}");
        let wanted = [
            (URL, uri.as_str()),
            (&key(""), "acc1"),
            (&key(".SERVER_ADDRESS"), "lab.test"),
            (&key(".USER_ID"), "stays"),
        ];
        assert_eq!(store(&program), expected(&wanted));
        let changes = report["changes"].as_array().unwrap();
        let refused = changes
            .iter()
            .find(|change| change["key"] == "org.other.key")
            .unwrap();
        assert_eq!(refused["action"], "refused");
    });
}

#[test]
fn onsip_provisions_once() {
    Lab::of(&["nginx"]).run(|_| {
        let program = program();
        let uri = format!("{NGINX}/onsip.php?user=${{username}}&pass=${{password}}");
        program.run(&["method", "manual", &uri]);
        assert_eq!(program.settings()[METHOD], "Manual");
        program.sign_in(&uri, "alice", "wonder").applied();
        let key = |end: &str| format!("{SIP}.acc7{end}");
        let wanted = [(&key("")[..], "acc7"), (&key(".USER_ID"), "alice@lab.test")];
        assert_eq!(store(&program), expected(&wanted));

        let run = program.run(&["provision", "--no-input", "--if-enabled"]);
        assert_eq!(run.status, 0, "{run:#?}");
        let run = program.run(&["provision", "--no-input", "--format", "json"]);
        run.failed(2, "PS-OFF");
    });
}
