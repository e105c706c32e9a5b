use super::*;

const VALUES: [(&str, &str); 8] = [
    ("user", "jane"),
    ("empty", ""),
    ("evil", "x\r\nevil=1\n#\u{85}\u{2028}"),
    ("slash", "\\"),
    ("null", "${null}"),
    ("brace", "{null}"),
    ("word", "null"),
    ("odd", " =:#!\t\u{c}\u{e4}\u{0}\u{7f}${x}"),
];

fn value_of(name: &str) -> Option<&'static str> {
    VALUES
        .iter()
        .find_map(|(known, value)| (*known == name).then_some(*value))
}

fn filled(template: &str) -> (String, Vec<String>) {
    let rendered = render(template.as_bytes(), value_of).unwrap();
    (String::from_utf8(rendered.body).unwrap(), rendered.notes)
}

fn body(template: &str) -> String {
    filled(template).0
}

fn read(template: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    java_properties::PropertiesIter::new(body(template).as_bytes())
        .read_into(|key, value| pairs.push((key, value)))
        .unwrap();
    pairs
}

#[test]
fn values_defaults_and_nothing_are_filled_in() {
    assert_eq!(
        body("a={{user}}@{{ user }}.{{user}}\n"),
        "a=jane@jane.jane\n"
    );
    assert_eq!(
        body("a={{user|x}}{{none|y z}}{{empty|w}}{{none|}}"),
        "a=janey zw"
    );
    assert_eq!(body("acc.{{user}}.X=1"), "acc.jane.X=1");
    let (text, notes) = filled("a={{none}}\r\nb={{none}}{{empty}}{{other}}\r\n");
    assert_eq!(text, "a=\r\nb=\r\n");
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("{{none}}") && notes[1].starts_with("{{other}}"));
}

#[test]
fn what_belongs_to_the_client_is_left_alone() {
    for text in [
        "a=${null}",
        "${system}.x=1",
        "a={ {user} } }} {",
        "a=\\{{user}}",
        "",
        "\\\\",
    ] {
        assert_eq!(filled(text), (text.to_owned(), vec![]));
    }
    assert_eq!(body("a=\\\\{{user}}"), "a=\\\\jane");
    assert_eq!(body("a={{none|${null}}}"), "a=${null}");
    assert_eq!(body("a={{user|${null}}}"), "a=jane");
    assert_eq!(body("a=${home.{{user}}}"), "a=${home.jane}");
    assert_eq!(body("a=${{{user}}}"), "a=${jane}");
}

#[test]
fn comments_stay_as_they_are_but_continued_lines_are_no_comments() {
    let text = "# {{none}}\\\n  ! {{user}}\\\na={{user}}\\\r\n # {{user}}\n#{{user}}";
    let (text, notes) = filled(text);
    assert_eq!(
        text,
        "# {{none}}\\\n  ! {{user}}\\\na=jane\\\r\n # jane\n#{{user}}"
    );
    assert!(notes.is_empty());
}

#[test]
fn what_is_no_placeholder_stays_and_is_noted_once_for_its_line() {
    for bad in [
        "{{",
        "{{user",
        "{{user}",
        "{{a b}}",
        "{{}}",
        "{{|x}}",
        "{{user|x",
        "{{\u{e4}}}",
    ] {
        let (text, notes) = filled(&format!("ok=1\na={bad}\n"));
        assert_eq!(text, format!("ok=1\na={bad}\n"));
        assert!(
            notes.len() == 1 && notes[0].contains("line 2"),
            "{bad}: {notes:?}"
        );
    }
    let (_, notes) = filled(&"a={{\n".repeat(1000));
    assert_eq!(notes.len(), MAX_NOTES);
}

