//! Jitsi's question before a password is forgotten.

use iced::{Size, widget::text};

use super::{
    Message,
    frame::{Button, question},
};
use crate::app::{text as words, theme::size, widget::Element};

pub(super) fn view<'a>(window: Size) -> Element<'a, Message> {
    question(
        words::FORGET,
        text(words::FORGET_QUESTION).size(size::TEXT),
        Button {
            label: words::FORGET,
            on_press: Some(Message::Forget),
        },
        Button {
            label: words::CANCEL,
            on_press: Some(Message::Close),
        },
        window,
    )
}
