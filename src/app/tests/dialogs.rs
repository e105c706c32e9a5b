//! Each failure has its sentence, its advice and its code, and dialogs do what
//! they say.

use std::time::Duration;

use iced::keyboard::key::Named;

use super::{desk::Desk, scenes};
use crate::provisioning::{
    failure::{
        AddressProblem, AnswerProblem, Decision, Failure, KeepProblem, KeyringFault, NetworkFault,
        NetworkProblem, SignInProblem,
    },
    report::{Action, Change, Outcome, Report, Source},
};

fn failures() -> Vec<Failure> {
    let origin = || scenes::origin("https://prov.example.com");
    let network = |fault| {
        NetworkProblem {
            fault,
            host: "prov.example.com".into(),
            chain: vec!["the cause of it".into()],
        }
        .into()
    };
    let keyring = |fault| {
        KeepProblem::Keyring {
            fault,
            chain: vec!["the cause of it".into()],
        }
        .into()
    };
    vec![
        AddressProblem::Missing.into(),
        AddressProblem::Invalid("it names no host".into()).into(),
        AddressProblem::CannotSearch("DHCP".into()).into(),
        AddressProblem::NotFound {
            tried: vec!["eth0".into()],
        }
        .into(),
        network(NetworkFault::Name),
        network(NetworkFault::Connect),
        network(NetworkFault::Timeout),
        network(NetworkFault::Broken),
        network(NetworkFault::Tls),
        network(NetworkFault::Proxy),
        SignInProblem::Unsupported(origin()).into(),
        SignInProblem::Forbidden(origin()).into(),
        AnswerProblem::Status {
            origin: origin(),
            status: 404,
            text: "no such user".into(),
        }
        .into(),
        AnswerProblem::Status {
            origin: origin(),
            status: 503,
            text: String::new(),
        }
        .into(),
        AnswerProblem::Redirect {
            origin: origin(),
            target: "https://evil.example".into(),
            why: "that is another server",
        }
        .into(),
        AnswerProblem::WebPage(origin()).into(),
        AnswerProblem::Binary(origin()).into(),
        AnswerProblem::TooLarge {
            origin: origin(),
            limit: "16 MiB",
        }
        .into(),
        AnswerProblem::Damaged {
            origin: origin(),
            what: "it ends too early".into(),
        }
        .into(),
        AnswerProblem::Malformed {
            from: "https://prov.example.com".into(),
            line: 3,
        }
        .into(),
        KeepProblem::Write {
            path: "/home/jane/x".into(),
            chain: vec!["No space left".into()],
        }
        .into(),
        KeepProblem::Busy {
            path: "/home/jane".into(),
        }
        .into(),
        KeepProblem::Link {
            path: "/home/jane/x".into(),
        }
        .into(),
        keyring(KeyringFault::Missing),
        keyring(KeyringFault::Locked),
        keyring(KeyringFault::Hung),
        keyring(KeyringFault::Failed),
        Decision::NewServer(origin()).into(),
        Decision::Certificate {
            origin: origin(),
            why: "it has expired".into(),
        }
        .into(),
        Decision::PlainHttp(origin()).into(),
        Failure::Cancelled,
    ]
}

#[test]
fn each_failure_has_its_sentence_its_advice_its_code_and_its_chain() {
    let mut desk = Desk::with(&[("x", "y")], "");
    for failure in failures() {
        let state = scenes::failed(failure.clone(), false);
        desk.pane().show(state, Duration::ZERO);
        let status = desk.status();
        assert!(status.contains(&failure.to_string()), "{status}");
        if failure == Failure::Cancelled {
            continue;
        }
        assert!(status.starts_with("Provisioning failed: "), "{status}");
        assert!(
            status.ends_with(&format!("({})", failure.code())),
            "{status}"
        );
        // What happened, what to do, the code.
        assert!(status.matches(". ").count() >= 1, "{status}");
        desk.click("details");
        for cause in failure.chain() {
            assert!(desk.shows(cause), "{} hides {cause}", failure.code());
        }
        desk.click("copy-report");
        let report = desk.clipboard.take().unwrap();
        assert!(report.contains(&failure.code()), "{report}");
        for cause in failure.chain() {
            assert!(report.contains(cause.as_str()), "{report}");
        }
        for type_name in ["Problem {", "Failure", "Err(", "Some("] {
            assert!(!report.contains(type_name), "{report}");
        }
    }
}

#[test]
fn after_a_403_other_credentials_are_offered() {
    let mut desk = Desk::with(&[("x", "y")], "");
    let forbidden = SignInProblem::Forbidden(scenes::origin("https://prov.example.com"));
    desk.pane()
        .show(scenes::failed(forbidden.into(), false), Duration::ZERO);
    assert!(desk.has("other-credentials"));
    desk.pane()
        .show(scenes::failed_to_connect(), Duration::ZERO);
    assert!(!desk.has("other-credentials"));
}

fn long(count: usize) -> Report {
    let mut report = Report::new(Outcome::Preview, Source::default());
    report.changes = (0..count)
        .map(|number| Change {
            action: Action::Added,
            key: format!("key.{number:06}"),
            old: None,
            new: Some(format!("value {number}")),
        })
        .collect();
    report.count_applied();
    report
}

#[test]
fn a_preview_of_100_000_changes_makes_only_the_rows_that_are_seen() {
    let mut desk = Desk::with(&[("x", "y")], "");
    desk.pane()
        .show(scenes::previewing(long(100_000)), Duration::ZERO);
    assert!(desk.shows("key.000000"));
    assert!(!desk.shows("key.000100"));
    let begun = std::time::Instant::now();
    desk.tab_to("filter");
    desk.write("99999");
    assert!(desk.shows("key.099999"));
    assert!(!desk.shows("key.000000"));
    // Five letters typed at 100,000 changes; a frame would be 16 ms each.
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn the_preview_scrolls_by_arrows_and_by_pages() {
    let mut desk = Desk::with(&[("x", "y")], "");
    desk.pane()
        .show(scenes::previewing(long(1000)), Duration::ZERO);
    desk.tab_to("change-list");
    for _ in 0..30 {
        desk.press(Named::ArrowDown);
    }
    desk.settle();
    assert!(desk.shows("key.000030"), "it did not scroll");
    assert!(!desk.shows("key.000000"));
    desk.press(Named::PageUp);
    desk.press(Named::PageUp);
    desk.press(Named::PageUp);
    desk.press(Named::PageUp);
    desk.settle();
    assert!(desk.shows("key.000000"));
}

#[test]
fn a_filter_without_a_match_says_so() {
    let mut desk = Desk::with(&[("x", "y")], "");
    desk.pane()
        .show(scenes::previewing(long(3)), Duration::ZERO);
    desk.tab_to("filter");
    desk.write("nothing like it");
    assert!(desk.shows("No change matches."));
    for action in ["added", "value 2", "KEY.000001"] {
        for _ in 0..20 {
            desk.press(Named::Backspace);
        }
        desk.write(action);
        assert!(!desk.shows("No change matches."), "{action}");
    }
}
