//! Several at once: processes, threads, and readers among them.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use provisioning_settings::provisioning::failure::KeepProblem;
use provisioning_settings::system::secrets::Memory;
use provisioning_settings::system::store::{Gate, Point, RunKind, Store, Watch};

use crate::common::{fixture, plan, problem, report, run};

const FOLDER: &str = "PROVISIONING_TEST_COUNT_IN";
const TIMES: u64 = 40;

/// Adds one to a number that stands in both files.
fn count(store: &Store) {
    let counted = store.commit(&Gate::new(), RunKind::Provision, |current, servers| {
        let n = current.settings.get("n").map_or(0, |n| n.parse().unwrap());
        let n = (n + 1_u64).to_string();
        let plan = plan(current, &[("n", Some(&n)), ("${system}.n", Some(&n))]);
        let report = report(&plan);
        Ok((plan, servers, report))
    });
    counted.unwrap();
}

/// Not a test of its own: one of two processes.
#[test]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let store = Store::new(Path::new(&folder).to_owned(), Arc::new(Memory::default()));
    for _ in 0..TIMES {
        count(&store);
    }
}

#[test]
fn two_processes_lose_nothing_and_readers_see_whole_states() {
    let f = fixture();
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["together::child", "--exact"])
            .env(FOLDER, f.home())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::SeqCst) {
                let current = f.store.read().unwrap();
                assert_eq!(current.settings.get("n"), current.system.get("n"));
                seen += 1;
            }
            seen
        });
        let children = [start(), start()];
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        done.store(true, Ordering::SeqCst);
        assert!(reader.join().unwrap() > 20);
    });
    assert_eq!(
        f.store.read().unwrap().settings["n"],
        (2 * TIMES).to_string()
    );
}

#[test]
fn threads_lose_nothing() {
    let f = fixture();
    let other = Store::new(f.home().to_owned(), f.secrets.clone());
    thread::scope(|scope| {
        for store in [&f.store, &other, &f.store] {
            scope.spawn(|| (0..10).for_each(|_| count(store)));
        }
    });
    assert_eq!(f.store.read().unwrap().settings["n"], "30");
}

#[test]
fn a_store_that_is_busy_for_too_long_says_so() {
    let f = fixture();
    run(&f.store, &[("a", Some("1"))]).unwrap();
    let wait = Duration::from_millis(100);
    let other = Store::new(f.home().to_owned(), f.secrets.clone()).with_lock_wait(wait);
    let held = f.store.edit(|current, servers| {
        let begin = Instant::now();
        let busy = KeepProblem::Busy {
            path: f.home().display().to_string(),
        };
        assert_eq!(problem(run(&other, &[("a", Some("2"))])), busy);
        assert!(begin.elapsed() >= wait && begin.elapsed() < wait * 20);
        // Reading waits for nobody.
        assert_eq!(other.read().unwrap().settings["a"], "1");
        // Nor does a run that was cancelled.
        let gate = Gate::new();
        gate.cancel();
        let patient = Store::new(f.home().to_owned(), f.secrets.clone());
        assert!(patient.undo(&gate, None).is_err());
        assert!(begin.elapsed() < Duration::from_secs(5));
        Ok((plan(current, &[("a", Some("3"))]), servers))
    });
    held.unwrap();
    assert_eq!(f.store.read().unwrap().settings["a"], "3");
}

/// Does something before the `n`-th file is read or replaced.
struct Before<F> {
    point: Point,
    left: AtomicUsize,
    act: F,
}

impl<F: Fn() + Send + Sync> Watch for Before<F> {
    fn reached(&self, point: Point) -> io::Result<()> {
        if point == self.point && self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            (self.act)();
        }
        Ok(())
    }
}

fn before<F: Fn() + Send + Sync>(point: Point, n: usize, act: F) -> Arc<Before<F>> {
    let left = AtomicUsize::new(n - 1);
    Arc::new(Before { point, left, act })
}

#[test]
fn a_run_that_comes_between_two_files_is_not_read_half() {
    let f = fixture();
    count(&f.store);
    let writer = Store::new(f.home().to_owned(), f.secrets.clone());
    let watch = before(Point::Read, 2, move || count(&writer));
    let reader = Store::new(f.home().to_owned(), f.secrets.clone()).with_watch(watch);
    let current = reader.read().unwrap();
    assert_eq!((&*current.settings["n"], &*current.system["n"]), ("2", "2"));
}

#[test]
fn a_run_that_is_half_way_is_not_read_half() {
    let f = fixture();
    count(&f.store);
    let (half_way, seen) = mpsc::channel();
    // The second file is replaced a while after the first.
    let pause = before(Point::Swap, 2, move || {
        half_way.send(()).unwrap();
        thread::sleep(Duration::from_millis(200));
    });
    let writer = Store::new(f.home().to_owned(), f.secrets.clone()).with_watch(pause);
    let (writer, seen) = (Arc::new(writer), Mutex::new(seen));
    // It begins when the reader has seen that nobody is writing.
    let watch = before(Point::Read, 1, move || {
        let writer = writer.clone();
        thread::spawn(move || count(&writer));
        seen.lock().unwrap().recv().unwrap();
    });
    let reader = Store::new(f.home().to_owned(), f.secrets.clone()).with_watch(watch);
    let current = reader.read().unwrap();
    assert_eq!((&*current.settings["n"], &*current.system["n"]), ("2", "2"));
}
