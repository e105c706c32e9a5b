//! The Provisioning pane: how the server is found, a run, and what came of it.
//! What it shows comes from the engine; what decides is in the run.

mod activity;
mod dialogs;
#[cfg(test)]
mod made;
mod method;
mod notice;
mod run_view;
mod saving;
mod sent;
mod status;
mod view;

pub(in crate::app) use view::SCROLL;

use std::time::Duration;

use iced::{Task, widget::operation};
use jiff::ZonedDateTime;

use self::{activity::Activity, notice::Notice, saving::Saving, sent::Sent, status::Status};
use crate::{
    app::{
        demo,
        dialog::{self, Dialog},
        text,
    },
    engine::{Engine, Overview, WindowMemory},
    provisioning::{failure::Failure, method::Method, run::Mode, secret::Secret, uri::Template},
};

/// What the pane tells the window to do.
pub(in crate::app) enum Action {
    /// Wait for this.
    Run(Task<Message>),
    /// The store cannot be read.
    Broken(Failure),
    /// A person does not go on without provisioning.
    Quit,
}

impl Action {
    pub(super) fn none() -> Self {
        Self::Run(Task::none())
    }
}

/// One of the three ways to find a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Choice {
    Dhcp,
    Bonjour,
    Manual,
}

impl Choice {
    /// Its place among how many, as it is read.
    fn place(self) -> (usize, usize) {
        let place = match self {
            Self::Dhcp => 0,
            Self::Bonjour => 1,
            Self::Manual => 2,
        };
        (place, 3)
    }

    /// What the arrows choose: the one before and the one after, in a circle.
    fn neighbours(self) -> (Self, Self) {
        match self {
            Self::Dhcp => (Self::Manual, Self::Bonjour),
            Self::Bonjour => (Self::Dhcp, Self::Manual),
            Self::Manual => (Self::Bonjour, Self::Dhcp),
        }
    }

    fn method(self) -> Method {
        match self {
            Self::Dhcp => Method::Dhcp,
            Self::Bonjour => Method::Bonjour,
            Self::Manual => Method::Manual,
        }
    }

    fn of(method: &Method) -> Option<Self> {
        match method {
            Method::Off => None,
            Method::Dhcp => Some(Self::Dhcp),
            Method::Bonjour => Some(Self::Bonjour),
            Method::Manual | Method::Other(_) => Some(Self::Manual),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Dhcp => "dhcp",
            Self::Bonjour => "bonjour",
            Self::Manual => "manual",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Dhcp => text::DHCP,
            Self::Bonjour => text::BONJOUR,
            Self::Manual => text::MANUAL,
        }
    }
}

/// What happens in the pane.
#[derive(Debug, Clone)]
pub(in crate::app) enum Message {
    /// How things stand was looked up.
    Loaded(Result<Box<Overview>, Failure>),
    /// *Enable provisioning* was toggled.
    Enable(bool),
    /// A way was chosen, `true` by the arrows.
    Choose(Choice, bool),
    /// The address was typed at. It may hold a password, so it masks itself.
    Address(Secret),
    /// Saving the method and the address.
    Saving(saving::Message),
    /// *What will be sent*.
    Sent(sent::Message),
    /// A run.
    Activity(activity::Message),
    /// The status line and its buttons.
    Status(status::Message),
    /// A dialog's controls.
    Dialog(dialogs::Message),
    /// Copy the UUID.
    CopyUuid,
    /// The card of the first start.
    Card(Card),
}

impl Message {
    /// Starts a run if one can be started, as the button does.
    pub(in crate::app) fn run() -> Self {
        Self::Activity(activity::Message::Start(Mode::Apply))
    }
}

/// What the card of the first start offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Card {
    /// Type an address.
    Address,
    /// Look on this network.
    Network,
    /// Try the sample server.
    Sample,
    /// The sample server's window was opened, or could not be.
    Opened(bool),
}

/// The address as it is typed.
#[derive(Default)]
struct Address {
    /// What stands in the field.
    typed: String,
    /// What the store holds.
    stored: String,
}

impl Address {
    /// Whether something else is typed than is stored: blanks around `&`, and
    /// user name and password, are never stored.
    fn is_dirty(&self) -> bool {
        self.means() != self.stored
    }

    /// What would be stored of what is typed.
    fn means(&self) -> String {
        Template::new(&self.typed).storable()
    }
}

