//! Putting aside what cannot be read, when a person asks for it.

use std::path::{Path, PathBuf};

use super::content::{self, Bytes};
use super::home::{Home, Part, unwritable};
use super::journal::Transaction;
use super::{Store, disk};
use crate::provisioning::failure::Failure;

impl Store {
    /// Renames each file that cannot be read to `<name>.broken` (or
    /// `.broken-2` …), so that the store can be used without it. Gives the new
    /// names; what can be read stays.
    ///
    /// # Errors
    /// `KeepProblem::Write` if that is not possible, `Busy` if a
    /// transaction is on its way.
    pub fn set_aside(&self) -> Result<Vec<PathBuf>, Failure> {
        let _lock = self.lock_home(None)?;
        let mut aside = Vec::new();
        if Transaction::load(&self.home).is_err() {
            aside.push(move_away(&self.home.journal())?);
        }
        // What cannot be recovered now, for want of a keyring, can be later.
        let _ = self.recover();
        for part in Part::ALL {
            if readable(&self.home, part).is_err() {
                // A link that leads out of the folder is moved, and not its end.
                let path = self.home.target(part);
                let path = path.unwrap_or_else(|_| self.home.file(part));
                aside.push(move_away(&path)?);
            }
        }
        disk::flush(self.home.path()).map_err(|error| unwritable(self.home.path(), &error))?;
        Ok(aside)
    }
}

fn readable(home: &Home, part: Part) -> Result<(), Failure> {
    let path = home.file(part);
    let bytes: Bytes = content::read(home, part)?.map(|(bytes, _)| bytes);
    match part {
        Part::Store | Part::System => content::document(&bytes, &path).map(drop),
        Part::Servers => content::servers(&bytes, &path).map(drop),
    }
}

fn move_away(path: &Path) -> Result<PathBuf, Failure> {
    let name = path.file_name().unwrap_or_default();
    let mut number = 1_u32;
    let free = loop {
        let mut next = name.to_owned();
        next.push(".broken");
        if number > 1 {
            next.push(format!("-{number}"));
        }
        let free = path.with_file_name(next);
        if !disk::is_there(&free) {
            break free;
        }
        number += 1;
    };
    disk::rename(path, &free).map_err(|error| unwritable(path, &error))?;
    Ok(free)
}
