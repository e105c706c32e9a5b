//! What all dialogs share: title, content, buttons, and their size.

use iced::{
    Alignment, Length, Padding, Size,
    widget::{Space, column, container, row, scrollable, text},
};

use crate::app::{
    theme::{self, Kind, size, space, width},
    widget::{Element, Role, controls::button, node},
};

/// Identity of what scrolls in a dialog.
pub(in crate::app) const SCROLL: &str = "dialog-content";
/// Identity of the default button.
pub(in crate::app) const DEFAULT: &str = "dialog-default";
/// Room that is left around a dialog, on both sides together.
const AROUND: f32 = 32.0;
/// Height of title, buttons and what is between.
const FURNITURE: f32 = 140.0;
/// Content is at least so high before it scrolls.
const LEAST: f32 = 64.0;

/// A button of a dialog.
pub(in crate::app) struct Button<'a, Message> {
    pub(super) label: &'a str,
    pub(super) on_press: Option<Message>,
}

/// A dialog with this title, content and buttons. The default button is the
/// last one; Enter presses it.
pub(in crate::app) fn dialog<'a, Message: Clone + 'a>(
    title: &'a str,
    content: impl Into<Element<'a, Message>>,
    other: Option<Button<'a, Message>>,
    default: Button<'a, Message>,
    (wide, window): (f32, Size),
) -> Element<'a, Message> {
    let plain = other.map(|other| (other, "dialog-cancel"));
    build(
        title,
        content.into(),
        plain,
        (default, DEFAULT),
        (wide, window),
    )
}

/// A dialog with a question of which *no* is the default answer.
pub(in crate::app) fn question<'a, Message: Clone + 'a>(
    title: &'a str,
    content: impl Into<Element<'a, Message>>,
    yes: Button<'a, Message>,
    no: Button<'a, Message>,
    window: Size,
) -> Element<'a, Message> {
    let size = (width::DIALOG, window);
    build(
        title,
        content.into(),
        Some((yes, "dialog-yes")),
        (no, "dialog-cancel"),
        size,
    )
}

fn build<'a, Message: Clone + 'a>(
    title: &'a str,
    content: Element<'a, Message>,
    plain: Option<(Button<'a, Message>, &'static str)>,
    (default, default_id): (Button<'a, Message>, &'static str),
    (wide, window): (f32, Size),
) -> Element<'a, Message> {
    let plain = plain.map(|(plain, id)| button(id, plain.label, plain.on_press, Kind::Plain));
    let default = button(default_id, default.label, default.on_press, Kind::Primary);
    let buttons = row![Space::new().width(Length::Fill)]
        .push(plain)
        .push(default)
        .spacing(space::S)
        .align_y(Alignment::Center);
    // Room for the scroll bar.
    let content = container(content).padding(Padding::ZERO.right(space::M));
    let most = (window.height - AROUND - FURNITURE).max(LEAST);
    let body = column![
        text(title).size(size::TITLE).font(theme::STRONG),
        container(scrollable(content).id(SCROLL)).max_height(most),
        buttons,
    ]
    .spacing(space::L);
    let body = container(body)
        .padding(space::XL)
        .width(wide.min(window.width - AROUND))
        .style(theme::dialog);
    node("dialog", Role::Dialog, title, body).into()
}

/// A word and its value below each other or side by side, as there is room.
pub(super) fn fact<'a, Message: 'a>(
    name: &'a str,
    value: impl text::IntoFragment<'a>,
) -> Element<'a, Message> {
    row![
        text(name)
            .size(size::TEXT)
            .style(theme::muted)
            .width(width::LABEL + space::L),
        text(value)
            .size(size::TEXT)
            .width(Length::Fill)
            .wrapping(text::Wrapping::WordOrGlyph),
    ]
    .spacing(space::S)
    .into()
}
