//! Networks and machines that are not as one would like them.

use std::{
    net::UdpSocket,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    GOOD, discover, found,
    lab::{
        Lab,
        program::{self, Program},
    },
    milliseconds, nothing, seen,
};

const URI: &str = "http://10.77.1.1:8080/provisioning.php?uuid=${uuid}";

/// The server is behind the second of two interfaces.
fn on_the_second(route: &'static str) {
    let lab = Lab::of(&["dhcpd"])
        .with("NETLAB_SWAP", "1")
        .with("NETLAB_ROUTE", route);
    lab.run(|_| {
        let search = found(&discover(&[]), URI);
        assert_eq!(search["answers"][0]["interface"], "c1");
        for interface in search["interfaces"].as_array().unwrap() {
            assert_eq!(interface["problem"], Value::Null, "{search:#}");
            assert_eq!(interface["sent"].as_array().unwrap().len(), 1);
        }
    });
}

#[test]
fn the_server_is_found_on_the_second_interface_without_a_default_route() {
    on_the_second("");
}

#[test]
fn a_default_route_on_the_wrong_side_does_not_matter() {
    on_the_second("default via 10.77.2.1 dev c0");
}

#[test]
fn a_default_route_on_the_right_side_does_not_matter_either() {
    on_the_second("default via 10.77.1.1 dev c1");
}

#[test]
fn an_ordinary_user_finds_what_root_finds() {
    Lab::of(&["dhcpd", "kea"]).by_nobody().run(|_| {
        let run = discover(&[]);
        let search = seen(&run);
        assert_eq!(run.status, 0, "{run:#?}");
        assert_eq!(search["answers"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn an_answer_that_is_broadcast_is_heard() {
    let lab = Lab::of(&["rogue"]).with("NETLAB_ROGUE", "bc:ok");
    lab.by_nobody().run(|_| {
        let search = found(&discover(&[]), GOOD);
        assert_eq!(search["answers"][0]["interface"], "c0");
    });
}

#[test]
fn one_interface_is_searched_if_one_is_named() {
    Lab::of(&["rogue"]).with("NETLAB_ROGUE", "ok").run(|lab| {
        let search = nothing(&discover(&["--interface", "c1", "--timeout", "0.5"]));
        assert_eq!(search["interfaces"].as_array().unwrap().len(), 1);
        assert!(!lab.file("rogue.seen").exists());
        found(&discover(&["--interface", "c0"]), GOOD);
        let began = Instant::now();
        for name in ["lo", "none", ""] {
            let run = discover(&["--interface", name]);
            let search = nothing(&run);
            let why = format!(
                "The interface \u{201c}{name}\u{201d} cannot be searched. These can: c0, c1."
            );
            assert_eq!(search["why"], why);
        }
        assert!(began.elapsed() < Duration::from_secs(1));
    });
}

#[test]
fn an_interface_that_fails_does_not_stop_the_others() {
    let lab = Lab::of(&["rogue"])
        .with("NETLAB_ROGUE", "late1,ok")
        .with("NETLAB_MEANWHILE", "sleep 0.7; ip -n cli link set c1 down");
    lab.run(|_| {
        let search = found(&discover(&[]), GOOD);
        let [first, second] = [0, 1].map(|place| &search["interfaces"][place]);
        assert_eq!(first["problem"], Value::Null);
        assert_eq!(first["sent"].as_array().unwrap().len(), 2);
        assert_eq!(second["sent"].as_array().unwrap().len(), 1);
        let problem = second["problem"].as_str().unwrap();
        assert!(problem.contains("could not be sent"), "{problem}");
    });
}

#[test]
fn a_port_that_another_program_keeps_is_reported() {
    Lab::of(&["dhcpd"]).run(|_| {
        let taken = UdpSocket::bind("0.0.0.0:6768").unwrap();
        let run = discover(&[]);
        let search = nothing(&run);
        for interface in search["interfaces"].as_array().unwrap() {
            let problem = interface["problem"].as_str().unwrap();
            assert!(problem.contains("UDP port 6768"), "{problem}");
        }
        assert!(milliseconds(&search) < Duration::from_secs(4), "{search:#}");
        drop(taken);
        found(&discover(&[]), URI);
    });
}

#[test]
fn a_port_that_is_free_soon_is_waited_for() {
    Lab::of(&["dhcpd"]).run(|_| {
        let taken = UdpSocket::bind("0.0.0.0:6768").unwrap();
        let waiting = thread::spawn(|| discover(&[]));
        thread::sleep(Duration::from_millis(700));
        drop(taken);
        let search = found(&waiting.join().unwrap(), URI);
        assert_eq!(search["interfaces"][0]["problem"], Value::Null);
    });
}

#[test]
fn copies_that_search_at_the_same_time_all_find_it() {
    Lab::of(&["dhcpd"]).by_nobody().run(|_| {
        let program = Program::new();
        let arguments = ["discover", "dhcp", "--format", "json"];
        let copies: Vec<_> = (0..5)
            .map(|_| program::start(program.command(&arguments), ""))
            .collect();
        for copy in copies {
            let search = found(&program::wait(copy), URI);
            println!("{:?}, {}", milliseconds(&search), search["answers"]);
        }
    });
}

#[test]
fn a_copy_that_searches_in_vain_does_not_take_the_answers_of_another() {
    let lab = Lab::of(&["rogue"]).with("NETLAB_ROGUE", "late1,ok");
    lab.by_nobody().run(|_| {
        // It asks, and is not answered yet.
        let early = thread::spawn(|| discover(&[]));
        thread::sleep(Duration::from_millis(300));
        // It opened the port last, and keeps it.
        let in_vain = thread::spawn(|| discover(&["--interface", "c1", "--timeout", "8"]));
        let search = found(&early.join().unwrap(), GOOD);
        assert!(
            milliseconds(&search) < Duration::from_millis(3500),
            "{search:#}"
        );
        // Whoever comes later is not disturbed either.
        let search = found(&discover(&[]), GOOD);
        assert!(
            milliseconds(&search) < Duration::from_millis(500),
            "{search:#}"
        );
        assert!(!in_vain.is_finished());
        nothing(&in_vain.join().unwrap());
    });
}
