//! How the server is found: the check box, the three radio buttons, the address.

use iced::{
    Length,
    widget::{column, container, row, text},
};

use super::{Choice, Message, Pane};
use crate::{
    app::{
        text as words,
        theme::{Tone, size, space, width},
        widget::{
            Column, Element,
            controls::{self, RadioPlace, check_box, field, group, hint, locked, notice, sign},
        },
    },
    provisioning::{
        method::Method,
        secret::Secret,
        uri::{Hint, hints},
    },
};

impl Pane {
    /// Whether the method can be changed.
    fn may_choose(&self) -> bool {
        self.overview.method_fixed.is_none() && !self.shows_run()
    }

    /// Whether one of the three ways can be chosen.
    fn is_open(&self) -> bool {
        self.may_choose() && self.method != Method::Off
    }

    pub(super) fn enable_view(&self) -> Element<'_, Message> {
        let on = self.method != Method::Off;
        let toggle = self.may_choose().then_some(Message::Enable(!on));
        let mut parts = column![check_box("enable", words::ENABLE, on, toggle)].spacing(space::XS);
        if let Some(lock) = &self.method_lock {
            parts = parts.push(locked(lock));
        }
        parts.into()
    }

    pub(super) fn discover_view(&self) -> Element<'_, Message> {
        let ways = column![self.radio(Choice::Dhcp), self.radio(Choice::Bonjour)].spacing(space::S);
        group("discover", words::DISCOVER, ways)
    }

    fn radio(&self, choice: Choice) -> Element<'_, Message> {
        let chosen = Choice::of(&self.method);
        let (back, forward) = choice.neighbours();
        let by_arrow = |choice| Message::Choose(choice, true);
        let open = self.is_open();
        controls::radio(
            choice.id(),
            choice.label(),
            chosen == Some(choice),
            open.then_some(Message::Choose(choice, false)),
            RadioPlace {
                position: choice.place(),
                tab_stop: chosen.unwrap_or(Choice::Dhcp) == choice,
                arrows: open.then(|| (by_arrow(back), by_arrow(forward))),
            },
        )
    }

    pub(super) fn manual_view(&self, narrow: bool) -> Element<'_, Message> {
        let indent = if narrow { 0.0 } else { space::XL };
        let inside = container(self.address_view(narrow)).padding(iced::Padding::ZERO.left(indent));
        column![self.radio(Choice::Manual), inside]
            .spacing(space::S)
            .into()
    }

    fn address_view(&self, narrow: bool) -> Column<'_, Message> {
        let manual = Choice::of(&self.method) == Some(Choice::Manual);
        let open = manual && self.overview.uri_fixed.is_none() && !self.shows_run();
        let hints = if open {
            hints(&self.address.typed)
        } else {
            Vec::new()
        };
        let wrong = hints.iter().find(|hint| hint.wrong);
        let uri = field(
            "uri",
            words::URI,
            &self.address.typed,
            words::URI_EXAMPLE,
            wrong.map(|hint| hint.words.as_str()),
            open.then_some(|typed| Message::Address(Secret::new(typed))),
        );
        let label = text(words::URI).size(size::TEXT);
        let line: Element<'_, Message> = if narrow {
            column![label, uri].spacing(space::XS).into()
        } else {
            row![label.width(width::LABEL - space::XL), uri]
                .spacing(space::S)
                .align_y(iced::Alignment::Center)
                .into()
        };
        let mut parts = column![line].spacing(space::S).width(Length::Fill);
        if self.offered {
            let said = hint(words::FROM_LINK, Tone::Warn);
            parts = parts.push(notice(sign::WARNING, Tone::Warn, said));
        }
        for hint in hints {
            parts = parts.push(hint_view(hint));
        }
        if let Some(lock) = &self.uri_lock {
            parts = parts.push(locked(lock));
        }
        if let Method::Other(_) = self.method {
            parts = parts.push(notice(
                sign::WARNING,
                Tone::Warn,
                hint(words::UNKNOWN_METHOD, Tone::Warn),
            ));
        }
        parts
    }
}

fn hint_view<'a>(said: Hint) -> Element<'a, Message> {
    let (sign, tone) = if said.wrong {
        (sign::BAD, Tone::Bad)
    } else {
        (sign::WARNING, Tone::Warn)
    };
    notice(sign, tone, hint(said.words, tone))
}
