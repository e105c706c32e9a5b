//! Questions in front of the window. Each says what it is about, has one
//! default button for Enter and, where a person may say no, one for Esc.

mod credentials;
mod forget;
mod frame;
pub(super) mod help;
mod mandatory;
mod new_server;
mod plain_http;
mod preview;

use iced::{Size, Task, widget::operation};

pub(in crate::app) use self::{
    credentials::{Credentials, Stage},
    frame::{DEFAULT, SCROLL},
    preview::{LIST, Preview},
};
use super::widget::Element;
use crate::provisioning::{
    origin::Origin,
    run::{Done, Mode, Phase, TrustQuestion},
    secret::Secret,
};

/// What happens in a dialog.
#[derive(Debug, Clone)]
pub(in crate::app) enum Message {
    /// The user name was typed at.
    Username(String),
    /// The password was typed at.
    Password(Secret),
    /// Show the password, or hide it.
    Show(bool),
    /// Remember the password, or not.
    Remember(bool),
    /// *Sign in*.
    SignIn,
    /// Open the page where accounts are made.
    SignUp(String),
    /// *Trust and continue*, *Send it*.
    Yes,
    /// Words to look for in the preview.
    Filter(String),
    /// The list of the preview was scrolled to here.
    Scrolled(f32),
    /// Scroll it by so many pixels.
    ScrollBy(f32),
    /// *Apply*.
    Apply,
    /// *Discard*.
    Discard,
    /// *Copy report*.
    Copy,
    /// *Forget password*, said again.
    Forget,
    /// *Try again*.
    TryAgain,
    /// Gives the focus to *Apply*.
    ToApply,
    /// *Cancel*, *Close*, *Quit*.
    Close,
}

/// The dialog that is open.
#[derive(Debug)]
pub(in crate::app) enum Dialog {
    /// User name and password.
    Credentials(Credentials),
    /// A discovered server that is not known.
    NewServer(TrustQuestion),
    /// A password would go unencrypted.
    PlainHttp(Origin),
    /// What would change.
    Preview(Box<Preview>),
    /// Whether to forget the password.
    Forget,
    /// A run that had to succeed did not.
    Mandatory(Box<Done>, Mode),
}

impl Dialog {
    /// The dialog that a run in this phase waits for, and what gets the focus.
    /// `open` is the one before: what stands in it is kept.
    pub(in crate::app) fn for_phase(
        phase: &Phase,
        open: Option<Self>,
    ) -> (Option<Self>, Task<Message>) {
        let dialog = match (phase, open) {
            (Phase::SigningIn(prompt), Some(Self::Credentials(dialog))) => {
                Self::Credentials(dialog.asked_again(prompt))
            }
            (Phase::SigningIn(prompt), _) => Self::Credentials(Credentials::new(prompt)),
            (Phase::DecidingTrust(question), _) => Self::NewServer(question.clone()),
            (Phase::DecidingPlainHttp(origin), _) => Self::PlainHttp(origin.clone()),
            (Phase::Previewing(report), _) => {
                Self::Preview(Box::new(Preview::new((**report).clone())))
            }
            // While the answer is checked, the dialog stays.
            (
                Phase::Asking | Phase::Recalling | Phase::Forgetting,
                Some(Self::Credentials(dialog)),
            ) if dialog.stage() == Stage::Checking => {
                return (Some(Self::Credentials(dialog)), Task::none());
            }
            (_, Some(open)) if !open.is_of_a_run() => return (Some(open), Task::none()),
            _ => return (None, Task::none()),
        };
        let focus = dialog.focus();
        (Some(dialog), focus)
    }

    /// The dialog of a run that had to succeed and did not.
    pub(in crate::app) fn mandatory(done: &Done, mode: Mode) -> Self {
        Self::Mandatory(Box::new(done.clone()), mode)
    }

    /// Whether it belongs to a run that is under way.
    pub(in crate::app) fn is_of_a_run(&self) -> bool {
        !matches!(self, Self::Forget | Self::Mandatory(..))
    }

    /// Gives the focus to where a person begins.
    pub(in crate::app) fn focus<T: Send + 'static>(&self) -> Task<T> {
        operation::focus(match self {
            Self::Credentials(dialog) => dialog.first_field(),
            Self::Preview(_) => "filter",
            Self::NewServer(_) | Self::PlainHttp(_) | Self::Forget => "dialog-cancel",
            Self::Mandatory(..) => DEFAULT,
        })
    }

    /// What Esc does.
    pub(in crate::app) fn on_escape(&self) -> Option<Message> {
        match self {
            // It has to be answered.
            Self::Mandatory(..) => None,
            Self::Preview(_) => Some(Message::Discard),
            _ => Some(Message::Close),
        }
    }

    /// What Enter does.
    pub(in crate::app) fn on_enter(&self) -> Option<Message> {
        match self {
            Self::Credentials(dialog) => {
                (dialog.stage() != Stage::Checking).then_some(Message::SignIn)
            }
            // Enter at the end of a filter is a habit, and no wish to apply.
            Self::Preview(preview) if preview.is_filtered() => Some(Message::ToApply),
            Self::Preview(_) => Some(Message::Apply),
            Self::Mandatory(..) => Some(Message::TryAgain),
            // No is what happens if somebody only presses Enter.
            Self::NewServer(_) | Self::PlainHttp(_) | Self::Forget => Some(Message::Close),
        }
    }

    /// Tells dialogs apart: each begins with a focus of its own.
    pub(in crate::app) fn key(&self) -> u8 {
        match self {
            Self::Credentials(_) => 1,
            Self::NewServer(_) => 2,
            Self::PlainHttp(_) => 3,
            Self::Preview(_) => 4,
            Self::Forget => 5,
            Self::Mandatory(..) => 6,
        }
    }

    /// Draws it for a window of this size.
    pub(in crate::app) fn view(&self, size: Size) -> Element<'_, Message> {
        match self {
            Self::Credentials(dialog) => dialog.view(size),
            Self::NewServer(question) => new_server::view(question, size),
            Self::PlainHttp(origin) => plain_http::view(origin, size),
            Self::Preview(preview) => preview.view(size),
            Self::Forget => forget::view(size),
            Self::Mandatory(done, _) => mandatory::view(done, size),
        }
    }
}
