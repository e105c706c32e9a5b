//! The pane as it is drawn.

use iced::{
    Alignment, Length, Size,
    widget::{Space, column, container, row, scrollable, text},
};

use super::{Card, Copied, Message, Pane, activity, status};
use crate::{
    app::{
        text as words,
        theme::{self, Kind, Tone, size, space, width},
        widget::{
            Element,
            controls::{button, group, hint, notice, sign},
        },
    },
    engine::HiddenBy,
    provisioning::{method::Method, run::Mode, secret::MASK, summary},
};

/// Identity of the part that scrolls.
pub(in crate::app) const SCROLL: &str = "pane";
/// Identity of the status, which scrolls if much is said.
pub(super) const STATUS: &str = "said";
/// Below this height the status and the buttons scroll with the rest.
const LOW: f32 = 430.0;
/// From this height on, the usual status has its room in any case.
const HIGH: f32 = 600.0;
/// The room of a status of one line with its buttons.
const STATUS_ROOM: f32 = 62.0;
/// The status and the buttons take at most this part of the height.
const STATUS_PART: f32 = 0.42;
/// With its details folded out.
const DETAILS_PART: f32 = 0.7;
/// How much of it is for the buttons.
const BUTTONS: f32 = 60.0;

impl Pane {
    /// Draws it for a window of this size.
    pub(in crate::app) fn view(&self, window: Size, demo: bool) -> Element<'_, Message> {
        if let Some(hidden) = &self.overview.hidden {
            return hidden_view(hidden);
        }
        let list = if window.width < width::NARROW {
            0.0
        } else {
            width::SIDEBAR
        };
        let narrow = window.width - list < width::VERY_NARROW;
        let around = if window.width < width::NARROW {
            space::M
        } else {
            space::XL
        };
        let mut parts = column![].spacing(space::M).max_width(width::PANE);
        if demo {
            parts = parts.push(banner(Tone::Warn, sign::NOTE, words::DEMO));
        }
        if self.overview.first_start && self.method == Method::Off {
            parts = parts.push(Self::card_view(narrow));
        }
        parts = parts
            .push(self.enable_view())
            .push(self.discover_view())
            .push(self.manual_view(narrow))
            .push(self.sent_view())
            .push(self.uuid_view(narrow))
            .push(self.credentials_view());
        let beside = window.width - list - 2.0 * around >= width::BESIDE;
        let said = self.said_view(around, window.height, !beside);
        let buttons = container(container(self.buttons(beside)).max_width(width::PANE))
            .padding(iced::Padding::from([space::M, around]));
        if window.height < LOW {
            let all = column![container(parts).padding(around), line(), said, buttons];
            return scrollable(all)
                .id(SCROLL)
                .width(Length::Fill)
                .height(Length::Fill)
                .into();
        }
        let form = scrollable(container(parts).padding(around))
            .id(SCROLL)
            .width(Length::Fill)
            .height(Length::Fill);
        // What is said may be long; the buttons have their room in any case.
        let part = if self.has_details() {
            DETAILS_PART
        } else {
            STATUS_PART
        };
        let most = (window.height * part - BUTTONS).floor();
        column![form, line(), container(said).max_height(most), buttons].into()
    }

    fn uuid_view(&self, narrow: bool) -> Element<'_, Message> {
        let value = text(self.overview.uuid.as_str())
            .size(size::TEXT)
            .width(Length::Fill)
            .wrapping(text::Wrapping::WordOrGlyph);
        let copy = button(
            "copy-uuid",
            words::COPY_UUID,
            Some(Message::CopyUuid),
            Kind::Plain,
        );
        let label = text(words::UUID)
            .size(size::TEXT)
            .width(width::LABEL - space::XL);
        let said = (self.copied == Some(Copied::Uuid))
            .then(|| notice(sign::GOOD, Tone::Good, hint(words::COPIED, Tone::Calm)));
        if narrow {
            return column![row![label, value].spacing(space::S), copy]
                .push(said)
                .spacing(space::S)
                .into();
        }
        row![label, value]
            .push(said)
            .push(copy)
            .spacing(space::S)
            .align_y(Alignment::Center)
            .into()
    }

    fn credentials_view(&self) -> Element<'_, Message> {
        let remembered = self.overview.remembered.as_ref();
        let username = remembered.map_or(words::NONE_STORED, |known| known.username.as_str());
        let password = match remembered.map(|known| known.origin.is_some()) {
            Some(true) => MASK,
            _ => words::NONE_STORED,
        };
        let fact = |name, value| {
            row![
                text(name).size(size::TEXT).style(theme::muted),
                text(value)
                    .size(size::TEXT)
                    .wrapping(text::Wrapping::WordOrGlyph),
            ]
            .spacing(space::S)
        };
        let free = remembered.is_some() && !self.shows_activity();
        let forget = button(
            "forget",
            words::FORGET,
            free.then_some(Message::Status(status::Message::AskForget)),
            Kind::Plain,
        );
        let mut facts = row![
            fact(words::USERNAME, username),
            fact(words::PASSWORD, password)
        ]
        .spacing(space::XL);
        if let Some(origin) = remembered.and_then(|known| known.origin.as_ref()) {
            facts = facts.push(fact(words::SERVER, origin.as_str()));
        }
        let line = row![
            container(facts.wrap().vertical_spacing(space::XS)).width(Length::Fill),
            forget
        ]
        .spacing(space::S)
        .align_y(Alignment::Center);
        group("credentials", words::CREDENTIALS, line)
    }

    /// The status: always seen, as helpdesk asks for it.
    fn said_view(&self, around: f32, height: f32, with_note: bool) -> Element<'_, Message> {
        // Nothing moves when the first run ends well.
        let room = if height < HIGH { 0.0 } else { STATUS_ROOM };
        let room = Space::new().height(room);
        let mut said = column![row![self.run_view(), room]].spacing(space::S);
        if with_note {
            said = said.push(self.restart_note());
        }
        let said = container(said)
            .padding(iced::Padding::ZERO.right(space::M).left(space::XS))
            .max_width(width::PANE);
        // The focus ring of what stands at the left edge needs its room.
        let around = around - space::XS;
        container(scrollable(said).id(STATUS).width(Length::Fill))
            .padding(iced::Padding::from([0.0, around]).top(space::M))
            .into()
    }

    /// That changes take effect at the next start, if there may be changes.
    fn restart_note(&self) -> Option<Element<'_, Message>> {
        let note = || {
            hint(
                summary::restart_note(&self.overview.application),
                Tone::Calm,
            )
        };
        (!self.shows_run() && self.method != Method::Off).then(note)
    }

    fn buttons(&self, with_note: bool) -> Element<'_, Message> {
        let note = if with_note { self.restart_note() } else { None };
        // Broken in the middle rather than before its last word.
        let note = container(note.unwrap_or_else(|| Space::new().into())).max_width(width::NOTE);
        let note = container(note).width(Length::Fill).clip(true);
        let mut buttons = row![note].spacing(space::S).align_y(Alignment::Center);
        if self.shows_run() {
            let cancel = Message::Activity(activity::Message::Cancel);
            // The button keeps its place among the others, and so the focus.
            buttons = buttons.push(Space::new());
            buttons = buttons.push(button("run", words::CANCEL, Some(cancel), Kind::Primary));
        } else {
            let free = self.has_way() && !self.shows_activity();
            let start = |mode| free.then_some(Message::Activity(activity::Message::Start(mode)));
            buttons = buttons
                .push(button(
                    "preview",
                    words::PREVIEW,
                    start(Mode::Preview),
                    Kind::Plain,
                ))
                .push(button("run", words::RUN, start(Mode::Apply), Kind::Primary));
        }
        buttons.into()
    }

    fn card_view<'a>(narrow: bool) -> Element<'a, Message> {
        let choose = |id, label, card, on: bool, kind| {
            button(id, label, on.then_some(Message::Card(card)), kind)
        };
        let address = choose(
            "card-address",
            words::CARD_ADDRESS,
            Card::Address,
            true,
            Kind::Primary,
        );
        let network = choose(
            "card-network",
            words::CARD_NETWORK,
            Card::Network,
            true,
            Kind::Plain,
        );
        let sample = choose(
            "card-sample",
            words::CARD_SAMPLE,
            Card::Sample,
            true,
            Kind::Plain,
        );
        let ways: Element<'a, Message> = if narrow {
            column![address, network, sample].spacing(space::S).into()
        } else {
            row![address, network, sample].spacing(space::S).into()
        };
        let content = column![text(words::CARD_TEXT).size(size::TEXT), ways].spacing(space::M);
        group("card", words::CARD_TITLE, content)
    }
}

/// A line over the whole width.
fn line<'a>() -> Element<'a, Message> {
    container(Space::new().width(Length::Fill).height(1))
        .style(theme::line)
        .into()
}

fn banner<'a>(tone: Tone, sign: &'a str, said: &'a str) -> Element<'a, Message> {
    container(notice(sign, tone, text(said).size(size::TEXT)))
        .padding(space::M)
        .width(Length::Fill)
        .style(theme::banner(tone))
        .into()
}

fn hidden_view(hidden: &HiddenBy) -> Element<'_, Message> {
    let by = match hidden {
        HiddenBy::Site(file) => words::fixed(file),
        HiddenBy::Store(file) => words::hidden_by_store(file),
    };
    let content = column![
        text(words::HIDDEN).size(size::TITLE).font(theme::STRONG),
        hint(by, Tone::Calm),
    ]
    .spacing(space::M);
    container(content)
        .padding(space::XL)
        .width(Length::Fill)
        .height(Length::Fill)
        .into()
}
