use super::*;

fn origin() -> Origin {
    Origin::try_from("https://prov.example".to_owned()).unwrap()
}

fn server(body: &[u8], content_type: Option<&str>) -> Result<Response, AnswerProblem> {
    read(body, content_type, From::Server(&origin()))
}

fn kinds(response: &Response) -> Vec<(WarningKind, Option<u32>)> {
    response
        .warnings
        .iter()
        .map(|warning| (warning.kind, warning.line))
        .collect()
}

fn first_value(response: &Response) -> String {
    match &response.directives[0].order {
        Order::Set(value) => value.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bytes_are_iso_8859_1_unless_the_header_says_utf_8_and_they_are() {
    let utf8 = "a=caf\u{e9}".as_bytes();
    assert_eq!(first_value(&server(utf8, None).unwrap()), "caf\u{c3}\u{a9}");
    for header in [
        "text/html; charset=utf-8",
        "text/plain;charset=\"UTF-8\"",
        "x; a=b; CharSet=utf8",
    ] {
        assert_eq!(
            first_value(&server(utf8, Some(header)).unwrap()),
            "caf\u{e9}",
            "{header}"
        );
    }
    assert_eq!(
        first_value(&server(utf8, Some("text/plain; charset=latin1")).unwrap()),
        "caf\u{c3}\u{a9}"
    );
    let latin = server(b"a=caf\xe9", Some("text/html; charset=utf-8")).unwrap();
    assert_eq!(first_value(&latin), "caf\u{e9}");
    assert_eq!(kinds(&latin), [(WarningKind::NotUtf8, None)]);
}

#[test]
fn a_byte_order_mark_is_dropped_and_reported() {
    let response = server(b"\xef\xbb\xbfa=1", None).unwrap();
    assert_eq!(response.directives[0].key, "a");
    assert_eq!(kinds(&response), [(WarningKind::ByteOrderMark, Some(1))]);
}

#[test]
fn what_is_not_properties_is_refused_by_its_bytes_not_its_type() {
    let text = Some("text/plain");
    assert!(matches!(
        server(b" \r\n<!DOCTYPE html>", text),
        Err(AnswerProblem::WebPage(_))
    ));
    assert!(matches!(
        server(b"\xef\xbb\xbf<html>", text),
        Err(AnswerProblem::WebPage(_))
    ));
    assert!(matches!(
        server(b"a=1\0", text),
        Err(AnswerProblem::Binary(_))
    ));
    assert!(server(b"a=<b>", Some("text/html; charset=utf-8")).is_ok());
    let problem = read(b"<html>", None, From::File("x.properties")).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "x.properties holds a web page, not settings."
    );
}

#[test]
fn a_malformed_escape_refuses_all_of_it_with_its_line() {
    let problem = server(b"a=1\nb=\\u00zz\n", None).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "Line 2 of https://prov.example has a damaged \\u escape."
    );
    assert!(server(b"# \\u00zz\na=1", None).is_ok());
}

#[test]
fn too_many_lines_are_refused() {
    let body = vec![b'\n'; MAX_LINES + 1];
    assert!(matches!(
        server(&body, None),
        Err(AnswerProblem::TooLarge { .. })
    ));
}

#[test]
fn prefix_lists_are_split_as_java_splits_them() {
    let list = |value: &str| prefixes(value, 1, WarningKind::EmptyAllowPrefix, &mut Vec::new());
    assert_eq!(list("a|b"), ["a", "b"]);
    assert_eq!(list("a|"), ["a"]);
    assert_eq!(list(""), [""]);
    assert_eq!(list("|a"), ["", "a"]);
    assert_eq!(list("a||b"), ["a", "", "b"]);
    assert_eq!(list("|"), Vec::<String>::new());
    assert_eq!(list("||"), Vec::<String>::new());
    assert_eq!(list(" a | b"), [" a ", " b"]);
}

#[test]
fn every_oddity_is_reported_with_its_line() {
    let body = b"provisioning.ALLOW_PREFIX=|a\nprovisioning.ENFORCE_PREFIX=||\nx=${null} \nx2=\\uD800\nk=1\nk=2\n";
    let response = server(body, None).unwrap();
    assert_eq!(
        kinds(&response),
        [
            (WarningKind::EmptyAllowPrefix, Some(1)),
            (WarningKind::EnforceIgnored, Some(2)),
            (WarningKind::BlankAfterNull, Some(3)),
            (WarningKind::LoneSurrogate, Some(4)),
            (WarningKind::DuplicateKey, Some(6)),
        ]
    );
    assert_eq!(
        kinds(&server(b"# nothing\n", None).unwrap()),
        [(WarningKind::EmptyAnswer, None)]
    );
    let enforce = server(b"provisioning.ENFORCE_PREFIX=|a\n", None).unwrap();
    assert_eq!(
        kinds(&enforce),
        [(WarningKind::EmptyEnforcePrefix, Some(1))]
    );
}

#[test]
fn settings_are_counted_without_the_lists() {
    let response = server(b"provisioning.ALLOW_PREFIX=a\na=1\nb=${null}\n", None).unwrap();
    assert_eq!(response.settings(), 2);
}
