//! Reading the store without waiting for a transaction that is on its way: a
//! run may wait for minutes for a user to unlock the keyring.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::content::{self, Bytes};
use super::home::{Part, unreadable};
use super::journal::{State, Transaction};
use super::lock::Lock;
use super::watch::Point;
use super::{Store, disk};
use crate::provisioning::failure::Failure;
use crate::provisioning::plan::Current;
use crate::provisioning::trust::Servers;

/// So often may a transaction come in between before reading waits for the lock.
const TRIES: usize = 5;

impl Store {
    /// The settings as they are now, all of them from before a transaction or
    /// all from after it; missing files are empty. An interrupted transaction
    /// is brought to its end first.
    ///
    /// # Errors
    /// `KeepProblem::Read` if a file is there and cannot be read, with the line
    /// if its content is damaged; `KeepProblem::Write` or `Busy` if a
    /// transaction that counts cannot be finished.
    pub fn read(&self) -> Result<Current, Failure> {
        let [store, system] = self.read_together([Part::Store, Part::System])?;
        let settings = |bytes: &Bytes, part| {
            let path = self.home.file(part);
            content::document(bytes, &path).map(|document| content::settings(&document))
        };
        Ok(Current {
            settings: settings(&store, Part::Store)?,
            system: settings(&system, Part::System)?,
        })
    }

    /// What is known of servers; a missing file is empty.
    ///
    /// # Errors
    /// As for [`Store::read`].
    pub fn servers(&self) -> Result<Servers, Failure> {
        let [servers] = self.read_together([Part::Servers])?;
        content::servers(&servers, &self.home.file(Part::Servers))
    }

    /// Files between whose contents no transaction has come.
    fn read_together<const N: usize>(&self, parts: [Part; N]) -> Result<[Bytes; N], Failure> {
        for _ in 0..TRIES {
            self.settle()?;
            let mut read = Vec::with_capacity(N);
            for part in parts {
                let path = self.home.file(part);
                let reached = self.watch.reached(Point::Read);
                reached.map_err(|error| unreadable(&path, None, error.to_string()))?;
                read.push(content::read(&self.home, part)?);
            }
            // Replaced files are other files, and while some are replaced and
            // some are not, the journal says so.
            let mut pairs = parts.iter().zip(&read);
            let same = pairs.all(|(part, read)| {
                let metadata = read.as_ref().map(|(_, metadata)| metadata);
                disk::is_same(&self.home.file(*part), metadata)
            });
            if same && !Transaction::is_committed_in(&self.home)? {
                let mut read = read.into_iter();
                return Ok(parts.map(|_| read.next().flatten().map(|(bytes, _)| bytes)));
            }
        }
        let _lock = self.finish_under_lock()?;
        let mut all = Vec::with_capacity(N);
        for part in parts {
            all.push(content::read(&self.home, part)?.map(|(bytes, _)| bytes));
        }
        let mut all = all.into_iter();
        Ok(parts.map(|_| all.next().flatten()))
    }

    /// Makes sure that the files are those of one state. A transaction that
    /// counts is waited for, or finished if nobody does it. One that does not
    /// count has not touched them; it is taken back if nobody is at it and if
    /// the keyring lets.
    pub(super) fn settle(&self) -> Result<(), Failure> {
        match Transaction::load(&self.home) {
            Ok(Some(open)) if open.state == State::Committed => self.finish_under_lock().map(drop),
            Ok(Some(_)) if !self.keyring_is_out.load(Ordering::Relaxed) => {
                if let Ok(_lock) = self.lock(Duration::ZERO, None)
                    && let Err(failure) = self.recover()
                {
                    tracing::warn!("an interrupted transaction was not taken back: {failure}");
                    self.keyring_is_out.store(true, Ordering::Relaxed);
                }
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Waits for the lock, and finishes what counts and was not finished.
    fn finish_under_lock(&self) -> Result<Lock, Failure> {
        let lock = self.lock(self.lock_wait, None)?;
        if Transaction::is_committed_in(&self.home)? {
            self.recover()?;
        }
        Ok(lock)
    }
}
