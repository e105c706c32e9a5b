//! A report as one text that can be pasted into a mail to helpdesk. What is
//! secret is not in a report, so it is not in the text either.

use std::fmt::Write as _;

use crate::provisioning::{
    report::{Change, Outcome, Report},
    warning::Warning,
};

/// So many changes are listed; the history has all of them.
const MAX_CHANGES: usize = 200;

/// The text of `report`; `heading` says which program and system it is from,
/// `time` when it was.
pub fn full(report: &Report, heading: &str, time: &str) -> String {
    let mut text = format!("{heading}\n");
    let outcome = match report.outcome {
        Outcome::Applied => "applied",
        Outcome::Unchanged => "nothing to change",
        Outcome::Preview => "preview",
        Outcome::Off => "switched off",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "cancelled",
    };
    entry(&mut text, "Run", &format!("{outcome}, {time}"));
    if let Some(code) = &report.code {
        entry(&mut text, "Code", code);
    }
    if let Some(problem) = &report.problem {
        entry(&mut text, "Problem", &problem.message);
        entry(&mut text, "To do", &problem.advice);
    }
    entry(&mut text, "Method", &report.source.method);
    if let Some(uri) = &report.source.uri {
        let found = report.source.found.as_deref().unwrap_or("given");
        entry(&mut text, "Address", &format!("{uri} ({found})"));
    }
    if let Some(http) = report.http {
        let answer = format!("status {} after {} ms", http.status, http.milliseconds);
        entry(&mut text, "Answer", &answer);
    }
    let chain = report.problem.iter().flat_map(|problem| &problem.chain);
    list(&mut text, "Because", chain.map(String::clone));
    let steps = report.steps.iter().flat_map(|step| {
        let sign = if step.ok { '\u{2714}' } else { '\u{2718}' };
        let line = format!("{sign} {} ({} ms)", step.name, step.milliseconds);
        let seen = step.lines.iter().map(|seen| format!("    {seen}"));
        std::iter::once(line).chain(seen)
    });
    list(&mut text, "Steps", steps);
    list(&mut text, "Warnings", report.warnings.iter().map(warning));
    let title = format!("Changes ({} of the server's applied)", report.applied);
    let left = report.changes.len().saturating_sub(MAX_CHANGES);
    let rest = (left > 0).then(|| format!("and {left} more"));
    let changes = report.changes.iter().take(MAX_CHANGES).map(change);
    list(&mut text, &title, changes.chain(rest));
    text
}

fn entry(text: &mut String, name: &str, value: &str) {
    // Writing into memory does not fail.
    let _ = writeln!(text, "{name:<9}{}", one_line(value));
}

fn list(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    for (number, line) in lines.enumerate() {
        if number == 0 {
            let _ = writeln!(text, "{title}:");
        }
        let _ = writeln!(text, "  {}", one_line(&line));
    }
}

fn warning(warning: &Warning) -> String {
    let line = warning
        .line
        .map(|line| format!(" line {line}:"))
        .unwrap_or_default();
    format!("{}{line} {}", warning.code(), warning.message)
}

fn change(change: &Change) -> String {
    let values = match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!(": {old} \u{2192} {new}"),
        (Some(old), None) => format!(": {old}"),
        (None, Some(new)) => format!(" = {new}"),
        (None, None) => String::new(),
    };
    format!("{} {}{values}", change.action.as_str(), change.key)
}

/// A value from outside must not look like a line of the report.
pub(super) fn one_line(value: &str) -> String {
    value
        .chars()
        .flat_map(|c| {
            let escaped = c.is_control().then(|| c.escape_default());
            let plain = escaped.is_none().then_some(c);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provisioning::{
        failure::{NetworkFault, NetworkProblem},
        report::{Action, Source},
    };

    #[test]
    fn a_name_from_a_server_stays_short_and_in_one_line() {
        let note = crate::provisioning::summary::restart_note;
        assert!(note("Jitsi").ends_with("next time you start Jitsi!"));
        let long = note(&"a\n".repeat(1000));
        assert!(
            !long.contains('\n') && long.ends_with("\u{2026}!"),
            "{long}"
        );
        assert!(long.chars().count() < 140, "{long}");
    }

    #[test]
    fn the_text_says_what_happened_and_stays_one_line_for_each_value() {
        let source = Source {
            method: "Manual".into(),
            uri: Some("https://h/p?password=${password}".into()),
            found: Some("stored".into()),
        };
        let problem = NetworkProblem {
            fault: NetworkFault::Connect,
            host: "h".into(),
            chain: vec!["refused".into()],
        };
        let mut report = Report::of_failure(&problem.into(), source);
        report.changes.push(Change {
            action: Action::Refused,
            key: "a".into(),
            old: None,
            new: Some("x\ny".into()),
        });
        let text = full(&report, "Program 1", "now");
        assert_eq!(
            text,
            "Program 1\n\
             Run      failed, now\n\
             Code     PS-NET-CONNECT\n\
             Problem  No connection to h could be made.\n\
             To do    Check the network connection and the port; if both are right, the server may be down.\n\
             Method   Manual\n\
             Address  https://h/p?password=${password} (stored)\n\
             Because:\n  refused\n\
             Changes (0 of the server's applied):\n  refused a = x\\ny\n"
        );
    }

    #[test]
    fn a_very_long_list_is_cut_and_says_so() {
        let mut report = Report::new(Outcome::Applied, Source::default());
        for number in 0..=MAX_CHANGES {
            report.changes.push(Change {
                action: Action::Secret,
                key: format!("k{number}.PASSWORD"),
                old: None,
                new: None,
            });
        }
        let text = full(&report, "p", "t");
        assert!(text.ends_with("  and 1 more\n"), "{text}");
    }
}
