//! How fast `.properties` are read and written: by this crate, by the crate
//! `java-properties`, and by OpenJDK after it has warmed up. All read the same
//! bytes from memory to a map, and must agree on what is in them.
//!
//! `cargo bench --bench parse`; with `PROVISIONING_BENCH_STRICT=1` a missed
//! target fails. `PROVISIONING_BENCH_LINES` sets another number of lines.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints, and fails by panicking"
)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use provisioning_settings::provisioning::properties::{self, Document, Text};

/// Times of many rounds, and what was read: distinct keys, characters.
#[derive(Clone, Copy)]
struct Measured {
    best: Duration,
    median: Duration,
    content: (usize, usize),
}

impl Measured {
    /// Both together: the better best, and the worse median.
    fn and(self, other: Self) -> Self {
        Self {
            best: self.best.min(other.best),
            median: self.median.max(other.median),
            content: self.content,
        }
    }
}

/// What OpenJDK needs to load and to store.
struct Java {
    load: Measured,
    store: Measured,
}

/// How many times faster reading must be, and than what.
const OVER_CRATE: f64 = 8.0;
const OVER_JAVA: f64 = 3.0;

fn main() -> ExitCode {
    let lines = std::env::var("PROVISIONING_BENCH_LINES").map_or(300_000, |n| n.parse().unwrap());
    let file = provisioning_file(lines);
    let size = file.len();
    println!("{lines} lines, {:.1} MB in ISO-8859-1", mega(size));

    // Ours takes little time, in which the machine may happen to be busy: it
    // is measured before, between and after the others, which take seconds.
    let ours = || measure(20, || read(&file), content);
    let before = ours();
    let theirs = measure(
        5,
        || java_properties::read(&file[..]).unwrap(),
        content_of_map,
    );
    let between = ours();
    let java = java(&file);
    let ours = before.and(between).and(ours());
    assert_eq!(
        ours.content, theirs.content,
        "java-properties reads otherwise"
    );

    row("read: this crate", size, &ours, None);
    let mut met = row(
        "read: java-properties",
        size,
        &theirs,
        Some((&ours, OVER_CRATE)),
    );
    if let Some(java) = &java {
        assert_eq!(ours.content, java.load.content, "OpenJDK reads otherwise");
        met &= row(
            "read: OpenJDK, warm",
            size,
            &java.load,
            Some((&ours, OVER_JAVA)),
        );
    } else {
        println!("read: OpenJDK           skipped: no Java on this machine");
    }

    compare_writing(&file, java.as_ref());
    let strict = std::env::var("PROVISIONING_BENCH_STRICT").is_ok_and(|value| value == "1");
    ExitCode::from(u8::from(strict && !met))
}

/// Prints how fast what `file` holds is written. There is no target.
fn compare_writing(file: &[u8], java: Option<&Java>) {
    let document = read(file);
    let written = measure(
        20,
        || write(&document),
        |out| (document.entries.len(), out.len()),
    );
    row(
        "write, sorting: this crate",
        written.content.1,
        &written,
        None,
    );
    if let Some(java) = java {
        row(
            "store, unsorted: OpenJDK, warm",
            written.content.1,
            &java.store,
            None,
        );
    }
}

fn read(file: &[u8]) -> Document<'_> {
    properties::read(Text::Latin1(black_box(file))).unwrap()
}

fn write(document: &Document<'_>) -> Vec<u8> {
    let entries = document.entries.iter();
    properties::write(
        entries.map(|e| (&*e.key, &*e.value)),
        "Thu Jan 01 00:00:00 UTC 2026",
    )
}

/// Runs `work` so many times. What it gives is dropped inside the time, since
/// a JVM collects its garbage inside its own.
fn measure<T>(
    rounds: usize,
    work: impl Fn() -> T,
    content: impl Fn(&T) -> (usize, usize),
) -> Measured {
    let content = content(&work());
    let mut times: Vec<_> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            drop(black_box(work()));
            start.elapsed()
        })
        .collect();
    times.sort();
    Measured {
        best: times[0],
        median: times[rounds / 2],
        content,
    }
}

