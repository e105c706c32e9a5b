//! A run, seen from the window: states come in, answers go out.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use iced::{Task, futures, task};

use super::{Action, Message as PaneMessage, Pane, Status, notice::Noticed};
use crate::{
    app::dialog::Dialog,
    engine::{Handle, Session},
    provisioning::{
        method::Method,
        run::{Done, From, Mode, Options, Phase, State, What},
        uri::Template,
    },
};

/// How long a picture takes at most.
const FRAME: Duration = Duration::from_millis(20);
/// How long a run is seen that ends as the one before.
const SEEN: Duration = Duration::from_millis(200);
/// How much earlier than the pane shows a run its state has to be there.
const AHEAD: Duration = Duration::from_millis(10);

/// What happens with a run.
#[derive(Debug, Clone)]
pub(in crate::app) enum Message {
    /// *Provision now* or *Preview changes…*.
    Start(Mode),
    /// The same with credentials that are asked for anew.
    StartFresh,
    /// *Cancel*.
    Cancel,
    /// The run went on.
    State(Arc<State>),
    /// What goes on has lasted so long that it is to be seen.
    Lasts(Noticed),
    /// The run broke off and says nothing any more.
    Lost,
}

/// What the pane is busy with.
#[derive(Debug, Default)]
pub(super) enum Activity {
    /// Nothing.
    #[default]
    Idle,
    /// What was typed is being stored before a run.
    Preparing,
    /// A run.
    Running(Box<Running>),
    /// A run is being taken back, or a password forgotten.
    Changing,
}

/// A run that is under way.
#[derive(Debug)]
pub(super) struct Running {
    /// `None` where nobody listens, as in a picture of a state.
    handle: Option<Handle>,
    /// Ends the wait for states when the run is let go of.
    _states: Option<task::Handle>,
    /// The last state.
    pub(super) state: Arc<State>,
    mode: Mode,
    /// How long the step that goes on has taken.
    pub(super) elapsed: Duration,
    /// *Cancel* was pressed.
    pub(super) cancelling: bool,
}

impl Activity {
    pub(super) fn is_running(&self) -> bool {
        matches!(self, Self::Running(_) | Self::Preparing)
    }

    /// Whether a step goes on that nobody has to answer.
    pub(super) fn has_step(&self) -> bool {
        match self {
            Self::Running(running) => {
                let phase = running.state.phase();
                !phase.is_some_and(Phase::waits_for_person)
            }
            _ => false,
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !matches!(self, Self::Idle)
    }

    pub(super) fn prepare(&mut self) {
        *self = Self::Preparing;
    }

    pub(super) fn tick(&mut self) {
        if let Self::Running(running) = self {
            running.look_at_the_clock();
        }
    }
}

impl Running {
    fn look_at_the_clock(&mut self) {
        if let (Some(handle), State::Running(run)) = (&self.handle, &*self.state) {
            self.elapsed = run.elapsed(handle.elapsed());
        }
    }
}

impl Pane {
    pub(super) fn on_activity(&mut self, message: Message) -> Action {
        match message {
            Message::Start(mode) if self.can_run() => self.start_when_saved(mode),
            Message::StartFresh if self.can_run() => self.begin(Options {
                fresh_credentials: true,
                ..self.options(Mode::Apply)
            }),
            Message::Start(_) | Message::StartFresh => Action::none(),
            Message::Cancel => self.cancel(),
            Message::State(state) => self.follow(&state),
            Message::Lasts(noticed) => {
                if self.notice.is(noticed) && self.activity.is_busy() {
                    self.show_activity();
                }
                Action::none()
            }
            Message::Lost => self.lost(),
        }
    }

    fn options(&self, mode: Mode) -> Options {
        let typed = Template::new(&self.address.typed);
        let free = self.method == Method::Manual && self.overview.uri_fixed.is_none();
        Options {
            // User name and password in the address are used, and not stored.
            from: if free && typed.has_user_info() {
                From::Given(typed)
            } else {
                From::Configured
            },
            mode,
            may_ask: true,
            ..Options::default()
        }
    }

    /// Starts a run with what is stored.
    pub(super) fn start(&mut self, mode: Mode) -> Action {
        self.begin(self.options(mode))
    }

    fn begin(&mut self, options: Options) -> Action {
        let mode = options.mode;
        // A run that had to wait for the store began with the waiting.
        let seen = if self.activity.is_running() {
            Task::none()
        } else {
            self.begin_unnoticed()
        };
        let session = self.engine.start(options);
        let handle = session.handle();
        let (states, waiting) = Task::stream(states(session, self.notice.from())).abortable();
        self.copied = None;
        self.activity = Activity::Running(Box::new(Running {
            state: Arc::new(State::Idle),
            handle: Some(handle),
            _states: Some(waiting.abort_on_drop()),
            mode,
            elapsed: Duration::ZERO,
            cancelling: false,
        }));
        let states = states.map(PaneMessage::Activity);
        Action::Run(Task::batch([states, seen]))
    }

    fn cancel(&mut self) -> Action {
        match &mut self.activity {
            Activity::Preparing => {
                self.saving_forgets_the_run();
                self.activity = Activity::Idle;
                let cancelled = Status::cancelled(&(self.now)());
                self.say(cancelled);
            }
            Activity::Running(running) => {
                running.cancelling = true;
                if let Some(handle) = &running.handle {
                    handle.cancel();
                }
            }
            Activity::Idle | Activity::Changing => {}
        }
        Action::none()
    }

