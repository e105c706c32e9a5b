//! Runs and edits: what is written, and what is not.

use std::fs;
use std::sync::{Arc, mpsc};
use std::thread;

use provisioning_settings::provisioning::credentials::SecretName;
use provisioning_settings::provisioning::failure::{Failure, KeepProblem, KeyringFault};
use provisioning_settings::provisioning::keys::SECRET_MARKER;
use provisioning_settings::provisioning::plan::Current;
use provisioning_settings::provisioning::report::{Action, Outcome, Report, Source};
use provisioning_settings::provisioning::secret::Secret;
use provisioning_settings::provisioning::trust::Servers;
use provisioning_settings::system::secrets::{Memory, Secrets};
use provisioning_settings::system::store::{Gate, RunKind, Store};

use crate::common::{
    STORE, SYSTEM, copies, edit, fixture, names, origin, plan, problem, report, run, run_with,
};

#[test]
fn reading_a_store_that_is_not_there_finds_nothing_and_makes_nothing() {
    let f = fixture();
    assert_eq!(f.store.read(), Ok(Current::default()));
    assert_eq!(f.store.servers(), Ok(Servers::default()));
    assert!(f.store.history().unwrap().records.is_empty());
    assert!(!f.home().exists());
}

#[test]
fn a_run_writes_the_files_the_secrets_and_its_record() {
    let f = fixture();
    let lines = [
        ("b", Some("ü")),
        ("a.PASSWORD", Some("canary")),
        ("${system}.s", Some("1")),
    ];
    let trusted = origin("https://prov.example");
    let committed = run_with(&f.store, &Gate::new(), &lines, |servers| {
        servers.entry(&trusted).trusted = true;
    })
    .unwrap();
    assert_eq!(committed.run, Some(1));
    assert_eq!(committed.report.outcome, Outcome::Applied);
    assert_eq!(committed.report.applied, 3);

    let store = fs::read_to_string(f.home().join(STORE)).unwrap();
    let mut parts = store.lines();
    let comment = parts.next().unwrap();
    assert!(
        comment.starts_with('#') && comment.split(' ').count() == 6,
        "{comment}"
    );
    let rest: Vec<&str> = parts.collect();
    assert_eq!(rest, ["a.PASSWORD=${secret}", "b=\\u00FC"]);
    let current = f.store.read().unwrap();
    assert_eq!(current.settings["b"], "ü");
    assert_eq!(current.settings["a.PASSWORD"], SECRET_MARKER);
    assert_eq!(current.system["s"], "1");
    assert!(f.store.servers().unwrap().servers[&trusted].trusted);
    assert_eq!(f.state().secrets["setting a.PASSWORD"], "canary");

    let history = f.store.history().unwrap();
    let record = &history.records[0];
    assert_eq!((record.id, record.kind), (1, RunKind::Provision));
    assert!(record.undoable && record.undid.is_none());
    assert_eq!(record.report, committed.report);
    let name = SecretName::Setting("a.PASSWORD".into());
    assert_eq!(record.secrets.get(&name), Some(&false));
    assert!(record.time.parse::<jiff::Timestamp>().is_ok(), "{record:?}");
    assert_eq!(
        names(f.home()),
        [".lock", "history", "servers.toml", STORE, SYSTEM]
    );
    assert_eq!(names(&f.home().join("history")), ["0001.json"]);
}

#[test]
fn no_secret_is_in_any_file_of_the_home_folder() {
    let f = fixture();
    let secrets = Arc::new(Memory::default());
    let store = Store::new(f.home().to_owned(), secrets);
    run(&store, &[("a.PASSWORD", Some("canary-1"))]).unwrap();
    run(&store, &[("a.PASSWORD", Some("canary-2"))]).unwrap();
    store.undo(&Gate::new(), None).unwrap();
    let mut seen = 0;
    for folder in [f.home().to_owned(), f.home().join("history")] {
        for name in names(&folder) {
            let Ok(bytes) = fs::read(folder.join(&name)) else {
                continue;
            };
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("canary"), "{name}: {text}");
            seen += 1;
        }
    }
    assert!(seen > 5);
}

