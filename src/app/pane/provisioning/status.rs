//! The status line: what came of the last run, what to do about it, and its
//! buttons.

use std::sync::Arc;

use iced::{
    Alignment, Length, Task,
    widget::{column, container, row, text},
};
use jiff::ZonedDateTime;

use super::{Action, Activity, Copied, Message as PaneMessage, Pane, activity};
use crate::{
    app::{
        dialog::Dialog,
        text::{self as words, Words},
        theme::{self, Kind, Tone, size, space},
        widget::{
            Column, Element, Role, Row,
            controls::{button, disclosure, hint, notice, sign},
            node,
        },
    },
    engine::Record,
    provisioning::{
        failure::Failure,
        report::{Outcome, Report, Source},
        run::Done,
        summary,
    },
};

/// So many warnings are said; the others are under *Details*.
const MOST_WARNINGS: usize = 3;

/// What happens at the status line.
#[derive(Debug, Clone)]
pub(in crate::app) enum Message {
    /// *Details*.
    Details(bool),
    /// *Copy report*.
    Copy,
    /// *Undo* or *Redo*.
    Undo,
    /// A run was taken back, or not.
    Undone {
        /// Its report.
        result: Result<Box<Report>, Failure>,
        /// Whether what was taken back was an undo.
        redone: bool,
    },
    /// *Forget password*: the question first.
    AskForget,
    /// User name and password are forgotten, or not.
    Forgotten(Result<(), Failure>),
}

/// What the status line is about.
#[derive(Debug, Clone)]
enum About {
    /// A run that ended while the window was open.
    Run { report: Arc<Report>, time: String },
    /// A run of the history.
    Record { record: Box<Record>, redone: bool },
    /// A run was taken back.
    Undone {
        report: Arc<Report>,
        time: String,
        redone: bool,
    },
    /// Something other than a run failed.
    Problem(Failure),
    /// Something to know.
    Note(&'static str),
}

/// The status line.
#[derive(Debug, Clone)]
pub(super) struct Status {
    about: About,
    /// When it was said (RFC 3339).
    at: String,
    details: bool,
}

impl Status {
    fn new(about: About, at: String) -> Self {
        Self {
            about,
            at,
            details: false,
        }
    }

    pub(super) fn of_record(record: Record, redone: bool) -> Self {
        let at = record.time.clone();
        let record = Box::new(record);
        Self::new(About::Record { record, redone }, at)
    }

    pub(super) fn of_run(done: &Done, now: &ZonedDateTime) -> Self {
        let about = About::Run {
            report: Arc::clone(&done.report),
            time: words::stamp(now),
        };
        Self::new(about, words::stamp(now))
    }

    pub(super) fn of_failure(failure: Failure, now: &ZonedDateTime) -> Self {
        Self::new(About::Problem(failure), words::stamp(now))
    }

    pub(super) fn note(note: &'static str, now: &ZonedDateTime) -> Self {
        Self::new(About::Note(note), words::stamp(now))
    }

    pub(super) fn cancelled(now: &ZonedDateTime) -> Self {
        let report = Report::new(Outcome::Cancelled, Source::default());
        let about = About::Run {
            report: Arc::new(report),
            time: words::stamp(now),
        };
        Self::new(about, words::stamp(now))
    }

    /// The number of the run of the history that it is about.
    pub(super) fn record(&self) -> Option<u64> {
        match &self.about {
            About::Record { record, .. } => Some(record.id),
            _ => None,
        }
    }

    /// Whether it says something that the history does not know better.
    pub(super) fn is_newer(&self, record: &Record) -> bool {
        !matches!(self.about, About::Record { .. }) && self.at >= record.time
    }

    pub(super) fn words(&self, now: &ZonedDateTime) -> Words {
        match &self.about {
            About::Run { report, time } => words::status(report, time, now),
            About::Record { record, redone } => words::record_status(record, *redone, now),
            About::Undone { time, redone, .. } => words::undone(time, *redone, now),
            About::Problem(failure) => words::problem(failure),
            About::Note(note) => words::note(note),
        }
    }

