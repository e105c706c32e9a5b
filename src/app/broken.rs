//! The page of a store that cannot be read. Nothing is written over it until a
//! person says so.

use std::path::Path;

use iced::{
    Length, Size, Task,
    widget::{column, container, row, text},
};

use jiff::ZonedDateTime;

use super::{
    Start,
    theme::{self, Kind, Tone, size, space},
    widget::{
        Element, Role,
        controls::{button, hint, notice, sign},
        node,
    },
};
use crate::{
    app::text as words,
    provisioning::{
        failure::{Failure, KeepProblem},
        report::{Report, Source},
        summary,
    },
};

/// What happens on the page.
#[derive(Debug, Clone)]
pub(super) enum Message {
    /// Try again.
    Reload,
    /// *Copy report*.
    Copy,
    /// Bring back the state before the last run.
    Restore,
    /// Put the broken file aside.
    StartEmpty,
    /// One of the two is done, or not.
    Done(Result<(), Failure>),
}

/// What the page tells the window to do.
pub(super) enum Action {
    /// Wait for this.
    Run(Task<Message>),
    /// Open the store again.
    Reload,
}

/// The page.
#[derive(Debug)]
pub(super) struct Broken {
    failure: Failure,
    busy: bool,
    /// Whether the file is one of the store; the site's are the
    /// administrator's to mend.
    own: bool,
    copied: bool,
}

impl Broken {
    pub(super) fn new(failure: Failure, home: &Path) -> Self {
        let own = match &failure {
            Failure::Keep(KeepProblem::Read { path, .. }) => Path::new(path).starts_with(home),
            _ => true,
        };
        Self {
            failure,
            busy: false,
            own,
            copied: false,
        }
    }

    pub(super) fn update(&mut self, message: Message, start: Start) -> Action {
        let work = match message {
            Message::Reload | Message::Done(Ok(())) => return Action::Reload,
            Message::Done(Err(failure)) => {
                self.failure = failure;
                self.busy = false;
                return Action::Run(Task::none());
            }
            Message::Copy => {
                self.copied = true;
                return Action::Run(iced::clipboard::write(self.report()));
            }
            Message::Restore => restore,
            Message::StartEmpty => start_empty,
        };
        self.busy = true;
        let working = async move {
            let working = tokio::task::spawn_blocking(move || work(&start));
            working.await.unwrap_or(Err(Failure::Cancelled))
        };
        Action::Run(Task::perform(working, Message::Done))
    }

    fn advice(&self) -> &'static str {
        if self.own {
            words::BROKEN_ADVICE
        } else {
            words::BROKEN_SITE_ADVICE
        }
    }

    fn report(&self) -> String {
        let report = Report::of_failure(&self.failure, Source::default());
        summary::full(
            &report,
            &words::heading(),
            &words::stamp(&ZonedDateTime::now()),
        )
    }

    pub(super) fn view(&self, window: Size) -> Element<'_, Message> {
        let said = words::problem(&self.failure);
        let name = said.line();
        let mut lines = column![
            text(words::BROKEN).size(size::TITLE).font(theme::STRONG),
            notice(
                sign::BAD,
                Tone::Bad,
                text(said.said)
                    .size(size::TEXT)
                    .wrapping(text::Wrapping::WordOrGlyph)
            ),
        ]
        .spacing(space::M);
        for cause in self.failure.chain() {
            lines = lines.push(hint(cause.as_str(), Tone::Calm));
        }
        lines = lines
            .push(hint(said.code.unwrap_or_default(), Tone::Calm))
            .push(text(self.advice()).size(size::TEXT));
        let on = |message| (!self.busy).then_some(message);
        let mut ways = row![button(
            "reload",
            words::RELOAD,
            on(Message::Reload),
            Kind::Primary
        ),]
        .spacing(space::S);
        if self.own {
            let restore = on(Message::Restore);
            let empty = on(Message::StartEmpty);
            ways = ways
                .push(button("restore", words::RESTORE, restore, Kind::Plain))
                .push(button(
                    "start-empty",
                    words::START_EMPTY,
                    empty,
                    Kind::Plain,
                ));
        }
        let copy = Some(Message::Copy);
        ways = ways.push(button("copy-report", words::COPY_REPORT, copy, Kind::Plain));
        if self.copied {
            ways = ways.push(hint(words::COPIED, Tone::Calm));
        }
        let page = column![
            node("status", Role::Status, name, lines),
            ways.wrap().vertical_spacing(space::S)
        ]
        .spacing(space::L)
        .max_width(window.width.min(theme::width::PANE));
        container(page)
            .padding(space::XL)
            .width(Length::Fill)
            .height(Length::Fill)
            .into()
    }
}

fn restore(start: &Start) -> Result<(), Failure> {
    start.engine()?.undo(None).map(drop)
}

fn start_empty(start: &Start) -> Result<(), Failure> {
    start.engine()?.start_empty().map(drop)
}
