//! What a transaction is about to do, written down before it is done, so that
//! an interrupted one can be taken back or finished. No value is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk;
use super::history::Record;
use super::home::{Home, Part, staged, unreadable, unwritable};
use crate::provisioning::credentials::SecretName;
use crate::provisioning::failure::Failure;

/// The number of an edit, which has no record: its old secrets are copied
/// under it until it is through.
pub(super) const EDIT: u64 = 0;

/// Whether a journal has to outlive a power failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durable {
    Yes,
    No,
}

/// How far a transaction has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// Old secrets are being copied. A copy may be an older transaction's.
    Copying,
    /// All copies are there; secrets are being changed.
    Changing,
    /// The new state counts; files are being replaced.
    Committed,
}

/// The journal as it is written. When a run is through, it becomes its record
/// in the history.
#[derive(Serialize)]
struct Journal<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a Record>,
    transaction: &'a Transaction,
}

/// The part of it that is read.
#[derive(Deserialize)]
struct JournalFile {
    transaction: Transaction,
}

/// What a transaction does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub(super) state: State,
    /// The run, or [`EDIT`].
    pub(super) run: u64,
    /// Files whose next content waits beside them.
    pub(super) replace: BTreeSet<Part>,
    /// Files that go.
    pub(super) remove: BTreeSet<Part>,
    /// Each secret that changes, and whether it had a value.
    pub(super) secrets: BTreeMap<SecretName, bool>,
}

impl Transaction {
    /// What the journal in `home` says, `None` if no transaction is open.
    pub(super) fn load(home: &Home) -> Result<Option<Self>, Failure> {
        let path = home.journal();
        let bytes =
            disk::read(&path).map_err(|error| unreadable(&path, None, error.to_string()))?;
        let Some((bytes, _)) = bytes else {
            return Ok(None);
        };
        match serde_json::from_slice::<JournalFile>(&bytes) {
            Ok(journal) => Ok(Some(journal.transaction)),
            Err(error) => {
                let line = u32::try_from(error.line()).ok();
                Err(unreadable(&path, line, error.to_string()))
            }
        }
    }

    /// Whether the journal in `home` says that files are being replaced.
    pub(super) fn is_committed_in(home: &Home) -> Result<bool, Failure> {
        Ok(Self::load(home)?.is_some_and(|open| open.state == State::Committed))
    }

    /// Whether it has a record.
    pub(super) fn is_run(&self) -> bool {
        self.run != EDIT
    }

    /// The copies of old secrets that it makes.
    pub(super) fn copies(&self) -> Vec<SecretName> {
        let had = self.secrets.iter().filter(|(_, had)| **had);
        had.map(|(name, _)| name.backup(self.run)).collect()
    }

    /// Puts the journal in place of the one that stands there, if any. It
    /// counts from now on; after a power failure if it is durable and the
    /// folder was flushed.
    pub(super) fn put(
        &self,
        home: &Home,
        record: Option<&Record>,
        durable: Durable,
    ) -> Result<(), Failure> {
        let path = home.journal();
        let put = |path: &Path| {
            let next = staged(path);
            let bytes = serde_json::to_vec(&Journal {
                record,
                transaction: self,
            })?;
            match durable {
                Durable::Yes => disk::write(&next, &bytes)?,
                Durable::No => disk::write_soon(&next, &bytes)?,
            }
            disk::rename(&next, path)
        };
        put(&path).map_err(|error| unwritable(&path, &error))
    }

    /// Takes the journal away.
    pub(super) fn remove_from(home: &Home) -> Result<(), Failure> {
        let path = home.journal();
        disk::remove(&path).map_err(|error| unwritable(&path, &error))
    }
}
