//! The site files of an administrator: read at the start, never written.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::provisioning::failure::{Failure, KeepProblem};
use crate::provisioning::layers::Site;
use crate::provisioning::properties::{self, Text};

/// What was said at installation. It is read first, so that the
/// administrator's files win.
pub const INSTALLED: &str = "installed.properties";

/// The site files in the order in which they are read; a later line wins.
pub const SITE_FILES: [&str; 3] = [INSTALLED, "defaults.properties", "overrides.properties"];

impl Site {
    /// Reads the site files in `dir` (contract section 1), ISO-8859-1. A
    /// missing file is an empty one.
    ///
    /// # Errors
    /// [`KeepProblem::Read`] if a file is there and cannot be read or has a
    /// damaged escape: without it a key that the site fixed would be open.
    pub fn load(dir: &Path) -> Result<Self, Failure> {
        let mut site = Self::default();
        for name in SITE_FILES {
            let path = dir.join(name);
            match fs::read(&path) {
                Ok(bytes) => add_file(&mut site, &bytes, &path)?,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(&path, None, error.to_string())),
            }
        }
        Ok(site)
    }
}

fn add_file(site: &mut Site, bytes: &[u8], path: &Path) -> Result<(), Failure> {
    let mut document = properties::read(Text::Latin1(bytes))
        .map_err(|error| unreadable(path, Some(error.line), error.to_string()))?;
    // `*k` and `k` are two keys of the file but one of the site.
    document.entries.sort_by_key(|entry| entry.line);
    for entry in &document.entries {
        site.add(&entry.key, &entry.value, path);
    }
    Ok(())
}

fn unreadable(path: &Path, line: Option<u32>, cause: String) -> Failure {
    KeepProblem::Read {
        path: path.display().to_string(),
        line,
        chain: vec![cause],
    }
    .into()
}
