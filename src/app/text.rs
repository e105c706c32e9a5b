//! Every sentence of the window. The words of the pane are Jitsi's, exactly;
//! what failures say is shared with the command line (`provisioning::advice`),
//! but for advice that names a command.

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

use crate::{
    engine::{KindOfRun, Record},
    provisioning::{
        failure::Failure,
        report::{Action, Change, Outcome, Problem, Report},
        summary,
    },
};

pub(super) const TITLE: &str = "Options \u{2013} Provisioning Settings";
pub(super) const PATH: &str = "Options \u{203a} Advanced \u{203a} Provisioning";
pub(super) const ADVANCED: &str = "Advanced";
pub(super) const PROVISIONING: &str = "Provisioning";

pub(super) const ENABLE: &str = "Enable provisioning";
pub(super) const DISCOVER: &str = "Automatically discover a provisioning URI";
pub(super) const DHCP: &str = "DHCP";
pub(super) const BONJOUR: &str = "Bonjour";
pub(super) const MANUAL: &str = "Manually specify a provisioning URI";
pub(super) const URI: &str = "URI";
pub(super) const UUID: &str = "UUID";
pub(super) const COPY_UUID: &str = "Copy UUID to clipboard";
pub(super) const CREDENTIALS: &str = "Last stored provisioning credentials";
pub(super) const USERNAME: &str = "Username";
pub(super) const PASSWORD: &str = "Password";
pub(super) const FORGET: &str = "Forget password";
pub(super) const FORGET_QUESTION: &str = "Are you sure you want to remove provisioning password?";
pub(super) const FAILED: &str = "Provisioning failed";

pub(super) const URI_EXAMPLE: &str = "https://example.com/provisioning.php?user=${username}";
pub(super) const FROM_LINK: &str = "This address came with a link. It is neither stored nor asked \
    until you press a button below.";
pub(super) const SENT: &str = "What will be sent";
pub(super) const PREVIEW: &str = "Preview changes\u{2026}";
pub(super) const RUN: &str = "Provision now";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const UNDO: &str = "Undo";
pub(super) const REDO: &str = "Redo";
pub(super) const DETAILS: &str = "Details";
pub(super) const COPY_REPORT: &str = "Copy report";
pub(super) const OTHER_CREDENTIALS: &str = "Use other credentials\u{2026}";
pub(super) const COPIED: &str = "Copied.";
pub(super) const UNKNOWN_METHOD: &str =
    "The stored method is not known; it works like an address that was typed.";

pub(super) const NEVER_RUN: &str = "Nothing was provisioned here yet.";
pub(super) const FORGOTTEN: &str = "User name and password are forgotten.";
pub(super) const NONE_STORED: &str = "not stored";
pub(super) const STEPS: &str = "Steps of the run";
pub(super) const PREPARING: &str = "Storing the address";
pub(super) const CANCELLING: &str = "Cancelling\u{2026}";
pub(super) const ASKING: &str = "Asking for the present request\u{2026}";
pub(super) const NO_PARAMETERS: &str = "No parameters: the request has no content.";
pub(super) const SENT_AFTER_SEARCH: &str =
    "The address is known only once a server is found. Last stored address:";
pub(super) const NO_VALUE: &str = "no value on this computer";
pub(super) const ASKED_FOR: &str = "asked for when it is needed";
pub(super) const CARD_TITLE: &str = "Where do your settings come from?";
pub(super) const CARD_TEXT: &str = "Provisioning is not set up here yet. Your administrator has given you an address, or your network knows one.";
pub(super) const CARD_ADDRESS: &str = "Type an address";
pub(super) const CARD_NETWORK: &str = "Look on this network";
pub(super) const CARD_SAMPLE: &str = "Try the sample server";
pub(super) const HIDDEN: &str = "The provisioning settings are not offered here.";
pub(super) const BROKEN: &str = "The settings could not be read";
pub(super) const BROKEN_ADVICE: &str = "Nothing was changed, and nothing will be written over it. Correct the file and press Reload. Restore from history brings back the settings as they were before the last run; start empty keeps this file under another name.";
pub(super) const BROKEN_SERVERS_ADVICE: &str = "Nothing was changed, and nothing will be written over it. Correct the file and press Reload. Start empty keeps it under another name; you will then be asked again which servers you trust, and for your password. What the keyring holds stays there.";
pub(super) const BROKEN_OWN_ADVICE: &str = "Nothing was changed, and nothing will be written over it. Correct the file and press Reload. Start empty keeps it under another name; the settings stay.";
pub(super) const NOT_BROKEN: &str = "The settings cannot be opened at the moment";
pub(super) const NOT_BROKEN_ADVICE: &str = "Press Reload to try again.";
pub(super) const BROKEN_SITE_ADVICE: &str =
    "Nothing was changed. This file is your administrator's: copy the report and send it.";
