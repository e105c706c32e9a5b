//! The runs that were, each with what it changed and what was before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};

use super::commit::Run;
use super::home::{Home, Part};
use super::{Store, disk};
use crate::provisioning::credentials::SecretName;
use crate::provisioning::report::Report;

/// So many runs that can be undone are kept, and so many others.
pub const KEPT: usize = 20;

/// What a run was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// A provisioning run.
    Provision,
    /// It took another run back.
    Undo,
}

/// One run of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its number, from 1; a later run has a higher one.
    pub id: u64,
    /// When it ended: RFC 3339, local time with its offset.
    pub time: String,
    /// What it was.
    pub kind: RunKind,
    /// The run that it took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undid: Option<u64>,
    /// Whether it changed anything that can be brought back.
    pub undoable: bool,
    /// The secrets that it changed, and whether each had a value before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<SecretName, bool>,
    /// What it did.
    pub report: Report,
    /// The files that there were before it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) kept: BTreeSet<Part>,
}

impl Record {
    /// A record of a run that changed nothing.
    pub(super) fn new(id: u64, now: &ZonedDateTime, run: Run) -> Self {
        Self {
            id,
            time: now.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            kind: run.kind,
            undid: run.undid,
            undoable: false,
            secrets: BTreeMap::new(),
            report: run.report,
            kept: BTreeSet::new(),
        }
    }
}

/// The runs, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// What could be read.
    pub records: Vec<Record>,
    /// One sentence for each record that could not.
    pub damaged: Vec<String>,
}

/// A record's file; a journal that became a record has more in it.
#[derive(Serialize, Deserialize)]
struct RecordFile<T> {
    record: T,
}

/// The part of a record that says whether it may go.
#[derive(Default, Deserialize)]
struct Head {
    undoable: bool,
    #[serde(default)]
    secrets: BTreeMap<SecretName, bool>,
}

/// Reads all records. A damaged one never stops the others (security rule 11).
pub(super) fn load(home: &Home) -> History {
    let mut history = History::default();
    for id in ids(home).records {
        let path = home.record(id);
        match read::<Record>(&path) {
            Ok(record) if record.id == id => history.records.push(record),
            Ok(_) => history
                .damaged
                .push(damaged(&path, "it is another run\u{2019}s")),
            Err(why) => history.damaged.push(damaged(&path, &why)),
        }
    }
    history
}

fn damaged(path: &std::path::Path, why: &str) -> String {
    format!("{} could not be read: {why}.", path.display())
}

/// One record, or the part of it that `T` takes.
fn read<T: for<'a> Deserialize<'a>>(path: &std::path::Path) -> Result<T, String> {
    let (bytes, _) = disk::read(path)
        .map_err(|error| error.to_string())?
        .ok_or("it is not there")?;
    serde_json::from_slice::<RecordFile<T>>(&bytes)
        .map(|file| file.record)
        .map_err(|error| error.to_string())
}

/// The numbers that the file names in the history begin with.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// Runs with a record.
    pub(super) records: BTreeSet<u64>,
    /// Runs of which a file as it was before is kept.
    pub(super) kept: BTreeSet<u64>,
    /// Runs with any file.
    pub(super) all: BTreeSet<u64>,
}

pub(super) fn ids(home: &Home) -> Ids {
    let mut ids = Ids::default();
    let Ok(entries) = fs::read_dir(home.history()) else {
        return ids;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some((number, end)) = name.to_str().and_then(|name| name.split_once('.')) else {
            continue;
        };
        let Ok(number) = number.parse() else {
            continue;
        };
        ids.all.insert(number);
        if end == "json" {
            ids.records.insert(number);
        } else {
            ids.kept.insert(number);
        }
    }
    ids
}

/// Writes a record without a transaction: it may be lost when the power fails.
pub(super) fn add(home: &Home, record: &Record) -> std::io::Result<()> {
    disk::create_folder(&home.history())?;
    let path = home.record(record.id);
    let next = super::home::staged(&path);
    disk::write_soon(&next, &serde_json::to_vec(&RecordFile { record })?)?;
    disk::rename(&next, &path)
}

impl Store {
    /// Removes the files of runs that are too old. What it cannot remove it
    /// leaves for the next time: it is no reason to fail a run.
    ///
    /// Gives the copies of secrets that nothing refers to any more.
    pub(super) fn prune_files(&self) -> Vec<SecretName> {
        let ids = ids(&self.home);
        let mut orphans = Vec::new();
        for id in ids.all.difference(&ids.records) {
            self.remove_run(*id);
        }
        if ids.records.len() <= KEPT {
            return orphans;
        }
        let (mut undoable, mut others) = (0, 0);
        for id in ids.records.iter().rev() {
            let head = || read::<Head>(&self.home.record(*id)).unwrap_or_default();
            // A record can be long, and most need not be read.
            let seen = if ids.kept.contains(id) || head().undoable {
                &mut undoable
            } else {
                &mut others
            };
            *seen += 1;
            if *seen > KEPT {
                let head = head();
                self.remove_run(*id);
                let copied = head.secrets.into_iter().filter(|(_, had)| *had);
                orphans.extend(copied.map(|(name, _)| name.backup(*id)));
            }
        }
        orphans
    }

    fn remove_run(&self, id: u64) {
        let kept = Part::ALL.map(|part| self.home.kept(id, part));
        let paths: Vec<PathBuf> = kept.into_iter().flatten().collect();
        for path in paths.iter().chain([&self.home.record(id)]) {
            if let Err(error) = disk::remove(path) {
                tracing::warn!("{} could not be removed: {error}", path.display());
            }
        }
    }
}
