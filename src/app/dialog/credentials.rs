//! Who are you? The dialog stays open while the answer is checked and shows a
//! refusal in place.

use iced::{
    Alignment, Length, Size,
    widget::{column, container, row, text},
};

use super::{
    Message,
    frame::{Button, dialog},
};
use crate::{
    app::{
        text as words,
        theme::{self, Tone, size, space, width},
        widget::{
            Element,
            controls::{check_box, disclosure, field, notice, password, sign},
        },
    },
    provisioning::{
        credentials::Credentials as Typed,
        run::{Prompt, Reason},
        secret::Secret,
    },
};

/// Where the dialog is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Stage {
    /// A person types.
    Editing,
    /// The server is asked.
    Checking,
    /// The server said no; the next key press says nothing of it any more.
    Refused,
    /// There is no user name.
    NoName,
}

/// The dialog.
#[derive(Debug)]
pub(in crate::app) struct Credentials {
    prompt: Prompt,
    username: String,
    password: Secret,
    shown: bool,
    remember: bool,
    stage: Stage,
}

impl Credentials {
    /// As a run asks for the first time.
    pub(super) fn new(prompt: &Prompt) -> Self {
        let stage = match prompt.reason {
            Reason::Needed => Stage::Editing,
            Reason::Refused => Stage::Refused,
        };
        Self {
            username: prompt.username.clone(),
            password: Secret::default(),
            shown: false,
            remember: prompt.remember,
            stage,
            prompt: prompt.clone(),
        }
    }

    /// As a run asks again: what was chosen stays, the password goes.
    pub(super) fn asked_again(self, prompt: &Prompt) -> Self {
        Self {
            shown: self.shown,
            remember: self.remember,
            ..Self::new(prompt)
        }
    }

    pub(in crate::app) fn stage(&self) -> Stage {
        self.stage
    }

    /// Takes typing in; a refusal is not shown any more.
    pub(in crate::app) fn edit(&mut self, message: Message) {
        match message {
            Message::Username(username) => self.username = username,
            Message::Password(password) => self.password = password,
            Message::Show(shown) => {
                self.shown = shown;
                return;
            }
            Message::Remember(remember) => {
                self.remember = remember;
                return;
            }
            _ => return,
        }
        self.stage = Stage::Editing;
    }

    /// What is to be sent, unless the user name is missing.
    pub(in crate::app) fn submit(&mut self) -> Option<(Typed, bool)> {
        let username = self.username.trim().to_owned();
        if username.is_empty() {
            self.stage = Stage::NoName;
            return None;
        }
        self.stage = Stage::Checking;
        let typed = Typed {
            username,
            password: self.password.clone(),
        };
        Some((typed, self.remember))
    }

    /// The field in which a person begins.
    pub(in crate::app) fn first_field(&self) -> &'static str {
        if self.username.trim().is_empty() {
            "username"
        } else {
            "password"
        }
    }

    fn is_unencrypted(&self) -> bool {
        !self.prompt.origin.is_https() && !self.prompt.origin.is_loopback()
    }

    pub(super) fn view(&self, window: Size) -> Element<'_, Message> {
        let checking = self.stage == Stage::Checking;
        let mut content = column![
            text(self.prompt.origin.as_str())
                .size(size::TEXT)
                .font(theme::STRONG)
                .wrapping(text::Wrapping::WordOrGlyph),
            self.reason(),
        ]
        .spacing(space::M);
        if self.is_unencrypted() {
            content = content.push(notice(
                sign::WARNING,
                Tone::Warn,
                text(words::UNENCRYPTED).size(size::TEXT).style(theme::warn),
            ));
        }
        content = content.push(self.fields(checking)).push(check_box(
            "remember",
            words::REMEMBER,
            self.remember,
            (!checking).then_some(Message::Remember(!self.remember)),
        ));
        if let Some(link) = &self.prompt.sign_up_link {
            content = content.push(disclosure(
                "sign-up",
                words::SIGN_UP,
                false,
                Some(Message::SignUp(link.clone())),
            ));
        }
        let default = if checking {
            words::CHECKING
        } else {
            words::SIGN_IN
        };
        dialog(
            words::SIGN_IN,
            content,
            Some(Button {
                label: words::CANCEL,
                on_press: Some(Message::Close),
            }),
            Button {
                label: default,
                on_press: (!checking).then_some(Message::SignIn),
            },
            (width::DIALOG, window),
        )
    }

    fn reason(&self) -> Element<'_, Message> {
        let (sign, tone, said) = match self.stage {
            Stage::Refused => (sign::BAD, Tone::Bad, Reason::Refused.sentence()),
            Stage::NoName => (sign::BAD, Tone::Bad, words::NO_NAME),
            Stage::Editing | Stage::Checking => (sign::NOTE, Tone::Calm, Reason::Needed.sentence()),
        };
        let style = if tone == Tone::Bad {
            theme::bad
        } else {
            theme::plain
        };
        notice(sign, tone, text(said).size(size::TEXT).style(style))
    }

    fn fields(&self, checking: bool) -> Element<'_, Message> {
        let label = |name| text(name).size(size::TEXT).width(width::LABEL);
        let wrong = match self.stage {
            Stage::NoName => Some(words::NO_NAME),
            _ => None,
        };
        let username = field(
            "username",
            words::USERNAME,
            &self.username,
            "",
            wrong,
            (!checking).then_some(Message::Username),
        );
        let password = password(
            "password",
            words::PASSWORD,
            &self.password,
            self.shown,
            (!checking).then_some(Message::Password),
        );
        let show = check_box(
            "show",
            words::SHOW,
            self.shown,
            (!checking).then_some(Message::Show(!self.shown)),
        );
        column![
            row![label(words::USERNAME), username]
                .spacing(space::S)
                .align_y(Alignment::Center),
            row![
                label(words::PASSWORD),
                container(password).width(Length::Fill),
                show
            ]
            .spacing(space::S)
            .align_y(Alignment::Center),
        ]
        .spacing(space::S)
        .into()
    }
}
