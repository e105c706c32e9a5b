//! Plan and apply, 100,000 and 1,000,000 lines onto stores of as many keys,
//! with an ENFORCE of 50 prefixes: reading the answer, planning it, and the
//! whole with reading and writing the store in one transaction.
//!
//! Prints seconds and ratios. With `PROVISIONING_BENCH_STRICT=1` a missed
//! target is a failure.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "it is a bench")]

use std::{
    fmt::Write,
    process::{Command, ExitCode},
    sync::Arc,
    time::{Duration, Instant},
};

use provisioning_settings::{
    provisioning::{
        plan::{self, Current, Settings},
        properties,
        report::{Outcome, Report, Source},
        response::{self, From},
    },
    system::{
        secrets::Memory,
        store::{Gate, RunKind, Store},
    },
};

const SMALL: usize = 100_000;
/// Tells a child process how many lines to measure.
const CHILD: &str = "PROVISIONING_BENCH_LINES";
/// And in which order.
const ORDER: &str = "PROVISIONING_BENCH_ORDER";

/// Keys as real accounts have them, in 60 groups.
fn key(number: usize, lines: usize) -> String {
    let group = number * 60 / (2 * lines);
    format!("net.java.sip.communicator.part{group:02}.account{number:07}.SERVER_ADDRESS")
}

fn store(lines: usize) -> Settings {
    (0..lines)
        .map(|line| (key(2 * line, lines), format!("value {line}")))
        .collect()
}

/// Every second line changes a key of the store, the others are new; the
/// ENFORCE keeps 50 of the 60 groups. In key order, as a server's loop writes
/// them, or in no order at all.
fn answer(lines: usize, shuffled: bool) -> Vec<u8> {
    let prefixes: Vec<String> = (0..50)
        .map(|part| format!("net.java.sip.communicator.part{part:02}."))
        .collect();
    let mut text = format!("provisioning.ENFORCE_PREFIX={}\n", prefixes.join("|"));
    // The ENFORCE is one of the lines. 7919 is prime, so each line comes once.
    for place in 0..lines - 1 {
        let line = if shuffled {
            place * 7919 % lines
        } else {
            place
        };
        writeln!(text, "{}=changed {line}", key(2 * line + line % 2, lines)).unwrap();
    }
    text.into_bytes()
}

/// Seconds for reading, planning, and the whole.
type Times = [f64; 3];

/// One run in this process: memory is as fresh as in a run of the program.
fn once(lines: usize, shuffled: bool) -> Times {
    let body = answer(lines, shuffled);
    let settings = store(lines);
    let pairs = settings
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    let file = properties::write(pairs, "bench");
    drop(settings);
    let entries = properties::read(properties::Text::Latin1(&file))
        .unwrap()
        .entries;
    let settings: Settings = entries
        .into_iter()
        .map(|e| (e.key.into_owned(), e.value.into_owned()))
        .collect();
    let clock = Instant::now();
    let response = response::read(&body, None, From::File("bench")).unwrap();
    let read = clock.elapsed();
    let current = Current {
        settings,
        system: Settings::new(),
    };
    let clock = Instant::now();
    let plan = plan::plan(current, &[], &response, &|_| None);
    let planned = clock.elapsed();
    assert!(plan.changes.len() >= lines);
    drop((plan, response));
    [
        read.as_secs_f64(),
        planned.as_secs_f64(),
        whole(&file, &body).as_secs_f64(),
    ]
}

/// The median of several processes, for each of the three.
fn measure(lines: usize, rounds: usize, shuffled: bool) -> Times {
    let mut columns: [Vec<f64>; 3] = Default::default();
    for _ in 0..rounds {
        let child = Command::new(std::env::current_exe().unwrap())
            .env(CHILD, lines.to_string())
            .env(ORDER, if shuffled { "shuffled" } else { "sorted" })
            .output()
            .unwrap();
        let text = String::from_utf8(child.stdout).unwrap();
        for (column, number) in columns.iter_mut().zip(text.split_whitespace()) {
            column.push(number.parse().unwrap());
        }
    }
    columns.map(|mut column| {
        column.sort_by(f64::total_cmp);
        column[column.len() / 2]
    })
}

/// What a run does between the last byte of the answer and its end.
fn whole(file: &[u8], body: &[u8]) -> Duration {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("sip-communicator.properties"), file).unwrap();
    let store = Store::new(home.path().to_owned(), Arc::new(Memory::default()));
    let clock = Instant::now();
    let response = response::read(body, None, From::File("bench")).unwrap();
    let commit = store.commit(&Gate::new(), RunKind::Provision, |current, servers| {
        let mut plan = plan::plan(current, &[], &response, &|_| None);
        let mut report = Report::new(Outcome::Applied, Source::default());
        report.changes = std::mem::take(&mut plan.changes);
        Ok((plan, servers, report))
    });
    commit.unwrap();
    clock.elapsed()
}

fn main() -> ExitCode {
    if let Ok(lines) = std::env::var(CHILD) {
        let shuffled = std::env::var(ORDER).is_ok_and(|order| order == "shuffled");
        let [read, plan, whole] = once(lines.parse().unwrap(), shuffled);
        println!("{read} {plan} {whole}");
        return ExitCode::SUCCESS;
    }
    let (small, large) = table("in key order", false);
    table("shuffled", true);
    let mut kept = true;
    for (what, reached, target) in [
        ("1,000,000 over 100,000, whole", large[2] / small[2], 12.0),
        ("seconds for 100,000, whole", small[2], 0.5),
    ] {
        let verdict = if reached <= target { "ok" } else { "MISSED" };
        kept &= reached <= target;
        println!("{what:<40} {reached:>7.2} of at most {target:>5} {verdict}");
    }
    let strict = std::env::var_os("PROVISIONING_BENCH_STRICT").is_some();
    if kept || !strict {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn table(order: &str, shuffled: bool) -> (Times, Times) {
    let (small, large) = (
        measure(SMALL, 7, shuffled),
        measure(SMALL * 10, 3, shuffled),
    );
    println!(
        "{order:<24} {:>10} {:>10} {:>8}",
        "100,000", "1,000,000", "ratio"
    );
    for (row, name) in ["read the answer", "plan it", "read, plan and apply"]
        .iter()
        .enumerate()
    {
        let (small, large) = (small[row], large[row]);
        println!(
            "{name:<24} {small:>8.3} s {large:>8.3} s {:>7.1} \u{00d7}",
            large / small
        );
    }
    (small, large)
}
