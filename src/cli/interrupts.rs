//! Ctrl+C, and the system's wish that the program end.

/// Hears every signal from when it is made, also between two waits.
pub(super) struct Interrupts {
    #[cfg(unix)]
    streams: Option<[tokio::signal::unix::Signal; 2]>,
}

impl Interrupts {
    /// Begins to listen; from now on a signal ends nothing by itself.
    pub(super) fn new() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let both = signal(SignalKind::interrupt())
                .and_then(|interrupt| Ok([interrupt, signal(SignalKind::terminate())?]));
            Self { streams: both.ok() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits for the next signal, for ever where there are none.
    pub(super) async fn next(&mut self) {
        #[cfg(unix)]
        if let Some([interrupt, terminate]) = &mut self.streams {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_ok() {
            return;
        }
        std::future::pending::<()>().await;
    }
}
