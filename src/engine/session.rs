//! One run that is under way: events in, states out.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
};

use super::Engine;
use crate::{
    provisioning::{
        run::{self, Act, Effect, Event, Options, State, What},
        search::Trace,
    },
    system::{discovery::Watcher, store::Gate},
};

/// How long the end of a run waits for notes that are still being written.
const LAST_NOTES: Duration = Duration::from_secs(2);

/// A run that is under way, as the window or the command line holds it.
/// Dropping it and its handles cancels what it waits for; a transaction is
/// not torn.
pub struct Session {
    handle: Handle,
    driver: JoinHandle<()>,
}

/// A way to talk to a run, apart from waiting for its states. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    inbox: mpsc::UnboundedSender<Event>,
    states: watch::Receiver<Arc<State>>,
    clock: Instant,
}

impl Session {
    pub(super) fn start(engine: Engine, options: Options) -> Self {
        let (inbox, events) = mpsc::unbounded_channel();
        let (outbox, states) = watch::channel(Arc::new(State::Idle));
        let (sighter, sightings) = mpsc::unbounded_channel();
        let clock = Instant::now();
        let driver = Driver {
            engine,
            outbox,
            sighter,
            sightings,
            clock,
            work: JoinSet::new(),
            notes: JoinSet::new(),
            gate: Arc::new(Gate::new()),
        };
        let driver = tokio::spawn(driver.drive(events, options));
        Self {
            handle: Handle {
                inbox,
                states,
                clock,
            },
            driver,
        }
    }

    /// Waits for the next state; `None` after the last one.
    pub async fn next(&mut self) -> Option<Arc<State>> {
        self.handle.states.changed().await.ok()?;
        Some(self.state())
    }

    /// The state as it is now.
    pub fn state(&self) -> Arc<State> {
        Arc::clone(&self.handle.states.borrow())
    }

    /// A way to talk to the run while somebody else waits for its states.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// As [`Handle::tell`].
    pub fn tell(&self, state: &State, what: What) {
        self.handle.tell(state, what);
    }

    /// As [`Handle::cancel`].
    pub fn cancel(&self) {
        self.handle.cancel();
    }

    /// Waits until the last notes of an ended run are written.
    pub async fn finished(self) {
        drop(self.handle);
        // A driver that panicked has nothing left to write.
        let _ = self.driver.await;
    }
}

impl Handle {
    /// Tells the run what a person did. `what` answers the question that
    /// `state` asks; if the run has gone on since, it is ignored.
    pub fn tell(&self, state: &State, what: What) {
        let event = Event {
            run: state.run(),
            turn: state.turn(),
            at: Duration::ZERO,
            what,
        };
        // A run that has ended hears nothing any more.
        let _ = self.inbox.send(event);
    }

    /// How long ago the run began: its steps are measured from then on.
    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Cancels the run, wherever it is.
    pub fn cancel(&self) {
        let state = Arc::clone(&self.states.borrow());
        self.tell(&state, What::Cancel);
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}

struct Driver {
    engine: Engine,
    outbox: watch::Sender<Arc<State>>,
    /// What a search sees on its way.
    sighter: mpsc::UnboundedSender<Event>,
    sightings: mpsc::UnboundedReceiver<Event>,
    clock: Instant,
    /// What the present state waits for.
    work: JoinSet<Option<Event>>,
    /// What nobody waits for.
    notes: JoinSet<Option<Event>>,
    gate: Arc<Gate>,
}

impl Driver {
    async fn drive(mut self, mut events: mpsc::UnboundedReceiver<Event>, options: Options) {
        let start = Event {
            run: 0,
            turn: 0,
            at: self.clock.elapsed(),
            what: What::Start(Box::new(options)),
        };
        let mut state = self.advance(State::Idle, start);
        while matches!(state, State::Running(_)) {
            let event = tokio::select! {
                event = events.recv() => match event {
                    Some(event) => event,
                    // Nobody listens any more.
                    None => Event { run: state.run(), turn: 0, at: Duration::ZERO, what: What::Cancel },
                },
                Some(event) = self.sightings.recv() => event,
                Some(done) = self.work.join_next() => match done {
                    Ok(Some(event)) => event,
                    Ok(None) => continue,
                    // Only leaving a state aborts; the next one waits for its own.
                    Err(error) if error.is_cancelled() => continue,
                    // Nothing else would ever come: what panicked cannot answer.
                    Err(error) => {
                        tracing::error!(%error, "a step of the run broke off");
                        Event { run: state.run(), turn: 0, at: Duration::ZERO, what: What::Cancel }
                    }
                },
            };
            let event = in_this_run(event, &state);
            state = self.advance(state, event);
        }
        log_end(&state);
        self.outbox.send_replace(Arc::new(state));
        let rest = async { while self.notes.join_next().await.is_some() {} };
        // A note that hangs is not worth waiting for.
        let _ = tokio::time::timeout(LAST_NOTES, rest).await;
    }

    fn advance(&mut self, state: State, mut event: Event) -> State {
        event.at = self.clock.elapsed();
        let turn = state.turn();
        let (state, effects) = run::step(state, event);
        if state.turn() != turn {
            // Leaving a state cancels what it waited for.
            self.work.abort_all();
        }
        for effect in effects {
            self.spawn(effect);
        }
        if matches!(state, State::Running(_)) {
            self.outbox.send_replace(Arc::new(state.clone()));
        }
        state
    }

    fn spawn(&mut self, effect: Effect) {
        let engine = self.engine.clone();
        let gate = Arc::clone(&self.gate);
        let (run, turn) = (effect.run, effect.turn);
        let note = matches!(effect.act, Act::Record(_) | Act::Decide { .. });
        let event = move |what| Event {
            run,
            turn,
            at: Duration::ZERO,
            what,
        };
        let sighter = self.sighter.clone();
        let watch: Watcher = Arc::new(move |trace: &Trace| {
            // A run that has ended sees nothing any more.
            let _ = sighter.send(event(What::Sighted(Box::new(trace.clone()))));
        });
        let task = async move {
            let what = engine.carry_out(effect, gate, watch).await?;
            Some(event(what))
        };
        let set = if note {
            &mut self.notes
        } else {
            &mut self.work
        };
        set.spawn(task);
    }
}

/// Who cancels before the first state was seen does not know the run's number.
fn in_this_run(event: Event, state: &State) -> Event {
    if event.run == 0 && matches!(event.what, What::Cancel) {
        return Event {
            run: state.run(),
            ..event
        };
    }
    event
}

/// One line in the log for each run: how it ended, never a value.
fn log_end(state: &State) {
    let State::Done(done) = state else { return };
    let report = &done.report;
    tracing::info!(
        outcome = ?report.outcome,
        code = report.code.as_deref().unwrap_or("-"),
        method = report.source.method,
        status = report.http.map(|http| http.status),
        applied = report.applied,
        "run ended"
    );
}
