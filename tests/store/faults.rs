//! An error at any step leaves everything as it was or, after the point of no
//! return, as it shall be.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use provisioning_settings::provisioning::failure::{Failure, KeepProblem};
use provisioning_settings::provisioning::plan::Current;
use provisioning_settings::provisioning::trust::Servers;
use provisioning_settings::system::store::{Committed, Gate, Point, Store, Watch};

use crate::common::{Fixture, State, copies, edit, fixture, names, origin, run, run_with};

/// Fails the step after `left` others, and only that one.
struct FailAt {
    left: AtomicUsize,
    hit: Mutex<Option<Point>>,
}

impl Watch for FailAt {
    fn reached(&self, point: Point) -> io::Result<()> {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            *self.hit.lock().unwrap() = Some(point);
            return Err(io::Error::other("an injected error"));
        }
        Ok(())
    }
}

/// What a store means, without the dates in its files.
type Meaning = (Current, Servers, State);

fn meaning(f: &Fixture, store: &Store) -> Meaning {
    let (current, servers) = (store.read().unwrap(), store.servers().unwrap());
    let mut state = f.state();
    state.files.clear();
    (current, servers, state)
}

/// A store with a history, in which the run `change` finds something of each kind.
fn prepared() -> Fixture {
    let f = fixture();
    let lines = [
        ("a", Some("1")),
        ("gone", Some("1")),
        ("${system}.s", Some("1")),
        ("p.PASSWORD", Some("1")),
        ("gone.PASSWORD", Some("1")),
    ];
    run(&f.store, &lines).unwrap();
    f
}

fn change(store: &Store) -> Result<Option<Committed>, Failure> {
    let lines = [
        ("a", Some("2")),
        ("gone", None),
        ("${system}.s", Some("2")),
        ("p.PASSWORD", Some("2")),
        ("gone.PASSWORD", None),
        ("new.PASSWORD", Some("2")),
    ];
    let trust =
        |servers: &mut Servers| servers.entry(&origin("https://prov.example")).trusted = true;
    run_with(store, &Gate::new(), &lines, trust).map(Some)
}

fn only_files(store: &Store) -> Result<Option<Committed>, Failure> {
    run(store, &[("a", Some("2")), ("${system}.s", Some("2"))]).map(Some)
}

fn only_secrets(store: &Store) -> Result<Option<Committed>, Failure> {
    run(store, &[("p.PASSWORD", Some("2"))]).map(Some)
}

fn by_hand(store: &Store) -> Result<Option<Committed>, Failure> {
    edit(store, &[("a", Some("2")), ("p.PASSWORD", Some("2"))]).map(|()| None)
}

fn undo(store: &Store) -> Result<Option<Committed>, Failure> {
    store.undo(&Gate::new(), None).map(Some)
}

/// Lets each step of `act` fail in turn; gives the steps.
fn at_every_step(act: fn(&Store) -> Result<Option<Committed>, Failure>) -> BTreeSet<Point> {
    let mut seen = BTreeSet::new();
    let whole = prepared();
    act(&whole.store).unwrap();
    let after = meaning(&whole, &whole.store);
    for n in 0.. {
        let f = prepared();
        let before = (
            f.state(),
            copies(&f.secrets),
            names(&f.home().join("history")),
        );
        let watch = Arc::new(FailAt {
            left: n.into(),
            hit: Mutex::new(None),
        });
        let store = Store::new(f.home().to_owned(), f.secrets.clone()).with_watch(watch.clone());
        let result = act(&store);
        let Some(point) = *watch.hit.lock().unwrap() else {
            break;
        };
        seen.insert(point);
        match result {
            Err(failure) => {
                assert!(matches!(
                    failure,
                    Failure::Keep(KeepProblem::Write { .. } | KeepProblem::Keyring { .. })
                ));
                let now = (
                    f.state(),
                    copies(&f.secrets),
                    names(&f.home().join("history")),
                );
                assert_eq!(now, before, "{point:?}, step {n}");
            }
            Ok(committed) => {
                let fresh = Store::new(f.home().to_owned(), f.secrets.clone());
                assert_eq!(meaning(&f, &fresh), after, "{point:?}, step {n}");
                if let Some(run) = committed.and_then(|committed| committed.run) {
                    let records = fresh.history().unwrap().records;
                    assert_eq!(records.last().unwrap().id, run, "{point:?}, step {n}");
                    assert!(point > Point::Seal, "{point:?}");
                }
            }
        }
        let left: Vec<String> = names(f.home())
            .into_iter()
            .filter(|name| name.starts_with('.') && name != ".lock")
            .collect();
        assert_eq!(left, [""; 0], "{point:?}, step {n}");
        // And it works the next time.
        act(&f.store).unwrap();
    }
    seen
}

#[test]
fn an_error_at_any_step_of_a_run_leaves_one_of_two_states() {
    use Point::{
        Announce, Backup, Close, Flush, Gate, Keep, Prepare, Prune, Seal, Secret, Stage, Swap,
    };
    let all = [
        Stage, Keep, Announce, Backup, Prepare, Secret, Gate, Seal, Swap, Flush, Close, Prune,
    ];
    assert_eq!(at_every_step(change), BTreeSet::from(all));
}

#[test]
fn an_error_at_any_step_without_secrets_leaves_one_of_two_states() {
    assert!(!at_every_step(only_files).contains(&Point::Announce));
}

#[test]
fn an_error_at_any_step_with_secrets_alone_leaves_one_of_two_states() {
    assert!(!at_every_step(only_secrets).contains(&Point::Swap));
}

#[test]
fn an_error_at_any_step_of_an_edit_leaves_one_of_two_states() {
    assert!(!at_every_step(by_hand).contains(&Point::Keep));
}

#[test]
fn an_error_at_any_step_of_an_undo_leaves_one_of_two_states() {
    at_every_step(undo);
}
