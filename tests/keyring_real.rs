//! The keyring against a real Secret Service, each test in a session bus of
//! its own in which no service is started but by the test.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips, its helpers too"
)]

#[path = "common/needs.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod needs;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use provisioning_settings::provisioning::credentials::SecretName;
use provisioning_settings::provisioning::failure::{Failure, KeepProblem, KeyringFault};
use provisioning_settings::provisioning::plan::Plan;
use provisioning_settings::provisioning::report::{Outcome, Report, Source};
use provisioning_settings::provisioning::secret::Secret;
use provisioning_settings::system::secrets::{Keyring, Limits, Secrets};
use provisioning_settings::system::store::{Committed, Gate, RunKind, Store};

const SESSION: &str = "PROVISIONING_TEST_SESSION";
const SERVICE: &str = "provisioning-settings (/test)";

/// A session bus that starts no service by itself.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

/// Whether this is the run of the test in its own session; otherwise starts it.
fn in_session(name: &str, programs: &[&str]) -> bool {
    if std::env::var_os(SESSION).is_some() {
        return true;
    }
    for program in programs.iter().chain(&["dbus-run-session"]) {
        if !is_installed(program) {
            needs::skip(&format!("{program} is not installed"));
            return false;
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("bus.conf");
    fs::write(&config, BUS).unwrap();
    let config = format!("--config-file={}", config.display());
    let wrapper = [
        "env",
        "-uDISPLAY",
        "-uWAYLAND_DISPLAY",
        "-uDBUS_SESSION_BUS_ADDRESS",
        "-uXDG_DATA_HOME",
        "dbus-run-session",
        &config,
        "--",
    ];
    let here = dir.path();
    let variables = [("HOME", here), ("XDG_RUNTIME_DIR", here), (SESSION, here)];
    needs::assert_passed(&needs::again(name, &wrapper, &variables).unwrap());
    false
}

fn is_installed(program: &str) -> bool {
    let script = format!("command -v {program}");
    let found = Command::new("sh").args(["-c", &script]).output();
    found.is_ok_and(|output| output.status.success())
}

/// A process of the test's own.
struct Service(Child);

impl Service {
    /// gnome-keyring, unlocked.
    fn gnome_keyring() -> Self {
        let mut child = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"labpass").unwrap();
        let service = Self(child);
        wait_until(|| keyring().get(&setting("none")).is_ok());
        service
    }

    /// One that never answers, `None` if it cannot be started here.
    fn hung() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/hung_secret_service.py");
        // The system's own Python has the system's packages.
        for python in ["/usr/bin/python3", "python3"] {
            let child = Command::new(python)
                .arg(&script)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn();
            let Ok(mut child) = child else { continue };
            let mut line = String::new();
            let mut output = BufReader::new(child.stdout.take().unwrap());
            output.read_line(&mut line).unwrap();
            let service = Self(child);
            if line.trim() == "ready" {
                return Some(service);
            }
        }
        needs::skip("there is no Python with jeepney");
        None
    }

    fn signal(&self, signal: &str) {
        let id = self.0.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_until(ready: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !ready() {
        assert!(Instant::now() < end, "it did not get ready in time");
        thread::sleep(Duration::from_millis(20));
    }
}

fn keyring_with(open: u64, item: u64) -> Keyring {
    let limits = Limits {
        open: Duration::from_millis(open),
        item: Duration::from_millis(item),
    };
    Keyring::new(SERVICE, limits)
}

fn keyring() -> Keyring {
    keyring_with(5000, 10_000)
}

fn setting(key: &str) -> SecretName {
    SecretName::Setting(key.to_owned())
}

fn fault<T: std::fmt::Debug>(result: Result<T, Failure>) -> KeyringFault {
    match result {
        Err(Failure::Keep(KeepProblem::Keyring { fault, chain })) => {
            assert!(!chain.is_empty());
            assert!(!format!("{chain:?}").contains("canary"), "{chain:?}");
            fault
        }
        other => panic!("{other:?}"),
    }
}

fn lock_all() {
    let locked = Command::new("dbus-send")
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
        ])
        .arg("/org/freedesktop/secrets")
        .arg("org.freedesktop.Secret.Service.Lock")
        .arg("array:objpath:/org/freedesktop/secrets/collection/login")
        .output()
        .unwrap();
    assert!(locked.status.success(), "{locked:?}");
}

