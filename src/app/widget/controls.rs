//! The controls of the window, each with its role, name, state and keys.

use iced::{
    Alignment, Length, Padding,
    widget::{
        Space, button as iced_button, column, container, progress_bar, row, text, text_input,
    },
};

use super::{Element, Role, node};
use crate::{
    app::theme::{self, Kind, Tone, size, space},
    provisioning::secret::Secret,
};

/// Signs of the symbol font.
pub(in crate::app) mod sign {
    pub(in crate::app) const GOOD: &str = "\u{2714}";
    pub(in crate::app) const BAD: &str = "\u{2718}";
    pub(in crate::app) const CLOSED: &str = "\u{25b8}";
    pub(in crate::app) const OPEN: &str = "\u{25be}";
    pub(in crate::app) const WARNING: &str = "\u{26a0}";
    pub(in crate::app) const LOCK: &str = "\u{e001}";
    pub(in crate::app) const NOTE: &str = "\u{e002}";
}

const MARK: f32 = 18.0;
const FIELD: f32 = 8.0;
const BAR: f32 = 6.0;

/// A sign in the colour of `tone`.
pub(in crate::app) fn symbol<'a, Message: 'a>(sign: &'a str, tone: Tone) -> Element<'a, Message> {
    text(sign)
        .font(theme::SYMBOLS)
        .size(size::TEXT)
        .style(tone.text())
        .into()
}

/// A button; `None` switches it off.
pub(in crate::app) fn button<'a, Message: Clone + 'a>(
    id: &'static str,
    label: &'a str,
    on_press: Option<Message>,
    kind: Kind,
) -> Element<'a, Message> {
    let content = iced_button(text(label).size(size::TEXT))
        .padding(Padding::from([FIELD, space::L]))
        .style(theme::button(kind))
        .on_press_maybe(on_press.clone());
    node(id, Role::Button, label, content)
        .on_activate(on_press)
        .mouse_is_heard_inside()
        .into()
}

/// A check box.
pub(in crate::app) fn check_box<'a, Message: Clone + 'a>(
    id: &'static str,
    label: &'a str,
    on: bool,
    on_toggle: Option<Message>,
) -> Element<'a, Message> {
    let off = on_toggle.is_none();
    let check: Element<'a, Message> = if on {
        text(sign::GOOD)
            .font(theme::SYMBOLS)
            .size(size::SMALL)
            .style(theme::on_primary)
            .into()
    } else {
        Space::new().into()
    };
    let mark = container(check)
        .center(MARK)
        .style(theme::mark(on, off, false));
    let content = row![mark, label_text(label, off)]
        .spacing(space::S)
        .align_y(Alignment::Center);
    node(id, Role::CheckBox, label, content)
        .on_activate(on_toggle)
        .meaning(|meaning| meaning.toggled = Some(on))
        .into()
}

/// One button of a radio group: which one it is, and what the arrows choose.
pub(in crate::app) struct RadioPlace<Message> {
    /// Its place among how many, from 0.
    pub position: (usize, usize),
    /// Whether Tab stops here: at the chosen one, else at the first.
    pub tab_stop: bool,
    /// What the arrows choose: back, forward.
    pub arrows: Option<(Message, Message)>,
}

/// A radio button.
pub(in crate::app) fn radio<'a, Message: Clone + 'a>(
    id: &'static str,
    label: &'a str,
    chosen: bool,
    on_choose: Option<Message>,
    place: RadioPlace<Message>,
) -> Element<'a, Message> {
    let off = on_choose.is_none();
    let dot: Element<'a, Message> = if chosen {
        container(Space::new().width(8).height(8))
            .style(theme::dot)
            .into()
    } else {
        Space::new().into()
    };
    let mark = container(dot)
        .center(MARK)
        .style(theme::mark(chosen, off, true));
    let content = row![mark, label_text(label, off)]
        .spacing(space::S)
        .align_y(Alignment::Center);
    node(id, Role::Radio, label, content)
        .on_activate(on_choose)
        .on_arrows(place.arrows)
        .tab_stop(place.tab_stop)
        .meaning(|meaning| {
            meaning.toggled = Some(chosen);
            meaning.position = Some(place.position);
        })
        .into()
}

