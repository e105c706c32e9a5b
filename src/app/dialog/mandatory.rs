//! Provisioning is mandatory here, and it failed: try again, or quit.

use iced::{
    Size,
    widget::{column, text},
};

use super::{
    Message,
    frame::{Button, dialog},
};
use crate::{
    app::{
        text as words,
        theme::{self, Kind, Tone, size, space, width},
        widget::{
            Element,
            controls::{button, hint, notice, sign},
        },
    },
    provisioning::run::Done,
};

pub(super) fn view(done: &Done, window: Size) -> Element<'_, Message> {
    let mut content = column![].spacing(space::M);
    if let Some(failure) = &done.failure {
        let said = words::problem(failure);
        let advice = said.advice.unwrap_or_default();
        content = content
            .push(notice(
                sign::BAD,
                Tone::Bad,
                text(said.said).size(size::TEXT).style(theme::plain),
            ))
            .push(text(advice).size(size::TEXT))
            .push(hint(said.code.unwrap_or_default(), Tone::Calm));
    }
    content = content
        .push(text(words::MANDATORY).size(size::TEXT))
        .push(button(
            "copy-failure",
            words::COPY_REPORT,
            Some(Message::Copy),
            Kind::Plain,
        ));
    dialog(
        words::FAILED,
        content,
        Some(Button {
            label: words::QUIT,
            on_press: Some(Message::Close),
        }),
        Button {
            label: words::TRY_AGAIN,
            on_press: Some(Message::TryAgain),
        },
        (width::DIALOG, window),
    )
}
