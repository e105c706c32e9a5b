//! Work on a thread and a runtime of its own. The system's name look-up can
//! hang for minutes, a platform may ask the network about a certificate while
//! it is checked, and a server can flood hyper without a pause. None of that
//! may hold up the caller's runtime or the end of the program (security rule
//! 12): nobody waits for a detached thread.

use std::{future::Future, io, thread};

use tokio::sync::oneshot;

/// What `work` comes to. Dropping the future drops the work at its next pause.
/// Fails if the system has no thread left, or if the work panicked.
pub(super) async fn apart<Work>(
    work: impl FnOnce() -> Work + Send + 'static,
) -> io::Result<Work::Output>
where
    Work: Future,
    Work::Output: Send + 'static,
{
    let (mut answer, answered) = oneshot::channel();
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = answer.closed() => {}
                // Who does not wait any more needs no answer.
                result = work() => drop(answer.send(result)),
            }
        });
        Ok(())
    };
    thread::Builder::new()
        .name("exchange".into())
        .spawn(move || -> io::Result<()> { run() })?;
    answered.await.map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::mpsc,
        time::{Duration, Instant},
    };

    use tokio::time::timeout;

    use super::*;

    /// Waits for `work` in a runtime that then ends; says how long both took.
    fn give_up<Work>(work: impl FnOnce() -> Work + Send + 'static) -> Duration
    where
        Work: Future,
        Work::Output: Send + 'static,
    {
        let start = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let wait = async { timeout(Duration::from_millis(50), apart(work)).await };
        assert!(runtime.block_on(wait).is_err());
        drop(runtime);
        start.elapsed()
    }

    /// As `getaddrinfo` does it, which no runtime can stop.
    async fn hang() {
        let asking = tokio::task::spawn_blocking(|| thread::sleep(Duration::from_secs(20)));
        asking.await.unwrap();
    }

    #[test]
    fn a_hung_look_up_holds_nobody_up() {
        assert!(give_up(hang) < Duration::from_millis(500));
    }

    #[test]
    fn work_that_never_pauses_holds_nobody_up() {
        let busy = || async { thread::sleep(Duration::from_secs(20)) };
        assert!(give_up(busy) < Duration::from_millis(500));
    }

    #[test]
    fn dropped_work_is_dropped_on_its_thread_too() {
        let (held, released) = mpsc::channel::<()>();
        give_up(|| async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        let end = released.recv_timeout(Duration::from_secs(5));
        assert_eq!(end, Err(mpsc::RecvTimeoutError::Disconnected));
    }

    #[tokio::test]
    async fn the_result_comes_back() {
        assert_eq!(apart(|| async { 7 }).await.unwrap(), 7);
    }
}