    fn report(&self) -> Option<(&Report, &str)> {
        match &self.about {
            About::Run { report, time } | About::Undone { report, time, .. } => {
                Some((report, time))
            }
            About::Record { record, .. } => Some((&record.report, &record.time)),
            About::Problem(_) | About::Note(_) => None,
        }
    }

    /// The whole report as text, secrets masked.
    fn text(&self, now: &ZonedDateTime) -> String {
        let heading = words::heading();
        match (&self.about, self.report()) {
            (_, Some((report, time))) => summary::full(&for_window(report), &heading, time),
            (About::Problem(failure), None) => {
                let report = Report::of_failure(failure, Source::default());
                summary::full(&for_window(&report), &heading, &words::stamp(now))
            }
            _ => format!("{heading}\n{}\n", self.words(now).line()),
        }
    }

    fn is_forbidden(&self) -> bool {
        self.report()
            .is_some_and(|(report, _)| report.code.as_deref() == Some("PS-403"))
    }
}

impl Pane {
    pub(super) fn on_status(&mut self, message: Message) -> Action {
        match message {
            Message::Details(open) => {
                if let Some(status) = &mut self.status {
                    status.details = open;
                }
                Action::none()
            }
            Message::Copy => {
                let Some(status) = &self.status else {
                    return Action::none();
                };
                self.copied = Some(Copied::Report);
                Action::Run(iced::clipboard::write(status.text(&(self.now)())))
            }
            Message::Undo if !self.activity.is_busy() => self.undo(),
            Message::Undo => Action::none(),
            Message::Undone { result, redone } => self.undone(result, redone),
            Message::AskForget if self.activity.is_busy() => Action::none(),
            Message::AskForget => {
                self.dialog = Some(Dialog::Forget);
                Action::Run(Dialog::Forget.focus())
            }
            Message::Forgotten(result) => self.forgotten(result),
        }
    }

    /// Says something else; what was copied was about what was said before.
    pub(super) fn say(&mut self, status: Status) {
        self.status = Some(status);
        self.copied = None;
    }

    fn undo(&mut self) -> Action {
        let Some(undo) = &self.overview.undo else {
            return Action::none();
        };
        let (run, redone) = (undo.run, undo.is_redo);
        self.copied = None;
        let seen = self.begin_changing();
        let engine = self.engine.clone();
        let undoing = Task::perform(
            async move { engine.blocking(move |engine| engine.undo(Some(run))).await },
            move |result| {
                let result = result.map(Box::new);
                PaneMessage::Status(Message::Undone { result, redone })
            },
        );
        Action::Run(Task::batch([undoing, seen]))
    }

    fn undone(&mut self, result: Result<Box<Report>, Failure>, redone: bool) -> Action {
        self.activity = Activity::Idle;
        let now = (self.now)();
        let time = words::stamp(&now);
        self.say(match result {
            Ok(report) => {
                let at = time.clone();
                let about = About::Undone {
                    report: Arc::from(report),
                    time,
                    redone,
                };
                Status::new(about, at)
            }
            Err(failure) => Status::of_failure(failure, &now),
        });
        Action::Run(Self::reload(&self.engine))
    }

    fn forgotten(&mut self, result: Result<(), Failure>) -> Action {
        self.activity = Activity::Idle;
        let now = (self.now)();
        self.say(match result {
            Ok(()) => Status::note(words::FORGOTTEN, &now),
            Err(failure) => Status::of_failure(failure, &now),
        });
        Action::Run(Self::reload(&self.engine))
    }

    /// Whether the details are folded out.
    pub(super) fn has_details(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.details)
    }

