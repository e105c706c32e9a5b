//! The one site file that is not the administrator's: what was said at
//! installation. Installers write it, through this program.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::provisioning::{
    failure::{Failure, KeepProblem},
    preseed::Preseed,
};

use super::site::INSTALLED;

/// Reads the file in the folder `dir`; one that is not there says nothing.
///
/// # Errors
/// [`KeepProblem::Read`].
pub fn load(dir: &Path) -> Result<Preseed, Failure> {
    let path = dir.join(INSTALLED);
    let failed = |line, cause| {
        Failure::from(KeepProblem::Read {
            path: path.display().to_string(),
            line,
            chain: vec![cause],
        })
    };
    match fs::read(&path) {
        Ok(bytes) => {
            Preseed::read(&bytes).map_err(|error| failed(Some(error.line), error.to_string()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Preseed::default()),
        Err(error) => Err(failed(None, error.to_string())),
    }
}

/// Writes the file, or removes it if there is nothing to say. The folder is
/// made; everybody can read both, and only administrators change them.
///
/// # Errors
/// [`KeepProblem::Write`].
pub fn store(dir: &Path, preseed: &Preseed) -> Result<(), Failure> {
    let path = dir.join(INSTALLED);
    replace(dir, &path, preseed.write()).map_err(|error| {
        let problem = KeepProblem::Write {
            path: path.display().to_string(),
            chain: vec![error.to_string()],
        };
        problem.into()
    })
}

fn replace(dir: &Path, path: &Path, bytes: Option<Vec<u8>>) -> io::Result<()> {
    if !dir.is_dir() {
        fs::create_dir_all(dir)?;
        open_to_read(dir, 0o755)?;
    }
    protect(dir);
    let Some(bytes) = bytes else {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    };
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    open_to_read(file.path(), 0o644)?;
    file.persist(path)?;
    Ok(())
}

/// This process makes what it writes its owner's alone; this is for all.
#[cfg(unix)]
fn open_to_read(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on the other systems")]
fn open_to_read(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// On Windows every user may add files to a new folder in `ProgramData`, so
/// could fix settings for all the others.
fn protect(dir: &Path) {
    if cfg!(windows) {
        // SYSTEM and Administrators in full, Users read; by number, as the
        // names are translated. Without `icacls` it stays as it is.
        let _ = std::process::Command::new("icacls")
            .arg(dir)
            .args(["/inheritance:r", "/grant:r"])
            .args(["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F"])
            .arg("*S-1-5-32-545:(OI)(CI)RX")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status();
    }
}
