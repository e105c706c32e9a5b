//! TLS (security rule 5): the platform's trust, and no way around it.

use crate::lab::{Inside, Lab, program::Program};

fn program(lab: &Inside) -> Program {
    Program::new().with("SSL_CERT_FILE", lab.authority())
}

#[test]
fn a_trusted_certificate_is_enough() {
    Lab::of(&["nginx"]).run(|lab| {
        for server in ["https://prov.lab.test", "https://10.77.1.1:8443"] {
            let program = program(lab);
            program
                .provision(&format!("{server}/provisioning.php?a=b"))
                .applied();
            let settings = program.settings();
            let got = ["lab.scheme", "lab.verb", "lab.body"].map(|key| settings[key].as_str());
            assert_eq!(got, [Some("https"), Some("POST"), Some("a=b")]);
        }
    });
}

#[test]
fn a_bad_certificate_needs_a_person_and_the_server_hears_nothing() {
    Lab::of(&["nginx"]).run(|lab| {
        for (port, part) in [
            (8444, "expired"),
            (8445, "prov.lab.test"),
            (8446, "self"),
            (8447, "issuer"),
            (8448, "not valid"),
        ] {
            let uri = format!(
                "https://prov.lab.test:{port}/login.php?username=${{username}}&password=${{password}}"
            );
            let run = program(lab).sign_in(&uri, "alice", "wonder");
            run.failed(8, "PS-CERTIFICATE");
            assert!(run.message().contains(part), "{run:#?}");
        }
        assert_eq!(lab.nginx_log(), "");
    });
}

#[test]
fn an_authority_that_this_computer_does_not_know_is_not_trusted() {
    Lab::of(&["nginx"]).run(|lab| {
        let run = Program::new().provision("https://prov.lab.test/provisioning.php?a=b");
        run.failed(8, "PS-CERTIFICATE");
        assert_eq!(lab.nginx_log(), "");
    });
}

#[test]
fn old_versions_of_tls_are_not_spoken() {
    Lab::of(&["nginx"]).run(|lab| {
        let run = program(lab).provision("https://prov.lab.test:8450/provisioning.php?a=b");
        run.failed(4, "PS-NET-TLS");
        assert_eq!(lab.nginx_log(), "");
    });
}

#[test]
fn a_server_that_wants_a_client_certificate_says_so() {
    Lab::of(&["nginx"]).run(|lab| {
        // nginx completes the handshake and then answers 400.
        let run = program(lab).provision("https://prov.lab.test:8449/provisioning.php?a=b");
        run.failed(6, "PS-400");
    });
}

#[test]
fn https_to_a_port_that_speaks_http_is_no_secure_connection() {
    Lab::of(&["nginx"]).run(|lab| {
        let run = program(lab).provision("https://10.77.1.1:8080/provisioning.php?a=b");
        run.failed(4, "PS-NET-TLS");
    });
}
