//! From a plan to a transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::ZonedDateTime;

use super::Store;
use super::content::{self, Bytes, Raw};
use super::gate::Gate;
use super::history::{self, Record, RunKind};
use super::home::Part;
use super::transaction::{Changes, Running, SecretSwap};
use super::watch::Point;
use crate::provisioning::credentials::SecretName;
use crate::provisioning::failure::Failure;
use crate::provisioning::keys::SECRET_MARKER;
use crate::provisioning::plan::{Current, Plan};
use crate::provisioning::properties::Document;
use crate::provisioning::report::{Action, Outcome, Report};
use crate::provisioning::secret::Secret;
use crate::provisioning::trust::Servers;

/// How long a note about a run that changed nothing waits for the lock. A run
/// that was cancelled may still hold it.
const NOTE_WAIT: Duration = Duration::from_millis(250);

/// What a run came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// Its number in the history; `None` if it changed nothing and the history
    /// could not be written.
    pub run: Option<u64>,
    /// The final report: without secrets that were as they should be already,
    /// with `outcome` and `applied` filled in.
    pub report: Report,
}

/// What shall be there afterwards.
pub(super) struct Wanted {
    /// The files whose content is another one then, `None` if one goes.
    pub(super) files: BTreeMap<Part, Bytes>,
    /// Secrets, which may be so already.
    pub(super) secrets: BTreeMap<SecretName, Option<Secret>>,
    /// Secret settings that the store names already.
    pub(super) marked: BTreeSet<String>,
}

/// A run that goes into the history.
pub(super) struct Run {
    pub(super) kind: RunKind,
    pub(super) undid: Option<u64>,
    pub(super) report: Report,
}

impl Store {
    /// One run: `plan` gets the state before and says what shall be there
    /// afterwards; it is all written, or nothing is. `gate` is asked when
    /// everything is ready.
    ///
    /// A plan that changes nothing writes nothing but its record. The keyring
    /// is asked only if the plan has secrets.
    ///
    /// # Errors
    /// What `plan` says; [`Failure::Cancelled`]; `KeepProblem` for what could
    /// not be read or written. Nothing was changed then. (If the keyring hangs
    /// half-way, its part is taken back by the next call that finds it well.)
    pub fn commit(
        &self,
        gate: &Gate,
        kind: RunKind,
        plan: impl FnOnce(Current, Servers) -> Result<(Plan, Servers, Report), Failure>,
    ) -> Result<Committed, Failure> {
        let _lock = self.open(Some(gate))?;
        let now = ZonedDateTime::now();
        let before = Raw::read(&self.home)?;
        let (wanted, report) = self.wanted(&before, &now, plan)?;
        let run = Run {
            kind,
            undid: None,
            report,
        };
        self.carry_out(gate, &now, &before, wanted, run)
    }

    /// A change without a record in the history: a setting set by hand, a new
    /// UUID, a forgotten password. As much a transaction as a run.
    ///
    /// # Errors
    /// As for [`Store::commit`].
    pub fn edit(
        &self,
        plan: impl FnOnce(Current, Servers) -> Result<(Plan, Servers), Failure>,
    ) -> Result<(), Failure> {
        let _lock = self.open(None)?;
        let now = ZonedDateTime::now();
        let before = Raw::read(&self.home)?;
        let (wanted, ()) = self.wanted(&before, &now, |current, servers| {
            plan(current, servers).map(|(plan, servers)| (plan, servers, ()))
        })?;
        let (secrets, _) = self.compare(None, wanted.secrets)?;
        let changes = Changes {
            files: wanted.files,
            secrets,
        };
        if !changes.is_empty() {
            Running::new(self, None, &changes, None).run(&before)?;
        }
        Ok(())
    }

    /// Notes a run down that changed nothing: one that failed, was cancelled
    /// or had nothing to do. Gives its number, or `None` if the history could
    /// not be written, which is no reason to fail anything.
    pub fn record(&self, kind: RunKind, report: &Report) -> Option<u64> {
        let noted = || {
            super::disk::create_folder(self.home.path()).ok()?;
            let _lock = self.lock(NOTE_WAIT.min(self.lock_wait), None).ok()?;
            let run = Run {
                kind,
                undid: None,
                report: report.clone(),
            };
            self.note_run(&ZonedDateTime::now(), run).0
        };
        let id = noted();
        if id.is_none() {
            tracing::warn!("the run could not be noted down in the history");
        }
        id
    }

    fn note_run(&self, now: &ZonedDateTime, run: Run) -> (Option<u64>, Report) {
        let record = Record::new(self.next_run(), now, run);
        let noted = history::add(&self.home, &record);
        if noted.is_ok() {
            let orphans = self.prune_files();
            self.forget_later(orphans);
        }
        (noted.ok().map(|()| record.id), record.report)
    }

