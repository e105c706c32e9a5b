//! A discovered server that nobody has said yes to yet (security rules 1, 2).

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
    provisioning::run::TrustQuestion,
};

pub(super) fn view(asked: &TrustQuestion, window: Size) -> Element<'_, Message> {
    let mut content = column![
        text(words::NEW_SERVER_WHY).size(size::TEXT),
        fact(words::FOUND_HOW, asked.method.to_string()),
        fact(words::FOUND_BY, words::one_line(&asked.by)),
        fact(words::SERVER, asked.origin.as_str()),
        fact(words::ADDRESS, words::one_line(&asked.uri)),
    ]
    .spacing(space::M);
    if let Some(before) = &asked.before {
        content = content.push(notice(
            sign::WARNING,
            Tone::Warn,
            text(words::server_changed(before.as_str()))
                .size(size::TEXT)
                .style(theme::warn),
        ));
    }
    let reveals = if asked.reveals.is_empty() {
        words::NOTHING_PERSONAL.to_owned()
    } else {
        words::one_line(&asked.reveals.join(", "))
    };
    content = content.push(fact(words::ASKS_FOR, reveals));
    let (sign_, tone, said) = if asked.origin.is_https() {
        (sign::GOOD, Tone::Good, words::ENCRYPTED)
    } else {
        (sign::WARNING, Tone::Warn, words::UNENCRYPTED)
    };
    content = content.push(notice(
        sign_,
        tone,
        text(said).size(size::TEXT).style(theme::plain),
    ));
    question(
        words::NEW_SERVER,
        content,
        Button {
            label: words::TRUST,
            on_press: Some(Message::Yes),
        },
        Button {
            label: words::CANCEL,
            on_press: Some(Message::Close),
        },
        window,
    )
}