fn run(store: &Store, secret: Option<&str>, value: &str) -> Result<Committed, Failure> {
    store.commit(&Gate::new(), RunKind::Provision, |current, servers| {
        let mut plan = Plan {
            settings: current.settings,
            ..Plan::default()
        };
        plan.settings.insert("k".into(), value.into());
        if let Some(secret) = secret {
            let key = "acc.PASSWORD";
            plan.settings.insert(key.into(), "${secret}".into());
            plan.secrets
                .insert(setting(key), Some(Secret::from(secret)));
        }
        Ok((
            plan,
            servers,
            Report::new(Outcome::Preview, Source::default()),
        ))
    })
}

#[test]
fn an_unlocked_keyring_keeps_changes_and_forgets() {
    if !in_session(
        "an_unlocked_keyring_keeps_changes_and_forgets",
        &["gnome-keyring-daemon", "secret-tool"],
    ) {
        return;
    }
    let _service = Service::gnome_keyring();
    let keyring = keyring();
    let name = setting("net.java.acc.PASSWORD");
    assert_eq!(keyring.get(&name), Ok(None));
    assert_eq!(keyring.delete(&name), Ok(()));
    for value in ["canary", "", "ünïcode €\n", &"long".repeat(10_000)] {
        keyring.set(&name, &value.into()).unwrap();
        assert_eq!(keyring.get(&name), Ok(Some(value.into())));
    }
    // Another home, another item.
    let other = Keyring::new("provisioning-settings", Limits::of_this_session());
    assert_eq!(other.get(&name), Ok(None));
    // What a password manager shows.
    keyring.set(&name, &"canary".into()).unwrap();
    let search = ["search", "--all", "service", SERVICE];
    let shown = Command::new("secret-tool").args(search).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(
        shown.contains("label = Provisioning Settings: net.java.acc.PASSWORD"),
        "{shown}"
    );
    assert_eq!(shown.matches("secret = canary").count(), 1, "{shown}");
    keyring.delete(&name).unwrap();
    assert_eq!(keyring.get(&name), Ok(None));
}

#[test]
fn a_run_and_its_undo_work_with_a_real_keyring() {
    if !in_session(
        "a_run_and_its_undo_work_with_a_real_keyring",
        &["gnome-keyring-daemon"],
    ) {
        return;
    }
    let _service = Service::gnome_keyring();
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path().join("home"), Arc::new(keyring()));
    run(&store, Some("1"), "1").unwrap();
    run(&store, Some("2"), "2").unwrap();
    let now = || store.secrets().get(&setting("acc.PASSWORD")).unwrap();
    assert_eq!(now(), Some("2".into()));
    store.undo(&Gate::new(), None).unwrap();
    assert_eq!(now(), Some("1".into()));
    store.undo(&Gate::new(), Some(1)).unwrap();
    assert_eq!(now(), None);
}

#[test]
fn a_locked_keyring_is_said_to_be_locked_and_nothing_is_applied() {
    if !in_session(
        "a_locked_keyring_is_said_to_be_locked_and_nothing_is_applied",
        &["gnome-keyring-daemon", "dbus-send"],
    ) {
        return;
    }
    let _service = Service::gnome_keyring();
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path().join("home"), Arc::new(keyring()));
    run(&store, Some("canary"), "1").unwrap();
    lock_all();
    let begin = Instant::now();
    let name = setting("acc.PASSWORD");
    assert_eq!(fault(store.secrets().get(&name)), KeyringFault::Locked);
    let new = setting("new.PASSWORD");
    let set = store.secrets().set(&new, &"canary".into());
    assert_eq!(fault(set), KeyringFault::Locked);
    assert_eq!(fault(store.secrets().delete(&name)), KeyringFault::Locked);
    assert_eq!(
        fault(run(&store, Some("canary2"), "2")),
        KeyringFault::Locked
    );
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert_eq!(store.read().unwrap().settings["k"], "1");
    assert!(!store.home().join(".transaction.json").exists());
    // Without secrets the keyring does not matter.
    run(&store, None, "3").unwrap();
}