/// Prints one row, with the ratio if `over` says who must be how much faster.
/// Both sides' best times count. Gives whether the target is met.
fn row(name: &str, size: usize, times: &Measured, over: Option<(&Measured, f64)>) -> bool {
    let speed = |time: Duration| mega(size) / time.as_secs_f64();
    let mut line = format!(
        "{name:31} best {:7.1} ms {:7.1} MB/s   median {:7.1} ms {:7.1} MB/s",
        times.best.as_secs_f64() * 1e3,
        speed(times.best),
        times.median.as_secs_f64() * 1e3,
        speed(times.median),
    );
    let met = over.is_none_or(|(ours, required)| {
        let ratio = times.best.as_secs_f64() / ours.best.as_secs_f64();
        let verdict = if ratio >= required { "met" } else { "MISSED" };
        write!(
            line,
            "   ratio {ratio:5.1}, required {required:.0}: {verdict}"
        )
        .unwrap();
        ratio >= required
    });
    println!("{line}");
    met
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a number to be read by a person"
)]
fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn content(document: &Document<'_>) -> (usize, usize) {
    let entries = document.entries.iter();
    let characters = entries.map(|e| e.key.chars().count() + e.value.chars().count());
    (document.entries.len(), characters.sum())
}

fn content_of_map(map: &HashMap<String, String>) -> (usize, usize) {
    let characters = map
        .iter()
        .map(|(k, v)| k.chars().count() + v.chars().count());
    (map.len(), characters.sum())
}

/// OpenJDK's times, or `None` where there is none.
fn java(file: &[u8]) -> Option<Java> {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("bench.properties");
    std::fs::write(&input, file).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/java/ParseBench.java");
    let mut javac = Command::new("javac");
    let compiled = javac
        .arg("-d")
        .args([folder.path(), &source])
        .status()
        .ok()?;
    assert!(compiled.success(), "javac refuses ParseBench.java");
    let mut java = Command::new("java");
    java.arg("-cp")
        .arg(folder.path())
        .arg("ParseBench")
        .arg(&input);
    let output = java.args(["20", "30"]).output().ok()?;
    assert!(output.status.success(), "ParseBench.java failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let number = |at: usize| usize::try_from(numbers[at]).unwrap();
    let measured = |at: usize| Measured {
        best: Duration::from_nanos(numbers[at]),
        median: Duration::from_nanos(numbers[at + 1]),
        content: (number(4), number(5)),
    };
    Some(Java {
        load: measured(0),
        store: measured(2),
    })
}

/// What a large site would send: dotted keys of 40 to 70 characters, values
/// of 5 to 60, and in some lines comments, escapes, Latin-1, a key again.
fn provisioning_file(lines: u64) -> Vec<u8> {
    const LAST: [&str; 6] = [
        "ACCOUNT_UID",
        "SERVER_ADDRESS",
        "PREFERRED_TRANSPORT",
        "IS_PRESENCE_ENABLED",
        "Encodings.opus/48000",
        "DISPLAY_NAME",
    ];
    let mut out = String::new();
    for n in 0..lines {
        // A number that looks random, the same in every run.
        let random = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let account = if random % 97 == 0 { n / 2 } else { n };
        let last = LAST[usize::try_from(account % 6).unwrap()];
        let key = match account % 3 {
            0 => format!("net.java.sip.communicator.impl.protocol.sip.acc{account}.{last}"),
            1 => format!("net.java.sip.communicator.plugin.p{account}.{last}"),
            _ => format!("net.java.sip.communicator.service.gui.s{account}.{last}"),
        };
        let text = "sip:jane.doe@voice.example.com;transport=tls and some more words to read";
        let value = &text[..5 + usize::try_from(random >> 40).unwrap() % 56];
        match random % 50 {
            0 => writeln!(out, "# {key} is what the next line would set"),
            1 => writeln!(out, "{key}=caf\u{e9} {value} \u{fc}ber"),
            2 => writeln!(out, "{key}=https\\://{value}\\u00e9"),
            3 => writeln!(out, "{key} = {value}\\\n    {value}"),
            4 => writeln!(out),
            _ => writeln!(out, "{key}={value}"),
        }
        .unwrap();
    }
    out.chars().map(|c| u8::try_from(c).unwrap()).collect()
}
