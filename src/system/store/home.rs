//! The names in the home folder (product: files), and where they lead.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk;
use crate::provisioning::failure::{Failure, KeepProblem};

/// The files that a transaction replaces together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The settings.
    Store,
    /// The system properties.
    System,
    /// The list of servers.
    Servers,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::Store, Self::System, Self::Servers];

    pub(super) fn file_name(self) -> &'static str {
        match self {
            Self::Store => "sip-communicator.properties",
            Self::System => "system.properties",
            Self::Servers => "servers.toml",
        }
    }

    /// Whether the history has copies of it.
    pub fn has_history(self) -> bool {
        self.kept_as().is_some()
    }

    /// The end of the name of its copy in the history; the servers have none,
    /// as an undo does not take trust back.
    fn kept_as(self) -> Option<&'static str> {
        match self {
            Self::Store => Some("properties"),
            Self::System => Some("system.properties"),
            Self::Servers => None,
        }
    }
}

/// Which part of the store has this name.
pub fn part(path: &Path) -> Option<Part> {
    let name = path.file_name()?;
    Part::ALL.into_iter().find(|part| name == part.file_name())
}

/// The home folder.
#[derive(Debug, Clone)]
pub(super) struct Home(PathBuf);

impl Home {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn file(&self, part: Part) -> PathBuf {
        self.0.join(part.file_name())
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.0.join(".lock")
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.0.join(".transaction.json")
    }

    pub(super) fn history(&self) -> PathBuf {
        self.0.join("history")
    }

    /// The record of a run.
    pub(super) fn record(&self, run: u64) -> PathBuf {
        self.history().join(format!("{run:04}.json"))
    }

    /// What `part` was before a run.
    pub(super) fn kept(&self, run: u64, part: Part) -> Option<PathBuf> {
        let end = part.kept_as()?;
        Some(self.history().join(format!("{run:04}.{end}")))
    }

    /// Where writing `part` ends up, links followed.
    ///
    /// # Errors
    /// [`KeepProblem::Link`] if that is outside of the home folder.
    pub(super) fn target(&self, part: Part) -> Result<PathBuf, Failure> {
        self.inside(&self.file(part))
    }

    /// Where writing to `path` ends up, links followed.
    pub(super) fn inside(&self, path: &Path) -> Result<PathBuf, Failure> {
        let real = |path: &Path| disk::resolve(path).map_err(|error| unwritable(path, &error));
        let exact = |path: &Path| disk::exact(path).map_err(|error| unwritable(path, &error));
        let target = real(path)?;
        if exact(target.parent().unwrap_or(path))?.starts_with(exact(&self.0)?) {
            Ok(target)
        } else {
            let path = path.display().to_string();
            Err(KeepProblem::Link { path }.into())
        }
    }
}

/// The name under which the next content of `target` waits, in the same
/// folder so that it can be renamed.
pub(super) fn staged(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    let hidden = name.as_encoded_bytes().starts_with(b".");
    let mut next = OsString::from(if hidden { "" } else { "." });
    next.push(name);
    next.push(".new");
    target.with_file_name(next)
}

pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    KeepProblem::Write {
        path: path.display().to_string(),
        chain: vec![error.to_string()],
    }
    .into()
}

pub(super) fn unreadable(path: &Path, line: Option<u32>, cause: impl Into<String>) -> Failure {
    KeepProblem::Read {
        path: path.display().to_string(),
        line,
        chain: vec![cause.into()],
    }
    .into()
}
