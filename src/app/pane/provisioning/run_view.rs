//! The steps of a run while it goes on, each with its time and a sign at its end.

use std::time::Duration;

use iced::{
    Alignment, Length,
    widget::{column, row, text},
};

use super::{Activity, Message, Pane, activity::Running};
use crate::{
    app::{
        text as words,
        theme::{self, Tone, size, space},
        widget::{
            Element, Role,
            controls::{hint, progress, sign, symbol},
            node,
        },
    },
    provisioning::{
        run::{State, Step, StepKind},
        search::Trace,
    },
};

/// As many steps as a run has: look, ask, sign in, read, apply.
const ALL: f32 = 5.0;

impl Pane {
    pub(super) fn run_view(&self) -> Element<'_, Message> {
        if !self.shows_run() {
            return self.status_view();
        }
        match &self.activity {
            Activity::Running(running) => steps(running),
            Activity::Preparing => hint(words::PREPARING, Tone::Calm),
            Activity::Idle | Activity::Changing => self.status_view(),
        }
    }
}

fn steps(running: &Running) -> Element<'_, Message> {
    let mut lines = column![].spacing(space::XS);
    let mut done = 0.0;
    let mut name = words::STEPS.to_owned();
    if let State::Running(run) = &*running.state {
        for step in run.steps() {
            if step.ended.is_some() {
                done += 1.0;
            } else {
                name = step.kind.words();
            }
            lines = lines.push(line(step, running.elapsed));
            if step.kind == StepKind::Look
                && let Some(trace) = run.search()
            {
                lines = lines.push(seen(trace));
            }
        }
    }
    if running.cancelling {
        lines = lines.push(hint(words::CANCELLING, Tone::Calm));
    }
    let parts = column![progress(words::STEPS, done, ALL), lines].spacing(space::S);
    node("status", Role::Status, name, parts).into()
}

/// A line for each interface and each answer of a search.
fn seen<'a>(trace: &Trace) -> Element<'a, Message> {
    let said = trace.lines().into_iter();
    let said = said.map(|said| hint(words::one_line(&said), Tone::Calm));
    column(said)
        .padding(iced::Padding::ZERO.left(space::XL))
        .into()
}

fn line(step: &Step, elapsed: Duration) -> Element<'_, Message> {
    let (mark, tone, took) = match step.ended {
        None => (sign::CLOSED, Tone::Calm, elapsed),
        Some((end, ok)) => {
            let took = step.took(end);
            if ok {
                (sign::GOOD, Tone::Good, took)
            } else {
                (sign::BAD, Tone::Bad, took)
            }
        }
    };
    let font = if step.ended.is_none() {
        theme::STRONG
    } else {
        theme::REGULAR
    };
    row![
        symbol(mark, tone),
        text(step.kind.words())
            .size(size::TEXT)
            .font(font)
            .width(Length::Fill),
        hint(words::took(took.as_millis()), Tone::Calm),
    ]
    .spacing(space::S)
    .align_y(Alignment::Center)
    .into()
}
