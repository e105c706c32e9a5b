//! The two ends of a transaction: finished or taken back. Both can be begun
//! again after they were interrupted, and are, when the next one takes the lock.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::home::{Part, staged, unwritable};
use super::journal::{State, Transaction};
use super::watch::Point;
use super::{Store, disk};
use crate::provisioning::failure::Failure;

/// Why a transaction that counts could not be finished.
pub(super) struct Unfinished {
    pub(super) failure: Failure,
    /// Whether any file was replaced.
    pub(super) begun: bool,
}

impl Store {
    /// Brings an interrupted transaction to its end. The caller holds the lock.
    ///
    /// # Errors
    /// Why it could not: then the journal stays, and nothing may be written.
    pub(super) fn recover(&self) -> Result<(), Failure> {
        // Of a process that died while it wrote one.
        let _ = disk::remove(&staged(&self.home.journal()));
        let recovered = match Transaction::load(&self.home)? {
            None => {
                // Of a transaction that died before it wrote a journal.
                for part in Part::ALL {
                    let _ = disk::remove(&staged(&self.home.file(part)));
                }
                Ok(())
            }
            Some(open) if open.state == State::Committed => {
                self.finish(&open).map_err(|unfinished| unfinished.failure)
            }
            Some(open) => self.roll_back(&open),
        };
        self.keyring_is_out
            .store(recovered.is_err(), Ordering::Relaxed);
        recovered
    }

    /// Replaces the files of a transaction that counts, and closes it.
    pub(super) fn finish(&self, transaction: &Transaction) -> Result<(), Unfinished> {
        let mut begun = false;
        self.swap_files(transaction, &mut begun)
            .and_then(|folders| self.close(transaction, &folders))
            .map_err(|failure| Unfinished { failure, begun })
    }

    /// Gives the folders that have to be written through to the disk.
    fn swap_files(
        &self,
        transaction: &Transaction,
        begun: &mut bool,
    ) -> Result<BTreeSet<PathBuf>, Failure> {
        let mut folders = BTreeSet::from([self.home.path().to_owned()]);
        for part in transaction.replace.union(&transaction.remove) {
            let target = self.home.target(*part)?;
            self.at(Point::Swap, &target)?;
            let next = staged(&target);
            let swapped = if transaction.remove.contains(part) {
                disk::remove(&target)
            } else if disk::is_there(&next) {
                disk::rename(&next, &target)
            } else {
                // Done before the interruption.
                Ok(())
            };
            swapped.map_err(|error| unwritable(&target, &error))?;
            *begun = true;
            folders.extend(target.parent().map(PathBuf::from));
        }
        // Secrets alone count as well: they have been changed.
        *begun |= transaction.replace.is_empty() && transaction.remove.is_empty();
        Ok(folders)
    }

    fn close(&self, transaction: &Transaction, folders: &BTreeSet<PathBuf>) -> Result<(), Failure> {
        for folder in folders {
            self.at(Point::Flush, folder)?;
            disk::flush(folder).map_err(|error| unwritable(folder, &error))?;
        }
        let path = self.home.journal();
        self.at(Point::Close, &path)?;
        let closed = if transaction.is_run() {
            disk::rename(&path, &self.home.record(transaction.run))
        } else {
            if !transaction.secrets.is_empty() {
                self.forget(transaction.copies());
            }
            disk::remove(&path)
        };
        closed.map_err(|error| unwritable(&path, &error))
    }

    /// Takes a transaction back that does not count.
    pub(super) fn roll_back(&self, transaction: &Transaction) -> Result<(), Failure> {
        if transaction.state == State::Changing {
            for (name, had) in &transaction.secrets {
                if !had {
                    self.secrets.delete(name)?;
                } else if let Some(old) = self.secrets.get(&name.backup(transaction.run))? {
                    self.secrets.set(name, &old)?;
                }
            }
        }
        // Without a journal no copy was made.
        if disk::is_there(&self.home.journal()) {
            self.forget(transaction.copies());
        }
        self.discard(transaction)
    }

    /// Removes the files of a transaction that does not count, its journal last.
    pub(super) fn discard(&self, transaction: &Transaction) -> Result<(), Failure> {
        for part in &transaction.replace {
            if let Ok(target) = self.home.target(*part) {
                let _ = disk::remove(&staged(&target));
            }
        }
        if transaction.is_run() {
            let kept = Part::ALL.map(|part| self.home.kept(transaction.run, part));
            for path in kept.into_iter().flatten() {
                let _ = disk::remove(&path);
            }
        }
        let _ = disk::remove(&staged(&self.home.journal()));
        Transaction::remove_from(&self.home)
    }
}