    /// The status, with everything that belongs to it.
    pub(super) fn status_view(&self) -> Element<'_, PaneMessage> {
        let Some(status) = &self.status else {
            return hint(words::NEVER_RUN, Tone::Calm);
        };
        let said = status.words(&(self.now)());
        let (sign, tone) = match said.good {
            Some(true) => (sign::GOOD, Tone::Good),
            Some(false) => (sign::BAD, Tone::Bad),
            None => (sign::NOTE, Tone::Calm),
        };
        let name = said.line();
        let line = text(said.said.clone())
            .size(size::TEXT)
            .wrapping(text::Wrapping::WordOrGlyph);
        let mut lines = column![].spacing(space::XS);
        if let Some(heading) = said.heading {
            let heading = text(heading)
                .size(size::TEXT)
                .font(theme::STRONG)
                .style(theme::bad);
            lines = lines.push(heading).push(line);
        } else {
            lines = lines.push(line);
        }
        if let Some(advice) = said.advice {
            lines = lines.push(text(advice).size(size::TEXT));
        }
        if let Some(code) = said.code {
            lines = lines.push(hint(code, Tone::Calm));
        }
        let status_line = node(
            "status",
            Role::Status,
            name,
            notice(sign, tone, lines.width(Length::Fill)),
        );
        let mut parts = column![status_line].spacing(space::S);
        if let Some((report, _)) = status.report() {
            parts = warnings(parts, report);
        }
        parts = parts.push(self.status_buttons(status));
        if status.details {
            parts = parts.push(details(&status.text(&(self.now)())));
        }
        parts.into()
    }

    fn status_buttons(&self, status: &Status) -> Row<'_, PaneMessage> {
        let mut buttons = row![].spacing(space::S).align_y(Alignment::Center);
        let on = |message| PaneMessage::Status(message);
        if !matches!(status.about, About::Note(_)) {
            buttons = buttons
                .push(disclosure(
                    "details",
                    words::DETAILS,
                    status.details,
                    Some(on(Message::Details(!status.details))),
                ))
                .push(button(
                    "copy-report",
                    words::COPY_REPORT,
                    Some(on(Message::Copy)),
                    Kind::Plain,
                ));
        }
        if let Some(undo) = &self.overview.undo {
            let label = if undo.is_redo {
                words::REDO
            } else {
                words::UNDO
            };
            buttons = buttons.push(button(
                "undo",
                label,
                // Off for a moment, it would lose the keyboard; while something
                // goes on, it does nothing instead.
                Some(on(Message::Undo)),
                Kind::Plain,
            ));
        }
        if status.is_forbidden() {
            let fresh = PaneMessage::Activity(activity::Message::StartFresh);
            buttons = buttons.push(button(
                "other-credentials",
                words::OTHER_CREDENTIALS,
                (self.has_way() && !self.shows_activity()).then_some(fresh),
                Kind::Plain,
            ));
        }
        if matches!(self.copied, Some(Copied::Report | Copied::Status)) {
            buttons = buttons.push(notice(
                sign::GOOD,
                Tone::Good,
                hint(words::COPIED, Tone::Calm),
            ));
        }
        buttons
    }
}

/// What is odd about the run is said; what is odd about lines of the answer is
/// counted, and told under *Details*.
fn warnings<'a>(mut parts: Column<'a, PaneMessage>, report: &'a Report) -> Column<'a, PaneMessage> {
    let (lines, run): (Vec<_>, Vec<_>) = report
        .warnings
        .iter()
        .partition(|warning| warning.line.is_some());
    let more = run.len().saturating_sub(MOST_WARNINGS) + lines.len();
    for warning in run.into_iter().take(MOST_WARNINGS) {
        parts = parts.push(notice(
            sign::WARNING,
            Tone::Warn,
            hint(words::one_line(&warning.message), Tone::Warn),
        ));
    }
    if more > 0 {
        parts = parts.push(hint(words::more_warnings(more), Tone::Calm));
    }
    parts
}

/// The report with the advice that the window gives.
fn for_window(report: &Report) -> Report {
    let mut report = report.clone();
    if let (Some(problem), Some(code)) = (&mut report.problem, &report.code) {
        problem.advice = words::advice(code, &problem.advice);
    }
    report
}

/// What *Copy report* copies, to be looked at first.
fn details<'a>(report: &str) -> Element<'a, PaneMessage> {
    // The font has these signs a little lighter.
    let report = report.replace('\u{2714}', "\u{2713}");
    let report = report.replace('\u{2718}', "\u{2717}");
    let lines = text(report.trim_end().to_owned())
        .size(size::SMALL)
        .wrapping(text::Wrapping::WordOrGlyph);
    container(lines)
        .padding(space::M)
        .width(Length::Fill)
        .style(theme::group)
        .into()
}
