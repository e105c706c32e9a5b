//! May a password go over the network unencrypted? (security rule 4)

use iced::{
    Size,
    widget::{column, text},
};

use super::{
    Message,
    frame::{Button, fact, question},
};
use crate::{
    app::{
        text as words,
        theme::{self, Tone, size, space},
        widget::{
            Element,
            controls::{notice, sign},
        },
    },
    provisioning::origin::Origin,
};

pub(super) fn view(origin: &Origin, window: Size) -> Element<'_, Message> {
    let content = column![
        fact(words::SERVER, origin.as_str()),
        notice(
            sign::WARNING,
            Tone::Warn,
            text(words::PLAIN_HTTP).size(size::TEXT).style(theme::warn),
        ),
        text(words::PLAIN_HTTP_ADVICE).size(size::TEXT),
    ]
    .spacing(space::M);
    question(
        words::PLAIN_HTTP_TITLE,
        content,
        Button {
            label: words::SEND_UNENCRYPTED,
            on_press: Some(Message::Yes),
        },
        Button {
            label: words::CANCEL,
            on_press: Some(Message::Close),
        },
        window,
    )
}
