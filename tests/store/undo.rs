//! Undo brings back what was, byte for byte.

use std::fs;

use provisioning_settings::provisioning::credentials::SecretName;
use provisioning_settings::provisioning::failure::KeepProblem;
use provisioning_settings::provisioning::report::{Action, Outcome};
use provisioning_settings::provisioning::secret::Secret;
use provisioning_settings::system::secrets::Secrets;
use provisioning_settings::system::store::{Gate, RunKind, Store};

use crate::common::{
    Fixture, SERVERS, STORE, SYSTEM, State, edit, fixture, names, origin, plan, problem, report,
    run,
};

/// The state without the servers, which an undo leaves alone.
fn undoable(mut state: State) -> State {
    state.files.remove(SERVERS);
    state
}

fn undo(f: &Fixture, id: Option<u64>) -> u64 {
    let committed = f.store.undo(&Gate::new(), id).unwrap();
    committed.run.unwrap()
}

/// Five runs with edits in between; the states before each of them.
fn five_runs(f: &Fixture) -> Vec<State> {
    let mut before = Vec::new();
    let all: [&[(&str, Option<&str>)]; 5] = [
        &[("a", Some("1")), ("p.PASSWORD", Some("p1"))],
        &[("a", Some("2")), ("${system}.s", Some("1"))],
        &[("p.PASSWORD", Some("p3")), ("q.PASSWORD", Some("q3"))],
        &[("p.PASSWORD", None), ("${system}.s", None)],
        &[("p.PASSWORD", Some("p5")), ("a", None)],
    ];
    for (n, lines) in all.into_iter().enumerate() {
        before.push(undoable(f.state()));
        run(&f.store, lines).unwrap();
        edit(&f.store, &[("edited", Some(&n.to_string()))]).unwrap();
    }
    before
}

#[test]
fn undo_of_each_run_brings_back_what_was_before_it() {
    for id in 1..=5 {
        let f = fixture();
        let before = five_runs(&f);
        undo(&f, Some(id as u64));
        assert_eq!(undoable(f.state()), before[id - 1], "run {id}");
    }
}

#[test]
fn an_undo_can_be_undone_and_so_can_that() {
    let f = fixture();
    let before = five_runs(&f);
    let after = undoable(f.state());
    assert_eq!(undo(&f, None), 6);
    assert_eq!(undoable(f.state()), before[4]);
    assert_eq!(undo(&f, None), 7);
    assert_eq!(undoable(f.state()), after);
    assert_eq!(undo(&f, None), 8);
    assert_eq!(undoable(f.state()), before[4]);
    // Far back over undos, and forth again.
    assert_eq!(undo(&f, Some(2)), 9);
    assert_eq!(undoable(f.state()), before[1]);
    assert_eq!(undo(&f, Some(9)), 10);
    assert_eq!(undoable(f.state()), before[4]);
    let records = f.store.history().unwrap().records;
    let kinds: Vec<_> = records.iter().map(|r| (r.kind, r.undid)).collect();
    assert_eq!(kinds[0], (RunKind::Provision, None));
    assert_eq!(kinds[5], (RunKind::Undo, Some(5)));
    assert_eq!(kinds[8], (RunKind::Undo, Some(2)));
}

#[test]
fn the_bytes_come_back_as_another_program_wrote_them() {
    let f = fixture();
    let bytes = b"! by hand\r\nz = \xe4\\\n  x\na:1";
    f.write(STORE, bytes);
    let mode = fs::metadata(f.home().join(STORE)).unwrap().permissions();
    run(&f.store, &[("a", Some("2"))]).unwrap();
    undo(&f, None);
    assert_eq!(fs::read(f.home().join(STORE)).unwrap(), bytes);
    assert!(!mode.readonly());
    assert!(!f.home().join(SYSTEM).exists());
}

#[test]
fn a_store_that_was_not_there_goes_again() {
    let f = fixture();
    run(&f.store, &[("a", Some("1")), ("${system}.s", Some("1"))]).unwrap();
    undo(&f, None);
    assert_eq!(names(f.home()), [".lock", "history"]);
    undo(&f, None);
    assert_eq!(f.store.read().unwrap().settings["a"], "1");
}

#[test]
fn the_report_of_an_undo_lists_what_it_changed() {
    let f = fixture();
    run(&f.store, &[("a", Some("1")), ("gone", Some("x"))]).unwrap();
    let lines = [
        ("a", Some("2")),
        ("gone", None),
        ("new", Some("n")),
        ("${system}.s", Some("1")),
        ("p.PASSWORD", Some("canary")),
    ];
    run(&f.store, &lines).unwrap();
    let report = f.store.undo(&Gate::new(), None).unwrap().report;
    let changes: Vec<_> = report
        .changes
        .iter()
        .map(|c| (c.action, c.key.as_str(), c.old.as_deref(), c.new.as_deref()))
        .collect();
    assert_eq!(
        changes,
        [
            (Action::Changed, "a", Some("2"), Some("1")),
            (Action::Added, "gone", None, Some("x")),
            (Action::Removed, "new", Some("n"), None),
            (Action::Removed, "p.PASSWORD", None, None),
            (Action::Removed, "${system}.s", Some("1"), None),
        ]
    );
    assert_eq!((report.outcome, report.applied), (Outcome::Applied, 5));
    assert_eq!(report.source.method, "Undo");

    // A secret that stays one is listed as one.
    run(&f.store, &[("p.PASSWORD", Some("1"))]).unwrap();
    run(&f.store, &[("p.PASSWORD", Some("2"))]).unwrap();
    let report = f.store.undo(&Gate::new(), None).unwrap().report;
    assert_eq!(report.changes.len(), 1);
    assert_eq!(report.changes[0].action, Action::Secret);
}

