//! The search by mDNS against the least that can be done with `mdns-sd`: a
//! daemon, one browse, the first answer of the right name. Both take turns in
//! a network of their own (`tests/lab/netlab`), with a responder that answers
//! at once and with Avahi; and how long a search takes that hears nothing.
//!
//! `cargo bench --bench bonjour`; with `PROVISIONING_BENCH_STRICT=1` a missed
//! target fails.
#![expect(clippy::print_stdout, reason = "a bench prints")]
#![cfg_attr(
    target_os = "linux",
    expect(clippy::unwrap_used, reason = "a bench fails by panicking")
)]

#[cfg(target_os = "linux")]
#[path = "../tests/bonjour/packet.rs"]
#[expect(dead_code, reason = "one good packet is enough here")]
mod packet;

#[cfg(target_os = "linux")]
mod measure {
    use std::{
        path::Path,
        process::{Command, ExitCode},
        sync::Arc,
        thread,
        time::{Duration, Instant},
    };

    use mdns_sd::{ServiceDaemon, ServiceEvent};
    use provisioning_settings::{
        provisioning::{method::Method, search::Trace},
        system::{bonjour, discovery::Scope},
    };

    use crate::packet::{HTTPS, service};

    /// RFC 6762 section 6: a responder does not repeat itself within a second.
    const QUIET: Duration = Duration::from_millis(1100);
    const KIND: &str = "_https._tcp.local.";
    const NAME: &str = "Provisioning URL._https._tcp.local.";
    /// What `netlab` exits with where it cannot work.
    const UNABLE: i32 = 77;

    /// Builds a network for each part and measures in it.
    pub(crate) fn all() -> ExitCode {
        if let Ok(part) = std::env::var("PROVISIONING_BENCH_PART") {
            return ExitCode::from(u8::from(!measured(&part)));
        }
        let mut kept = true;
        for (part, servers) in [("at once", ""), ("Avahi", "avahi"), ("nothing", "")] {
            let mut command = Command::new(in_repository("tests/lab/netlab"));
            command.args(["-s", servers]);
            if part == "at once" {
                command.args(["-r", "s2", "^ready", &responder()]);
            }
            command.arg("--").arg(std::env::current_exe().unwrap());
            command.env("PROVISIONING_BENCH_PART", part);
            match command.status().unwrap().code() {
                Some(0) => {}
                Some(UNABLE) => println!("{part}: skipped"),
                _ => kept = false,
            }
        }
        let strict = std::env::var("PROVISIONING_BENCH_STRICT").is_ok_and(|value| value == "1");
        ExitCode::from(u8::from(strict && !kept))
    }

    fn in_repository(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    fn responder() -> String {
        let packet = service(HTTPS).packet();
        let hex: Vec<String> = packet.iter().map(|byte| format!("{byte:02x}")).collect();
        let program = in_repository("tests/lab/py/mdns_responder.py");
        format!(
            "exec /usr/bin/python3 '{}' s0 '[{{\"on\": \"{HTTPS}\", \"send\": [\"{}\"]}}]'",
            program.display(),
            hex.concat()
        )
    }

    /// Whether the targets of this part were reached.
    fn measured(part: &str) -> bool {
        match part {
            "at once" => compared("answers at once", 40, Duration::ZERO),
            "Avahi" => compared("Avahi", 15, QUIET),
            _ => {
                let took = search().1.as_secs_f64();
                verdict("nothing there, in seconds", took, 4.2)
            }
        }
    }

    fn compared(responder: &str, runs: usize, pause: Duration) -> bool {
        let (mut least, mut ours) = (Vec::new(), Vec::new());
        for run in 0..runs + 2 {
            for (times, measure) in [
                (&mut least, minimal as fn() -> Duration),
                (&mut ours, found as fn() -> Duration),
            ] {
                thread::sleep(pause);
                let took = measure();
                // The first ones warm the caches.
                if run >= 2 {
                    times.push(took.as_secs_f64() * 1000.0);
                }
            }
        }
        let least = row(&format!("{responder}: mdns-sd alone"), least);
        let ours = row(&format!("{responder}: this program"), ours);
        let ratio = verdict(
            &format!("{responder}: ratio of the medians"),
            ours / least,
            1.5,
        );
        let time = verdict(&format!("{responder}: median in ms"), ours, 600.0);
        ratio && time
    }

    fn row(what: &str, mut times: Vec<f64>) -> f64 {
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        println!(
            "{what:<40}{:>8.1} ms min{median:>8.1} ms median{:>8.1} ms max, {} runs",
            times[0],
            times[times.len() - 1],
            times.len()
        );
        median
    }

    fn verdict(what: &str, reached: f64, target: f64) -> bool {
        let kept = reached <= target;
        let word = if kept { "ok" } else { "MISSED" };
        println!("{what:<40}{reached:>8.2} of at most {target} {word}");
        kept
    }

    /// The example of `mdns-sd`, up to the answer.
    fn minimal() -> Duration {
        let start = Instant::now();
        let daemon = ServiceDaemon::new().unwrap();
        let events = daemon.browse(KIND).unwrap();
        let took = loop {
            if let ServiceEvent::ServiceResolved(resolved) = events.recv().unwrap()
                && resolved.fullname == NAME
            {
                break start.elapsed();
            }
        };
        daemon.shutdown().unwrap().recv().unwrap();
        took
    }

    /// A search that has to find it.
    fn found() -> Duration {
        let (found, took) = search();
        assert!(found, "nothing was found");
        took
    }

    fn search() -> (bool, Duration) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let scope = Scope {
            method: Method::Bonjour,
            interface: None,
            timeout: None,
        };
        let watch = Arc::new(|_: &Trace| {}) as _;
        let start = Instant::now();
        let (result, _) = runtime.block_on(bonjour::search(&scope, &watch));
        (result.is_ok(), start.elapsed())
    }
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    measure::all()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: the network is built with namespaces");
}
