//! The store: `sip-communicator.properties`, `system.properties`,
//! `servers.toml`, the secrets that belong to them, and the history of runs.
//! Every change is one transaction over all of them (contract section 5,
//! security rules 9 and 10).

mod commit;
mod content;
mod disk;
mod gate;
mod history;
mod home;
mod journal;
mod leftovers;
mod lock;
mod reading;
mod recovery;
mod repair;
mod transaction;
mod undo;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use commit::Committed;
pub use gate::Gate;
pub use history::{History, KEPT, Record, RunKind};
pub use home::{Part, part};
pub use watch::{Point, Unwatched, Watch};

use super::secrets::Secrets;
use crate::provisioning::failure::{Failure, KeepProblem, KeyringFault};
use home::{Home, unwritable};
use lock::Lock;

/// How long a transaction waits for another one to end.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// The store in one home folder. All calls block; none of them needs the
/// folder to exist.
pub struct Store {
    home: Home,
    secrets: Arc<dyn Secrets>,
    watch: Arc<dyn Watch>,
    lock_wait: Duration,
    /// Reading found that the keyring cannot take an interrupted transaction
    /// back; only a write tries again.
    keyring_is_out: AtomicBool,
}

impl Store {
    /// The store in `home`, with its secrets in `secrets`. Touches nothing yet.
    pub fn new(home: PathBuf, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            home: Home::new(home),
            secrets,
            watch: Arc::new(Unwatched),
            lock_wait: LOCK_WAIT,
            keyring_is_out: AtomicBool::new(false),
        }
    }

    /// Waits at most `wait` for the lock, 10 s if this is not called.
    #[must_use]
    pub fn with_lock_wait(self, wait: Duration) -> Self {
        Self {
            lock_wait: wait,
            ..self
        }
    }

    /// Tells `watch` of each step of a transaction.
    #[must_use]
    pub fn with_watch(self, watch: Arc<dyn Watch>) -> Self {
        Self { watch, ..self }
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The secrets that belong to this store.
    pub fn secrets(&self) -> &Arc<dyn Secrets> {
        &self.secrets
    }

    /// The history, oldest run first. Records that cannot be read are named
    /// and left out.
    ///
    /// # Errors
    /// As for [`Store::read`].
    pub fn history(&self) -> Result<History, Failure> {
        self.settle()?;
        Ok(history::load(&self.home))
    }

    /// Takes the lock and brings an interrupted transaction to its end, before
    /// anything is written.
    fn open(&self, gate: Option<&Gate>) -> Result<Lock, Failure> {
        let lock = self.lock_home(gate)?;
        self.recover()?;
        Ok(lock)
    }

    /// Takes the lock; makes the home folder if it is not there.
    fn lock_home(&self, gate: Option<&Gate>) -> Result<Lock, Failure> {
        let home = self.home.path();
        let made = disk::create_folder(home).and_then(|new| match home.parent() {
            Some(parent) if new => disk::flush(parent),
            _ => Ok(()),
        });
        made.map_err(|error| unwritable(home, &error))?;
        self.lock(self.lock_wait, gate)
    }

    fn lock(&self, wait: Duration, gate: Option<&Gate>) -> Result<Lock, Failure> {
        let path = self.home.inside(&self.home.lock())?;
        Lock::take(&path, wait, || gate.is_some_and(Gate::is_cancelled))
    }

    /// Tells the watch of a step that touches `path`.
    fn at(&self, point: Point, path: &Path) -> Result<(), Failure> {
        let reached = self.watch.reached(point);
        reached.map_err(|error| unwritable(path, &error))
    }

    /// Tells the watch of a step in the keyring.
    fn at_secret(&self, point: Point) -> Result<(), Failure> {
        self.watch.reached(point).map_err(|error| {
            let (fault, chain) = (KeyringFault::Failed, vec![error.to_string()]);
            KeepProblem::Keyring { fault, chain }.into()
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}
