//! A look at the steps of the store from outside, to show that a transaction
//! is one and that readers see it as one.

use std::io;

/// A step that is about to be taken. Those of a transaction are in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    /// A file is read, without the lock.
    Read,
    /// A new file is written beside the old one.
    Stage,
    /// The old file is kept in the history.
    Keep,
    /// The journal says that old secrets are being copied.
    Announce,
    /// One old secret is copied.
    Backup,
    /// The journal says that secrets are being changed.
    Prepare,
    /// One secret is changed.
    Secret,
    /// Everything is ready; the gate decides.
    Gate,
    /// The journal says that the new state counts. The point of no return.
    Seal,
    /// One file is replaced or removed.
    Swap,
    /// The folders are written through to the disk.
    Flush,
    /// The journal becomes the record of the run, or goes.
    Close,
    /// Old runs are forgotten.
    Prune,
}

/// Told of each step before it is taken. An error counts as an error of that
/// step; a watch may also end the process.
pub trait Watch: Send + Sync {
    /// `point` is about to be taken.
    ///
    /// # Errors
    /// Whatever the watch wants the step to fail with.
    fn reached(&self, point: Point) -> io::Result<()>;
}

/// Lets everything pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn reached(&self, _: Point) -> io::Result<()> {
        Ok(())
    }
}