pub(super) const RELOAD: &str = "Reload";
pub(super) const RESTORE: &str = "Restore from history";
pub(super) const START_EMPTY: &str = "Start empty (keeps the broken file)";
pub(super) const LOADING: &str = "Reading the settings\u{2026}";
pub(super) const DEMO: &str = "This is a demonstration: the sample server is on this computer, user name demo, password demo. Settings and passwords are thrown away when you close the window.";
pub(super) const NO_DEMO: &str = "The sample server's window could not be opened.";
pub(super) const SIGN_IN: &str = "Sign in";
pub(super) const CHECKING: &str = "Checking\u{2026}";
pub(super) const SHOW: &str = "Show";
pub(super) const REMEMBER: &str = "Remember password";
pub(super) const SIGN_UP: &str = "No account yet? Sign up\u{2026}";
pub(super) const NO_NAME: &str = "A user name is needed.";
pub(super) const UNENCRYPTED: &str =
    "The connection is not encrypted: others on the network can read what is sent.";
pub(super) const ENCRYPTED: &str = "The connection is encrypted.";
pub(super) const SERVER: &str = "Server";
pub(super) const ADDRESS: &str = "Address";
pub(super) const PLAIN_HTTP_TITLE: &str = "Send the password unencrypted?";
pub(super) const PLAIN_HTTP: &str =
    "A password would be sent to this server unencrypted; others on the network can read it.";
pub(super) const PLAIN_HTTP_ADVICE: &str =
    "If you allow it, it is allowed for this server from now on.";
pub(super) const SEND_UNENCRYPTED: &str = "Send it unencrypted";
pub(super) const NEW_SERVER: &str = "New server";
pub(super) const NEW_SERVER_WHY: &str = "This address was found on the network, and its server is not known yet. Nothing was sent to it so far.";
pub(super) const FOUND_BY: &str = "Named by";
pub(super) const FOUND_HOW: &str = "Found by";
pub(super) const ASKS_FOR: &str = "Asks for";
pub(super) const NOTHING_PERSONAL: &str = "nothing that names you or this computer";
pub(super) const TRUST: &str = "Trust and continue";
pub(super) const MANDATORY: &str =
    "Provisioning is mandatory here: the settings have to be applied before you go on.";
pub(super) const TRY_AGAIN: &str = "Try again";
pub(super) const QUIT: &str = "Quit";
pub(super) const CLOSE: &str = "Close";
pub(super) const PREVIEW_TITLE: &str = "Preview changes";
pub(super) const FILTER: &str = "Filter by key, value or action";
pub(super) const APPLY: &str = "Apply";
pub(super) const DISCARD: &str = "Discard";
pub(super) const NO_CHANGES: &str = "Nothing would change.";
const IN_KEYRING: &str = "kept in the keyring";
pub(super) const NO_MATCH: &str = "No change matches.";
pub(super) const HELP: &str = "Help";
pub(super) const VERSION: &str = "Version";
pub(super) const SETTINGS_IN: &str = "Settings in";
pub(super) const SITE_IN: &str = "Site files in";
pub(super) const KEYS: [(&str, &str); 8] = [
    ("Tab", "the next control; with Shift the one before"),
    ("Space", "ticks a box, presses a button"),
    ("Arrows", "choose DHCP, Bonjour or the manual address"),
    (
        "Enter",
        "presses the blue button, or goes on to it from a filter",
    ),
    ("Esc", "cancels a run, closes a question"),
    ("PgUp, PgDn", "scroll"),
    ("Ctrl+C", "copies the status"),
    ("F1", "this help"),
];

/// What the status says, with its sign and how it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// Whether it went well; `None` if there is nothing good or bad about it.
    pub good: Option<bool>,
    /// The heading of a failure.
    pub heading: Option<&'static str>,
    /// What happened.
    pub said: String,
    /// What to do.
    pub advice: Option<String>,
    /// The code that helpdesk can look up.
    pub code: Option<String>,
}

impl Words {
    fn plain(good: Option<bool>, said: String) -> Self {
        Self {
            good,
            heading: None,
            said,
            advice: None,
            code: None,
        }
    }

