//! F1: the keys, and what helpdesk asks for.

use iced::{Size, widget::column};

use super::frame::{Button, dialog, fact};
use crate::app::{
    text as words,
    theme::{space, width},
    widget::Element,
};

/// The dialog; `close` is what its button does.
pub(in crate::app) fn view<'a, Message: Clone + 'a>(
    home: String,
    site: String,
    close: Message,
    window: Size,
) -> Element<'a, Message> {
    let mut content = column![].spacing(space::S);
    for (key, what) in words::KEYS {
        content = content.push(fact(key, what));
    }
    content = content
        .push(fact(words::VERSION, words::heading()))
        .push(fact(words::SETTINGS_IN, home))
        .push(fact(words::SITE_IN, site));
    dialog(
        words::HELP,
        content,
        None,
        Button {
            label: words::CLOSE,
            on_press: Some(close),
        },
        (width::DIALOG + 80.0, window),
    )
}
