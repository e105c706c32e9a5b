//! The rules of escapes, and of keys that stand more than once.

use super::Case;

pub(super) const ESCAPES: &[Case] = &[
    (
        "control characters",
        b"a=\\t\\n\\r\\f",
        Ok(&[(1, "a", "\t\n\r\u{c}")]),
    ),
    (
        "no other letter is special",
        b"a=\\b\\a\\v\\0\\x41\\z",
        Ok(&[(1, "a", "bav0x41z")]),
    ),
    (
        "capital letters are not special",
        b"a=\\T\\N\\R\\F\\U0041",
        Ok(&[(1, "a", "TNRFU0041")]),
    ),
    (
        "backslash",
        b"a=\\\\\nb=C:\\\\x",
        Ok(&[(1, "a", "\\"), (2, "b", "C:\\x")]),
    ),
    (
        "separators in a key",
        b"a\\ b\\=c\\:d\\\te\\\x0cf=1",
        Ok(&[(1, "a b=c:d\te\u{c}f", "1")]),
    ),
    (
        "an escaped backslash and a sign",
        b"a\\\\=1\nb\\\\\\=2",
        Ok(&[(1, "a\\", "1"), (2, "b\\=2", "")]),
    ),
    (
        "separators in a value",
        b"a=\\=\\:\\#\\!\\ ",
        Ok(&[(1, "a", "=:#! ")]),
    ),
    (
        "a leading blank of a value",
        b"a=\\  1\nb \\ 2",
        Ok(&[(1, "a", "  1"), (2, "b", " 2")]),
    ),
    (
        "a leading sign of a value",
        b"a\\=1\nb \\=2",
        Ok(&[(1, "a=1", ""), (2, "b", "=2")]),
    ),
    ("a leading blank of a key", b"\\ a=1", Ok(&[(1, " a", "1")])),
    (
        "null with a backslash",
        b"a=\\${null}",
        Ok(&[(1, "a", "${null}")]),
    ),
    (
        "Latin-1 after a backslash",
        b"\\\xe9=\\\xff\xe9",
        Ok(&[(1, "\u{e9}", "\u{ff}\u{e9}")]),
    ),
    (
        "Latin-1 beside escapes",
        b"\xe9\\t=\xe9\\t\xe9",
        Ok(&[(1, "\u{e9}\t", "\u{e9}\t\u{e9}")]),
    ),
];

pub(super) const UNICODE: &[Case] = &[
    (
        "digits in both cases",
        b"a=\\u00e9\\u00E9\\uABCD\\uabcd",
        Ok(&[(1, "a", "\u{e9}\u{e9}\u{abcd}\u{abcd}")]),
    ),
    (
        "more digits than four",
        b"a=\\u004142",
        Ok(&[(1, "a", "A42")]),
    ),
    ("in a key", b"\\u0061\\u0062=1", Ok(&[(1, "ab", "1")])),
    (
        "an escaped separator does not separate",
        b"a\\u003d\\u0020=1",
        Ok(&[(1, "a= ", "1")]),
    ),
    (
        "an escaped blank is not dropped",
        b"a=\\u00201\n\\u0009b",
        Ok(&[(1, "a", " 1"), (2, "\tb", "")]),
    ),
    (
        "an escaped line end does not end",
        b"a=1\\u000a2\\u000D3",
        Ok(&[(1, "a", "1\n2\r3")]),
    ),
    (
        "an escaped backslash does not escape",
        b"a=\\u005cn\nb\\u005c=1",
        Ok(&[(1, "a", "\\n"), (2, "b\\", "1")]),
    ),
    (
        "an escaped backslash does not continue",
        b"a=1\\u005c\nb",
        Ok(&[(1, "a", "1\\"), (2, "b", "")]),
    ),
    (
        "an escaped comment sign begins a key",
        b"\\u0023a=1",
        Ok(&[(1, "#a", "1")]),
    ),
    ("NUL", b"\\u0000=\\u0000", Ok(&[(1, "\0", "\0")])),
    (
        "no character",
        b"a=\\uFFFE\\uffff",
        Ok(&[(1, "a", "\u{fffe}\u{ffff}")]),
    ),
    (
        "an escaped backslash before u",
        b"a=\\\\u12",
        Ok(&[(1, "a", "\\u12")]),
    ),
    (
        "a surrogate pair",
        b"a=\\uD83D\\uDE00!",
        Ok(&[(1, "a", "\u{1f600}!")]),
    ),
    (
        "the outermost pairs",
        b"\\ud800\\udc00=\\udbff\\udfff",
        Ok(&[(1, "\u{10000}", "\u{10ffff}")]),
    ),
    (
        "a pair on two lines",
        b"a=\\uD83D\\\n \\uDE00",
        Ok(&[(1, "a", "\u{1f600}")]),
    ),
    ("a high half", b"a=\\uD83D", Ok(&[(1, "a", "\u{fffd}")])),
    ("a low half", b"a=\\uDE00b", Ok(&[(1, "a", "\u{fffd}b")])),
    (
        "halves in the wrong order",
        b"a=\\uDE00\\uD83D",
        Ok(&[(1, "a", "\u{fffd}\u{fffd}")]),
    ),
    (
        "a high half before a pair",
        b"a=\\uD83D\\uD83D\\uDE00",
        Ok(&[(1, "a", "\u{fffd}\u{1f600}")]),
    ),
    (
        "a half before another escape",
        b"a=\\uD83D\\t\\uD83D\\u0041",
        Ok(&[(1, "a", "\u{fffd}\t\u{fffd}A")]),
    ),
    (
        "a pair with a character between",
        b"a=\\uD83Dx\\uDE00",
        Ok(&[(1, "a", "\u{fffd}x\u{fffd}")]),
    ),
    (
        "a pair divided by the separator",
        b"\\uD83D=\\uDE00",
        Ok(&[(1, "\u{fffd}", "\u{fffd}")]),
    ),
];

