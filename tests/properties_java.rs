//! Reads and writes what `java.util.Properties` reads and writes, and compares:
//! a corpus of every rule, and many generated files. Needs a JDK 17.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it did"
)]

#[path = "properties_java/corpus.rs"]
mod corpus;
#[path = "properties_java/oracle.rs"]
mod oracle;
#[path = "properties_java/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::ops::Range;

use oracle::{Answers, Loaded, Pairs, Requests};
use provisioning_settings::provisioning::properties::{
    self, Document, MalformedEscape, Occurrences, Text,
};
use random::Random;

const SEED: u64 = 0x5eed_2026;
const FILES: usize = 20_000;
const NO_JAVA: &str = "skipped: no Java on this machine (install openjdk-17-jdk-headless)";

/// Whether a test that finds no Java must fail.
fn java_is_required() -> bool {
    std::env::var("PROVISIONING_REQUIRE_LAB").is_ok_and(|value| value == "1")
}

fn pairs(document: &Document<'_>) -> Pairs {
    let entries = document.entries.iter();
    entries
        .map(|e| (e.key.to_string(), e.value.to_string()))
        .collect()
}

/// Each physical line's first byte, and the end.
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let is_start = |&at: &usize| match at.checked_sub(1).map(|before| bytes[before]) {
        None | Some(b'\n') => true,
        Some(b'\r') => bytes.get(at) != Some(&b'\n'),
        Some(_) => at == bytes.len(),
    };
    (0..=bytes.len()).filter(is_start).collect()
}

