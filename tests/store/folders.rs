//! Folders that are private, read-only, or full.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use provisioning_settings::provisioning::failure::KeepProblem;
use provisioning_settings::system::store::{Gate, Store};

use crate::common::{FileSecrets, STORE, State, fixture, problem, run};
use crate::needs;

const HOME: &str = "PROVISIONING_TEST_HOME";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn folders_and_files_are_for_their_owner_only() {
    let f = fixture();
    // Somebody else's file with a wide mode is replaced by a private one.
    fs::create_dir(f.home()).unwrap();
    fs::set_permissions(f.home(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(f.write(STORE, "a=1"), fs::Permissions::from_mode(0o644)).unwrap();
    let lines = [
        ("a", Some("2")),
        ("${system}.s", Some("1")),
        ("p.PASSWORD", Some("1")),
    ];
    let new = f.dir.path().join("new/home");
    for home in [f.home(), &new] {
        let store = Store::new(home.to_owned(), f.secrets.clone());
        run(&store, &lines).unwrap();
        run(&store, &[("a", Some("3")), ("p.PASSWORD", None)]).unwrap();
        assert_eq!(mode(&home.join("history")), 0o700);
        for folder in [home.to_owned(), home.join("history")] {
            for entry in fs::read_dir(&folder).unwrap().flatten() {
                // The history keeps the other program's file as it was.
                let kept = home == f.home() && entry.file_name() == "0001.properties";
                if entry.path().is_file() && !kept {
                    assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.path());
                }
            }
        }
    }
    assert_eq!(mode(&new), 0o700);
    assert_eq!(mode(&f.dir.path().join("new")), 0o700);
    // A folder that was there before is its owner's business.
    assert_eq!(mode(f.home()), 0o755);
}

/// Runs the test again in a mount namespace with `mount` on its home folder.
fn mounted(name: &str, home: &Path, mount: &str) {
    let script = format!("{mount} && exec \"$0\" \"$@\"");
    let wrapper = ["unshare", "-Urm", "sh", "-c", &script];
    let works = std::process::Command::new("unshare")
        .args(["-Urm", "sh", "-c", mount])
        .env(HOME, home)
        .output();
    if !works.is_ok_and(|output| output.status.success()) {
        needs::skip("a mount namespace cannot be made here");
        return;
    }
    needs::assert_passed(&needs::again(name, &wrapper, &[(HOME, home)]).unwrap());
}

#[test]
fn a_read_only_folder_is_read_and_not_written() {
    if let Some(home) = std::env::var_os(HOME) {
        let secrets = Arc::new(FileSecrets::new(&std::env::temp_dir()));
        let store = Store::new(home.into(), secrets);
        assert_eq!(store.read().unwrap().settings["a"], "1");
        assert_eq!(store.history().unwrap().records.len(), 1);
        let refused = problem(run(&store, &[("a", Some("2"))]));
        assert!(matches!(refused, KeepProblem::Write { .. }), "{refused:?}");
        assert_eq!(store.read().unwrap().settings["a"], "1");
        return;
    }
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let mount =
        format!("mount --bind \"${HOME}\" \"${HOME}\" && mount -o remount,bind,ro \"${HOME}\"");
    mounted(
        "folders::a_read_only_folder_is_read_and_not_written",
        f.home(),
        &mount,
    );
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    if let Some(home) = std::env::var_os(HOME) {
        on_a_small_disk(Path::new(&home));
        return;
    }
    let f = fixture();
    fs::create_dir(f.home()).unwrap();
    let mount = format!("mount -t tmpfs -o size=4m tmpfs \"${HOME}\"");
    mounted(
        "folders::a_full_disk_leaves_everything_as_it_was",
        f.home(),
        &mount,
    );
}

fn on_a_small_disk(home: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Arc::new(FileSecrets::new(dir.path()));
    let store = Store::new(home.to_owned(), secrets.clone());
    let value = "v".repeat(1000);
    let keys: Vec<String> = (0..20).map(|n| format!("key.{n}")).collect();
    let lines: Vec<_> = keys
        .iter()
        .map(|key| (key.as_str(), Some(value.as_str())))
        .collect();
    run(&store, &lines).unwrap();

    let (mut failed, mut done) = (0, 0);
    // The disk is filled in steps, so that it is full at another step each time.
    for left in (0..40).map(|n| n * 4096) {
        let ballast = home.join("ballast");
        let _ = fs::remove_file(&ballast);
        fill(&ballast, left);
        let before = State::of(home, &secrets);
        let next = "w".repeat(1000 + done);
        let mut lines: Vec<_> = keys
            .iter()
            .map(|key| (key.as_str(), Some(next.as_str())))
            .collect();
        lines.push(("p.PASSWORD", Some(&next)));
        lines.push(("${system}.s", Some(&next)));
        if run(&store, &lines).is_ok() {
            done += 1;
        } else {
            failed += 1;
            assert_eq!(State::of(home, &secrets), before, "{left} bytes were left");
            assert!(!home.join(".transaction.json").exists());
        }
        assert!(store.read().is_ok());
    }
    let _ = fs::remove_file(home.join("ballast"));
    assert!(failed > 3 && done > 3, "{failed} failed, {done} done");
    store.undo(&Gate::new(), None).unwrap();
}

/// Takes all space but `left` bytes.
fn fill(path: &Path, left: usize) {
    let mut size = 4 * 1024 * 1024;
    while size >= 4096 && fs::write(path, vec![0; size]).is_err() {
        size -= 4096;
    }
    let keep = size.saturating_sub(left);
    fs::write(path, vec![0; keep]).unwrap();
}

#[test]
fn a_store_that_may_not_be_read_is_not_overwritten() {
    if let Some(home) = std::env::var_os(HOME) {
        let secrets = Arc::new(FileSecrets::new(Path::new(&home)));
        let store = Store::new(home.into(), secrets);
        assert!(matches!(
            problem(store.read()),
            KeepProblem::Read { line: None, .. }
        ));
        let refused = problem(run(&store, &[("a", Some("2"))]));
        assert!(
            matches!(refused, KeepProblem::Read { line: None, .. }),
            "{refused:?}"
        );
        return;
    }
    let f = fixture();
    let path = f.write(STORE, "a=1");
    fs::set_permissions(f.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(f.home(), fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator may read everything, so as somebody else.
    let name = "folders::a_store_that_may_not_be_read_is_not_overwritten";
    let wrapper: &[&str] = if fs::read(&path).is_ok() {
        &[
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
        ]
    } else {
        &["env"]
    };
    match needs::again(name, wrapper, &[(HOME, f.home())]) {
        Some(output) => needs::assert_passed(&output),
        None => needs::skip("there is no setpriv"),
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "a=1");
}
