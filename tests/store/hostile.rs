//! Files that are damaged, are none, or lead elsewhere.

use std::fs;
use std::path::Path;

use provisioning_settings::provisioning::failure::{Failure, KeepProblem};
use provisioning_settings::system::store::Gate;

use crate::common::{SERVERS, STORE, SYSTEM, edit, fixture, problem, run};

fn line_of(problem: &KeepProblem) -> (String, Option<u32>) {
    match problem {
        KeepProblem::Read { path, line, chain } => {
            assert!(!chain.is_empty());
            let name = Path::new(path).file_name().unwrap();
            (name.to_str().unwrap().to_owned(), *line)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_damaged_store_is_named_with_its_line_and_never_overwritten() {
    for name in [STORE, SYSTEM] {
        let f = fixture();
        f.write(name, "a=1\nb=\\uD8\nc=3\n");
        let before = f.state();
        let expected = (name.to_owned(), Some(2));
        assert_eq!(line_of(&problem(f.store.read())), expected);
        let ran = run(&f.store, &[("a", Some("2"))]);
        assert_eq!(line_of(&problem(ran)), expected);
        assert_eq!(line_of(&problem(edit(&f.store, &[("a", None)]))), expected);
        assert_eq!(f.state(), before);
    }
}

#[test]
fn a_damaged_list_of_servers_is_named_with_its_line_and_never_overwritten() {
    for (content, line) in [
        (
            &b"[servers]\n\n[servers.\"https://a.example\"]\ntrusted = maybe\n"[..],
            4,
        ),
        (b"[servers.\"https://a.example/path\"]\ntrusted = true\n", 1),
        (b"[servers]\n\xff\n", 2),
    ] {
        let f = fixture();
        f.write(SERVERS, content);
        let before = f.state();
        let (name, found) = line_of(&problem(f.store.servers()));
        assert_eq!(name, SERVERS);
        assert_eq!(found, Some(line), "{}", String::from_utf8_lossy(content));
        assert!(run(&f.store, &[("a", Some("2"))]).is_err());
        assert_eq!(f.state(), before);
        // The settings can be read all the same.
        f.store.read().unwrap();
    }
}

#[test]
fn what_is_not_a_file_is_not_read_and_not_replaced() {
    let f = fixture();
    fs::create_dir_all(f.home().join(STORE)).unwrap();
    assert_eq!(line_of(&problem(f.store.read())).1, None);
    let ran = run(&f.store, &[("a", Some("2"))]);
    assert_eq!(line_of(&problem(ran)).1, None);
    assert!(f.home().join(STORE).is_dir());
    assert!(f.store.undo(&Gate::new(), None).is_err());
}

#[test]
fn damaged_records_are_named_and_do_not_stop_the_others() {
    let f = fixture();
    for n in ["1", "2", "3"] {
        run(&f.store, &[("a", Some(n))]).unwrap();
    }
    let history = f.home().join("history");
    let second = fs::read_to_string(history.join("0002.json")).unwrap();
    for damage in [
        "",
        "{",
        "[]",
        "{\"record\":{\"id\":2}}",
        "\u{0}",
        &second[..99],
    ] {
        fs::write(history.join("0002.json"), damage).unwrap();
        let loaded = f.store.history().unwrap();
        let ids: Vec<u64> = loaded.records.iter().map(|record| record.id).collect();
        assert_eq!(ids, [1, 3], "{damage:?}");
        assert_eq!(loaded.damaged.len(), 1);
        assert!(loaded.damaged[0].contains("0002.json"), "{loaded:?}");
    }
    // A record under another run's name.
    fs::write(
        history.join("0002.json"),
        fs::read(history.join("0003.json")).unwrap(),
    )
    .unwrap();
    assert_eq!(f.store.history().unwrap().damaged.len(), 1);
    // Names that are none, and a number at the end of all numbers.
    fs::write(history.join("x.json"), "{}").unwrap();
    fs::write(history.join("-1.json"), "{}").unwrap();
    fs::create_dir(history.join("0004.json")).unwrap();
    fs::write(history.join("18446744073709551615.json"), "{}").unwrap();
    assert_eq!(f.store.history().unwrap().records.len(), 2);
    run(&f.store, &[("a", Some("4"))]).unwrap();
    f.store.undo(&Gate::new(), Some(3)).unwrap();
    assert_eq!(f.store.read().unwrap().settings["a"], "2");
}

#[test]
fn a_damaged_journal_stops_writing_and_says_where() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let before = f.state();
    f.write(
        ".transaction.json",
        "{\"transaction\":\n{\"state\":\"flying\"}}",
    );
    let (name, line) = line_of(&problem(run(&f.store, &[("a", Some("2"))])));
    assert_eq!((name.as_str(), line), (".transaction.json", Some(2)));
    assert!(f.store.read().is_err());
    assert_eq!(f.state(), before);
}

#[test]
fn what_is_damaged_can_be_set_aside_and_is_kept() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    assert_eq!(f.store.set_aside(), Ok(vec![]));
    for suffix in ["broken", "broken-2"] {
        f.write(STORE, "a=\\u1");
        f.write(SYSTEM, "s=1");
        f.write(SERVERS, "?");
        f.write(".transaction.json", "{");
        let aside = f.store.set_aside().unwrap();
        let expected = [".transaction.json", STORE, SERVERS]
            .map(|name| f.home().join(format!("{name}.{suffix}")));
        let real = fs::canonicalize(f.home()).unwrap();
        let named: Vec<_> = aside.iter().map(|path| path.file_name()).collect();
        assert!(
            aside
                .iter()
                .all(|path| path.starts_with(&real) || path.starts_with(f.home()))
        );
        assert_eq!(named, expected.each_ref().map(|path| path.file_name()));
        assert_eq!(fs::read_to_string(&expected[1]).unwrap(), "a=\\u1");
        assert!(f.store.read().unwrap().settings.is_empty());
        run(&f.store, &[("a", Some("2"))]).unwrap();
        assert_eq!(f.store.read().unwrap().system["s"], "1");
    }
}

#[test]
fn a_home_that_cannot_be_is_said_so() {
    let f = fixture();
    fs::write(f.home(), "a file").unwrap();
    let ran = run(&f.store, &[("a", Some("1"))]);
    assert!(matches!(ran, Err(Failure::Keep(KeepProblem::Write { .. }))));
    assert!(f.store.read().is_err());
}
