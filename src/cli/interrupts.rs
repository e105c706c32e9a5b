//! Ctrl+C, and the system's wish that the program end.

/// Hears every signal from when it is made, also between two waits.
pub(super) struct Interrupts(Option<system::Streams>);

impl Interrupts {
    /// Begins to listen; from now on a signal ends nothing by itself.
    pub(super) fn new() -> Self {
        Self(system::listen().ok())
    }

    /// Waits for the next signal, for ever where there are none.
    pub(super) async fn next(&mut self) {
        let Some((first, second)) = &mut self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = first.recv() => {}
            _ = second.recv() => {}
        }
    }
}

#[cfg(unix)]
mod system {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) type Streams = (Signal, Signal);

    pub(super) fn listen() -> std::io::Result<Streams> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok((interrupt, signal(SignalKind::terminate())?))
    }
}

/// Where nobody listens, Windows ends the program: `tokio::signal::ctrl_c`
/// listens only while it is waited for.
#[cfg(windows)]
mod system {
    use tokio::signal::windows::{CtrlBreak, CtrlC, ctrl_break, ctrl_c};

    pub(super) type Streams = (CtrlC, CtrlBreak);

    pub(super) fn listen() -> std::io::Result<Streams> {
        Ok((ctrl_c()?, ctrl_break()?))
    }
}
