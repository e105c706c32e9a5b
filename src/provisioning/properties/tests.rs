//! What the corpus in `tests/properties_java` cannot show: what is borrowed,
//! where things are reported, and that any text can be read.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn latin1(bytes: &[u8]) -> Document<'_> {
    read(Text::Latin1(bytes)).unwrap()
}

fn utf8(text: &str) -> Document<'_> {
    read(Text::Utf8(text)).unwrap()
}

fn written(entries: &[(&str, &str)]) -> String {
    String::from_utf8(write(entries.iter().copied(), "date")).unwrap()
}

/// Whether key and value are borrowed.
fn borrowed(entry: &Entry<'_>) -> (bool, bool) {
    let key = matches!(entry.key, Cow::Borrowed(_));
    (key, matches!(entry.value, Cow::Borrowed(_)))
}

#[test]
fn what_needs_no_decoding_is_borrowed() {
    let document = latin1(b"a = 1\nb\n\xe9=caf\xe9\nc=3\nd=\\t\ne=1\\\n2\n\\ f=4\ng=5");
    let seen: Vec<_> = document.entries.iter().map(borrowed).collect();
    let (both, key, none) = ((true, true), (true, false), (false, false));
    assert_eq!(seen, [both, both, none, both, key, key, none, both]);
}

#[test]
fn utf8_is_borrowed_too() {
    let document = utf8("\u{e9}=\u{1f600}\na=\\\u{e9}\\u00e9");
    assert_eq!(borrowed(&document.entries[0]), (true, true));
    assert_eq!(document.entries[0].value, "\u{1f600}");
    assert_eq!(document.entries[1].value, "\u{e9}\u{e9}");
}

#[test]
fn latin1_runs_longer_than_a_block_are_borrowed() {
    let long = "x".repeat(1000);
    let file = format!("a={long}\n\u{e9}=1\nb={long}\n");
    let file: Vec<u8> = file.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let document = latin1(&file);
    assert_eq!(document.entries[0].value, long);
    assert_eq!(borrowed(&document.entries[0]), (true, true));
    assert_eq!(document.entries[1].key, "\u{e9}");
    assert_eq!(document.entries[2].value, long);
    assert_eq!(borrowed(&document.entries[2]), (true, true));
}

#[test]
fn physical_lines_are_counted() {
    let cases: [(&[u8], u32); 9] = [
        (b"", 0),
        (b"a", 1),
        (b"a\n", 1),
        (b"a\r\n", 1),
        (b"a\n ", 2),
        (b"\n\r\r\n", 3),
        (b"#a\\\n#b", 2),
        (b"a=1\\\r\n2\\\r3\\", 3),
        (b"\\\r\n", 1),
    ];
    for (file, lines) in cases {
        assert_eq!(latin1(file).lines, lines, "{}", file.escape_ascii());
    }
}

#[test]
fn halves_of_surrogate_pairs_are_reported_with_their_lines() {
    let document = latin1(b"\\ud83d=\\ude00\na=1\\\n\\ud83d\\\n\\ud83d\\ude00\\\n\\udc00x");
    assert_eq!(document.lone_surrogates, [1, 1, 3, 5]);
    assert_eq!(document.entries[0].key, "\u{fffd}");
    assert_eq!(document.entries[1].value, "1\u{fffd}\u{1f600}\u{fffd}x");
}

#[test]
fn keys_that_differ_in_half_a_pair_are_one_key() {
    let document = latin1(b"\\ud83d=1\n\\ude00=2");
    assert_eq!(document.entries.len(), 1);
    assert_eq!(document.entries[0].value, "2");
}

#[test]
fn repeated_keys_know_their_first_and_last_line() {
    let document = latin1(b"a=1\nb=2\n\na=3\nc=4\na=5\nb=6");
    let lines = document.duplicates();
    let lines: Vec<_> = lines.map(|e| (&*e.key, e.first_line, e.line)).collect();
    assert_eq!(lines, [("a", 1, 6), ("b", 2, 7)]);
    assert!(!document.entries[2].is_repeated());
}

#[test]
fn every_occurrence_of_a_key_can_be_seen() {
    let occurrences = Occurrences::new(Text::Latin1(b"a=1\n#\na=2\nb=\\ux\nc=3"));
    let seen: Vec<_> = occurrences
        .map(|o| o.map(|o| (o.line, o.key.into_owned(), o.value.into_owned())))
        .collect();
    let a = |line: u32, value: &str| Ok((line, "a".to_owned(), value.to_owned()));
    let malformed = Err(MalformedEscape { line: 4 });
    assert_eq!(
        seen,
        [a(1, "1"), a(3, "2"), malformed],
        "nothing comes after it"
    );
}

