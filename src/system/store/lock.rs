//! One transaction at a time, between processes and between threads.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::disk;
use crate::provisioning::failure::{Failure, KeepProblem};

const POLL: Duration = Duration::from_millis(10);

/// The lock on a home folder, until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    // The system lets go of it when the file is closed.
    _file: File,
}

impl Lock {
    /// Waits for the lock for at most `wait`.
    ///
    /// # Errors
    /// [`KeepProblem::Busy`] when the time is over, [`Failure::Cancelled`] as
    /// soon as `stop` says so, [`KeepProblem::Write`] if there can be no lock.
    pub(super) fn take(
        path: &Path,
        wait: Duration,
        stop: impl Fn() -> bool,
    ) -> Result<Self, Failure> {
        let unusable = |error: std::io::Error| KeepProblem::Write {
            path: path.display().to_string(),
            chain: vec![error.to_string()],
        };
        let file = disk::open_lock(path).map_err(unusable)?;
        let end = Instant::now() + wait;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(unusable(error).into()),
                Err(TryLockError::WouldBlock) if stop() => return Err(Failure::Cancelled),
                Err(TryLockError::WouldBlock) if Instant::now() >= end => {
                    let home = path.parent().unwrap_or(path);
                    let path = home.display().to_string();
                    return Err(KeepProblem::Busy { path }.into());
                }
                Err(TryLockError::WouldBlock) => thread::sleep(POLL),
            }
        }
    }
}
