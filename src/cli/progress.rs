//! The steps of a run, while it goes on: a bar on a terminal, plain lines in a pipe.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::out::{Out, plain};
use crate::provisioning::run::{Run, Step, StepKind};

const STEPS: u64 = 5;
const TICK: Duration = Duration::from_millis(100);

/// Shows the steps of one run.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    shown: usize,
    quiet: bool,
}

impl Progress {
    /// With a bar if a person watches; `quiet` shows nothing at all.
    pub(super) fn new(quiet: bool) -> Self {
        let bar = (!quiet && Out::is_watched()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
            let template = "{spinner} [{bar:20}] {msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Self {
            bar,
            shown: 0,
            quiet,
        }
    }

    /// Shows what is new.
    pub(super) fn show(&mut self, run: &Run, out: &mut Out) {
        let steps = run.steps();
        for step in steps
            .iter()
            .skip(self.shown)
            .filter(|step| step.ended.is_some())
        {
            self.shown += 1;
            self.line(&ended(step), out);
        }
        if let (Some(bar), Some(step)) = (&self.bar, steps.last()) {
            bar.set_position((steps.len() as u64).saturating_sub(1));
            let seen = run.search().and_then(|trace| trace.lines().pop());
            match (&step.kind, seen) {
                (StepKind::Look, Some(seen)) => {
                    bar.set_message(format!("{}: {}", step.kind.words(), plain(&seen)));
                }
                _ => bar.set_message(step.kind.words()),
            }
        }
    }

    /// Shows the steps that ended with the run.
    pub(super) fn finish(
        &mut self,
        steps: &[crate::provisioning::report::StepReport],
        out: &mut Out,
    ) {
        for step in steps.iter().skip(self.shown) {
            let line = text(step.ok, &step.name, u128::from(step.milliseconds));
            self.line(&line, out);
        }
        self.clear();
    }

    /// Takes the bar away, for a question or for good.
    pub(super) fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn line(&self, line: &str, out: &mut Out) {
        match &self.bar {
            _ if self.quiet => {}
            Some(bar) => bar.suspend(|| out.note(line)),
            None => out.note(line),
        }
    }
}

fn ended(step: &Step) -> String {
    let (end, ok) = step.ended.unwrap_or((step.began, true));
    text(ok, &step.kind.words(), step.took(end).as_millis())
}

fn text(ok: bool, name: &str, milliseconds: u128) -> String {
    let mark = if ok { '\u{2714}' } else { '\u{2718}' };
    format!("{mark} {name} ({milliseconds} ms)")
}
