//! Links and pipes in the place of files.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use provisioning_settings::provisioning::failure::KeepProblem;
use provisioning_settings::system::store::{Gate, Store};

use crate::common::{STORE, SYSTEM, fixture, names, problem, run};

#[test]
fn a_pipe_in_the_place_of_the_store_does_not_block() {
    let f = fixture();
    fs::create_dir_all(f.home()).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(f.home().join(STORE))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        crate::needs::skip("there is no mkfifo");
        return;
    }
    assert!(f.store.read().is_err());
    assert!(run(&f.store, &[("a", Some("2"))]).is_err());
}

#[test]
fn a_link_within_the_home_folder_is_written_through() {
    let f = fixture();
    let folder = f.home().join("real");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("store"), "a=1\n").unwrap();
    symlink("real/first", f.home().join(STORE)).unwrap();
    symlink(folder.join("store"), folder.join("first")).unwrap();
    // One that leads to nothing yet.
    symlink("real/system", f.home().join(SYSTEM)).unwrap();

    run(&f.store, &[("a", Some("2")), ("${system}.s", Some("1"))]).unwrap();
    assert!(f.home().join(STORE).is_symlink() && f.home().join(SYSTEM).is_symlink());
    assert!(
        fs::read_to_string(folder.join("store"))
            .unwrap()
            .contains("a=2")
    );
    assert!(
        fs::read_to_string(folder.join("system"))
            .unwrap()
            .contains("s=1")
    );
    f.store.undo(&Gate::new(), None).unwrap();
    assert_eq!(fs::read_to_string(folder.join("store")).unwrap(), "a=1\n");
    assert!(f.home().join(STORE).is_symlink());
    assert_eq!(names(&folder), ["first", "store"]);
}

#[test]
fn a_link_out_of_the_home_folder_is_read_but_not_written() {
    for name in [STORE, SYSTEM, ".lock", "history"] {
        let f = fixture();
        let outside = f.dir.path().join("outside");
        fs::create_dir_all(f.home()).unwrap();
        if name == "history" {
            fs::create_dir(&outside).unwrap();
        } else {
            fs::write(&outside, "a=1\n").unwrap();
        }
        symlink("../outside", f.home().join(name)).unwrap();
        f.store.read().unwrap();
        let lines = [("a", Some("2")), ("${system}.a", Some("2"))];
        let link = KeepProblem::Link {
            path: f.home().join(name).display().to_string(),
        };
        assert_eq!(problem(run(&f.store, &lines)), link);
        if name == "history" {
            assert_eq!(names(&outside), [""; 0]);
        } else {
            assert_eq!(fs::read_to_string(&outside).unwrap(), "a=1\n");
        }
        let left = names(f.home());
        assert!(
            left.iter().all(|left| left == ".lock" || left == name),
            "{left:?}"
        );
    }
}

#[test]
fn a_link_that_goes_in_circles_is_refused() {
    let f = fixture();
    fs::create_dir_all(f.home()).unwrap();
    symlink(STORE, f.home().join(STORE)).unwrap();
    assert!(f.store.read().is_err());
    assert!(run(&f.store, &[("a", Some("2"))]).is_err());
}

#[test]
fn the_home_folder_itself_may_be_a_link() {
    let f = fixture();
    let real = f.dir.path().join("real");
    fs::create_dir(&real).unwrap();
    symlink("real", f.home()).unwrap();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let direct = Store::new(real, f.secrets.clone());
    assert_eq!(direct.read().unwrap().settings["a"], "1");
}

#[test]
fn a_damaged_file_outside_stays_when_it_is_set_aside() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let outside = f.home().join("../outside");
    fs::write(&outside, "a=\\u1").unwrap();
    fs::remove_file(f.home().join(STORE)).unwrap();
    symlink("../outside", f.home().join(STORE)).unwrap();
    let aside = f.store.set_aside().unwrap();
    assert_eq!(aside.len(), 1);
    assert!(aside[0].is_symlink());
    assert_eq!(fs::read_to_string(outside).unwrap(), "a=\\u1");
    assert!(f.store.read().unwrap().settings.is_empty());
}
