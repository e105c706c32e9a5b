//! A thread for calls that may never come back. One thread takes all calls of
//! a keyring in order, as some platforms lose the order between threads; when
//! a call does not come back in time, the thread is left behind and the next
//! call gets a new one. A thread left behind does not keep the process alive.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// Whether the caller has stopped waiting.
#[derive(Debug, Clone, Default)]
pub(super) struct Abandoned(Arc<AtomicBool>);

impl Abandoned {
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The thread, with a state of its own that never leaves it.
#[derive(Debug)]
pub(super) struct Worker<S> {
    jobs: Sender<Job<S>>,
}

impl<S: Default + 'static> Worker<S> {
    pub(super) fn start(name: &str) -> io::Result<Self> {
        let (jobs, inbox) = mpsc::channel::<Job<S>>();
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let mut state = S::default();
                for job in inbox {
                    job(&mut state);
                }
            })?;
        Ok(Self { jobs })
    }

    /// What `job` gives back, or `None` if it did not come back within
    /// `limit`; then this worker is of no more use.
    pub(super) fn call<T: Send + 'static>(
        &self,
        limit: Duration,
        job: impl FnOnce(&mut S, &Abandoned) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, outbox) = mpsc::sync_channel(1);
        let abandoned = Abandoned::default();
        let seen_by_job = abandoned.clone();
        let boxed: Job<S> = Box::new(move |state| {
            // The caller may be gone; that is its business.
            let _ = answer.send(job(state, &seen_by_job));
        });
        self.jobs.send(boxed).ok()?;
        match outbox.recv_timeout(limit) {
            Ok(value) => Some(value),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                abandoned.0.store(true, Ordering::SeqCst);
                // It may have been just in time.
                outbox.try_recv().ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_hangs_is_given_up_and_told_so() {
        let worker = Worker::<u32>::start("test").unwrap();
        let add = |worker: &Worker<u32>| {
            worker.call(Duration::from_secs(5), |n, _| {
                *n += 1;
                *n
            })
        };
        assert_eq!((add(&worker), add(&worker)), (Some(1), Some(2)));

        let (seen, told) = mpsc::channel();
        let lost = worker.call(Duration::from_millis(10), move |_, abandoned| {
            while !abandoned.is_set() {
                thread::sleep(Duration::from_millis(1));
            }
            seen.send(()).unwrap();
        });
        assert_eq!(lost, None);
        told.recv_timeout(Duration::from_secs(5)).unwrap();
    }
}
