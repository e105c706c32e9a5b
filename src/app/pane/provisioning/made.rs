//! What happens in the pane, as tests make it.

use super::{Message, activity, sent, status};

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
}
