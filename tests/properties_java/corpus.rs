//! Every rule of the format, with what OpenJDK 17 makes of it.

mod escapes;

use escapes::{ESCAPES, MALFORMED, REPEATED, UNICODE};

/// What a file holds: line, key and value in order; or the line of a
/// malformed escape.
type Read = Result<&'static [(u32, &'static str, &'static str)], u32>;

/// Name of the rule, the file in ISO-8859-1, and what it holds.
pub(crate) type Case = (&'static str, &'static [u8], Read);

/// All cases.
pub(crate) fn cases() -> impl Iterator<Item = &'static Case> {
    [
        LINES,
        SEPARATORS,
        COMMENTS,
        CONTINUATION,
        ESCAPES,
        UNICODE,
        MALFORMED,
        REPEATED,
    ]
    .into_iter()
    .flatten()
}

const LINES: &[Case] = &[
    ("nothing", b"", Ok(&[])),
    ("only line ends", b"\n\r\r\n\n\r", Ok(&[])),
    ("only blanks", b" \t\x0c", Ok(&[])),
    ("only blanks and line ends", b" \n\t\r\n\x0c\r ", Ok(&[])),
    ("LF", b"a=1\nb=2\n", Ok(&[(1, "a", "1"), (2, "b", "2")])),
    ("CR", b"a=1\rb=2\r", Ok(&[(1, "a", "1"), (2, "b", "2")])),
    (
        "CR LF",
        b"a=1\r\nb=2\r\n",
        Ok(&[(1, "a", "1"), (2, "b", "2")]),
    ),
    (
        "LF CR is two line ends",
        b"a=1\n\rb=2",
        Ok(&[(1, "a", "1"), (3, "b", "2")]),
    ),
    (
        "CR CR LF is two line ends",
        b"a\r\r\nb",
        Ok(&[(1, "a", ""), (3, "b", "")]),
    ),
    (
        "line ends mixed",
        b"a\nb\rc\r\nd",
        Ok(&[(1, "a", ""), (2, "b", ""), (3, "c", ""), (4, "d", "")]),
    ),
    ("no line end at the end", b"a=1", Ok(&[(1, "a", "1")])),
    (
        "blank lines between",
        b"\n\na=1\n \t\n\n  b=2\n",
        Ok(&[(3, "a", "1"), (6, "b", "2")]),
    ),
    ("blanks before a key", b" \t\x0ca=1", Ok(&[(1, "a", "1")])),
    (
        "VT, FS, NEL, NBSP are no blanks",
        b"\x0ba\x1c=\x85\xa0",
        Ok(&[(1, "\u{b}a\u{1c}", "\u{85}\u{a0}")]),
    ),
    ("NUL is a character", b"\0=\0", Ok(&[(1, "\0", "\0")])),
    (
        "Latin-1",
        b"caf\xe9=\xff\xc3\xa9",
        Ok(&[(1, "caf\u{e9}", "\u{ff}\u{c3}\u{a9}")]),
    ),
    (
        "Latin-1 between ASCII",
        b"a=1\n\xe9=2\nb=\xe9\nc=3\n",
        Ok(&[
            (1, "a", "1"),
            (2, "\u{e9}", "2"),
            (3, "b", "\u{e9}"),
            (4, "c", "3"),
        ]),
    ),
    (
        "a byte-order mark is a part of the key",
        b"\xef\xbb\xbfa=1",
        Ok(&[(1, "\u{ef}\u{bb}\u{bf}a", "1")]),
    ),
];