#[test]
fn a_file_that_does_not_change_is_not_rewritten() {
    let f = fixture();
    let foreign = "# by hand\nb = 2\na : 1\n";
    f.write(STORE, foreign);
    run(&f.store, &[("a", Some("1")), ("${system}.s", Some("1"))]).unwrap();
    assert_eq!(fs::read_to_string(f.home().join(STORE)).unwrap(), foreign);
    assert_eq!(f.store.read().unwrap().system["s"], "1");

    let before = f.state();
    edit(&f.store, &[("b", Some("2"))]).unwrap();
    assert_eq!(f.state(), before);
}

#[test]
fn a_plan_that_changes_nothing_writes_only_its_record() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let before = f.state();
    let committed = run(&f.store, &[("a", Some("1"))]).unwrap();
    assert_eq!(committed.run, Some(2));
    assert_eq!(committed.report.outcome, Outcome::Unchanged);
    assert_eq!(committed.report.applied, 0);
    assert_eq!(f.state(), before);
    let history = f.store.history().unwrap();
    assert!(!history.records[1].undoable);
    assert_eq!(names(&f.home().join("history")), ["0001.json", "0002.json"]);
}

#[test]
fn a_secret_that_is_so_already_is_no_change() {
    let f = fixture();
    let line = [("a.PASSWORD", Some("x"))];
    assert_eq!(run(&f.store, &line).unwrap().report.applied, 1);
    let again = run(&f.store, &line).unwrap().report;
    assert_eq!((again.outcome, again.applied), (Outcome::Unchanged, 0));
    assert_eq!(again.changes, []);
    // It is one if the store does not name it.
    f.write(STORE, "");
    let named = run(&f.store, &line).unwrap().report;
    assert_eq!((named.outcome, named.applied), (Outcome::Applied, 1));
    assert_eq!(named.changes[0].action, Action::Secret);
    let other = run(&f.store, &[("a.PASSWORD", Some("y"))]).unwrap().report;
    assert_eq!((other.outcome, other.applied), (Outcome::Applied, 1));
}

/// A keyring that must not be asked.
struct Untouchable;

impl Secrets for Untouchable {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        panic!("asked for {name}")
    }
    fn set(&self, name: &SecretName, _: &Secret) -> Result<(), Failure> {
        panic!("asked for {name}")
    }
    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        panic!("asked for {name}")
    }
}

#[test]
fn a_plan_without_secrets_never_asks_the_keyring() {
    let f = fixture();
    for n in 0..22 {
        run(&f.store, &[("a.PASSWORD", Some(&n.to_string()))]).unwrap();
    }
    let store = Store::new(f.home().to_owned(), Arc::new(Untouchable));
    store.read().unwrap();
    for n in 0..3 {
        run(&store, &[("b", Some(&n.to_string()))]).unwrap();
        edit(&store, &[("c", Some(&n.to_string()))]).unwrap();
    }
    store.undo(&Gate::new(), None).unwrap();
    assert!(Gate::new().commit());
    // What had to be forgotten meanwhile is, as soon as the keyring is in use.
    let forgotten = |copies: Vec<String>| copies.iter().any(|name| name.starts_with("before 5 "));
    assert!(forgotten(copies(&f.secrets)));
    run(&f.store, &[("a.PASSWORD", Some("z"))]).unwrap();
    assert!(!forgotten(copies(&f.secrets)));
}

#[test]
fn an_edit_leaves_no_record_and_no_copies() {
    let f = fixture();
    edit(&f.store, &[("a.PASSWORD", Some("1")), ("k", Some("v"))]).unwrap();
    edit(&f.store, &[("a.PASSWORD", Some("2")), ("k", Some("w"))]).unwrap();
    assert_eq!(f.store.read().unwrap().settings["k"], "w");
    assert_eq!(f.state().secrets["setting a.PASSWORD"], "2");
    assert_eq!(copies(&f.secrets), [""; 0]);
    assert!(f.store.history().unwrap().records.is_empty());
    edit(&f.store, &[("a.PASSWORD", None)]).unwrap();
    assert!(f.state().secrets.is_empty());
    assert!(!f.home().join(".transaction.json").exists());
}

