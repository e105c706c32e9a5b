//! How long a search takes, how fast it ends, and what it leaves behind.

use std::{
    fs,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use provisioning_settings::{
    engine::{self, Engine, Scope, Searched, Watcher},
    provisioning::{
        method::Method,
        report::Outcome,
        run::{Options, State},
        search::Trace,
    },
    system::Services,
};

use crate::{
    by_dhcp, discover,
    lab::{
        Lab,
        keyring::signal,
        program::{self, Program},
    },
    milliseconds, nothing, provision, warnings,
};

const CANCEL: Duration = Duration::from_millis(100);
const URL: &str = "net.java.sip.communicator.plugin.provisioning.URL";

fn about_ten_seconds(took: Duration) {
    let limit = Duration::from_secs(10);
    assert!(
        took >= limit && took < limit + Duration::from_millis(400),
        "{took:?}"
    );
}

/// What needs the whole ten seconds shares them.
#[test]
fn without_a_server_the_search_ends_at_ten_seconds() {
    Lab::of(&["http"]).by_nobody().run(|_| {
        let search = thread::spawn(|| nothing(&discover(&[])));
        let unknown = thread::spawn(nothing_is_stored);
        let since = thread::spawn(the_stored_address_is_used);
        let search = search.join().unwrap();
        about_ten_seconds(milliseconds(&search));
        for interface in search["interfaces"].as_array().unwrap() {
            assert_eq!(interface["sent"].as_array().unwrap().len(), 3);
        }
        unknown.join().unwrap();
        since.join().unwrap();
    });
}

fn nothing_is_stored() {
    let program = by_dhcp(Program::new());
    let began = Instant::now();
    let run = program.run(&["provision", "--no-input"]);
    let took = began.elapsed();
    assert_eq!(run.status, 3, "{run:#?}");
    for part in [
        "PS-NOT-FOUND No provisioning server was found on this network.",
        "enter the address by hand",
        "c0 (10.77.1.10): sent 3 × DHCPINFORM",
        "c1 (10.77.2.10): sent 3 × DHCPINFORM",
    ] {
        assert!(run.stderr.contains(part), "{part} is not in {run:#?}");
    }
    assert!(took < Duration::from_millis(10_600), "{took:?}");
}

fn the_stored_address_is_used() {
    let program = Program::new();
    // A run stores it, so it is known since when.
    program
        .provision("http://10.77.1.1:8080/provisioning.php?a=b")
        .applied();
    let report = provision(&by_dhcp(program), &[]).json();
    assert_eq!(report["source"]["found"], "stored", "{report:#}");
    assert_eq!(warnings(&report), ["PS-STORED-ADDRESS-USED"]);
    let message = report["warnings"][0]["message"].as_str().unwrap();
    assert!(message.contains("it is stored since 20"), "{message}");
    let lines = report["steps"][0]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "{report:#}");

    let program = by_dhcp(Program::new());
    let uri = "http://10.77.1.1:8080/provisioning.php?by=hand";
    program.run(&["settings", "set", URL, uri]);
    let report = provision(&program, &[]).json();
    let message = report["warnings"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("since when it is stored is not known"),
        "{message}"
    );
}

#[test]
fn a_search_is_cancelled_at_any_moment_at_once() {
    Lab::of(&[]).run(|_| {
        let cancelled = |after: u64| {
            thread::spawn(move || {
                let program = Program::new();
                let child = program::start(program.command(&["discover", "dhcp"]), "");
                thread::sleep(Duration::from_millis(after));
                let began = Instant::now();
                signal(&child, "INT");
                let run = program::wait(child);
                let took = began.elapsed();
                println!("after {after} ms: {took:?}");
                assert_eq!(run.status, 130, "{run:#?}");
                assert!(run.stderr.contains("PS-CANCELLED"), "{run:#?}");
                assert!(took < CANCEL, "{took:?}");
            })
        };
        for turn in [200, 650, 1400, 2600, 3900].map(cancelled) {
            turn.join().unwrap();
        }
    });
}

fn engine(home: &Path) -> Engine {
    let engine = Engine::new(Services::without_keyring(home, &home.join("none")).unwrap());
    engine.choose(&Method::Dhcp, None).unwrap();
    engine
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_run_that_searches_shows_what_it_sees_and_is_cancelled_at_once() {
    Lab::of(&[]).run(|_| {
        let home = tempfile::tempdir().unwrap();
        let engine = engine(home.path());
        runtime().block_on(async {
            let mut session = engine.start(Options::default());
            loop {
                let state = session.next().await.unwrap();
                if let State::Running(run) = &*state
                    && let Some(trace) = run.search()
                    && trace
                        .interfaces
                        .iter()
                        .all(|interface| !interface.sent.is_empty())
                {
                    break;
                }
            }
            let began = Instant::now();
            session.cancel();
            let done = loop {
                if let State::Done(done) = &*session.next().await.unwrap() {
                    break done.clone();
                }
            };
            assert!(began.elapsed() < CANCEL, "{:?}", began.elapsed());
            assert_eq!(done.report.outcome, Outcome::Cancelled);
            assert_eq!(done.report.steps[0].lines.len(), 2);
        });
    });
}

async fn search(timeout: u64) -> Searched {
    let scope = Scope {
        timeout: Some(Duration::from_millis(timeout)),
        ..Scope::of(Method::Dhcp)
    };
    let watch: Watcher = Arc::new(|_: &Trace| {});
    engine::discover(scope, watch).await
}

/// Threads and open files of this process.
fn held() -> (usize, usize) {
    let count = |folder| fs::read_dir(folder).unwrap().count();
    (count("/proc/self/task"), count("/proc/self/fd"))
}

#[test]
fn twenty_searches_leave_no_more_behind_than_one() {
    Lab::of(&["dhcpd"]).run(|_| {
        runtime().block_on(async {
            assert!(search(1000).await.0.is_ok());
            let after_one = held();
            for turn in 0..20 {
                match turn % 3 {
                    0 => assert!(search(1000).await.0.is_ok()),
                    // The limit may come before the answer.
                    1 => drop(search(1).await),
                    // Cancelled on the way.
                    _ => {
                        let limit = Duration::from_millis(20);
                        assert!(tokio::time::timeout(limit, search(1000)).await.is_err());
                    }
                }
            }
            assert_eq!(held(), after_one);
        });
        // And the port is free.
        std::net::UdpSocket::bind("0.0.0.0:6768").unwrap();
    });
}