    /// Asks `plan`, and sees which files it changes. Hands on what else it says.
    fn wanted<T>(
        &self,
        before: &Raw,
        now: &ZonedDateTime,
        plan: impl FnOnce(Current, Servers) -> Result<(Plan, Servers, T), Failure>,
    ) -> Result<(Wanted, T), Failure> {
        let store = content::document(&before.store, &self.home.file(Part::Store))?;
        let system = content::document(&before.system, &self.home.file(Part::System))?;
        let servers_path = self.home.file(Part::Servers);
        let servers = content::servers(&before.servers, &servers_path)?;
        let current = Current {
            settings: content::settings(&store),
            system: content::settings(&system),
        };
        let (plan, mut after, more) = plan(current, servers.clone())?;
        after.tidy();

        let mut files = BTreeMap::new();
        if !content::says(&store, &plan.settings) {
            files.insert(Part::Store, Some(content::write(&plan.settings, now)));
        }
        if !content::says(&system, &plan.system) {
            files.insert(Part::System, Some(content::write(&plan.system, now)));
        }
        if after != servers {
            let bytes = content::write_servers(&after, &servers_path)?;
            files.insert(Part::Servers, Some(bytes));
        }
        let wanted = Wanted {
            marked: marked(&store, &plan.secrets),
            files,
            secrets: plan.secrets,
        };
        Ok((wanted, more))
    }

    /// Does what is wanted, as a run. The caller holds the lock.
    pub(super) fn carry_out(
        &self,
        gate: &Gate,
        now: &ZonedDateTime,
        before: &Raw,
        wanted: Wanted,
        mut run: Run,
    ) -> Result<Committed, Failure> {
        let (secrets, equal) = self.compare(Some(gate), wanted.secrets)?;
        let changes = Changes {
            files: wanted.files,
            secrets,
        };
        let undoable = changes.is_undoable();
        finish_report(&mut run.report, undoable, &equal, &wanted.marked);
        if changes.is_empty() {
            if !gate.commit() {
                return Err(Failure::Cancelled);
            }
            let (run, report) = self.note_run(now, run);
            return Ok(Committed { run, report });
        }
        let record = self.record_of(now, before, &changes, run);
        let closed = Running::new(self, Some(gate), &changes, Some(&record)).run(before)?;
        if closed {
            self.tidy_up(&changes);
        }
        Ok(Committed {
            run: Some(record.id),
            report: record.report,
        })
    }

    /// The secrets that are not yet as they should be, and the names of those
    /// that are.
    fn compare(
        &self,
        gate: Option<&Gate>,
        wanted: BTreeMap<SecretName, Option<Secret>>,
    ) -> Result<(BTreeMap<SecretName, SecretSwap>, BTreeSet<SecretName>), Failure> {
        let (mut swaps, mut equal) = (BTreeMap::new(), BTreeSet::new());
        for (name, new) in wanted {
            if gate.is_some_and(Gate::is_cancelled) {
                return Err(Failure::Cancelled);
            }
            let old = self.secrets.get(&name)?;
            if old == new {
                equal.insert(name);
            } else {
                swaps.insert(name, SecretSwap { old, new });
            }
        }
        Ok((swaps, equal))
    }

    fn record_of(&self, now: &ZonedDateTime, before: &Raw, changes: &Changes, run: Run) -> Record {
        let undoable = changes.is_undoable();
        let there = [Part::Store, Part::System].into_iter();
        let there = there.filter(|part| undoable && before.of(*part).is_some());
        let secrets = changes.secrets.iter();
        Record {
            undoable,
            secrets: secrets
                .map(|(name, swap)| (name.clone(), swap.old.is_some()))
                .collect(),
            kept: there.collect(),
            ..Record::new(self.next_run(), now, run)
        }
    }

    /// Forgets runs that are too old.
    fn tidy_up(&self, changes: &Changes) {
        if self.watch.reached(Point::Prune).is_err() {
            return;
        }
        let orphans = self.prune_files();
        if changes.secrets.is_empty() {
            self.forget_later(orphans);
        } else {
            self.forget(orphans);
        }
    }
}

/// The keys among the secrets for which the store says that there is one.
fn marked(
    store: &Document<'_>,
    secrets: &BTreeMap<SecretName, Option<Secret>>,
) -> BTreeSet<String> {
    if secrets.is_empty() {
        return BTreeSet::new();
    }
    let entries = store.entries.iter();
    let entries = entries.filter(|entry| entry.value == SECRET_MARKER);
    entries.map(|entry| entry.key.to_string()).collect()
}

/// A secret that is as it should be, and that the store names, is no change.
fn finish_report(
    report: &mut Report,
    undoable: bool,
    equal: &BTreeSet<SecretName>,
    marked: &BTreeSet<String>,
) {
    if !equal.is_empty() {
        report.changes.retain(|change| {
            change.action != Action::Secret
                || !marked.contains(&change.key)
                || !equal.contains(&SecretName::Setting(change.key.clone()))
        });
    }
    report.count_applied();
    report.outcome = if undoable {
        Outcome::Applied
    } else {
        Outcome::Unchanged
    };
}
