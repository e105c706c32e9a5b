//! Beginning anew beside files that are damaged: they are kept, under other
//! names.

use std::path::{Path, PathBuf};

use super::content;
use super::home::{Part, unwritable};
use super::journal::Transaction;
use super::{Store, disk};
use crate::provisioning::failure::Failure;

impl Store {
    /// Renames every file of the store that cannot be read to
    /// `NAME.broken`, `NAME.broken-2` and so on. Returns the new names; none
    /// if nothing was damaged.
    ///
    /// # Errors
    /// If a file cannot be renamed, or the lock cannot be taken.
    pub fn set_aside(&self) -> Result<Vec<String>, Failure> {
        let _lock = self.lock_home(None)?;
        let mut moved = Vec::new();
        for part in Part::ALL {
            let path = self.home.file(part);
            let damaged = match content::read(&self.home, part) {
                Err(_) => true,
                Ok(None) => false,
                Ok(Some((bytes, _))) => match part {
                    Part::Servers => content::servers(&Some(bytes), &path).is_err(),
                    Part::Store | Part::System => content::document(&Some(bytes), &path).is_err(),
                },
            };
            if damaged {
                moved.push(move_away(&path)?);
            }
        }
        if Transaction::load(&self.home).is_err() {
            moved.push(move_away(&self.home.journal())?);
        }
        Ok(moved)
    }
}

fn move_away(path: &Path) -> Result<String, Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".broken");
    let mut number = 1;
    let mut to = PathBuf::from(&name);
    while to.symlink_metadata().is_ok() {
        number += 1;
        let mut numbered = name.clone();
        numbered.push(format!("-{number}"));
        to = numbered.into();
    }
    disk::rename(path, &to).map_err(|error| unwritable(path, &error))?;
    Ok(to.display().to_string())
}
