//! A report in one sentence, as the status line and the command line say it.

mod full;

pub use full::full;
use url::Url;

use super::report::{Outcome, Report};

/// The host that the settings came from, or the file's name.
pub fn source_name(report: &Report) -> String {
    let Some(uri) = &report.source.uri else {
        return String::new();
    };
    let target = uri.split('?').next().unwrap_or_default();
    match Url::parse(target) {
        Ok(url) if url.has_host() => url.host_str().unwrap_or_default().to_owned(),
        _ => uri.clone(),
    }
}

/// What happened, in one sentence.
pub fn headline(report: &Report) -> String {
    let from = source_name(report);
    let from = if from.is_empty() {
        String::new()
    } else {
        format!(" from {from}")
    };
    match report.outcome {
        Outcome::Applied if report.applied == 0 => {
            "Nothing else to change; the address was stored.".to_owned()
        }
        Outcome::Applied => format!("{} applied{from}.", settings(report.applied)),
        Outcome::Unchanged => format!("Nothing to change: every setting{from} is already so."),
        Outcome::Preview if report.applied == 0 => "Nothing would change.".to_owned(),
        Outcome::Preview => {
            format!(
                "{} would change{from}. Nothing was changed yet.",
                settings(report.applied)
            )
        }
        Outcome::Off => "Provisioning is switched off.".to_owned(),
        Outcome::Cancelled => "The run was cancelled. Nothing was changed.".to_owned(),
        Outcome::Failed => report
            .problem
            .as_ref()
            .map(|problem| problem.message.clone())
            .unwrap_or_default(),
    }
}

/// As many letters of an application's name are said.
const NAME: usize = 60;

/// The sentence that reminds of the restart, in Jitsi's words. A server may
/// have set the name: it is said in one line, and only as far as a name goes.
pub fn restart_note(application: &str) -> String {
    let mut name: String = full::one_line(application).chars().take(NAME).collect();
    if application.chars().nth(NAME).is_some() {
        name.push('\u{2026}');
    }
    let application = name;
    format!("Note that your changes will only take effect next time you start {application}!")
}

/// A number of settings, in words.
pub fn settings(count: usize) -> String {
    if count == 1 {
        "1 setting".to_owned()
    } else {
        format!("{count} settings")
    }
}
