//! One transaction over the files and the keyring.
//!
//! In order: the next content is written beside each file and the old content
//! kept in the history; if secrets change, a journal is written, the old ones
//! are copied within the keyring, the journal is written again, and they are
//! changed; the gate decides; the journal says *committed*, which is the one
//! moment at which the new state begins to count; the files are renamed; the
//! journal becomes the record of the run.
//!
//! What is on the disk when: the new content, the history's copies and their
//! names before *committed* is; *committed* before the first rename; the
//! renames before the journal goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::content::{Bytes, Raw};
use super::gate::Gate;
use super::home::{Part, staged, unwritable};
use super::journal::{Durable, EDIT, State, Transaction};
use super::watch::Point;
use super::{Store, disk, history};
use crate::provisioning::credentials::SecretName;
use crate::provisioning::failure::{Failure, KeepProblem, KeyringFault};
use crate::provisioning::secret::Secret;

/// A secret that changes.
pub(super) struct SecretSwap {
    pub(super) old: Option<Secret>,
    pub(super) new: Option<Secret>,
}

/// Everything that one transaction changes.
pub(super) struct Changes {
    /// The next content of each file that changes, `None` if it goes.
    pub(super) files: BTreeMap<Part, Bytes>,
    /// The secrets that change.
    pub(super) secrets: BTreeMap<SecretName, SecretSwap>,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.secrets.is_empty()
    }

    /// Whether there is anything that an undo would bring back.
    pub(super) fn is_undoable(&self) -> bool {
        let mut files = self.files.keys();
        !self.secrets.is_empty() || files.any(|part| *part != Part::Servers)
    }
}

/// A transaction on its way. The caller holds the lock.
pub(super) struct Running<'a> {
    store: &'a Store,
    gate: Option<&'a Gate>,
    changes: &'a Changes,
    record: Option<&'a history::Record>,
    transaction: Transaction,
}

impl<'a> Running<'a> {
    pub(super) fn new(
        store: &'a Store,
        gate: Option<&'a Gate>,
        changes: &'a Changes,
        record: Option<&'a history::Record>,
    ) -> Self {
        let parts = |stays: bool| -> BTreeSet<Part> {
            let files = changes.files.iter();
            let files = files.filter(|(_, next)| next.is_some() == stays);
            files.map(|(part, _)| *part).collect()
        };
        let secrets = changes.secrets.iter();
        let transaction = Transaction {
            state: State::Copying,
            run: record.map_or(EDIT, |record| record.id),
            replace: parts(true),
            remove: parts(false),
            secrets: secrets
                .map(|(name, swap)| (name.clone(), swap.old.is_some()))
                .collect(),
        };
        Self {
            store,
            gate,
            changes,
            record,
            transaction,
        }
    }