fn label_text<'a, Message: 'a>(label: &'a str, off: bool) -> Element<'a, Message> {
    let label = text(label).size(size::TEXT);
    if off {
        label.style(theme::muted).into()
    } else {
        label.into()
    }
}

/// A text field. `wrong` says what is wrong with what is in it.
pub(in crate::app) fn field<'a, Message: Clone + 'a>(
    id: &'static str,
    name: &'a str,
    value: &str,
    placeholder: &str,
    wrong: Option<&str>,
    on_input: Option<impl Fn(String) -> Message + 'a>,
) -> Element<'a, Message> {
    let disabled = on_input.is_none();
    let content = text_input(placeholder, value)
        .id(id)
        .padding(FIELD)
        .size(size::TEXT)
        .style(theme::field(wrong.is_some()))
        .on_input_maybe(on_input);
    node(wrapper(id), Role::TextField, name, content)
        .meaning(|meaning| {
            meaning.value = Some(value.to_owned());
            meaning.description = wrong.map(str::to_owned);
            meaning.disabled = disabled;
        })
        .into()
}

/// A field for a password, hidden unless `shown`.
pub(in crate::app) fn password<'a, Message: Clone + 'a>(
    id: &'static str,
    name: &'a str,
    value: &Secret,
    shown: bool,
    on_input: Option<impl Fn(Secret) -> Message + 'a>,
) -> Element<'a, Message> {
    let disabled = on_input.is_none();
    let content = text_input("", value.reveal())
        .id(id)
        .padding(FIELD)
        .size(size::TEXT)
        .secure(!shown)
        .style(theme::field(false))
        .on_input_maybe(on_input.map(|on_input| move |typed| on_input(Secret::new(typed))));
    node(wrapper(id), Role::PasswordField, name, content)
        .meaning(|meaning| meaning.disabled = disabled)
        .into()
}

/// The node around a field needs an identity of its own; the field's is for the focus.
fn wrapper(id: &'static str) -> &'static str {
    match id {
        "uri" => "uri-field",
        "username" => "username-field",
        "password" => "password-field",
        "filter" => "filter-field",
        other => other,
    }
}

/// A line that folds something out.
pub(in crate::app) fn disclosure<'a, Message: Clone + 'a>(
    id: &'static str,
    label: &'a str,
    open: bool,
    on_toggle: Option<Message>,
) -> Element<'a, Message> {
    let off = on_toggle.is_none();
    let style = if off { theme::muted } else { theme::accent };
    let triangle = if open { sign::OPEN } else { sign::CLOSED };
    let content = row![
        text(triangle)
            .font(theme::SYMBOLS)
            .size(size::SMALL)
            .style(style),
        text(label).size(size::TEXT).style(style),
    ]
    .spacing(space::XS)
    .align_y(Alignment::Center);
    node(id, Role::Button, label, content)
        .on_activate(on_toggle)
        .meaning(|meaning| meaning.toggled = Some(open))
        .into()
}

/// A box with a title, as Jitsi's pane has them.
pub(in crate::app) fn group<'a, Message: Clone + 'a>(
    id: &'static str,
    title: &'a str,
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    let title_text = text(title).size(size::TEXT).font(theme::STRONG);
    let inside = column![title_text, content.into()].spacing(space::S);
    let box_ = container(inside)
        .padding(space::M)
        .width(Length::Fill)
        .style(theme::group);
    node(id, Role::Group, title, box_).into()
}

/// A line that says how things stand, with a sign: nothing by colour alone.
pub(in crate::app) fn notice<'a, Message: 'a>(
    sign: &'a str,
    tone: Tone,
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    row![symbol(sign, tone), content.into()]
        .spacing(space::S)
        .into()
}

/// A small line below a control.
pub(in crate::app) fn hint<'a, Message: 'a>(
    words: impl text::IntoFragment<'a>,
    tone: Tone,
) -> Element<'a, Message> {
    text(words).size(size::SMALL).style(tone.text()).into()
}

/// Why something cannot be changed: the site fixed it.
pub(in crate::app) fn locked<'a, Message: 'a>(words: &'a str) -> Element<'a, Message> {
    row![
        text(sign::LOCK)
            .font(theme::SYMBOLS)
            .size(size::SMALL)
            .style(theme::muted),
        text(words).size(size::SMALL).style(theme::muted),
    ]
    .spacing(space::S)
    .align_y(Alignment::Center)
    .into()
}

/// How many of the steps are done.
pub(in crate::app) fn progress<'a, Message: Clone + 'a>(
    name: &'a str,
    done: f32,
    all: f32,
) -> Element<'a, Message> {
    let bar = progress_bar(0.0..=all, done)
        .girth(BAR)
        .style(theme::progress);
    node("progress", Role::Progress, name, bar)
        .meaning(|meaning| meaning.value = Some(format!("{done:.0} / {all:.0}")))
        .into()
}
