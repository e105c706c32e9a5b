//! What a run did, as data: the document that `provision --format json`
//! prints, the history keeps and the window shows. No secret is ever in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{failure::Failure, keys, uri, warning::Warning};

/// What happened to one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The key was not there before.
    Added,
    /// The key has another value now.
    Changed,
    /// The key is gone, and its secret with it.
    Removed,
    /// A line of the answer that was not carried out.
    Refused,
    /// A key that an `ENFORCE_PREFIX` would have removed and that stays.
    Kept,
    /// A secret that went to the keyring.
    Secret,
}

impl Action {
    /// Whether it changes anything.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Refused | Self::Kept)
    }

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
            Self::Refused => "refused",
            Self::Kept => "kept",
            Self::Secret => "secret",
        }
    }
}

/// One line of the change list. `old` and `new` are `None` where there is no
/// value and where it is a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What happened.
    pub action: Action,
    /// The key; an entry of `system.properties` is `${system}.NAME`.
    pub key: String,
    /// The value before.
    pub old: Option<String>,
    /// The value after; for [`Action::Refused`] the value that was not taken.
    pub new: Option<String>,
}

/// A value as a change list may show it: nothing of a secret, and an address
/// without the secrets in it.
pub fn shown_value(key: &str, value: &str) -> Option<String> {
    if keys::is_secret(key) {
        None
    } else if [keys::URL, keys::DEFAULT_URI].contains(&key) {
        Some(uri::mask(value))
    } else {
        Some(value.to_owned())
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Something was changed.
    Applied,
    /// The answer was good and everything was already so.
    Unchanged,
    /// Shown, not applied.
    Preview,
    /// Provisioning is off, and that was allowed for (`--if-enabled`).
    Off,
    /// Nothing was changed; `code` says why.
    Failed,
    /// The user cancelled; nothing was changed.
    Cancelled,
}

/// Where the settings came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The method as it is stored (`Manual`, `DHCP`, `Bonjour`), or `File`.
    pub method: String,
    /// The address with its tokens, secrets masked, or the file's name.
    pub uri: Option<String>,
    /// How it was found: `given`, `stored`, `site`, `file`, `dhcp`, `bonjour`.
    pub found: Option<String>,
}

/// The last HTTP answer of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpFacts {
    /// The status.
    pub status: u16,
    /// From sending the request to the last byte, in milliseconds.
    pub milliseconds: u64,
}

/// One step of a run, as the step list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// The step's words, for example `Asking prov.example.com`.
    pub name: String,
    /// Whether it ended well.
    pub ok: bool,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// For a search: a line for each interface and each answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// Why a run failed, in the words that a person saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
    /// Technical causes, outermost first.
    pub chain: Vec<String>,
}

/// The whole report of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// The `PS-…` code of a failure.
    pub code: Option<String>,
    /// Where the settings came from.
    pub source: Source,
    /// The last HTTP answer.
    pub http: Option<HttpFacts>,
    /// The changes, in the order in which the answer made them.
    pub changes: Vec<Change>,
    /// What is odd about the address or the answer.
    pub warnings: Vec<Warning>,
    /// How many changes were (or, in a preview, would be) applied.
    pub applied: usize,
    /// The failure in words.
    pub problem: Option<Problem>,
    /// The steps with their times.
    pub steps: Vec<StepReport>,
    /// Keys that changed only because the program itself wrote them.
    #[serde(skip)]
    pub own: BTreeSet<String>,
}

impl Report {
    /// A report with nothing in it yet.
    pub fn new(outcome: Outcome, source: Source) -> Self {
        Self {
            outcome,
            code: None,
            source,
            http: None,
            changes: Vec::new(),
            warnings: Vec::new(),
            applied: 0,
            problem: None,
            steps: Vec::new(),
            own: BTreeSet::new(),
        }
    }

    /// Counts what was applied. The address and the user name that the program
    /// itself stores are in the list, but they are not the server's settings
    /// and are not counted.
    pub fn count_applied(&mut self) {
        let counts =
            |change: &&Change| change.action.is_change() && !self.own.contains(&change.key);
        self.applied = self.changes.iter().filter(counts).count();
    }

    /// The report of a run that could not even begin.
    pub fn of_failure(failure: &Failure, source: Source) -> Self {
        let mut report = Self::new(Outcome::Failed, source);
        report.fail(failure);
        report
    }

    /// Adds why it failed, in words.
    pub fn fail(&mut self, failure: &Failure) {
        self.code = Some(failure.code());
        self.problem = Some(Problem {
            message: failure.to_string(),
            advice: failure.advice().to_owned(),
            chain: failure.chain().to_vec(),
        });
    }

    /// Whether anything changes.
    pub fn changes_anything(&self) -> bool {
        self.changes.iter().any(|change| change.action.is_change())
    }
}