fn part(text: Text<'_>, range: Range<usize>) -> Text<'_> {
    match text {
        Text::Latin1(bytes) => Text::Latin1(&bytes[range]),
        Text::Utf8(text) => Text::Utf8(&text[range]),
    }
}

/// The texts that Java reads so that line numbers can be compared, which Java
/// has none of. Read: for each entry, what is left from its line on; it must
/// begin with this entry. Refused: what is before the line of the malformed
/// escape, which Java must read, and that with the line, which it must refuse.
fn parts<'a>(text: Text<'a>, ours: &Result<Document<'_>, MalformedEscape>) -> Vec<Text<'a>> {
    let starts = line_starts(text.as_bytes());
    let end = text.as_bytes().len();
    let start = |line: u32| starts[line as usize - 1];
    match ours {
        Ok(document) => {
            let entries = document.entries.iter();
            entries.map(|e| part(text, start(e.line)..end)).collect()
        }
        Err(MalformedEscape { line }) => {
            vec![part(text, 0..start(*line)), part(text, 0..start(*line + 1))]
        }
    }
}

/// Asks Java for what [`difference`] takes.
fn ask(text: Text<'_>, requests: &mut Requests) {
    requests.load(text);
    for part in parts(text, &properties::read(text)) {
        requests.load(part);
    }
}

/// How our reading of `text` differs from Java's, if it does.
fn difference(text: Text<'_>, java: &mut Answers) -> Option<String> {
    let theirs = java.loaded();
    let ours = properties::read(text);
    let of_parts: Vec<_> = parts(text, &ours).iter().map(|_| java.loaded()).collect();
    let document = match ours {
        Err(MalformedEscape { line }) => {
            let right = theirs.refused && !of_parts[0].refused && of_parts[1].refused;
            return (!right).then(|| format!("refused here on line {line}, in Java {theirs:?}"));
        }
        Ok(document) => document,
    };
    let all = Occurrences::new(text).map_while(Result::ok);
    let ours = Loaded {
        refused: false,
        halves: u32::try_from(document.lone_surrogates.len()).unwrap(),
        distinct: pairs(&document),
        puts: all
            .map(|o| (o.key.into_owned(), o.value.into_owned()))
            .collect(),
    };
    if ours != theirs {
        return Some(format!("here {ours:?}, in Java {theirs:?}"));
    }
    if document.lines as usize != line_starts(text.as_bytes()).len() - 1 {
        return Some(format!("{} lines", document.lines));
    }
    let wrong = ours.distinct.iter().zip(&of_parts);
    let mut wrong = wrong.filter(|(entry, rest)| rest.puts.first() != Some(entry));
    wrong
        .next()
        .map(|(entry, _)| format!("{entry:?} is not on its line"))
}

/// Compares all of them, and fails with the shortest that differ.
fn compare(texts: &[Text<'_>]) {
    let mut requests = Requests::default();
    for text in texts {
        ask(*text, &mut requests);
    }
    let Some(mut java) = requests.ask() else {
        assert!(!java_is_required(), "{NO_JAVA}");
        eprintln!("{NO_JAVA}");
        return;
    };
    let mut differences: Vec<_> = texts
        .iter()
        .filter_map(|text| Some((text.as_bytes(), difference(*text, &mut java)?)))
        .collect();
    differences.sort_by_key(|(bytes, _)| bytes.len());
    for (bytes, difference) in differences.iter().take(5) {
        eprintln!("\"{}\": {difference}", bytes.escape_ascii());
    }
    let refused = texts
        .iter()
        .filter(|text| properties::read(**text).is_err())
        .count();
    eprintln!("{} files, {refused} of them refused", texts.len());
    assert!(differences.is_empty(), "{} files differ", differences.len());
}

#[test]
fn the_corpus_is_read_as_it_says() {
    for (rule, file, expected) in corpus::cases() {
        let ours = properties::read(Text::Latin1(file));
        let ours = ours.as_ref().map(|document| {
            let entries = document.entries.iter();
            entries.map(|e| (e.line, &*e.key, &*e.value)).collect()
        });
        let expected = expected.map(<[_]>::to_vec);
        assert_eq!(ours.map_err(|malformed| malformed.line), expected, "{rule}");
    }
}

#[test]
fn the_corpus_is_read_as_java_reads_it() {
    let texts: Vec<_> = corpus::cases()
        .map(|(_, file, _)| Text::Latin1(file))
        .collect();
    compare(&texts);
}

#[test]
fn generated_files_are_read_as_java_reads_them() {
    eprintln!("seed {SEED:#x}");
    let mut random = Random::new(SEED);
    let latin1: Vec<_> = (0..FILES).map(|n| random.latin1(n % 60)).collect();
    let utf8: Vec<_> = (0..FILES / 2).map(|n| random.utf8(n % 60)).collect();
    // Java reads 8,192 bytes at a time.
    let long: Vec<_> = (0..500).map(|n| random.behind(8192 - n % 40, 40)).collect();
    let texts = latin1.iter().chain(&long).map(|bytes| Text::Latin1(bytes));
    let texts: Vec<_> = texts
        .chain(utf8.iter().map(|text| Text::Utf8(text)))
        .collect();
    compare(&texts);
}

#[test]
fn written_files_are_those_that_java_writes() {
    eprintln!("seed {SEED:#x}");
    let mut random = Random::new(SEED);
    let files: Vec<(String, Pairs)> = (0..FILES / 10)
        .map(|n| {
            let entries: BTreeMap<_, _> = (0..n % 30)
                .map(|_| (random.string(n % 9), random.string(12)))
                .collect();
            (random.string(n % 12), entries.into_iter().collect())
        })
        .collect();
    let mut requests = Requests::default();
    for (comment, entries) in &files {
        requests.store(comment, entries);
        requests.load(Text::Latin1(&written(comment, entries)));
    }
    let Some(mut java) = requests.ask() else {
        assert!(!java_is_required(), "{NO_JAVA}");
        eprintln!("{NO_JAVA}");
        return;
    };
    for (comment, entries) in &files {
        let (ours, theirs) = (written(comment, entries), java.stored());
        let top = written(comment, &Pairs::new()).len();
        let date = theirs[top..].iter().position(|&b| b == b'\n').unwrap() + 1;
        let without_date = [&theirs[..top], &theirs[top + date..]].concat();
        assert_eq!(
            ours.escape_ascii().to_string(),
            without_date.escape_ascii().to_string()
        );
        let read = properties::read(Text::Latin1(&theirs)).unwrap();
        assert_eq!(java.loaded().distinct, pairs(&read));
        assert_eq!(sorted(pairs(&read)), sorted(entries.clone()));
    }
}

fn written(comment: &str, entries: &Pairs) -> Vec<u8> {
    let entries = entries
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    properties::write(entries, comment)
}

fn sorted(mut pairs: Pairs) -> Pairs {
    pairs.sort();
    pairs
}
