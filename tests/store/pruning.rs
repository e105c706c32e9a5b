//! The history keeps what it promises, and no more.

use provisioning_settings::provisioning::report::{Outcome, Report, Source};
use provisioning_settings::system::store::{Gate, KEPT, RunKind};

use crate::common::{copies, fixture, names, run};

#[test]
fn the_last_runs_of_each_kind_are_kept_with_their_copies() {
    let f = fixture();
    let failed = Report::new(Outcome::Failed, Source::default());
    for n in 0..KEPT + 5 {
        let n = n.to_string();
        let lines = [("a.PASSWORD", Some(n.as_str())), ("n", Some(&n))];
        run(&f.store, &lines).unwrap();
        f.store.record(RunKind::Provision, &failed).unwrap();
        f.store.record(RunKind::Provision, &failed).unwrap();
    }
    let records = f.store.history().unwrap().records;
    let ids = |undoable: bool| -> Vec<u64> {
        let some = records.iter().filter(|record| record.undoable == undoable);
        some.map(|record| record.id).collect()
    };
    let last = 3 * (KEPT as u64 + 5);
    let expected: Vec<u64> = (0..KEPT as u64).rev().map(|n| last - 2 - 3 * n).collect();
    assert_eq!(ids(true), expected);
    assert_eq!(ids(false).len(), KEPT);
    assert_eq!(ids(false).last(), Some(&last));

    let history = names(&f.home().join("history"));
    let ending = |end: &str| history.iter().filter(|name| name.ends_with(end)).count();
    assert_eq!((ending(".json"), ending(".properties")), (2 * KEPT, KEPT));
    let mut expected: Vec<String> = expected
        .iter()
        .map(|id| format!("before {id} setting a.PASSWORD"))
        .collect();
    expected.sort();
    assert_eq!(copies(&f.secrets), expected);
}

#[test]
fn the_oldest_run_that_is_kept_can_be_undone() {
    let f = fixture();
    for n in 0..KEPT + 3 {
        let n = n.to_string();
        run(&f.store, &[("a.PASSWORD", Some(&n)), ("n", Some(&n))]).unwrap();
    }
    let oldest = f.store.history().unwrap().records[0].id;
    assert_eq!(oldest, 4);
    f.store.undo(&Gate::new(), Some(oldest)).unwrap();
    assert_eq!(f.store.read().unwrap().settings["n"], "2");
    assert_eq!(f.state().secrets["setting a.PASSWORD"], "2");
}