#[test]
fn a_value_comes_back_as_it_was_sent_and_ends_neither_line_nor_key() {
    let odd = value_of("odd").unwrap();
    let evil = value_of("evil").unwrap();
    assert_eq!(read("a={{odd}}\nb=2"), pairs(&[("a", odd), ("b", "2")]));
    assert_eq!(read("a={{evil}}\nb=2"), pairs(&[("a", evil), ("b", "2")]));
    assert_eq!(read("a={{slash}}\nb=2"), pairs(&[("a", "\\"), ("b", "2")]));
    assert_eq!(
        read("x.{{odd}}.y=1"),
        pairs(&[(&format!("x.{odd}.y"), "1")])
    );
    assert_eq!(read("{{evil}}=1"), pairs(&[(evil, "1")]));
    // The backslash before it would eat the first one of the value.
    assert_eq!(
        read("a=\\{{slash}}\nb=2"),
        pairs(&[("a", "{{slash}}"), ("b", "2")])
    );
    let escaped = "a=\\ \\=\\:\\#\\!\\t\\f\\u00E4\\u0000\\u007F${x}";
    assert_eq!(body("a={{odd}}"), escaped);
    // Two escapes for what is beyond U+FFFF; the crate that reads here knows none.
    let face = render(b"a={{x}}", |_| Some("\u{1f600}")).unwrap();
    assert_eq!(face.body, b"a=\\uD83D\\uDE00");
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn a_value_cannot_become_an_instruction() {
    for (text, name) in [
        ("a={{null}}", "null"),
        ("a=b{{user}}\nc=x{{null}}", "null"),
        ("a=${{brace}}", "brace"),
        ("a=${{{word}}}", "word"),
        ("a={{word}}{{null}}", "null"),
        ("${s{{evil|x}}}={{null}}", "null"),
    ] {
        let problem = render(text.as_bytes(), value_of).unwrap_err();
        assert_eq!(problem, Problem::Instruction(name.to_owned()), "{text}");
    }
    let two = render(b"a={{a}}{{b}}", |name| {
        Some(if name == "a" { "$" } else { "{system}.x" })
    });
    assert!(matches!(two, Err(Problem::Instruction(_))));
    // The file's own ones are what it is for, beside filled ones too.
    assert_eq!(
        body("{{user}}=${null}\n${system}.{{user}}=1"),
        "jane=${null}\n${system}.jane=1"
    );
}

#[test]
fn a_template_may_be_in_any_encoding() {
    let rendered = render(b"a=\xe4{{user}}\xff{{x|\xfc}}\n", value_of).unwrap();
    assert_eq!(rendered.body, b"a=\xe4jane\xff\xfc\n");
}

#[test]
fn an_answer_cannot_grow_without_bounds() {
    let value = "x".repeat(1024 * 1024);
    let problem = render("{{x}}".repeat(100_000).as_bytes(), |_| Some(value.as_str()));
    assert_eq!(problem.unwrap_err(), Problem::TooLarge);
    let problem = render(&vec![b'x'; MAX_BODY + 1], value_of);
    assert_eq!(problem.unwrap_err(), Problem::TooLarge);
}

proptest::proptest! {
    #[test]
    fn nothing_sent_changes_the_keys(value in "[\\u{0}-\\u{ffff}]{1,40}") {
        let template = b"first={{x}}\nsecond=2\nthird.{{x}}=3\n";
        if let Ok(rendered) = render(template, |_| Some(value.as_str())) {
            let mut pairs = Vec::new();
            java_properties::PropertiesIter::new(rendered.body.as_slice())
                .read_into(|key, value| pairs.push((key, value)))
                .unwrap();
            let third = format!("third.{value}");
            let expected = [("first", value.as_str()), ("second", "2"), (&third, "3")];
            proptest::prop_assert_eq!(pairs, self::pairs(&expected));
        }
    }

    #[test]
    fn no_template_breaks_the_server(
        template in "[{}|$#\\\\a\r\n =]{0,60}",
        value in "[${}nul\\\\\n]{0,12}",
    ) {
        if let Ok(rendered) = render(template.as_bytes(), |_| Some(value.as_str())) {
            // Line breaks are the template's own: none came in, none got lost.
            let breaks = |text: &[u8]| text.iter().filter(|b| matches!(b, b'\r' | b'\n')).count();
            proptest::prop_assert_eq!(breaks(&rendered.body), breaks(template.as_bytes()));
        }
    }
}