/// The pane.
pub(in crate::app) struct Pane {
    engine: Engine,
    overview: Box<Overview>,
    /// The method as the controls show it; the store follows.
    method: Method,
    /// The method before it was switched off.
    last_method: Method,
    address: Address,
    /// Whether the address came with a link and nobody has used it yet.
    offered: bool,
    saving: Saving,
    sent: Sent,
    activity: Activity,
    notice: Notice,
    status: Option<Status>,
    pub(in crate::app) dialog: Option<Dialog>,
    /// What the status says of a copy, until something else is done.
    copied: Option<Copied>,
    now: fn() -> ZonedDateTime,
    /// What the padlocks say.
    method_lock: Option<String>,
    uri_lock: Option<String>,
}

/// What was copied last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Copied {
    Uuid,
    Report,
    Status,
}

impl Pane {
    /// The pane, as things stand.
    pub(in crate::app) fn new(
        engine: Engine,
        overview: Box<Overview>,
        memory: &WindowMemory,
        now: fn() -> ZonedDateTime,
    ) -> Self {
        let last_method = match Method::from_stored(memory.method.as_deref()) {
            Method::Off => Method::Dhcp,
            method => method,
        };
        let mut pane = Self {
            engine,
            method: Method::Off,
            last_method,
            address: Address::default(),
            offered: false,
            saving: Saving::default(),
            sent: Sent::default(),
            activity: Activity::default(),
            notice: Notice::default(),
            status: None,
            dialog: None,
            copied: None,
            overview: overview.clone(),
            now,
            method_lock: None,
            uri_lock: None,
        };
        pane.take(overview);
        pane
    }

    /// Whether a run is under way.
    #[cfg(test)]
    pub(in crate::app) fn is_running(&self) -> bool {
        self.activity.is_running()
    }

