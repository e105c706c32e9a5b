//! `preseed`, as installers call it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_provisioning-settings"))
        .args(args)
        .env("PROVISIONING_SETTINGS_HOME", dir.join("home"))
        .env("PROVISIONING_SETTINGS_SITE", dir.join("site"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn done(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_was_preseeded_holds_for_everybody_until_it_is_cleared() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    assert_eq!(done(dir, &["preseed"]), "");
    done(
        dir,
        &["preseed", "PROVISIONING_URI=https://a.example/p", "LOCKED="],
    );
    assert_eq!(done(dir, &["method"]), "manual https://a.example/p\n");
    done(dir, &["method", "none"]);
    done(dir, &["preseed", "MPROV_METHOD=Manual", "LOCKED=1"]);
    assert_eq!(done(dir, &["method"]), "manual https://a.example/p\n");
    assert_eq!(run(dir, &["method", "none"]).status.code(), Some(7));
    assert_eq!(
        done(dir, &["preseed"]),
        "METHOD=Manual\nURI=https://a.example/p\nMANDATORY=true\nLOCKED=1\n"
    );
    std::fs::write(
        dir.join("site/defaults.properties"),
        "net.java.sip.communicator.plugin.provisioning.METHOD=DHCP\n",
    )
    .unwrap();
    assert_eq!(done(dir, &["method"]), "none\n");
    done(dir, &["preseed", "--clear"]);
    assert!(!dir.join("site/installed.properties").exists());
}

#[test]
fn a_mistake_is_said_and_leaves_the_file_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, &["preseed", "METHOD=bonjour"]);
    for told in ["URI=nowhere", "METHOD=Magic", "COLOUR=red", "METHOD"] {
        let output = run(dir, &["preseed", told]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("PS-USAGE"), "{said}");
    }
    assert_eq!(done(dir, &["preseed"]), "METHOD=Bonjour\nLOCKED=0\n");
}

#[cfg(unix)]
#[test]
fn everybody_can_read_what_an_installer_wrote() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    done(dir.path(), &["preseed", "METHOD=DHCP"]);
    for (path, mode) in [("site", 0o755), ("site/installed.properties", 0o644)] {
        let metadata = std::fs::metadata(dir.path().join(path)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{path}");
    }
}
