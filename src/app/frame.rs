//! What is around a pane: the way to it, the list of panes, dialogs in front.

use iced::{
    Length,
    widget::{Space, column, container, keyed, row, stack, text},
};

use super::{
    App, Message, Screen, dialog, text as words,
    theme::{self, Tone, size, space, width},
    widget::{Element, Keys, controls::hint, inert, root},
};

/// The whole window.
pub(super) fn view(app: &App) -> Element<'_, Message> {
    let dialog = front(app);
    let behind = inert(base(app), dialog.is_some());
    let front = dialog.map_or_else(|| Space::new().into(), in_front);
    root(stack![behind, front], keys(app))
}

fn keys(app: &App) -> Keys<Message> {
    if app.help {
        let close = Some(Message::Help(false));
        return Keys {
            escape: close.clone(),
            enter: close.clone(),
            help: close,
            copy: None,
            pages: None,
        };
    }
    let pane = match &app.screen {
        Screen::Pane(pane) => Some(pane),
        Screen::Loading | Screen::Broken(_) => None,
    };
    Keys {
        escape: pane.and_then(|pane| pane.on_escape()).map(Message::Pane),
        enter: pane.and_then(|pane| pane.on_enter()).map(Message::Pane),
        help: Some(Message::Help(true)),
        copy: Some(Message::Copy),
        pages: Some((Message::Page(-1.0), Message::Page(1.0))),
    }
}

/// The dialog that is open, and what tells it from others.
fn front(app: &App) -> Option<(u8, Element<'_, Message>)> {
    if app.help {
        let home = app.start.home.display().to_string();
        let site = app.start.site.display().to_string();
        let close = Message::Help(false);
        return Some((0, dialog::help::view(home, site, close, app.size)));
    }
    let Screen::Pane(pane) = &app.screen else {
        return None;
    };
    let dialog = pane.dialog.as_ref()?;
    let view = dialog
        .view(app.size)
        .map(|message| Message::Pane(super::provisioning::Message::Dialog(message)));
    Some((dialog.key(), view))
}

/// With a key of its own, no dialog takes over the focus of another one that
/// stood in its place.
fn in_front((key, dialog): (u8, Element<'_, Message>)) -> Element<'_, Message> {
    let shade = container(dialog)
        .center(Length::Fill)
        .style(theme::backdrop);
    let keyed = keyed::Column::new()
        .push(key, iced::widget::opaque(shade))
        .width(Length::Fill)
        .height(Length::Fill);
    keyed.into()
}

fn base(app: &App) -> Element<'_, Message> {
    let path = container(text(words::PATH).size(size::TEXT).font(theme::STRONG))
        .padding([space::M, space::L])
        .width(Length::Fill)
        .style(theme::frame);
    let line = container(Space::new().width(Length::Fill).height(1)).style(theme::line);
    let screen: Element<'_, Message> = match &app.screen {
        Screen::Loading => container(hint(words::LOADING, Tone::Calm))
            .padding(space::XL)
            .into(),
        Screen::Broken(page) => page.view(app.size).map(Message::Broken),
        Screen::Pane(pane) => pane.view(app.size, app.start.demo).map(Message::Pane),
    };
    let mut body = row![];
    if app.size.width >= width::NARROW {
        body = body.push(sidebar());
    }
    let screen = container(screen).width(Length::Fill).height(Length::Fill);
    column![path, line, body.push(screen).height(Length::Fill)].into()
}

fn sidebar<'a>() -> Element<'a, Message> {
    let heading = text(words::ADVANCED).size(size::SMALL).style(theme::muted);
    let entry = container(
        row![
            text(super::widget::controls::sign::CLOSED)
                .font(theme::SYMBOLS)
                .size(size::SMALL)
                .style(theme::accent),
            text(words::PROVISIONING)
                .size(size::TEXT)
                .font(theme::STRONG),
        ]
        .spacing(space::XS)
        .align_y(iced::Alignment::Center),
    )
    .padding([space::S, space::S])
    .width(Length::Fill)
    .style(theme::selected);
    let list = column![container(heading).padding([0.0, space::S]), entry].spacing(space::S);
    let line = container(Space::new().width(1).height(Length::Fill)).style(theme::line);
    row![
        container(list)
            .padding(space::M)
            .width(width::SIDEBAR)
            .height(Length::Fill)
            .style(theme::frame),
        line
    ]
    .into()
}

/// The icon of the window: a disc with a check mark, 64 by 64 pixels.
pub(super) fn icon_pixels() -> Vec<u8> {
    let mut pixels = Vec::with_capacity(64 * 64 * 4);
    for y in 0..64_i32 {
        for x in 0..64_i32 {
            let (dx, dy) = (2 * x - 63, 2 * y - 63);
            let inside = dx * dx + dy * dy <= 60 * 60;
            // Two strokes: down to (27, 44), then up to (48, 22).
            let down = (x - y + 17).abs() <= 4 && (16..=29).contains(&x);
            let up = (x + y - 71).abs() <= 4 && (25..=48).contains(&x);
            let color = match (inside, down || up) {
                (true, true) => [0xff, 0xff, 0xff, 0xff],
                (true, false) => [0x0b, 0x57, 0xd0, 0xff],
                (false, _) => [0, 0, 0, 0],
            };
            pixels.extend(color);
        }
    }
    pixels
}
