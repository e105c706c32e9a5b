//! What a person says in a dialog goes to the run, or to the engine.

use iced::{Task, widget::operation};

pub(in crate::app) use crate::app::dialog::Message;

use super::{Action, Message as PaneMessage, Pane, status};
use crate::{
    app::dialog::{DEFAULT, Dialog, LIST},
    provisioning::run::What,
};

impl Pane {
    pub(super) fn on_dialog(&mut self, message: Message) -> Action {
        match message {
            Message::SignIn => self.sign_in(),
            Message::SignUp(link) => {
                let engine = self.engine.clone();
                Action::Run(Task::future(async move { engine.open_link(&link).await }).discard())
            }
            Message::Yes => {
                self.dialog = None;
                self.tell(What::Decided(true));
                Action::none()
            }
            Message::Apply => self.answer(What::Go),
            Message::ToApply => Action::Run(operation::focus(DEFAULT)),
            Message::Discard => self.answer(What::Discard),
            Message::Copy => self.on_status(status::Message::Copy),
            Message::Forget => self.forget(),
            Message::TryAgain => self.try_again(),
            Message::Close => self.close(),
            Message::ScrollBy(y) => {
                let by = iced::widget::scrollable::AbsoluteOffset { x: 0.0, y };
                Action::Run(operation::scroll_by(LIST, by))
            }
            Message::Scrolled(_) | Message::Filter(_) => {
                self.look_through(message);
                Action::none()
            }
            Message::Username(_)
            | Message::Password(_)
            | Message::Show(_)
            | Message::Remember(_) => {
                if let Some(Dialog::Credentials(dialog)) = &mut self.dialog {
                    dialog.edit(message);
                }
                Action::none()
            }
        }
    }

    fn sign_in(&mut self) -> Action {
        let Some(Dialog::Credentials(dialog)) = &mut self.dialog else {
            return Action::none();
        };
        match dialog.submit() {
            Some((credentials, remember)) => {
                self.tell(What::Credentials {
                    credentials,
                    remember,
                });
                Action::none()
            }
            None => Action::Run(operation::focus("username")),
        }
    }

    fn answer(&mut self, what: What) -> Action {
        self.dialog = None;
        self.tell(what);
        Action::none()
    }

    fn look_through(&mut self, message: Message) {
        if let Some(Dialog::Preview(preview)) = &mut self.dialog {
            match message {
                Message::Filter(words) => preview.filter(words),
                Message::Scrolled(to) => preview.scrolled(to),
                _ => {}
            }
        }
    }

    fn try_again(&mut self) -> Action {
        match self.dialog.take() {
            Some(Dialog::Mandatory(_, mode)) => self.start_when_saved(mode),
            other => {
                self.dialog = other;
                Action::none()
            }
        }
    }

    fn close(&mut self) -> Action {
        match self.dialog.take() {
            Some(Dialog::Mandatory(..)) => Action::Quit,
            Some(Dialog::Forget) | None => Action::none(),
            Some(_) => self.on_activity(super::activity::Message::Cancel),
        }
    }

    fn forget(&mut self) -> Action {
        self.dialog = None;
        let seen = self.begin_changing();
        let engine = self.engine.clone();
        let forgetting = Task::perform(
            async move { engine.blocking(|engine| engine.forget()).await },
            |result| PaneMessage::Status(status::Message::Forgotten(result.map(drop))),
        );
        Action::Run(Task::batch([forgetting, seen]))
    }
}
