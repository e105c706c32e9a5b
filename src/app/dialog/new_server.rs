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
    let warning = |said: String| {
        let said = text(said).size(size::TEXT).style(theme::warn);
        notice(sign::WARNING, Tone::Warn, said)
    };
    let mut content = column![text(words::NEW_SERVER_WHY).size(size::TEXT)].spacing(space::M);
    // What there is to be careful about stands before what may be long.
    if let Some(before) = &asked.before {
        content = content.push(warning(words::server_changed(before.as_str())));
    }
    if !asked.origin.is_https() {
        content = content.push(warning(words::UNENCRYPTED.to_owned()));
    }
    let reveals = if asked.reveals.is_empty() {
        words::NOTHING_PERSONAL.to_owned()
    } else {
        words::short(&asked.reveals.join(", "))
    };
    content = content
        .push(fact(words::SERVER, words::short(asked.origin.as_str())))
        .push(fact(words::ASKS_FOR, reveals))
        .push(fact(words::FOUND_HOW, asked.method.to_string()))
        .push(fact(words::FOUND_BY, words::short(&asked.by)))
        .push(fact(words::ADDRESS, words::short(&asked.uri)));
    if asked.origin.is_https() {
        let said = text(words::ENCRYPTED).size(size::TEXT).style(theme::plain);
        content = content.push(notice(sign::GOOD, Tone::Good, said));
    }
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
