//! The point of no return of a run, contended for by the run and by whoever
//! cancels it.

use std::sync::atomic::{AtomicU8, Ordering};

const OPEN: u8 = 0;
const COMMITTED: u8 = 1;
const CANCELLED: u8 = 2;

/// Whoever is first wins: a run that has committed cannot be cancelled any
/// more, and one that was cancelled does not commit.
#[derive(Debug, Default)]
pub struct Gate(AtomicU8);

impl Gate {
    /// An open gate, for one run.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes through; `false` if the run was cancelled (or has committed) before.
    pub fn commit(&self) -> bool {
        self.go(COMMITTED)
    }

    /// Closes it; `false` if it is too late (or was closed before).
    pub fn cancel(&self) -> bool {
        self.go(CANCELLED)
    }

    /// Whether the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst) == CANCELLED
    }

    fn go(&self, to: u8) -> bool {
        self.0
            .compare_exchange(OPEN, to, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn the_first_one_wins() {
        let gate = Gate::new();
        assert!(gate.commit());
        assert!(!gate.cancel() && !gate.commit() && !gate.is_cancelled());

        let gate = Gate::new();
        assert!(gate.cancel());
        assert!(!gate.commit() && !gate.cancel() && gate.is_cancelled());
    }

    #[test]
    fn exactly_one_wins_a_race() {
        for _ in 0..200 {
            let (gate, start) = (Gate::new(), Barrier::new(2));
            let (committed, cancelled) = thread::scope(|scope| {
                let other = scope.spawn(|| {
                    start.wait();
                    gate.cancel()
                });
                start.wait();
                (gate.commit(), other.join().unwrap())
            });
            assert_ne!(committed, cancelled);
            assert_eq!(cancelled, gate.is_cancelled());
        }
    }
}