#[test]
fn a_run_that_changed_nothing_is_noted_down() {
    let f = fixture();
    let failed = Report::new(Outcome::Failed, Source::default());
    assert_eq!(f.store.record(RunKind::Provision, &failed), Some(1));
    let record = &f.store.history().unwrap().records[0];
    assert_eq!((record.undoable, &record.report), (false, &failed));
    let none = KeepProblem::NoSuchRun(0);
    assert_eq!(problem(f.store.undo(&Gate::new(), None)), none);
    let that = KeepProblem::NoSuchRun(1);
    assert_eq!(problem(f.store.undo(&Gate::new(), Some(1))), that);
}

#[test]
fn what_the_plan_refuses_changes_nothing() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let before = f.state();
    let fixed = KeepProblem::Fixed {
        key: "a".into(),
        file: "f".into(),
    };
    let refused = f.store.edit(|_, _| Err(fixed.clone().into()));
    assert_eq!(problem(refused), fixed);
    assert_eq!(f.state(), before);
}

#[test]
fn a_run_that_was_cancelled_before_the_end_changes_nothing() {
    let f = fixture();
    run(&f.store, &[("a.PASSWORD", Some("1"))]).unwrap();
    let before = (f.state(), copies(&f.secrets));
    for lines in [
        vec![("a.PASSWORD", Some("2"))],
        vec![("b", Some("2"))],
        vec![],
    ] {
        let gate = Gate::new();
        let result = f
            .store
            .commit(&gate, RunKind::Provision, |current, servers| {
                let plan = plan(current, &lines);
                gate.cancel();
                let report = report(&plan);
                Ok((plan, servers, report))
            });
        assert_eq!(result, Err(Failure::Cancelled));
        assert_eq!((f.state(), copies(&f.secrets)), before);
        assert_eq!(f.store.history().unwrap().records.len(), 1);
    }
}

/// A keyring that hangs at the second secret until it is let go.
struct Hanging {
    memory: Memory,
    reached: mpsc::Sender<()>,
    go_on: std::sync::Mutex<mpsc::Receiver<()>>,
}

impl Secrets for Hanging {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        self.memory.get(name)
    }
    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure> {
        if name.to_string() == "setting b.PASSWORD" {
            self.reached.send(()).unwrap();
            self.go_on.lock().unwrap().recv().unwrap();
        }
        self.memory.set(name, value)
    }
    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        self.memory.delete(name)
    }
}

#[test]
fn a_run_that_is_cancelled_while_the_keyring_hangs_rolls_back_when_it_comes_back() {
    let f = fixture();
    run(&f.store, &[("k", Some("before"))]).unwrap();
    let (reached, at_secret) = mpsc::channel();
    let (release, go_on) = mpsc::channel();
    let secrets = Arc::new(Hanging {
        memory: Memory::default(),
        reached,
        go_on: go_on.into(),
    });
    let store = Store::new(f.home().to_owned(), secrets.clone());
    let before = f.state();
    let (gate, lines) = (
        Gate::new(),
        [
            ("a.PASSWORD", Some("1")),
            ("b.PASSWORD", Some("2")),
            ("k", Some("after")),
        ],
    );
    thread::scope(|scope| {
        let running = scope.spawn(|| run_with(&store, &gate, &lines, |_| {}));
        at_secret.recv().unwrap();
        assert!(gate.cancel());
        // The caller has moved on: it reads the old state without waiting.
        assert_eq!(store.read().unwrap().settings["k"], "before");
        assert_eq!(f.state(), before);
        release.send(()).unwrap();
        assert_eq!(running.join().unwrap(), Err(Failure::Cancelled));
    });
    assert_eq!(f.state(), before);
    assert_eq!(secrets.memory.names(), []);
    assert!(!f.home().join(".transaction.json").exists());
}

/// A keyring that fails after so many changes.
struct Failing {
    memory: Memory,
    refused: std::sync::atomic::AtomicU32,
    left: std::sync::atomic::AtomicU32,
    fault: KeyringFault,
}

impl Failing {
    fn new(fault: KeyringFault) -> Self {
        Self {
            memory: Memory::default(),
            refused: 0.into(),
            left: u32::MAX.into(),
            fault,
        }
    }

    fn count(&self) -> Result<(), Failure> {
        use std::sync::atomic::Ordering::SeqCst;
        let enough = self
            .left
            .fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        let chain = Vec::new();
        let fault = self.fault;
        enough.map(|_| ()).map_err(|_| {
            self.refused.fetch_add(1, SeqCst);
            KeepProblem::Keyring { fault, chain }.into()
        })
    }
}