    /// Tells the run what a person said.
    pub(super) fn tell(&mut self, what: What) {
        if let Activity::Running(running) = &self.activity
            && let Some(handle) = &running.handle
        {
            handle.tell(&running.state, what);
        }
    }

    fn follow(&mut self, state: &Arc<State>) -> Action {
        if let State::Done(done) = &**state {
            if self.says_nothing_new(done) {
                return self.end_seen(state);
            }
            return self.ended(done);
        }
        let Activity::Running(running) = &mut self.activity else {
            return Action::none();
        };
        let before = running.state.turn();
        running.state = Arc::clone(state);
        running.look_at_the_clock();
        if state.turn() == before {
            return Action::none();
        }
        if state.phase().is_some_and(Phase::waits_for_person) {
            self.show_activity();
        }
        Action::Run(self.ask(state))
    }

    /// Opens the dialog that the run waits for, and closes those that it does not.
    fn ask(&mut self, state: &State) -> Task<PaneMessage> {
        let Some(phase) = state.phase() else {
            return Task::none();
        };
        let open = self.dialog.take();
        let (dialog, task) = Dialog::for_phase(phase, open);
        self.dialog = dialog;
        task.map(PaneMessage::Dialog)
    }

    /// Whether nobody would see that a run was over: it was not seen to go on,
    /// and what came of it is what stands there already.
    fn says_nothing_new(&self, done: &Done) -> bool {
        let now = (self.now)();
        let said = |status: &Status| status.words(&now).line();
        let unseen = self.activity.is_running() && !self.shows_run();
        unseen && self.status.as_ref().map(said) == Some(said(&Status::of_run(done, &now)))
    }

    /// Shows for a moment that a run goes on, and then its end.
    fn end_seen(&mut self, state: &Arc<State>) -> Action {
        self.show_activity();
        let state = Arc::clone(state);
        Action::Run(Task::perform(
            async move {
                tokio::time::sleep(SEEN).await;
                state
            },
            |state| PaneMessage::Activity(Message::State(state)),
        ))
    }

    fn lost(&mut self) -> Action {
        if !self.activity.is_running() {
            return Action::none();
        }
        self.activity = Activity::Idle;
        if self.dialog.as_ref().is_some_and(Dialog::is_of_a_run) {
            self.dialog = None;
        }
        let cancelled = Status::cancelled(&(self.now)());
        self.say(cancelled);
        Action::Run(Self::reload(&self.engine))
    }

    fn ended(&mut self, done: &Done) -> Action {
        let Activity::Running(running) = std::mem::take(&mut self.activity) else {
            return Action::none();
        };
        if self.dialog.as_ref().is_some_and(Dialog::is_of_a_run) {
            self.dialog = None;
        }
        let status = Status::of_run(done, &(self.now)());
        self.say(status);
        if done.mandatory && done.failure.is_some() {
            self.dialog = Some(Dialog::mandatory(done, running.mode));
        }
        let focus = match &self.dialog {
            Some(dialog) => dialog.focus(),
            None => Task::none(),
        };
        Action::Run(Task::batch([
            // What came of it is painted first.
            Self::reload_after(FRAME, &self.engine),
            focus.map(PaneMessage::Dialog),
        ]))
    }

    /// Whether nothing is under way.
    #[cfg(test)]
    pub(in crate::app) fn is_idle(&self) -> bool {
        !self.activity.is_busy() && !self.saving.is_busy()
    }

    /// The words of the step that goes on.
    #[cfg(test)]
    pub(in crate::app) fn words_of_step(&self) -> Option<String> {
        let Activity::Running(running) = &self.activity else {
            return None;
        };
        let State::Running(run) = &*running.state else {
            return None;
        };
        run.steps().last().map(|step| step.kind.words())
    }

    /// Shows another question of the run that is under way.
    #[cfg(test)]
    pub(in crate::app) fn replace_state(&mut self, state: &State) {
        self.dialog = None;
        let _ = self.ask(state);
    }

    /// Shows a run in a state that it never was in here, for pictures of it.
    #[cfg(test)]
    pub(in crate::app) fn show(&mut self, state: State, elapsed: Duration) {
        self.show_activity();
        self.activity = Activity::Running(Box::new(Running {
            handle: None,
            _states: None,
            state: Arc::new(State::Idle),
            mode: Mode::Apply,
            elapsed,
            cancelling: false,
        }));
        let _ = self.follow(&Arc::new(state));
    }
}

/// The states of a run to its end. Before `seen`, only what a person has to
/// answer, and the end: nobody sees the others.
fn states(session: Session, seen: Instant) -> impl futures::Stream<Item = Message> + Send {
    let seen = seen.checked_sub(AHEAD).unwrap_or(seen);
    futures::stream::unfold(Some(session), move |session| async move {
        let mut session = session?;
        let mut held = None;
        loop {
            let state = tokio::select! {
                state = session.next() => state,
                () = tokio::time::sleep_until(seen.into()), if held.is_some() => {
                    return held.map(|state| (Message::State(state), Some(session)));
                }
            };
            let Some(state) = state else {
                return Some((Message::Lost, None));
            };
            // Its last notes are written without anybody waiting.
            if matches!(*state, State::Done(_)) {
                return Some((Message::State(state), None));
            }
            let asks = state.phase().is_some_and(Phase::waits_for_person);
            if asks || Instant::now() >= seen {
                return Some((Message::State(state), Some(session)));
            }
            held = Some(state);
        }
    })
}