#[test]
fn an_undo_with_nothing_to_bring_back_changes_nothing() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    fs::remove_file(f.home().join(STORE)).unwrap();
    let done = f.store.undo(&Gate::new(), None).unwrap();
    assert_eq!(done.report.outcome, Outcome::Unchanged);
    let records = f.store.history().unwrap().records;
    assert_eq!((records[1].undoable, records[1].undid), (false, Some(1)));
}

#[test]
fn logins_and_their_user_names_come_and_go_together() {
    let f = fixture();
    let origin = origin("https://prov.example");
    let login = |username: &str| SecretName::Login {
        origin: origin.clone(),
        username: username.into(),
    };
    let sign_in = |username: &str, password: &str, forget: Option<&str>| {
        let result = f
            .store
            .commit(&Gate::new(), RunKind::Provision, |current, mut servers| {
                let mut plan = plan(current, &[("u", Some(username))]);
                plan.secrets
                    .insert(login(username), Some(Secret::from(password)));
                if let Some(old) = forget {
                    plan.secrets.insert(login(old), None);
                }
                let server = servers.entry(&origin);
                server.trusted = true;
                server.username = Some(username.into());
                let report = report(&plan);
                Ok((plan, servers, report))
            });
        result.unwrap();
    };
    sign_in("jane", "1", None);
    sign_in("zoe", "2", Some("jane"));
    let known = |store: &Store| store.servers().unwrap().servers[&origin].clone();
    assert_eq!(known(&f.store).username.as_deref(), Some("zoe"));

    undo(&f, None);
    assert_eq!(known(&f.store).username.as_deref(), Some("jane"));
    assert_eq!(f.secrets.get(&login("jane")).unwrap(), Some("1".into()));
    assert_eq!(f.secrets.get(&login("zoe")).unwrap(), None);
    undo(&f, None);
    assert_eq!(known(&f.store).username.as_deref(), Some("zoe"));
    assert_eq!(f.secrets.get(&login("jane")).unwrap(), None);
    undo(&f, Some(1));
    assert_eq!(known(&f.store).username, None);
    assert!(known(&f.store).trusted);
    assert!(f.state().secrets.is_empty());
}

#[test]
fn a_damaged_store_can_be_brought_back_and_is_kept() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    run(&f.store, &[("a", Some("2"))]).unwrap();
    let damaged = "a=\\u12";
    f.write(STORE, damaged);
    assert!(f.store.read().is_err());
    let id = undo(&f, None);
    assert_eq!(f.store.read().unwrap().settings["a"], "1");
    let kept = f.home().join(format!("history/{id:04}.properties"));
    assert_eq!(fs::read_to_string(kept).unwrap(), damaged);
    // But no damaged store is brought back.
    let before = f.state();
    let refused = problem(f.store.undo(&Gate::new(), Some(id)));
    assert!(matches!(refused, KeepProblem::Read { line: Some(1), .. }));
    assert_eq!(f.state(), before);
}

#[test]
fn an_undo_needs_all_that_it_brings_back() {
    let f = fixture();
    run(&f.store, &[("a", Some("1")), ("p.PASSWORD", Some("1"))]).unwrap();
    run(&f.store, &[("a", Some("2")), ("p.PASSWORD", Some("2"))]).unwrap();
    let before = f.state();
    let copy = SecretName::Setting("p.PASSWORD".into()).backup(2);
    f.secrets.delete(&copy).unwrap();
    let refused = problem(f.store.undo(&Gate::new(), None));
    assert!(matches!(refused, KeepProblem::Keyring { .. }));
    assert_eq!(f.state(), before);

    f.secrets.set(&copy, &"1".into()).unwrap();
    fs::remove_file(f.home().join("history/0002.properties")).unwrap();
    let refused = problem(f.store.undo(&Gate::new(), None));
    assert!(matches!(refused, KeepProblem::Read { .. }));
    assert_eq!(f.state(), before);
}

#[test]
fn a_cancelled_undo_changes_nothing() {
    let f = fixture();
    run(&f.store, &[("p.PASSWORD", Some("1"))]).unwrap();
    let before = f.state();
    let gate = Gate::new();
    gate.cancel();
    assert!(f.store.undo(&gate, None).is_err());
    assert_eq!(f.state(), before);
}