impl Secrets for Failing {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        self.memory.get(name)
    }
    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure> {
        self.count()?;
        self.memory.set(name, value)
    }
    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        self.count()?;
        self.memory.delete(name)
    }
}

#[test]
fn a_keyring_that_goes_away_half_way_is_put_right_when_it_is_back() {
    for fault in [KeyringFault::Failed, KeyringFault::Hung] {
        for works in 0..7 {
            let f = fixture();
            let secrets = Arc::new(Failing::new(fault));
            let store = Store::new(f.home().to_owned(), secrets.clone());
            let before = [("a.PASSWORD", Some("1")), ("b.PASSWORD", Some("1"))];
            run(&store, &before).unwrap();
            let names = secrets.memory.names();
            let state = f.state();

            secrets
                .left
                .store(works, std::sync::atomic::Ordering::SeqCst);
            let after = [
                ("a.PASSWORD", Some("2")),
                ("b.PASSWORD", None),
                ("c.PASSWORD", Some("2")),
            ];
            let result = run(&store, &after);
            // Two copies, three changes.
            if works >= 5 {
                result.unwrap();
                continue;
            }
            assert!(matches!(problem(result), KeepProblem::Keyring { fault: f, .. } if f == fault));
            assert_eq!(f.state(), state);
            if fault == KeyringFault::Hung {
                // Nobody waits for it twice.
                let refused = secrets.refused.load(std::sync::atomic::Ordering::SeqCst);
                assert_eq!(refused, 1, "{works}");
            }
            // Reads go on; a write says what is wrong, if there is anything to put right.
            let fresh = Store::new(f.home().to_owned(), secrets.clone());
            let refused = || secrets.refused.load(std::sync::atomic::Ordering::SeqCst);
            let before = refused();
            for store in [&store, &store, &fresh, &fresh] {
                assert_eq!(store.read().unwrap().settings.len(), 2);
            }
            // Each asks the keyring once at most, not each time.
            assert!(refused() <= before + 1, "{fault:?} {works}");
            if store.home().join(".transaction.json").exists() {
                assert!(works >= 2);
                let refused = problem(edit(&store, &[("x", Some("y"))]));
                assert!(matches!(refused, KeepProblem::Keyring { .. }));
            }
            // Back again.
            secrets
                .left
                .store(u32::MAX, std::sync::atomic::Ordering::SeqCst);
            edit(&store, &[("x.PASSWORD", Some("1"))]).unwrap();
            edit(&store, &[("x.PASSWORD", None)]).unwrap();
            assert_eq!(secrets.memory.names(), names, "{fault:?} {works}");
            for name in names {
                assert_eq!(
                    secrets.memory.get(&name).unwrap(),
                    Some("1".into()),
                    "{name}"
                );
            }
            assert_eq!(store.read().unwrap().settings.len(), 2);
            // No copy that had to stay is taken for one of the next run.
            run(&store, &after).unwrap();
            store.undo(&Gate::new(), None).unwrap();
            let old = secrets
                .memory
                .get(&SecretName::Setting("a.PASSWORD".into()));
            assert_eq!(old.unwrap(), Some("1".into()), "{fault:?} {works}");
        }
    }
}

#[test]
fn a_copy_that_had_to_stay_is_not_taken_for_one_of_the_next_run() {
    let f = fixture();
    let secrets = Arc::new(Failing::new(KeyringFault::Failed));
    let store = Store::new(f.home().to_owned(), secrets.clone());
    let lines = |value| [("a.PASSWORD", Some(value)), ("b.PASSWORD", Some(value))];
    run(&store, &lines("1")).unwrap();
    // One copy is made, and then not even that can be removed.
    secrets.left.store(1, std::sync::atomic::Ordering::SeqCst);
    run(&store, &lines("2")).unwrap_err();
    assert_eq!(secrets.memory.names().len(), 3);
    secrets
        .left
        .store(u32::MAX, std::sync::atomic::Ordering::SeqCst);
    run(&store, &lines("2")).unwrap();
    store.undo(&Gate::new(), None).unwrap();
    let old = secrets
        .memory
        .get(&SecretName::Setting("a.PASSWORD".into()));
    assert_eq!(old.unwrap(), Some("1".into()));
}