const SEPARATORS: &[Case] = &[
    ("equals sign", b"a=1", Ok(&[(1, "a", "1")])),
    ("colon", b"a:1", Ok(&[(1, "a", "1")])),
    ("space", b"a 1", Ok(&[(1, "a", "1")])),
    ("tab", b"a\t1", Ok(&[(1, "a", "1")])),
    ("form feed", b"a\x0c1", Ok(&[(1, "a", "1")])),
    (
        "blanks around the sign",
        b"a \t\x0c=\x0c\t 1",
        Ok(&[(1, "a", "1")]),
    ),
    (
        "only the first sign separates",
        b"a==1",
        Ok(&[(1, "a", "=1")]),
    ),
    (
        "a colon after an equals sign",
        b"a=:1",
        Ok(&[(1, "a", ":1")]),
    ),
    (
        "a sign after a sign and blanks",
        b"a = : 1",
        Ok(&[(1, "a", ": 1")]),
    ),
    ("two signs after a blank", b"a :=1", Ok(&[(1, "a", "=1")])),
    ("no separator", b"a", Ok(&[(1, "a", "")])),
    ("no value", b"a=", Ok(&[(1, "a", "")])),
    (
        "blanks and no value",
        b"a \nb = \nc  \n",
        Ok(&[(1, "a", ""), (2, "b", ""), (3, "c", "")]),
    ),
    ("no key", b"=1", Ok(&[(1, "", "1")])),
    ("no key after blanks", b"  : 1", Ok(&[(1, "", "1")])),
    ("no key and no value", b"=", Ok(&[(1, "", "")])),
    (
        "trailing blanks of a value stay",
        b"a= ${null} \t\x0c\nb=1",
        Ok(&[(1, "a", "${null} \t\u{c}"), (2, "b", "1")]),
    ),
    (
        "blanks inside a value stay",
        b"a=1  2\t3",
        Ok(&[(1, "a", "1  2\t3")]),
    ),
    (
        "signs in a value",
        b"a=http://h/?b=c&d=e#f!",
        Ok(&[(1, "a", "http://h/?b=c&d=e#f!")]),
    ),
    (
        "a key is cut at its blank",
        b"a b=c",
        Ok(&[(1, "a", "b=c")]),
    ),
];

const COMMENTS: &[Case] = &[
    ("number sign", b"#a=1\nb=2", Ok(&[(2, "b", "2")])),
    ("exclamation mark", b"!a=1\rb=2", Ok(&[(2, "b", "2")])),
    (
        "blanks before a comment",
        b" \t\x0c#a=1\r\nb=2",
        Ok(&[(2, "b", "2")]),
    ),
    ("a comment ends the file", b"a=1\n#", Ok(&[(1, "a", "1")])),
    (
        "signs later are no comment",
        b"a#b=c#d\ne!=!f",
        Ok(&[(1, "a#b", "c#d"), (2, "e!", "!f")]),
    ),
    (
        "a comment is not continued",
        b"#a\\\nb=2",
        Ok(&[(2, "b", "2")]),
    ),
    (
        "escapes in comments are not read",
        b"#\\u\n!\\uXYZW\na=1",
        Ok(&[(3, "a", "1")]),
    ),
    (
        "a continuation line is no comment",
        b"a=1\\\n#2\nb\\\n!c",
        Ok(&[(1, "a", "1#2"), (3, "b!c", "")]),
    ),
    (
        "an escaped sign begins a key",
        b"\\#a=1\n\\!b=2",
        Ok(&[(1, "#a", "1"), (2, "!b", "2")]),
    ),
    (
        "after a lone backslash a comment may begin",
        b"\\\n#a\nb=1",
        Ok(&[(3, "b", "1")]),
    ),
    (
        "after two lone backslashes too",
        b"\\\r\n \\\n ! a\\\nb=1",
        Ok(&[(4, "b", "1")]),
    ),
    (
        "NEL does not end a comment",
        b"#a\x85b=1\nc",
        Ok(&[(2, "c", "")]),
    ),
];