#[test]
fn without_any_keyring_in_the_service_there_is_nothing_to_keep_passwords_in() {
    if !in_session(
        "without_any_keyring_in_the_service_there_is_nothing_to_keep_passwords_in",
        &["gnome-keyring-daemon"],
    ) {
        return;
    }
    // Started without a password it makes no collection.
    let child = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--components=secrets"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _service = Service(child);
    wait_until(|| keyring().get(&setting("none")).is_ok());
    let set = keyring().set(&setting("a.PASSWORD"), &"canary".into());
    assert_eq!(fault(set), KeyringFault::Missing);
}

#[test]
fn a_service_that_hangs_is_given_up_in_time() {
    if !in_session("a_service_that_hangs_is_given_up_in_time", &[]) {
        return;
    }
    let Some(_service) = Service::hung() else {
        return;
    };
    let keyring = keyring_with(300, 60_000);
    for _ in 0..3 {
        let begin = Instant::now();
        assert_eq!(fault(keyring.get(&setting("a"))), KeyringFault::Hung);
        let took = begin.elapsed();
        assert!(took >= Duration::from_millis(300) && took < Duration::from_millis(1300));
    }
    // That this process ends, with its threads still blocked, is seen outside.
}

#[test]
fn a_service_that_stops_answering_is_given_up_and_found_again() {
    if !in_session(
        "a_service_that_stops_answering_is_given_up_and_found_again",
        &["gnome-keyring-daemon"],
    ) {
        return;
    }
    let service = Service::gnome_keyring();
    let keyring = keyring_with(1000, 300);
    keyring.set(&setting("a"), &"1".into()).unwrap();
    service.signal("-STOP");
    let begin = Instant::now();
    let set = keyring.set(&setting("a"), &"2".into());
    assert_eq!(fault(set), KeyringFault::Hung);
    assert_eq!(fault(keyring.get(&setting("a"))), KeyringFault::Hung);
    assert!(begin.elapsed() < Duration::from_secs(3));
    service.signal("-CONT");
    assert_eq!(keyring.get(&setting("a")), Ok(Some("1".into())));
    // The call that was given up does not come true later.
    thread::sleep(Duration::from_millis(500));
    assert_eq!(keyring.get(&setting("a")), Ok(Some("1".into())));
}

#[test]
fn a_service_that_comes_later_or_is_restarted_is_found() {
    if !in_session(
        "a_service_that_comes_later_or_is_restarted_is_found",
        &["gnome-keyring-daemon"],
    ) {
        return;
    }
    let keyring = keyring();
    let name = setting("a");
    let begin = Instant::now();
    assert_eq!(fault(keyring.get(&name)), KeyringFault::Missing);
    assert!(begin.elapsed() < Duration::from_secs(2));
    let service = Service::gnome_keyring();
    keyring.set(&name, &"1".into()).unwrap();
    drop(service);
    assert_eq!(fault(keyring.get(&name)), KeyringFault::Missing);
    let service = Service::gnome_keyring();
    assert_eq!(keyring.get(&name), Ok(Some("1".into())));
    // Restarted between two calls.
    drop(service);
    let _service = Service::gnome_keyring();
    assert_eq!(keyring.get(&name), Ok(Some("1".into())));
}

#[test]
fn without_a_session_bus_the_keyring_is_missing() {
    let name = "without_a_session_bus_the_keyring_is_missing";
    if std::env::var_os(SESSION).is_none() {
        let dir = tempfile::tempdir().unwrap();
        for address in ["DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus", "X=y"] {
            let wrapper = ["env", "-uDISPLAY", "-uDBUS_SESSION_BUS_ADDRESS", address];
            let here = dir.path();
            let variables = [("HOME", here), ("XDG_RUNTIME_DIR", here), (SESSION, here)];
            needs::assert_passed(&needs::again(name, &wrapper, &variables).unwrap());
        }
        return;
    }
    let begin = Instant::now();
    assert_eq!(fault(keyring().get(&setting("a"))), KeyringFault::Missing);
    let set = keyring().set(&setting("a"), &"canary".into());
    assert_eq!(fault(set), KeyringFault::Missing);
    assert!(begin.elapsed() < Duration::from_secs(2));
}