    /// All of it in one line, as it is copied.
    pub(super) fn line(&self) -> String {
        let heading = self.heading.map(|heading| format!("{heading}:"));
        let code = self.code.as_ref().map(|code| format!("({code})"));
        let parts = [heading, Some(self.said.clone()), self.advice.clone(), code];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The status after a run that ended at `time` (RFC 3339).
pub(super) fn status(report: &Report, time: &str, now: &ZonedDateTime) -> Words {
    let when = when(time, now);
    let from = from(report);
    match report.outcome {
        Outcome::Applied if report.applied > 0 => {
            let settings = summary::settings(report.applied);
            Words::plain(Some(true), format!("{settings} applied {when}{from}"))
        }
        Outcome::Applied => Words::plain(
            Some(true),
            format!("Nothing to change {when}{from}; the address was stored"),
        ),
        Outcome::Unchanged => Words::plain(
            Some(true),
            format!("Nothing to change {when}: every setting{from} is already so"),
        ),
        Outcome::Preview => {
            Words::plain(None, "Preview discarded. Nothing was changed.".to_owned())
        }
        Outcome::Off | Outcome::Cancelled => Words::plain(None, summary::headline(report)),
        Outcome::Failed => {
            let problem = report.problem.clone().unwrap_or(Problem {
                message: String::new(),
                advice: String::new(),
                chain: Vec::new(),
            });
            let code = report.code.clone().unwrap_or_default();
            Words {
                good: Some(false),
                heading: Some(FAILED),
                said: problem.message,
                advice: Some(advice(&code, &problem.advice)),
                code: Some(code),
            }
        }
    }
}

/// The status of a run of the history.
pub(super) fn record_status(record: &Record, redone: bool, now: &ZonedDateTime) -> Words {
    if record.kind == KindOfRun::Undo {
        return undone(&record.time, redone, now);
    }
    status(&record.report, &record.time, now)
}

/// The status after a run was taken back, or done again.
pub(super) fn undone(time: &str, redone: bool, now: &ZonedDateTime) -> Words {
    let when = when(time, now);
    let said = if redone {
        format!("Done again {when}: the settings are as they were before the undo")
    } else {
        format!("Undone {when}: the settings are as they were before that run")
    };
    Words::plain(Some(true), said)
}

/// How much more there is to know about the answer.
pub(super) fn more_warnings(count: usize) -> String {
    if count == 1 {
        "1 remark on the answer: see Details.".to_owned()
    } else {
        format!("{count} remarks on the answer: see Details.")
    }
}

/// Another server was found than before.
pub(super) fn server_changed(before: &str) -> String {
    format!("It changed: until now this network named {before}.")
}

/// Something to know.
pub(super) fn note(note: &str) -> Words {
    Words::plain(None, note.to_owned())
}

/// The status after something other than a run failed.
pub(super) fn problem(failure: &Failure) -> Words {
    let code = failure.code();
    Words {
        good: Some(false),
        heading: None,
        said: failure.to_string(),
        advice: Some(advice(&code, failure.advice())),
        code: Some(code),
    }
}

fn from(report: &Report) -> String {
    let name = summary::source_name(report);
    if name.is_empty() {
        name
    } else {
        format!(" from {name}")
    }
}

/// What to do, for somebody who sees the window and no command line.
pub(super) fn advice(code: &str, otherwise: &str) -> String {
    match code {
        "PS-OFF" => "Tick \u{201c}Enable provisioning\u{201d} and choose a method.",
        "PS-CREDENTIALS" => "Press \u{201c}Provision now\u{201d} and type user name and password.",
        "PS-403" => "Use other credentials, or ask your administrator for access.",
        "PS-STORE-READ" => {
            "Correct the file, or bring an earlier state back; it is not overwritten."
        }
        "PS-NO-RUN" => "There is nothing to undo.",
        "PS-NEW-SERVER" => {
            "Ask your administrator whether it is the right one; then press \u{201c}Provision now\u{201d} again."
        }
        "PS-PLAIN-HTTP" => {
            "Ask your administrator for an address that begins with https; or press \u{201c}Provision now\u{201d} and allow it."
        }
        "PS-MALFORMED" => "Tell the server's administrator the number of the line.",
        _ => otherwise,
    }
    .to_owned()
}

/// A time as people say it: `today 10:32`, `yesterday 10:32`, `on 2026-11-20 at 10:32`.
pub(super) fn when(time: &str, now: &ZonedDateTime) -> String {
    let Some(then) = parse(time, now.time_zone()) else {
        return String::new();
    };
    let clock = then.strftime("%H:%M");
    let yesterday = now.date().yesterday().ok();
    if then.date() == now.date() {
        format!("today {clock}")
    } else if Some(then.date()) == yesterday {
        format!("yesterday {clock}")
    } else {
        format!("on {} at {clock}", then.date())
    }
}

fn parse(time: &str, zone: &TimeZone) -> Option<ZonedDateTime> {
    let instant: Timestamp = time.parse().ok()?;
    Some(instant.to_zoned_datetime(zone.clone()))
}

/// The moment as the history writes it.
pub(super) fn stamp(now: &ZonedDateTime) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// What the site's fixed keys say.
pub(super) fn fixed(file: &str) -> String {
    format!("Set by your administrator ({file})")
}

/// Who hid the pane, if no site file did.
pub(super) fn hidden_by_store(file: &str) -> String {
    format!("The settings themselves say so ({file}); a server may have sent that.")
}

/// A change in a word.
pub(super) fn action(action: Action) -> &'static str {
    match action {
        Action::Added => "Added",
        Action::Changed => "Changed",
        Action::Removed => "Removed",
        Action::Refused => "Refused",
        Action::Kept => "Kept",
        Action::Secret => "Secret",
    }
}

/// Old and new value of a change, in one line.
pub(super) fn values(change: &Change) -> String {
    match (&change.old, &change.new) {
        _ if change.action == Action::Secret => IN_KEYRING.to_owned(),
        (Some(old), Some(new)) => format!("{} \u{2192} {}", one_line(old), one_line(new)),
        (Some(old), None) => one_line(old),
        (None, Some(new)) => one_line(new),
        (None, None) => String::new(),
    }
}

/// A value from outside on one line, without what steers the direction of text.
pub(super) fn one_line(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// The same, cut where it would fill the window.
pub(super) fn short(value: &str) -> String {
    const MOST: usize = 300;
    let line = one_line(value);
    if line.chars().count() <= MOST {
        return line;
    }
    let cut: String = line.chars().take(MOST).collect();
    format!("{cut}\u{2026}")
}

/// How long a step took.
pub(super) fn took(milliseconds: u128) -> String {
    if milliseconds < 1000 {
        format!("{milliseconds} ms")
    } else {
        format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
    }
}

/// Which program wrote a report.
pub(super) fn heading() -> String {
    format!(
        "Provisioning Settings {} on {} ({})",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        let now: ZonedDateTime = "2026-11-25T12:00:00+01:00[+01:00]".parse().unwrap();
        for (time, said) in [
            ("2026-11-25T10:32:00+01:00", "today 10:32"),
            ("2026-11-24T22:59:00+00:00", "yesterday 23:59"),
            ("2026-11-20T10:32:00+01:00", "on 2026-11-20 at 10:32"),
            ("nonsense", ""),
        ] {
            assert_eq!(when(time, &now), said);
        }
    }

    #[test]
    fn no_advice_of_the_window_names_a_command() {
        use crate::provisioning::failure::{
            AddressProblem, AnswerProblem, Decision, KeepProblem, SignInProblem,
        };
        use crate::provisioning::origin::Origin;
        let origin = || Origin::try_from("https://h".to_owned()).unwrap();
        for failure in [
            Failure::from(AddressProblem::Off),
            AddressProblem::Missing.into(),
            AddressProblem::NotFound { tried: vec![] }.into(),
            AddressProblem::CannotSearch("DHCP".into()).into(),
            SignInProblem::Needed(origin()).into(),
            SignInProblem::Refused(origin()).into(),
            SignInProblem::Forbidden(origin()).into(),
            Decision::NewServer(origin()).into(),
            Decision::PlainHttp(origin()).into(),
            Decision::Certificate {
                origin: origin(),
                why: "x".into(),
            }
            .into(),
            KeepProblem::NoSuchRun(0).into(),
            KeepProblem::Read {
                path: "p".into(),
                line: None,
                chain: vec![],
            }
            .into(),
            AnswerProblem::Malformed {
                from: "x".into(),
                line: 1,
            }
            .into(),
        ] {
            let words = problem(&failure);
            let advice = words.advice.unwrap();
            for command in [
                "--",
                "method ",
                "history ",
                "credentials forget",
                "\u{201c}check",
            ] {
                assert!(!advice.contains(command), "{}: {advice}", failure.code());
            }
        }
    }
}
