//! *What will be sent*: the request as it would go out now.

use std::time::Duration;

use iced::{
    Length, Task, task,
    widget::{column, container, row, text},
};

use super::{Action, Message as PaneMessage, Pane};
use crate::{
    app::{
        text as words,
        theme::{self, Tone, size, space, width},
        widget::{
            Element,
            controls::{disclosure, hint, notice, sign},
        },
    },
    provisioning::{
        failure::Failure,
        method::Method,
        request::{Shown, ShownParameter},
        uri::Template,
    },
};

/// While somebody types, it is worked out after a pause.
const PAUSE: Duration = Duration::from_millis(250);

/// What happens with it.
#[derive(Debug, Clone)]
pub(in crate::app) enum Message {
    /// Folded out or in.
    Open(bool),
    /// It was worked out.
    Known(Result<Box<Shown>, Failure>),
}

/// What is known of the request.
#[derive(Debug, Default)]
pub(super) struct Sent {
    open: bool,
    known: Option<Result<Box<Shown>, Failure>>,
    work: Option<task::Handle>,
}

impl Pane {
    pub(super) fn on_sent(&mut self, message: Message) -> Action {
        match message {
            Message::Open(open) => {
                self.sent.open = open;
                Action::Run(self.refresh_sent())
            }
            Message::Known(known) => {
                self.sent.known = Some(known);
                self.sent.work = None;
                Action::none()
            }
        }
    }

    /// Works it out anew if somebody looks at it.
    pub(super) fn refresh_sent(&mut self) -> Task<PaneMessage> {
        self.sent.work = None;
        if !self.sent.open {
            self.sent.known = None;
            return Task::none();
        }
        let template = self.sent_template();
        let engine = self.engine.clone();
        // Whoever wrote a link must not learn that it was looked at.
        let unasked = self.offered;
        let (task, handle) = Task::perform(
            async move {
                tokio::time::sleep(PAUSE).await;
                engine
                    .blocking(move |engine| {
                        if unasked {
                            engine.request_unasked(template)
                        } else {
                            engine.request(template)
                        }
                    })
                    .await
            },
            |shown| PaneMessage::Sent(Message::Known(shown.map(Box::new))),
        )
        .abortable();
        self.sent.work = Some(handle.abort_on_drop());
        task
    }

    /// What is in the field, but for a fixed address, which is shown masked there.
    fn sent_template(&self) -> Option<Template> {
        if self.method.is_discovery() || self.overview.uri_fixed.is_some() {
            return None;
        }
        Some(Template::new(&self.address.typed))
    }

    pub(super) fn sent_view(&self) -> Element<'_, PaneMessage> {
        let open = self.sent.open;
        let enabled = self.method != Method::Off;
        let toggle = PaneMessage::Sent(Message::Open(!open));
        let mut parts = column![disclosure(
            "sent",
            words::SENT,
            open,
            enabled.then_some(toggle)
        )]
        .spacing(space::S);
        if open && enabled {
            if self.method.is_discovery() {
                parts = parts.push(hint(words::SENT_AFTER_SEARCH, Tone::Calm));
            }
            parts = parts.push(match &self.sent.known {
                None => hint(words::ASKING, Tone::Calm),
                Some(Ok(shown)) => request(shown),
                Some(Err(failure)) => {
                    let said = words::problem(failure);
                    notice(sign::BAD, Tone::Bad, hint(said.said, Tone::Bad))
                }
            });
        }
        parts.into()
    }
}

fn request(shown: &Shown) -> Element<'_, PaneMessage> {
    let line = |words: String| {
        text(words)
            .size(size::SMALL)
            .wrapping(text::Wrapping::WordOrGlyph)
    };
    let mut lines = column![
        line(format!(
            "{} {}",
            shown.verb,
            words::one_line(&shown.address)
        ))
        .font(theme::STRONG),
        line(format!("User-Agent: {}", shown.user_agent)).style(theme::muted),
    ]
    .spacing(space::XS);
    for shown in &shown.parameters {
        lines = lines.push(parameter(shown));
    }
    if shown.parameters.is_empty() {
        lines = lines.push(hint(words::NO_PARAMETERS, Tone::Calm));
    }
    for warning in &shown.warnings {
        // Tokens without a value are flagged where they stand.
        if !is_said_at_its_place(warning.kind) {
            lines = lines.push(notice(
                sign::WARNING,
                Tone::Warn,
                hint(warning.message.as_str(), Tone::Warn),
            ));
        }
    }
    container(lines)
        .padding(space::M)
        .width(Length::Fill)
        .style(theme::group)
        .into()
}

fn is_said_at_its_place(kind: crate::provisioning::warning::WarningKind) -> bool {
    use crate::provisioning::warning::WarningKind;
    kind == WarningKind::TokenWithoutValue
}

fn parameter(shown: &ShownParameter) -> Element<'_, PaneMessage> {
    let value = text(words::one_line(&shown.value))
        .size(size::SMALL)
        .width(Length::Fill)
        .wrapping(text::Wrapping::WordOrGlyph);
    let mut values = column![value].width(Length::Fill);
    let credentials = ["${username}", "${password}"];
    let missing = shown.missing.iter();
    for token in missing {
        values = values.push(if credentials.contains(&token.as_str()) {
            hint(words::ASKED_FOR, Tone::Calm)
        } else {
            let said = format!("{token}: {}", words::NO_VALUE);
            notice(sign::WARNING, Tone::Warn, hint(said, Tone::Warn))
        });
    }
    row![
        text(words::one_line(&shown.name))
            .size(size::SMALL)
            .style(theme::muted)
            .width(width::LABEL + space::XL),
        values,
    ]
    .spacing(space::S)
    .into()
}
