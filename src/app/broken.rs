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
    engine::Engine,
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
    file: File,
    copied: bool,
}

/// Which file it is that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum File {
    /// Settings, of which the history has copies.
    Settings,
    /// The list of servers, of which it has none.
    Servers,
    /// Another one of the program's own.
    Own,
    /// One of the site's, which are the administrator's to mend.
    Site,
    /// It is not a file that is wrong.
    None,
}

impl File {
    fn of(failure: &Failure, home: &Path) -> Self {
        let Failure::Keep(KeepProblem::Read { path, .. }) = failure else {
            return Self::None;
        };
        let path = Path::new(path);
        if !path.starts_with(home) {
            Self::Site
        } else if Engine::has_history(path) {
            Self::Settings
        } else if Engine::is_list_of_servers(path) {
            Self::Servers
        } else {
            Self::Own
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::None => words::NOT_BROKEN,
            _ => words::BROKEN,
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Settings => words::BROKEN_ADVICE,
            Self::Servers => words::BROKEN_SERVERS_ADVICE,
            Self::Own => words::BROKEN_OWN_ADVICE,
            Self::Site => words::BROKEN_SITE_ADVICE,
            Self::None => words::NOT_BROKEN_ADVICE,
        }
    }
}

impl Broken {
    pub(super) fn new(failure: Failure, home: &Path) -> Self {
        Self {
            file: File::of(&failure, home),
            failure,
            busy: false,
            copied: false,
        }
    }

    /// Whether something is being done about it.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    pub(super) fn update(&mut self, message: Message, start: Start) -> Action {
        let work = match message {
            Message::Reload | Message::Done(Ok(())) => return Action::Reload,
            Message::Done(Err(failure)) => {
                // Another file may be damaged as well; all else changes nothing.
                let other = File::of(&failure, &start.home);
                if other != File::None {
                    self.file = other;
                }
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
            text(self.file.heading())
                .size(size::TITLE)
                .font(theme::STRONG),
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
            .push(text(self.file.advice()).size(size::TEXT));
        let on = |message| (!self.busy).then_some(message);
        let mut ways = row![button(
            "reload",
            words::RELOAD,
            on(Message::Reload),
            Kind::Primary
        ),]
        .spacing(space::S);
        if self.file == File::Settings {
            let restore = on(Message::Restore);
            ways = ways.push(button("restore", words::RESTORE, restore, Kind::Plain));
        }
        if matches!(self.file, File::Settings | File::Servers | File::Own) {
            let empty = on(Message::StartEmpty);
            let label = words::START_EMPTY;
            ways = ways.push(button("start-empty", label, empty, Kind::Plain));
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