pub(super) const MALFORMED: &[Case] = &[
    ("no digit", b"a=\\u", Err(1)),
    ("three digits at the end", b"a=1\nb=\\u123", Err(2)),
    (
        "three digits at a line's end",
        b"a=1\r\nb=\\u123\r\nc",
        Err(2),
    ),
    ("a letter beyond F", b"\n\n\na=\\u12G4", Err(4)),
    ("a sign is no digit", b"a=\\u+123", Err(1)),
    ("a blank is no digit", b"a=\\u00 1", Err(1)),
    ("Latin-1 digits are none", b"a=\\u00\xb2\xb3", Err(1)),
    ("two letters u", b"a=\\uu0041", Err(1)),
    ("in a key", b"a\\u12=1", Err(1)),
    ("a key ends before the fourth digit", b"\\u004=1", Err(1)),
    ("in a key without a value", b"#\n\\uX", Err(2)),
    ("on a continuation line", b"a=1\\\n2\\\n\\u004x", Err(3)),
    (
        "across a continuation, where the backslash is",
        b"a=1\\\n\\u00\\\nx",
        Err(2),
    ),
    ("cut by the end", b"a=\\u00\\", Err(1)),
    ("after a high half", b"a=\\uD83D\\\n\\uDE0", Err(2)),
    ("the first one counts", b"a=\\u1\nb=\\u2", Err(1)),
    (
        "in a line whose value is replaced later",
        b"a=\\u1\na=2",
        Err(1),
    ),
];

pub(super) const REPEATED: &[Case] = &[
    (
        "place of the first, value of the last",
        b"a=1\nb=2\na=3\n",
        Ok(&[(3, "a", "3"), (2, "b", "2")]),
    ),
    (
        "three times",
        b"a=1\na=2\n\na=3\nb",
        Ok(&[(4, "a", "3"), (5, "b", "")]),
    ),
    (
        "null, then a value",
        b"a=${null}\na=1",
        Ok(&[(2, "a", "1")]),
    ),
    ("a value, then nothing", b"a=1\na", Ok(&[(2, "a", "")])),
    (
        "the empty key",
        b"=1\nb\n:2",
        Ok(&[(3, "", "2"), (2, "b", "")]),
    ),
    (
        "the same key in other spellings",
        b"ab=1\n\\u0061b 2\na\\\n\tb 3",
        Ok(&[(3, "ab", "3")]),
    ),
    (
        "case counts",
        b"a=1\nA=2",
        Ok(&[(1, "a", "1"), (2, "A", "2")]),
    ),
    (
        "on continued lines",
        b"a=1\\\n2\nab\\\nc=3\nabc=4\\\n5",
        Ok(&[(1, "a", "12"), (5, "abc", "45")]),
    ),
];
