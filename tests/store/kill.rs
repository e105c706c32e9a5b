//! A process that is killed at any moment leaves one complete state.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use provisioning_settings::provisioning::plan::Current;
use provisioning_settings::provisioning::trust::Servers;
use provisioning_settings::system::store::{Gate, Point, Store, Watch};

use crate::common::{FileSecrets, edit, names, origin, run_with};
use crate::needs;

const FOLDER: &str = "PROVISIONING_TEST_FOLDER";
const DIE_AT: &str = "PROVISIONING_TEST_DIE_AT";
const WITH_UNDO: &str = "PROVISIONING_TEST_UNDO";
const KEYS: usize = 40;

fn store(folder: &Path) -> (Store, Arc<FileSecrets>) {
    let secrets = Arc::new(FileSecrets::new(&folder.join("keyring")));
    let store = Store::new(folder.join("home"), secrets.clone());
    (store, secrets)
}

/// Everything says `n`.
fn write(store: &Store, n: u64, as_run: bool) {
    let n = n.to_string();
    let keys: Vec<String> = (0..KEYS).map(|key| format!("key.{key}")).collect();
    let mut lines: Vec<(&str, Option<&str>)> = vec![
        ("${system}.n", Some(&n)),
        ("a.PASSWORD", Some(&n)),
        ("b.PASSWORD", Some(&n)),
    ];
    lines.extend(keys.iter().map(|key| (key.as_str(), Some(n.as_str()))));
    let known = origin("https://prov.example");
    if as_run {
        let name = |servers: &mut Servers| servers.entry(&known).username = Some(n.clone());
        run_with(store, &Gate::new(), &lines, name).unwrap();
    } else {
        let changed = store.edit(|current, mut servers| {
            servers.entry(&known).username = Some(n.clone());
            Ok((crate::common::plan(current, &lines), servers))
        });
        changed.unwrap();
    }
}

/// What everything says, if it all says the same.
fn check(folder: &Path, with_servers: bool) -> Option<u64> {
    let (store, secrets) = store(folder);
    // A write brings an interrupted transaction to its end in any case.
    edit(&store, &[]).unwrap();
    let Current { settings, system } = store.read().unwrap();
    let Some(n) = system.get("n").cloned() else {
        assert!(settings.is_empty() && secrets.all().is_empty());
        return None;
    };
    let plain: Vec<&String> = settings
        .iter()
        .filter(|(key, _)| key.starts_with("key."))
        .map(|(_, value)| value)
        .collect();
    assert_eq!(plain, vec![&n; KEYS]);
    for name in ["setting a.PASSWORD", "setting b.PASSWORD"] {
        assert_eq!(secrets.all().get(name), Some(&n), "{name}");
    }
    if with_servers {
        let servers = store.servers().unwrap().servers;
        assert_eq!(
            servers[&origin("https://prov.example")].username,
            Some(n.clone())
        );
    }
    assert_eq!(store.history().unwrap().damaged, [""; 0]);
    let hidden: Vec<String> = names(store.home())
        .into_iter()
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(hidden, [".lock"]);
    Some(n.parse().unwrap())
}

/// Not a test of its own: what the process does that is killed.
#[test]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let (store, _) = store(Path::new(&folder));
    let first = store
        .read()
        .unwrap()
        .system
        .get("n")
        .map_or(0, |n| n.parse().unwrap());
    if let Ok(step) = std::env::var(DIE_AT) {
        let store = store.with_watch(Arc::new(DieAt(AtomicUsize::new(step.parse().unwrap()))));
        write(&store, first + 1, first % 2 == 0);
        println!("survived");
        return;
    }
    let with_undo = std::env::var(WITH_UNDO).is_ok();
    println!("ready");
    for n in first + 1.. {
        write(&store, n, n % 3 != 0);
        if with_undo && n % 4 == 0 {
            store.undo(&Gate::new(), None).unwrap();
        }
    }
}

fn start(folder: &Path, variable: &str, value: &str) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["kill::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(variable, value)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Numbers that are different each time.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

fn kill_again_and_again(times: usize, variable: &str, with_servers: bool) {
    let dir = tempfile::tempdir().unwrap();
    let (mut inside, mut last) = (0, None);
    for _ in 0..times {
        let mut child = start(dir.path(), variable, "1");
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the child ended");
        }
        std::thread::sleep(Duration::from_micros(random() % 40_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let hidden = names(&dir.path().join("home"));
        inside += usize::from(
            hidden
                .iter()
                .any(|name| name.starts_with('.') && name != ".lock"),
        );
        let now = check(dir.path(), with_servers);
        if with_servers {
            assert!(now >= last, "{now:?} after {last:?}");
        }
        last = now;
    }
    println!("{inside} of {times} kills hit a transaction; {last:?}");
    assert!(inside * 20 > times, "{inside} of {times} hit a transaction");
    assert!(last > Some(1));
}

/// 1,000 where the lab is required.
fn times() -> usize {
    if needs::is_required() { 1000 } else { 200 }
}

#[test]
fn a_kill_at_a_random_moment_leaves_one_complete_state() {
    kill_again_and_again(times(), "UNUSED", true);
}

#[test]
fn a_kill_among_undos_leaves_one_complete_state() {
    kill_again_and_again(times() / 4, WITH_UNDO, false);
}

/// Ends the process, without anything being cleaned up.
struct DieAt(AtomicUsize);

impl Watch for DieAt {
    fn reached(&self, _: Point) -> io::Result<()> {
        if self.0.fetch_sub(1, Ordering::SeqCst) == 0 {
            std::process::abort();
        }
        Ok(())
    }
}

#[test]
fn a_death_at_each_step_leaves_one_complete_state() {
    for as_run in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let folder: PathBuf = dir.path().to_owned();
        let mut states = std::collections::BTreeSet::new();
        for step in 0.. {
            let (store, _) = store(&folder);
            // The child goes on with a run after an even number.
            let n = 1000 + 2 * step + u64::from(!as_run);
            write(&store, n, true);
            let output = start(&folder, DIE_AT, &step.to_string())
                .wait_with_output()
                .unwrap();
            if output.status.success() {
                assert!(String::from_utf8_lossy(&output.stdout).contains("survived"));
                break;
            }
            // Reading alone is enough for the files.
            let read = self::store(&folder).0.read().unwrap();
            let now = check(&folder, true).unwrap();
            assert_eq!(read.system["n"], now.to_string());
            assert!(now == n || now == n + 1, "{now} at step {step}");
            states.insert((now - n, step));
        }
        // First the old state at each step, then the new one.
        let first_new = states.iter().find(|(new, _)| *new == 1).unwrap().1;
        assert!(
            states
                .iter()
                .all(|(new, step)| (*new == 1) == (*step >= first_new))
        );
        assert!(first_new > 5 && states.len() > 10, "{states:?}");
    }
}
