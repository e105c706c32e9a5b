//! Networks and computers where nothing can be found, and what a search
//! leaves behind.

use std::{
    fs,
    net::UdpSocket,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use provisioning_settings::{
    provisioning::search::Trace,
    system::{bonjour, discovery::Scope},
};

use crate::{
    More as _, answering, everywhere, for_a_second,
    lab::Lab,
    packet::{HTTPS, service},
    playing, runtime, search, search_in,
};

fn on(interface: &str) -> Scope {
    Scope {
        interface: Some(interface.to_owned()),
        ..for_a_second()
    }
}

#[test]
fn a_search_that_hears_nothing_ends_after_four_seconds_and_says_what_it_tried() {
    Lab::of(&[]).run(|_| {
        let ended = search();
        let limit = Duration::from_secs(4);
        let allowed = limit..limit + Duration::from_millis(200);
        assert!(allowed.contains(&ended.took), "{ended:#?}");
        let tried = ended.tried();
        for part in [
            "c0 (10.77.1.10, fe80::ff:fe00:110): _https._tcp.local. asked for 3 times, \
             _http._tcp.local. asked for 3 times",
            "c1 (10.77.2.10",
            "Nothing answered.",
        ] {
            assert!(tried.contains(part), "{part}: {tried}");
        }
        assert_eq!(ended.trace.why, "Nothing answered.");
        assert!((4000..4200).contains(&ended.trace.milliseconds));
    });
}

#[test]
fn only_the_named_interface_is_searched() {
    playing(&[answering(HTTPS, &service(HTTPS).packet())]).run(|_| {
        let ended = search_in(&on("c0"));
        assert!(ended.uri().starts_with("https:"));
        assert_eq!(ended.trace.interfaces.len(), 1);

        let ended = search_in(&on("c1"));
        assert!(ended.tried().contains("c1 (10.77.2.10"), "{ended:#?}");
        assert!(!ended.tried().contains("c0"), "{ended:#?}");

        let ended = search_in(&on("nope"));
        let tried = ended.tried();
        assert!(
            tried.starts_with("The interface \u{201c}nope\u{201d} cannot be searched."),
            "{tried}"
        );
        assert!(tried.contains("c0") && tried.contains("c1"), "{tried}");
        assert!(ended.took < Duration::from_millis(500), "{ended:#?}");

        let lo = search_in(&on("lo"));
        assert!(lo.tried().contains("cannot be searched"), "{lo:#?}");
    });
}

#[test]
fn without_a_network_the_search_ends_at_once_and_says_so() {
    let down = "ip link set c0 down; ip link set c1 down; echo down; sleep 60";
    Lab::of(&[]).beside("cli", "^down", down).run(|_| {
        let ended = search();
        assert!(ended.took < Duration::from_millis(500), "{ended:#?}");
        let why = &ended.trace.why;
        assert!(
            why.starts_with("No network interface of this computer"),
            "{why}"
        );
        assert_eq!(ended.tried(), *why);
    });
}

#[test]
fn a_program_that_keeps_the_port_to_itself_is_named() {
    Lab::of(&[]).run(|_| {
        let both = UdpSocket::bind("[::]:5353").unwrap();
        let ended = search();
        assert!(ended.took < Duration::from_millis(500), "{ended:#?}");
        let tried = ended.tried();
        let holder = format!("(process {})", std::process::id());
        assert!(
            tried.starts_with("UDP port 5353 is held by \u{201c}"),
            "{tried}"
        );
        assert!(tried.contains(&holder), "{tried}");
        drop(both);

        let v4 = UdpSocket::bind("0.0.0.0:5353").unwrap();
        assert!(search().tried().contains(&holder));
        drop(v4);

        // Shared, it disturbs nobody.
        let ended = search_in(&for_a_second());
        assert!(ended.tried().ends_with("Nothing answered."), "{ended:#?}");
    });
}

fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// What is still there a moment later: a thread takes its time to end.
fn settles_at(threads_then: usize, descriptors_then: usize) {
    let start = Instant::now();
    while threads() > threads_then || descriptors() > descriptors_then {
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{} threads, were {threads_then}; {} descriptors, were {descriptors_then}",
            threads(),
            descriptors()
        );
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_dropped_search_is_over_within_100_ms_wherever_it_is() {
    playing(&[answering(
        crate::packet::HTTP,
        &service(crate::packet::HTTP).packet(),
    )])
    .run(|_| {
        let runtime = runtime();
        let before = (threads(), descriptors());
        for wait in [0, 1, 5, 20, 60, 200, 450] {
            let start = Instant::now();
            runtime.block_on(async {
                let watch = Arc::new(|_: &Trace| {}) as _;
                let scope = everywhere();
                let search = bonjour::search(&scope, &watch);
                let cut = tokio::time::timeout(Duration::from_millis(wait), search).await;
                assert!(cut.is_err(), "after {wait} ms");
            });
            let late = start.elapsed().saturating_sub(Duration::from_millis(wait));
            assert!(
                late < Duration::from_millis(100),
                "{late:?} after {wait} ms"
            );
            settles_at(before.0, before.1);
        }
    });
}

#[test]
fn twenty_searches_leave_no_more_than_one() {
    playing(&[answering(HTTPS, &service(HTTPS).packet())]).run(|_| {
        let runtime = runtime();
        let watch = Arc::new(|_: &Trace| {}) as _;
        let once = || {
            let (result, _) = runtime.block_on(bonjour::search(&everywhere(), &watch));
            result.unwrap();
        };
        let before = (threads(), descriptors());
        once();
        settles_at(before.0, before.1);
        for _ in 0..19 {
            once();
        }
        settles_at(before.0, before.1);
    });
}

#[test]
fn two_searches_at_once_both_find_the_server() {
    playing(&[answering(HTTPS, &service(HTTPS).packet())]).run(|_| {
        let both = [(); 2].map(|()| thread::spawn(search));
        for search in both {
            let ended = search.join().unwrap();
            assert!(ended.uri().starts_with("https:"), "{ended:#?}");
        }
    });
}

#[test]
fn the_watcher_sees_the_search_grow() {
    playing(&[answering(HTTPS, &service(HTTPS).packet())]).run(|_| {
        let seen = Arc::new(std::sync::Mutex::new(Vec::<Trace>::new()));
        let sink = Arc::clone(&seen);
        let watch = Arc::new(move |trace: &Trace| sink.lock().unwrap().push(trace.clone())) as _;
        let (result, trace) = runtime().block_on(bonjour::search(&everywhere(), &watch));
        result.unwrap();
        let seen = seen.lock().unwrap();
        assert!(seen[0].answers.is_empty() && !seen[0].interfaces.is_empty());
        assert!(
            seen.iter()
                .any(|trace| !trace.interfaces[0].sent.is_empty())
        );
        let last = seen.last().unwrap();
        assert_eq!(last.answers, trace.answers);
        assert_eq!((last.chosen, &last.why), (Some(0), &trace.why));
    });
}
