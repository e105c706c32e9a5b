//! Saving the method and the address: at once, one after the other, and while
//! somebody types only when there is a pause.

use std::time::Duration;

use iced::Task;

use super::{Action, Activity, Message as PaneMessage, Pane, Status};
use crate::{
    engine::Engine,
    provisioning::{
        failure::{AddressProblem, Failure},
        method::Method,
        run::Mode,
        secret::Secret,
        uri::Template,
    },
};

/// A pause in typing.
const PAUSE: Duration = Duration::from_millis(600);

/// What happens while saving.
#[derive(Debug, Clone)]
pub(in crate::app) enum Message {
    /// Nothing was typed since the change with this number.
    Pause(u64),
    /// It is stored, or not.
    Done(Result<(), Failure>),
}

/// What is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    method: Method,
    /// `None` leaves the address as it is.
    address: Option<Secret>,
}

/// What is on its way to the store.
#[derive(Debug, Default)]
pub(super) struct Saving {
    now: Option<Wanted>,
    next: Option<Wanted>,
    /// Counts what was typed.
    typed: u64,
    /// The run that waits for it.
    then: Option<Mode>,
}

impl Saving {
    pub(super) fn is_busy(&self) -> bool {
        self.now.is_some()
    }
}

impl Pane {
    /// Fills in the address of a link. Who wrote it is not known: it is
    /// neither stored nor asked until a person types at it or starts a run.
    pub(in crate::app) fn offer(&mut self, address: String) {
        if self.overview.uri_fixed.is_none() && self.overview.method_fixed.is_none() {
            self.offered = true;
            self.method = Method::Manual;
            self.address.typed = address;
        }
    }

    /// Stores the method and the address as the controls show them.
    pub(super) fn save(&mut self) -> Task<PaneMessage> {
        if std::mem::take(&mut self.offered) && self.method != Method::Manual {
            // Something else was chosen instead.
            self.address.typed.clone_from(&self.address.stored);
        }
        let may = self.overview.uri_fixed.is_none() && self.address.is_dirty();
        let wanted = Wanted {
            method: self.method.clone(),
            address: may.then(|| Secret::from(self.address.typed.as_str())),
        };
        if self.saving.now.is_some() {
            self.saving.next = Some(wanted);
            return Task::none();
        }
        self.begin_saving(wanted)
    }

    fn begin_saving(&mut self, wanted: Wanted) -> Task<PaneMessage> {
        let engine = self.engine.clone();
        let method_fixed = self.overview.method_fixed.is_some();
        let job = wanted.clone();
        self.saving.now = Some(wanted);
        Task::perform(
            async move {
                engine
                    .blocking(move |engine| store(&engine, &job, method_fixed))
                    .await
            },
            |result| PaneMessage::Saving(Message::Done(result)),
        )
    }

    /// Stores what was typed once there is a pause.
    pub(super) fn save_soon(&mut self) -> Task<PaneMessage> {
        self.saving.typed += 1;
        let number = self.saving.typed;
        Task::perform(
            async move {
                tokio::time::sleep(PAUSE).await;
                number
            },
            |number| PaneMessage::Saving(Message::Pause(number)),
        )
    }

    pub(super) fn on_saving(&mut self, message: Message) -> Action {
        match message {
            Message::Pause(number) => {
                let current = number == self.saving.typed;
                let free = !self.activity.is_running();
                if current && free && self.address.is_dirty() && self.is_storable() {
                    return Action::Run(self.save());
                }
                Action::none()
            }
            Message::Done(result) => self.saved(result),
        }
    }

    /// Stores what is typed and not stored yet.
    pub(super) fn unsaved(&self) -> Option<impl Future<Output = ()> + use<>> {
        let fixed = self.overview.uri_fixed.is_some();
        let manual = self.method == Method::Manual;
        if self.offered || fixed || !manual || !self.address.is_dirty() || !self.is_storable() {
            return None;
        }
        let wanted = Wanted {
            method: self.method.clone(),
            address: Some(Secret::from(self.address.typed.as_str())),
        };
        let method_fixed = self.overview.method_fixed.is_some();
        let engine = self.engine.clone();
        Some(async move {
            let storing = engine.blocking(move |engine| store(&engine, &wanted, method_fixed));
            if let Err(failure) = storing.await {
                tracing::warn!(code = failure.code(), "the address was not stored");
            }
        })
    }

    /// Half an address is not stored.
    fn is_storable(&self) -> bool {
        let template = Template::new(&self.address.typed);
        template.is_empty() || template.is_address()
    }

    fn saved(&mut self, result: Result<(), Failure>) -> Action {
        let done = self.saving.now.take();
        let next = self.saving.next.take();
        match result {
            Ok(()) => {
                if let Some(address) = done.and_then(|wanted| wanted.address) {
                    self.address.stored = Template::new(address.reveal()).storable();
                }
            }
            Err(failure) => {
                if self.saving.then.take().is_some() {
                    self.activity = Activity::Idle;
                }
                let status = Status::of_failure(failure, &(self.now)());
                self.say(status);
            }
        }
        if let Some(next) = next {
            return Action::Run(self.begin_saving(next));
        }
        if let Some(mode) = self.saving.then.take() {
            return self.start(mode);
        }
        Action::Run(Self::reload(&self.engine))
    }

    /// The run that waits for the store was cancelled.
    pub(super) fn saving_forgets_the_run(&mut self) {
        self.saving.then = None;
    }

    /// Starts a run, once everything that was typed is stored.
    pub(super) fn start_when_saved(&mut self, mode: Mode) -> Action {
        if self.activity.is_busy() {
            return Action::none();
        }
        let dirty = self.method == Method::Manual && self.address.is_dirty();
        if !dirty && !self.offered && !self.saving.is_busy() {
            return self.start(mode);
        }
        self.saving.then = Some(mode);
        self.activity.prepare();
        let seen = self.begin_unnoticed();
        let saving = if dirty || self.offered {
            self.save()
        } else {
            Task::none()
        };
        Action::Run(Task::batch([seen, saving]))
    }
}

fn store(engine: &Engine, wanted: &Wanted, method_fixed: bool) -> Result<(), Failure> {
    let address = wanted.address.as_ref().map(Secret::reveal);
    let template = address.map(Template::new);
    if template.as_ref().is_some_and(Template::is_empty) {
        engine.clear_address()?;
    }
    let template = template.filter(|template| !template.is_empty());
    if method_fixed {
        return match template {
            Some(template) => engine.set_address(&template),
            None => Ok(()),
        };
    }
    match engine.choose(&wanted.method, template.as_ref()) {
        Ok(_) => Ok(()),
        // The method is kept, whatever the address is like.
        Err(failure @ Failure::Address(AddressProblem::Invalid(_))) => {
            engine.choose(&wanted.method, None)?;
            Err(failure)
        }
        Err(failure) => Err(failure),
    }
}