    /// What Page Up and Page Down scroll now.
    pub(in crate::app) fn scrolls(&self) -> &'static str {
        match &self.dialog {
            Some(Dialog::Preview(_)) => dialog::LIST,
            Some(_) => dialog::SCROLL,
            None if self.has_details() => view::STATUS,
            None => SCROLL,
        }
    }

    /// The method to come back to, for the next start.
    pub(in crate::app) fn last_method(&self) -> &Method {
        &self.last_method
    }

    /// What is typed and not stored yet, to be stored before the window
    /// closes. A run that is under way is let go of.
    pub(in crate::app) fn before_closing(&mut self) -> Option<impl Future<Output = ()> + use<>> {
        self.activity = Activity::Idle;
        self.unsaved()
    }

    /// Looks up how things stand.
    pub(in crate::app) fn reload(engine: &Engine) -> Task<Message> {
        Self::reload_after(Duration::ZERO, engine)
    }

    /// The same, after a while.
    fn reload_after(pause: Duration, engine: &Engine) -> Task<Message> {
        let engine = engine.clone();
        Task::perform(
            async move {
                tokio::time::sleep(pause).await;
                engine.blocking(|engine| engine.overview()).await
            },
            |result| Message::Loaded(result.map(Box::new)),
        )
    }

    /// Takes over how things stand, but for what is being typed.
    fn take(&mut self, overview: Box<Overview>) {
        let stored = overview
            .uri
            .as_ref()
            .map(|uri| {
                if overview.uri_fixed.is_some() {
                    uri.masked()
                } else {
                    uri.storable()
                }
            })
            .unwrap_or_default();
        if !self.address.is_dirty() && self.address.means() != stored {
            self.address.typed.clone_from(&stored);
        }
        self.address.stored = stored;
        if !self.offered {
            self.method = overview.method.clone();
        }
        if overview.method != Method::Off {
            self.last_method = overview.method.clone();
        }
        let known = self.status.as_ref().and_then(Status::record);
        if let Some(last) = &overview.last
            && known != Some(last.id)
            && !self.activity.is_running()
            && !self
                .status
                .as_ref()
                .is_some_and(|status| status.is_newer(last))
        {
            let status = Status::of_record(last.clone(), overview.last_is_redo);
            self.say(status);
        }
        let fixed = |file: &Option<String>| file.as_deref().map(text::fixed);
        self.method_lock = fixed(&overview.method_fixed);
        self.uri_lock = fixed(&overview.uri_fixed);
        self.overview = overview;
    }

    /// Takes one message in.
    pub(in crate::app) fn update(&mut self, message: Message) -> Action {
        match message {
            Message::Loaded(result) => self.loaded(result),
            // A run has begun with what was there; that is not seen at once.
            Message::Enable(_)
            | Message::Choose(..)
            | Message::Address(_)
            | Message::Card(Card::Address | Card::Network)
                if self.is_taken(&message) =>
            {
                Action::none()
            }
            Message::Enable(on) => self.enable(on),
            Message::Choose(choice, by_arrow) => self.choose(choice, by_arrow),
            Message::Address(typed) => self.typed(&typed),
            Message::Saving(message) => self.on_saving(message),
            Message::Sent(message) => self.on_sent(message),
            Message::Activity(message) => self.on_activity(message),
            Message::Status(message) => self.on_status(message),
            Message::Dialog(message) => self.on_dialog(message),
            Message::CopyUuid => self.copy_uuid(),
            Message::Card(card) => self.card(card),
        }
    }

    /// Whether something else goes on that `message` would disturb.
    fn is_taken(&self, message: &Message) -> bool {
        match message {
            Message::Card(_) => self.activity.is_busy(),
            _ => self.activity.is_running(),
        }
    }

    fn loaded(&mut self, result: Result<Box<Overview>, Failure>) -> Action {
        match result {
            // What is on its way to the store counts more than what was in it.
            Ok(_) if self.saving.is_busy() => Action::none(),
            Ok(overview) => {
                self.take(overview);
                Action::Run(self.refresh_sent())
            }
            Err(Failure::Cancelled) => Action::none(),
            // Somebody may just be writing it. The end of what goes on looks again.
            Err(_) if self.activity.is_busy() || self.saving.is_busy() => Action::none(),
            // What is half typed is not thrown away.
            Err(failure) if self.dialog.is_some() || self.address.is_dirty() => {
                let status = Status::of_failure(failure, &(self.now)());
                self.say(status);
                Action::none()
            }
            Err(failure) => Action::Broken(failure),
        }
    }

    fn enable(&mut self, on: bool) -> Action {
        self.copied = None;
        self.method = if on {
            self.last_method.clone()
        } else {
            Method::Off
        };
        Action::Run(self.save())
    }

    fn choose(&mut self, choice: Choice, by_arrow: bool) -> Action {
        self.copied = None;
        if self.offered && choice == Choice::Manual {
            return Action::none();
        }
        self.method = choice.method();
        self.last_method = self.method.clone();
        let mut tasks = vec![self.save(), self.refresh_sent()];
        if by_arrow {
            tasks.push(operation::focus(choice.id()));
        }
        Action::Run(Task::batch(tasks))
    }

    fn typed(&mut self, typed: &Secret) -> Action {
        self.copied = None;
        self.offered = false;
        typed.reveal().clone_into(&mut self.address.typed);
        Action::Run(Task::batch([self.save_soon(), self.refresh_sent()]))
    }

    fn copy_uuid(&mut self) -> Action {
        self.copied = Some(Copied::Uuid);
        Action::Run(iced::clipboard::write(self.overview.uuid.clone()))
    }

    /// Copies the status in one line, for Ctrl+C.
    pub(in crate::app) fn copy_status(&mut self) -> Task<Message> {
        let Some(status) = &self.status else {
            return Task::none();
        };
        self.copied = Some(Copied::Status);
        iced::clipboard::write(status.words(&(self.now)()).line())
    }

    fn card(&mut self, card: Card) -> Action {
        match card {
            Card::Address => {
                self.overview.first_start = false;
                let Action::Run(choosing) = self.choose(Choice::Manual, false) else {
                    return Action::none();
                };
                Action::Run(Task::batch([choosing, operation::focus("uri")]))
            }
            Card::Network => {
                self.overview.first_start = false;
                let Action::Run(choosing) = self.choose(Choice::Dhcp, false) else {
                    return Action::none();
                };
                match self.start_when_saved(Mode::Apply) {
                    Action::Run(running) => Action::Run(Task::batch([choosing, running])),
                    other => other,
                }
            }
            Card::Sample => Action::Run(Task::perform(
                async { demo::open_window_beside() },
                |opened| Message::Card(Card::Opened(opened)),
            )),
            Card::Opened(true) => Action::none(),
            Card::Opened(false) => {
                let status = Status::note(text::NO_DEMO, &(self.now)());
                self.say(status);
                Action::none()
            }
        }
    }

    /// What Esc does now.
    pub(in crate::app) fn on_escape(&self) -> Option<Message> {
        if let Some(dialog) = &self.dialog {
            return dialog.on_escape().map(Message::Dialog);
        }
        self.activity
            .is_running()
            .then_some(Message::Activity(activity::Message::Cancel))
    }

    /// What Enter does now.
    pub(in crate::app) fn on_enter(&self) -> Option<Message> {
        if let Some(dialog) = &self.dialog {
            return dialog.on_enter().map(Message::Dialog);
        }
        self.can_run().then(Message::run)
    }

    /// Whether a run can be started.
    fn can_run(&self) -> bool {
        !self.activity.is_busy() && self.has_way()
    }

    /// Whether there is a way to run, if nothing else goes on.
    fn has_way(&self) -> bool {
        self.method != Method::Off && self.overview.hidden.is_none()
    }

    /// Time goes by, for what shows a time.
    pub(in crate::app) fn tick(&mut self) {
        self.activity.tick();
    }
}