#[test]
fn many_keys_and_their_repetitions_are_found_again() {
    let keys: Vec<_> = (0..50_000)
        .chain(0..50_000)
        .map(|n| n.to_string())
        .collect();
    let file = keys.join("\n");
    let document = latin1(file.as_bytes());
    assert_eq!(document.entries.len(), 50_000);
    assert_eq!(document.duplicates().count(), 50_000);
    let last = document.entries.last().unwrap();
    assert_eq!(
        (&*last.key, last.first_line, last.line),
        ("49999", 50_000, 100_000)
    );
}

#[test]
fn debug_output_shows_no_value() {
    let shown = format!("{:?}", latin1(b"acc1.PASSWORD=hunter2"));
    assert!(
        shown.contains("acc1.PASSWORD") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn a_malformed_escape_says_its_line() {
    let malformed = read(Text::Utf8("\n\n\u{e9}=\\u00\u{e9}1")).unwrap_err();
    let text = "line 3 has a \\u escape without four hexadecimal digits";
    assert_eq!(malformed.to_string(), text);
}

#[test]
fn values_are_escaped_as_java_escapes_them() {
    let file = written(&[
        (" k y\t", "  a b \\=:#!\n\r\u{c}"),
        ("z", "\0\u{7f}\u{e9}\u{1f600}~"),
    ]);
    let first = "\\ k\\ y\\t=\\  a b \\\\\\=\\:\\#\\!\\n\\r\\f\n";
    let second = "z=\\u0000\\u007F\\u00E9\\uD83D\\uDE00~\n";
    assert_eq!(file, format!("#date\n{first}{second}"));
}

#[test]
fn keys_are_sorted_by_utf16_code_units() {
    let keys = [
        "\u{ffff}",
        "\u{e000}b",
        "\u{1f600}",
        "\u{10000}",
        "\u{d7ff}",
        "b",
        "ab",
        "a",
        "",
    ];
    let file = write(keys.map(|key| (key, "")), "");
    let read = latin1(&file);
    let read: Vec<_> = read.entries.iter().map(|e| &*e.key).collect();
    let mut expected = keys;
    expected.sort_by_key(|key| key.encode_utf16().collect::<Vec<_>>());
    assert_eq!(read, expected);
}

#[test]
fn the_last_of_two_written_entries_is_read_back() {
    assert_eq!(
        written(&[("b", "1"), ("a", "2"), ("b", "0")]),
        "#date\na=2\nb=1\nb=0\n"
    );
}

#[test]
fn a_comment_on_many_lines_stays_a_comment() {
    let file = write([("a", "1")], "x\ny\r\n!z\r#\u{e9}\u{20ac}\u{1f600}\n");
    let expected = b"#x\n#y\n!z\n#\xe9\\u20AC\\uD83D\\uDE00\n#\na=1\n";
    assert_eq!(
        file.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
}

/// Texts of what is hard to read, and of anything else.
fn hard_text() -> impl Strategy<Value = String> {
    let hard = "(\\\\(u[0-9a-fD]{0,4}|[\\\\tnrf \r\n])?|[ \t\x0c=:#!\r\n]|[a-c]|\\PC){0,40}";
    prop_oneof![hard, any::<String>()]
}

proptest! {
    #[test]
    fn any_bytes_can_be_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(document) = read(Text::Latin1(&bytes)) {
            prop_assert!(document.entries.iter().all(|e| e.line <= document.lines));
        }
    }

    #[test]
    fn what_is_latin1_reads_the_same_in_utf8(text in hard_text()) {
        let text = text.replace(|c| c > '\u{ff}', "\u{ff}");
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        prop_assert_eq!(read(Text::Latin1(&bytes)), read(Text::Utf8(&text)));
    }

    #[test]
    fn what_is_written_is_read_back(
        entries in prop::collection::btree_map(hard_text(), hard_text(), 0..8),
        comment in hard_text(),
    ) {
        let file = write(entries.iter().map(|(k, v)| (&**k, &**v)), &comment);
        let document = latin1(&file);
        let read = document.entries.iter();
        let read: BTreeMap<_, _> = read.map(|e| (e.key.to_string(), e.value.to_string())).collect();
        prop_assert_eq!(document.entries.len(), entries.len());
        prop_assert_eq!(read, entries);
        prop_assert!(document.duplicates().next().is_none());
    }
}
