//! What the pane shows before and between runs: one look at the store, the
//! site, the keyring's index and the history.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{Engine, Remembered, load};
use crate::{
    provisioning::{
        failure::Failure,
        keys,
        layers::{Layer, Layers},
        method::Method,
        uri::Template,
    },
    system::store::{self, Record, RunKind},
};

/// How things stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The method that counts.
    pub method: Method,
    /// The address that counts, with its tokens.
    pub uri: Option<Template>,
    /// This installation's UUID.
    pub uuid: String,
    /// Who signs in.
    pub remembered: Option<Remembered>,
    /// Name of the application that the settings are for.
    pub application: String,
    /// The site file that fixes the method, if one does.
    pub method_fixed: Option<String>,
    /// The site file that fixes the address, if one does.
    pub uri_fixed: Option<String>,
    /// Why the pane is not offered, if it is not.
    pub hidden: Option<HiddenBy>,
    /// The last run, whatever became of it.
    pub last: Option<Record>,
    /// Whether the last run took an undo back.
    pub last_is_redo: bool,
    /// The run that *Undo* would take back; an undo itself can be one.
    pub undo: Option<Undo>,
    /// Nothing is configured and nothing was ever run.
    pub first_start: bool,
}

/// Who switched the pane off (contract section 1, `DISABLED`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HiddenBy {
    /// This file of the site.
    Site(String),
    /// The store itself; a server may have sent it.
    Store(String),
}

/// What *Undo* would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The run's number.
    pub run: u64,
    /// When it was: RFC 3339.
    pub time: String,
    /// Whether it was an undo, so that taking it back does the run again.
    pub is_redo: bool,
}

/// Changes whenever a file of the store does; two looks that are equal mean
/// that nothing was written in between.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint(Vec<Option<(SystemTime, u64)>>);

/// Whether a run left things as they were before another: an undo does, an
/// undo of an undo does the run again.
fn is_undo(records: &[Record], record: &Record) -> bool {
    if record.kind != RunKind::Undo {
        return false;
    }
    let before = records.iter().take_while(|earlier| earlier.id < record.id);
    let target = record
        .undid
        .and_then(|id| before.clone().find(|earlier| earlier.id == id));
    // A run that is forgotten was most likely no undo.
    !target.is_some_and(|target| is_undo(records, target))
}

impl Engine {
    /// How things stand. Blocks; makes the UUID if there is none yet.
    ///
    /// # Errors
    /// If the store or the list of servers is there and cannot be read.
    pub fn overview(&self) -> Result<Overview, Failure> {
        let settings = self.settings()?;
        // A run would fail at it, and could not offer what mends it.
        self.world.store.servers()?;
        let site = &self.world.site;
        let layers = Layers::new(site, &settings);
        let mut records = self.history()?.records;
        let undo = records.iter().rfind(|record| record.undoable);
        let undo = undo.map(|record| Undo {
            run: record.id,
            time: record.time.clone(),
            is_redo: is_undo(&records, record),
        });
        let method = load::method(layers);
        let uri = load::address(layers).map(Template::new);
        let last_is_redo = records
            .last()
            .is_some_and(|last| last.kind == RunKind::Undo && !is_undo(&records, last));
        let last = records.pop();
        Ok(Overview {
            first_start: layers.text(keys::METHOD).is_none()
                && method == Method::Off
                && uri.is_none()
                && last.is_none(),
            uuid: layers.text(keys::UUID).unwrap_or_default().to_owned(),
            remembered: self.remembered()?,
            application: load::application(layers).to_owned(),
            method_fixed: self.fixed_by(keys::METHOD),
            uri_fixed: self.fixed_by(keys::URL),
            hidden: layers.flag(keys::DISABLED).then(|| self.hidden_by(layers)),
            method,
            uri,
            last,
            last_is_redo,
            undo,
        })
    }

    fn hidden_by(&self, layers: Layers<'_>) -> HiddenBy {
        match (
            layers.origin_of(keys::DISABLED),
            self.world.site.get(keys::DISABLED),
        ) {
            (Some(Layer::Immutable | Layer::Default), Some(entry)) => {
                HiddenBy::Site(entry.file.display().to_string())
            }
            _ => HiddenBy::Store(self.store_file().display().to_string()),
        }
    }

    fn store_file(&self) -> PathBuf {
        self.home().join("sip-communicator.properties")
    }

    /// A look at the files from outside, to see whether another program
    /// changed them. Blocks for as long as the system takes to look.
    pub fn fingerprint(&self) -> Fingerprint {
        let look = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        let home = self.home();
        let names = [
            "sip-communicator.properties",
            "system.properties",
            "servers.toml",
            "history",
        ];
        Fingerprint(names.iter().map(|name| look(&home.join(name))).collect())
    }

    /// Forgets the stored address.
    ///
    /// # Errors
    /// If the site fixed it, or the store cannot be written.
    pub fn clear_address(&self) -> Result<(), Failure> {
        self.unset(keys::URL, false).map(drop)
    }

    /// Whether the history has copies of this file of the store.
    pub fn has_history(path: &Path) -> bool {
        store::part(path).is_some_and(store::Part::has_history)
    }

    /// Whether this is the list of servers.
    pub fn is_list_of_servers(path: &Path) -> bool {
        store::part(path) == Some(store::Part::Servers)
    }

    /// Puts damaged files of the store aside under other names, so that the
    /// next look begins with empty ones. Returns their new names.
    ///
    /// # Errors
    /// If they cannot be renamed.
    pub fn start_empty(&self) -> Result<Vec<PathBuf>, Failure> {
        self.world.store.set_aside()
    }
}
