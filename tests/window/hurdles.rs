//! What goes wrong around the window, and what others do meanwhile.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    FORM, NGINX,
    desktop::Desktop,
    lab,
    lab::{
        keyring::{Keyring, State},
        program::Program,
    },
    opened::Opened,
    raw_server::{RawServer, wait_for_end},
    stops,
};

/// What a run may take to end after it was told to.
const AT_ONCE: Duration = Duration::from_millis(100);
/// What the process may.
const SOON: Duration = Duration::from_secs(2);

/// A program with a keyring, and with this address.
fn set_up(keyring: &Keyring, uri: &str) -> Program {
    let program = keyring.program().allowing_plain_http(NGINX);
    let run = program.run(&["method", "manual", uri]);
    assert_eq!(run.status, 0, "{run:#?}");
    program
}

/// Answers nothing, and notices when nobody waits for it any more.
fn silent() -> RawServer {
    RawServer::new(wait_for_end)
}

fn wait_for_a_request(desktop: &Desktop, server: &RawServer, count: usize) {
    desktop.until("the request", || server.requests().len() == count);
}

#[test]
fn escape_cancels_a_run_at_once_and_leaves_everything_as_it_was() {
    lab(&[]).run(|lab| {
        let desktop = Desktop::start(lab);
        let keyring = Keyring::start(State::Unlocked);
        let server = silent();
        let program = set_up(&keyring, server.url("/").as_str());
        let before = fs::read(program.store()).unwrap();
        let mut window = Opened::open(&desktop, &program);
        // The key press itself is in the time, and a busy machine.
        let mut times: Vec<_> = (1..=5)
            .map(|count| {
                desktop.keys(&["Return"]);
                wait_for_a_request(&desktop, &server, count);
                if count == 1 {
                    desktop.keep("20-asking");
                }
                let began = Instant::now();
                desktop.keys(&["Escape"]);
                assert!(server.ends_within(Duration::from_secs(10)));
                let took = began.elapsed();
                window.status("cancelled. Nothing was changed.");
                took
            })
            .collect();
        times.sort();
        println!("cancelled after {times:?}");
        assert!(times[2] < AT_ONCE, "{times:?}");
        assert_eq!(fs::read(program.store()).unwrap(), before);
        // By the button as well, which is where Provision now was, once the
        // run has lasted so long that it is seen.
        window.go(&stops::CANCELLED, "run");
        desktop.keys(&["space"]);
        wait_for_a_request(&desktop, &server, 6);
        std::thread::sleep(Duration::from_millis(500));
        desktop.keys(&["space"]);
        assert!(server.ends_within(Duration::from_secs(10)));
        window.status("cancelled. Nothing was changed.");
        assert_eq!(fs::read(program.store()).unwrap(), before);
        window.close();
    });
}

#[test]
fn closing_ends_the_process_soon_whatever_goes_on() {
    lab(&[]).run(|lab| {
        let desktop = Desktop::start(lab);
        let keyring = Keyring::start(State::Unlocked);
        let server = silent();
        let program = set_up(&keyring, server.url("/").as_str());
        let before = fs::read(program.store()).unwrap();
        for (count, way) in ["alt+F4", "TERM", "INT"].into_iter().enumerate() {
            let window = Opened::open(&desktop, &program);
            desktop.keys(&["Return"]);
            wait_for_a_request(&desktop, &server, count + 1);
            let began = Instant::now();
            if way == "alt+F4" {
                desktop.keys(&[way]);
            } else {
                window.signal(way);
            }
            window.ended();
            let took = began.elapsed();
            println!("{way}: ended after {took:?}");
            assert!(took < SOON, "{way}: {took:?}");
            assert_eq!(fs::read(program.store()).unwrap(), before);
        }
    });
}

#[test]
fn what_the_command_line_changes_shows_up() {
    lab(&["nginx"]).run(|lab| {
        let desktop = Desktop::start(lab);
        let keyring = Keyring::start(State::Unlocked);
        let program = set_up(&keyring, &format!("{NGINX}/provisioning.php?a=b"));
        let mut window = Opened::open(&desktop, &program);
        // A run of the command line is in the status.
        let run = program.run(&["provision", "--no-input"]);
        assert_eq!(run.status, 0, "{run:#?}");
        window.status("applied today");
        // Another address is the one that is asked.
        let other = format!("{NGINX}/sipxcom.php");
        assert_eq!(program.run(&["method", "manual", &other]).status, 0);
        let before = window.look();
        desktop.until("another picture", || window.look() != before);
        desktop.keys(&["Return"]);
        desktop.until("a request", || {
            lab.nginx_log().contains("POST /sipxcom.php")
        });
        window.status("applied today");
        // With the method off there is nothing that Enter could start.
        assert_eq!(program.run(&["method", "none"]).status, 0);
        desktop.until("the end of the buttons", || !window.can_run());
        desktop.keep("21-off");
        assert_eq!(program.run(&["method", "manual"]).status, 0);
        desktop.until("the buttons", || window.can_run());
        window.focus_is(None);
        window.close();
    });
}

#[test]
fn a_keyring_that_never_answers_does_not_freeze_the_window() {
    lab(&["nginx"]).run(|lab| {
        let desktop = Desktop::start(lab);
        let mut keyring = Keyring::start(State::Unlocked);
        let uri = format!("{NGINX}{FORM}");
        let program = set_up(&keyring, &uri);
        program
            .sign_in_with(&uri, "alice", "wonder", &["--remember"])
            .applied();
        let asked = lab.nginx_log();
        keyring.make(State::Hung);
        let mut window = Opened::open(&desktop, &program);
        desktop.keys(&["Return"]);
        desktop.until("the run", || !window.can_run());
        desktop.keep("22-keyring-hung");
        // The window hears keys, and the run can be cancelled.
        let began = Instant::now();
        desktop.keys(&["F1"]);
        window.dialog("dialog-default");
        println!("the help opened after {:?}", began.elapsed());
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        desktop.keep("23-help");
        desktop.keys(&["Escape"]);
        window.no_dialog();
        let began = Instant::now();
        desktop.keys(&["Escape"]);
        window.status("cancelled. Nothing was changed.");
        println!("cancelled after {:?}", began.elapsed());
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        assert_eq!(lab.nginx_log(), asked);
        // Nor does it keep the process alive.
        desktop.keys(&["Return"]);
        desktop.until("the run", || !window.can_run());
        let took = window.close();
        assert!(took < SOON, "{took:?}");
    });
}

#[test]
fn without_a_display_there_is_one_line_and_exit_2() {
    let program = Program::new();
    let run = program.run(&[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
    assert!(run.stderr.contains("There is no display"), "{run:#?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:#?}");
}