    /// Does it all, or nothing. Gives whether it is through; else it counts,
    /// and the next one that takes the lock finishes it.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub(super) fn run(mut self, before: &Raw) -> Result<bool, Failure> {
        let ready = self.prepare(before);
        let ready = ready.and_then(|()| self.pass_gate());
        let ready = ready.and_then(|()| {
            if self.is_one_rename() {
                Ok(())
            } else {
                self.seal()
            }
        });
        if let Err(failure) = ready {
            self.roll_back(&failure);
            return Err(failure);
        }
        match self.store.finish(&self.transaction) {
            Ok(()) => Ok(true),
            Err(unfinished) if !unfinished.begun && self.unseal().is_ok() => {
                self.roll_back(&unfinished.failure);
                Err(unfinished.failure)
            }
            Err(unfinished) => {
                tracing::warn!("a transaction waits to be finished: {}", unfinished.failure);
                Ok(false)
            }
        }
    }

    /// One file and nothing else: its rename is the whole transaction, and no
    /// journal has to say when the new state begins to count.
    fn is_one_rename(&self) -> bool {
        let transaction = &self.transaction;
        self.record.is_none()
            && self.changes.secrets.is_empty()
            && transaction.replace.len() + transaction.remove.len() == 1
    }

    fn prepare(&mut self, before: &Raw) -> Result<(), Failure> {
        self.not_cancelled()?;
        let targets = self.targets()?;
        for (target, bytes) in &targets {
            let Some(bytes) = bytes else { continue };
            self.store.at(Point::Stage, target)?;
            disk::write(&staged(target), bytes).map_err(|error| unwritable(target, &error))?;
        }
        self.keep(before)?;
        if !self.changes.secrets.is_empty() {
            self.change_secrets()?;
        }
        Ok(())
    }

    /// Where each file really is. Asked first, so that a link out of the home
    /// folder is refused before anything is written.
    fn targets(&self) -> Result<Vec<(PathBuf, &'a Bytes)>, Failure> {
        let home = &self.store.home;
        home.inside(&home.history())?;
        let files = self.changes.files.iter();
        files
            .map(|(part, bytes)| Ok((home.target(*part)?, bytes)))
            .collect()
    }

    /// Keeps the files as they were, for an undo.
    fn keep(&self, before: &Raw) -> Result<(), Failure> {
        let home = &self.store.home;
        let Some(record) = self.record else {
            return Ok(());
        };
        let folder = home.history();
        disk::create_folder(&folder).map_err(|error| unwritable(&folder, &error))?;
        for part in &record.kept {
            let (Some(kept), Some(bytes)) = (home.kept(record.id, *part), before.of(*part)) else {
                continue;
            };
            self.store.at(Point::Keep, &kept)?;
            // A file that is about to be replaced need not be copied: its next
            // content is another file, and this one keeps its name here.
            let linked = self.changes.files.contains_key(part)
                && disk::remove(&kept).is_ok()
                && fs::hard_link(home.target(*part)?, &kept).is_ok();
            if !linked {
                disk::write(&kept, bytes).map_err(|error| unwritable(&kept, &error))?;
            }
        }
        if record.kept.is_empty() {
            return Ok(());
        }
        disk::flush(&folder).map_err(|error| unwritable(&folder, &error))
    }

    fn change_secrets(&mut self) -> Result<(), Failure> {
        let run = self.transaction.run;
        // A power failure that takes this away leaves copies behind, no more.
        self.store.at(Point::Announce, &self.store.home.journal())?;
        self.put(State::Copying, None, Durable::No)?;
        for (name, swap) in &self.changes.secrets {
            let Some(old) = &swap.old else { continue };
            self.not_cancelled()?;
            self.store.at_secret(Point::Backup)?;
            self.store.secrets.set(&name.backup(run), old)?;
        }
        self.store.at(Point::Prepare, &self.store.home.journal())?;
        self.put(State::Changing, None, Durable::Yes)?;
        self.flush_home()?;
        for (name, swap) in &self.changes.secrets {
            self.not_cancelled()?;
            self.store.at_secret(Point::Secret)?;
            match &swap.new {
                Some(new) => self.store.secrets.set(name, new)?,
                None => self.store.secrets.delete(name)?,
            }
        }
        Ok(())
    }

    /// Puts the journal there with another state, or leaves the old one. The
    /// record is of use only once the run counts.
    fn put(
        &mut self,
        state: State,
        record: Option<&history::Record>,
        durable: Durable,
    ) -> Result<(), Failure> {
        let home = &self.store.home;
        let before = std::mem::replace(&mut self.transaction.state, state);
        let put = self.transaction.put(home, record, durable);
        if put.is_err() {
            self.transaction.state = before;
        }
        put
    }

    fn flush_home(&self) -> Result<(), Failure> {
        let home = self.store.home.path();
        disk::flush(home).map_err(|error| unwritable(home, &error))
    }

    fn not_cancelled(&self) -> Result<(), Failure> {
        match self.gate {
            Some(gate) if gate.is_cancelled() => Err(Failure::Cancelled),
            _ => Ok(()),
        }
    }

    fn pass_gate(&self) -> Result<(), Failure> {
        self.store.at(Point::Gate, self.store.home.path())?;
        match self.gate {
            Some(gate) if !gate.commit() => Err(Failure::Cancelled),
            _ => Ok(()),
        }
    }

    /// From here on the new state counts.
    fn seal(&mut self) -> Result<(), Failure> {
        let home = &self.store.home;
        self.store.at(Point::Seal, &home.journal())?;
        self.put(State::Committed, self.record, Durable::Yes)?;
        let flushed = self.store.at(Point::Flush, home.path());
        let flushed = flushed.and_then(|()| self.flush_home());
        match flushed {
            // If it cannot be taken back it counts, flushed or not.
            Err(failure) if self.unseal().is_ok() => Err(failure),
            _ => Ok(()),
        }
    }

    /// Takes *committed* back, before any file was replaced.
    fn unseal(&mut self) -> Result<(), Failure> {
        let home = &self.store.home;
        if self.changes.secrets.is_empty() {
            Transaction::remove_from(home)?;
            self.transaction.state = State::Copying;
        } else {
            self.put(State::Changing, None, Durable::Yes)?;
        }
        // Only a power failure could still bring it back.
        let _ = self.flush_home();
        Ok(())
    }

    fn roll_back(&self, why: &Failure) {
        // A keyring that hangs would make the user wait again, and others for
        // the lock. The journal stays for when it is well.
        let taken_back = if !hangs(why) {
            self.store.roll_back(&self.transaction)
        } else if self.transaction.state == State::Changing {
            Err(why.clone())
        } else {
            self.store.forget_later(self.transaction.copies());
            self.store.discard(&self.transaction)
        };
        if let Err(failure) = taken_back {
            tracing::warn!("a transaction waits to be taken back: {failure}");
            self.store.keyring_is_out.store(true, Ordering::Relaxed);
        }
    }
}

fn hangs(failure: &Failure) -> bool {
    let Failure::Keep(KeepProblem::Keyring { fault, .. }) = failure else {
        return false;
    };
    *fault == KeyringFault::Hung
}
