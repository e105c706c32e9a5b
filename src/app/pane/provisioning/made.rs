//! What happens in the pane, as tests make it.

use super::{Message, Pane, activity, dialogs, sent, status};
use crate::{
    engine::Overview,
    provisioning::{failure::Failure, report::Report},
};

impl Message {
    /// Folds *What will be sent* out.
    pub(in crate::app) fn sent_open() -> Self {
        Self::Sent(sent::Message::Open(true))
    }

    /// What will be sent is known.
    pub(in crate::app) fn sent_known(shown: crate::provisioning::request::Shown) -> Self {
        Self::Sent(sent::Message::Known(Ok(Box::new(shown))))
    }

    /// Folds *Details* out, or in.
    pub(in crate::app) fn details(open: bool) -> Self {
        Self::Status(status::Message::Details(open))
    }

    /// A run is in this state.
    pub(in crate::app) fn state(state: crate::provisioning::run::State) -> Self {
        Self::Activity(activity::Message::State(std::sync::Arc::new(state)))
    }

    /// The run broke off.
    pub(in crate::app) fn lost() -> Self {
        Self::Activity(activity::Message::Lost)
    }

    /// *Forget password*.
    pub(in crate::app) fn ask_forget() -> Self {
        Self::Status(status::Message::AskForget)
    }

    /// It is confirmed.
    pub(in crate::app) fn forget() -> Self {
        Self::Dialog(dialogs::Message::Forget)
    }

    /// The password is forgotten, or not.
    pub(in crate::app) fn forgotten(result: Result<(), Failure>) -> Self {
        Self::Status(status::Message::Forgotten(result))
    }

    /// *Undo* or *Redo*.
    pub(in crate::app) fn undo() -> Self {
        Self::Status(status::Message::Undo)
    }

    /// A run was taken back.
    pub(in crate::app) fn undone(report: Report, redone: bool) -> Self {
        let result = Ok(Box::new(report));
        Self::Status(status::Message::Undone { result, redone })
    }

    /// How things stand was looked up.
    pub(in crate::app) fn loaded(overview: Overview) -> Self {
        Self::Loaded(Ok(Box::new(overview)))
    }
}

impl Pane {
    /// What the status line says.
    pub(in crate::app) fn said(&self) -> Option<String> {
        let status = self.status.as_ref()?;
        Some(status.words(&(self.now)()).line())
    }
}
