//! The steps of a run and how long they took, without the time that a person
//! took to answer.

use std::time::Duration;

use crate::provisioning::report::StepReport;

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Find out which server to ask.
    Look,
    /// Ask this host.
    Ask(String),
    /// Sign in.
    SignIn,
    /// Read this many settings.
    Read(usize),
    /// Apply them.
    Apply,
}

impl StepKind {
    /// The words of the step.
    pub fn words(&self) -> String {
        match self {
            Self::Look => "Looking for a server".to_owned(),
            Self::Ask(host) => format!("Asking {host}"),
            Self::SignIn => "Signing in".to_owned(),
            Self::Read(1) => "Reading 1 setting".to_owned(),
            Self::Read(count) => format!("Reading {count} settings"),
            Self::Apply => "Applying".to_owned(),
        }
    }
}

/// One step with its times, all since the run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// When it began.
    pub began: Duration,
    /// When it ended, and whether well.
    pub ended: Option<(Duration, bool)>,
    /// How long it waited for a person.
    pub waited: Duration,
}

impl Step {
    /// How long it took if it ends at `end`, without the wait for a person.
    pub fn took(&self, end: Duration) -> Duration {
        end.saturating_sub(self.began).saturating_sub(self.waited)
    }

    fn report(&self) -> StepReport {
        let (end, ok) = self.ended.unwrap_or((self.began, true));
        StepReport {
            name: self.kind.words(),
            ok,
            milliseconds: u64::try_from(self.took(end).as_millis()).unwrap_or(u64::MAX),
            lines: Vec::new(),
        }
    }
}

/// The steps of one run, of which at most the last one goes on.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    all: Vec<Step>,
    /// Since when the step that goes on waits for a person.
    asked: Option<Duration>,
}

impl Steps {
    pub(super) fn all(&self) -> &[Step] {
        &self.all
    }

    fn open(&mut self) -> Option<&mut Step> {
        self.all.last_mut().filter(|step| step.ended.is_none())
    }

    /// Ends the step before it well and begins another, unless that one goes on.
    pub(super) fn begin(&mut self, kind: StepKind, at: Duration) {
        if self.open().is_some_and(|step| step.kind == kind) {
            return;
        }
        self.end(true, at);
        self.all.push(Step {
            kind,
            began: at,
            ended: None,
            waited: Duration::ZERO,
        });
    }

    /// Ends the step that goes on, if one does.
    pub(super) fn end(&mut self, ok: bool, at: Duration) {
        self.answered(at);
        if let Some(step) = self.open() {
            step.ended = Some((at, ok));
        }
    }

    /// The run waits for a person from now on, or no more.
    pub(super) fn wait_for_person(&mut self, waits: bool, at: Duration) {
        if !waits {
            self.answered(at);
        } else if self.open().is_some() {
            self.asked.get_or_insert(at);
        }
    }

    fn answered(&mut self, at: Duration) {
        if let Some(asked) = self.asked.take()
            && let Some(step) = self.open()
        {
            step.waited += at.saturating_sub(asked);
        }
    }

    /// How long the step that goes on has taken until now.
    pub(super) fn elapsed(&self, now: Duration) -> Duration {
        let until = self.asked.unwrap_or(now);
        let open = self.all.last().filter(|step| step.ended.is_none());
        open.map_or(Duration::ZERO, |step| step.took(until))
    }

    pub(super) fn report(&self) -> Vec<StepReport> {
        self.all.iter().map(Step::report).collect()
    }
}