const CONTINUATION: &[Case] = &[
    ("LF", b"a=1\\\n2", Ok(&[(1, "a", "12")])),
    ("CR", b"a=1\\\r2", Ok(&[(1, "a", "12")])),
    (
        "CR LF",
        b"a=1\\\r\n2\r\nb",
        Ok(&[(1, "a", "12"), (3, "b", "")]),
    ),
    (
        "LF CR ends the line",
        b"a=1\\\n\r2",
        Ok(&[(1, "a", "1"), (3, "2", "")]),
    ),
    (
        "CR CR ends the line",
        b"a=1\\\r\r2",
        Ok(&[(1, "a", "1"), (3, "2", "")]),
    ),
    (
        "leading blanks are dropped",
        b"a=1\\\n \t\x0c2",
        Ok(&[(1, "a", "12")]),
    ),
    (
        "trailing blanks stay",
        b"a=1 \\\n 2",
        Ok(&[(1, "a", "1 2")]),
    ),
    (
        "a blank line ends it",
        b"a=1\\\n\nb=2",
        Ok(&[(1, "a", "1"), (3, "b", "2")]),
    ),
    (
        "a line of blanks ends it",
        b"a=1\\\n  \t\nb=2",
        Ok(&[(1, "a", "1"), (3, "b", "2")]),
    ),
    (
        "three lines",
        b"a=1,\\\n  2,\\\n  3\nb",
        Ok(&[(1, "a", "1,2,3"), (4, "b", "")]),
    ),
    (
        "an even number of backslashes does not continue",
        b"a=1\\\\\nb",
        Ok(&[(1, "a", "1\\"), (2, "b", "")]),
    ),
    (
        "an odd number does",
        b"a=1\\\\\\\nb",
        Ok(&[(1, "a", "1\\b")]),
    ),
    ("in a key", b"ab\\\n  cd=1", Ok(&[(1, "abcd", "1")])),
    ("before the sign", b"a\\\n  =1", Ok(&[(1, "a", "1")])),
    (
        "before the sign, after a blank",
        b"a \\\n  = 1",
        Ok(&[(1, "a", "1")]),
    ),
    ("after the sign", b"a=\\\n  1", Ok(&[(1, "a", "1")])),
    (
        "after the sign, then another",
        b"a=\\\n=1\nb \\\n:=2",
        Ok(&[(1, "a", "=1"), (3, "b", "=2")]),
    ),
    (
        "between blank and value",
        b"a \\\n  1",
        Ok(&[(1, "a", "1")]),
    ),
    (
        "between key and an escaped sign",
        b"a\\\n\\=1",
        Ok(&[(1, "a=1", "")]),
    ),
    ("the end is a backslash", b"a=1\\", Ok(&[(1, "a", "1")])),
    (
        "the end is a backslash in a key",
        b"a\\",
        Ok(&[(1, "a", "")]),
    ),
    (
        "the end is an escaped backslash",
        b"a=1\\\\",
        Ok(&[(1, "a", "1\\")]),
    ),
    (
        "the end is a backslash and a line end",
        b"a=1\\\n",
        Ok(&[(1, "a", "1")]),
    ),
    (
        "the end is a backslash and CR LF",
        b"a=1\\\r\n",
        Ok(&[(1, "a", "1")]),
    ),
    (
        "the end is a backslash, a line end and blanks",
        b"a=1\\\n  ",
        Ok(&[(1, "a", "1")]),
    ),
    (
        "a backslash after a continuation ends the file",
        b"a=1\\\n\\",
        Ok(&[(1, "a", "1")]),
    ),
    ("a backslash is the file", b"\\", Ok(&[(1, "", "")])),
    (
        "a backslash and LF are the file",
        b"\\\n",
        Ok(&[(1, "", "")]),
    ),
    (
        "a backslash and CR are the file",
        b"\\\r",
        Ok(&[(1, "", "")]),
    ),
    ("a backslash and CR LF are the file", b"\\\r\n", Ok(&[])),
    (
        "a backslash, LF and a blank are the file",
        b"\\\n ",
        Ok(&[]),
    ),
    (
        "a backslash on the last line",
        b"a=1\n \\",
        Ok(&[(1, "a", "1"), (2, "", "")]),
    ),
    ("two lone backslashes", b"\\\n\\\n", Ok(&[(2, "", "")])),
    ("a lone backslash first", b"\\\na=1", Ok(&[(2, "a", "1")])),
    (
        "a lone backslash and a blank line",
        b"\\\n\na=1",
        Ok(&[(3, "a", "1")]),
    ),
    (
        "an escape is continued",
        b"a=\\u00\\\n  41",
        Ok(&[(1, "a", "A")]),
    ),
    (
        "an escape is continued in a key",
        b"\\u\\\n0\\\n0\\\n4\\\n1=1",
        Ok(&[(1, "A", "1")]),
    ),
];
