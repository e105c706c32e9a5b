//! From a good answer to the end: plan, preview, apply; and the ends that
//! are not good.

use std::{sync::Arc, time::Duration};

use super::{
    event::{Act, Effect, From, Job, Mode},
    state::{Done, Next, Origins, Phase, Run, State},
    steps::StepKind,
};
use crate::provisioning::{
    credentials::Credentials,
    exchange::Answer,
    failure::{AddressProblem, Failure},
    keys,
    origin::Origin,
    report::{Outcome, Report},
    response::{self, Response},
};

/// A status 200.
pub(super) fn received(mut run: Box<Run>, answer: &Answer, origin: &Origin, at: Duration) -> Next {
    let from = response::From::Server(origin);
    match response::read(&answer.body, answer.content_type.as_deref(), from) {
        Ok(response) => good(run, response, at),
        Err(problem) => {
            run.end_step(true, at);
            run.begin(StepKind::Read(0), at);
            fail(run, problem.into(), at)
        }
    }
}

/// A saved answer.
pub(super) fn file(run: Box<Run>, name: &str, bytes: &[u8], at: Duration) -> Next {
    match response::read(bytes, None, response::From::File(name)) {
        Ok(response) => good(run, response, at),
        Err(problem) => fail(run, problem.into(), at),
    }
}

fn good(mut run: Box<Run>, mut response: Response, at: Duration) -> Next {
    run.begin(StepKind::Read(response.settings()), at);
    run.warnings.append(&mut response.warnings);
    run.response = Some(Arc::new(response));
    if run.options.mode == Mode::Apply {
        return apply(run, at);
    }
    let job = job(&run, Outcome::Preview);
    run.wait(Phase::Planning, Act::Plan(Box::new(job)))
}

/// What is applied: the address, the credentials to remember, the answer.
fn job(run: &Run, outcome: Outcome) -> Job {
    let mut own = Vec::new();
    if !matches!(run.options.from, From::File { .. }) {
        own.push((keys::URL.to_owned(), run.template.storable()));
    }
    let login = login(run);
    if let Some((_, credentials)) = &login {
        own.push((keys::USERNAME.to_owned(), credentials.username.clone()));
    }
    Job {
        response: run.response.clone().unwrap_or_default(),
        own,
        login,
        report: run.report(outcome),
    }
}

/// Credentials that a person or an option gave, that were sent, that the
/// server accepted, and that shall be kept.
fn login(run: &Run) -> Option<(Origin, Credentials)> {
    let held = run.held.as_ref()?;
    let fresh = matches!(held.from, Origins::Given | Origins::Typed);
    let sent = !run.tried.is_empty();
    (held.remember && fresh && sent).then(|| (held.origin.clone(), held.credentials.clone()))
}

pub(super) fn planned(mut run: Box<Run>, report: Box<Report>, at: Duration) -> Next {
    if run.options.mode == Mode::DryRun {
        return preview_ended(run, *report, at);
    }
    run.end_step(true, at);
    run.ask(Phase::Previewing(report))
}

pub(super) fn apply(mut run: Box<Run>, at: Duration) -> Next {
    run.begin(StepKind::Apply, at);
    let job = job(&run, Outcome::Applied);
    run.wait(Phase::Applying, Act::Apply(Box::new(job)))
}

/// A preview that was only to be seen, or was discarded.
pub(super) fn preview_ended(mut run: Box<Run>, mut report: Report, at: Duration) -> Next {
    run.end_step(true, at);
    report.outcome = Outcome::Preview;
    end(&run, report, None)
}

pub(super) fn applied(mut run: Box<Run>, mut report: Report, at: Duration) -> Next {
    run.end_step(true, at);
    report.steps = run.report(report.outcome).steps;
    end(&run, report, None)
}

/// An end without a failure and without changes.
pub(super) fn done(mut run: Box<Run>, outcome: Outcome, at: Duration) -> Next {
    run.end_step(true, at);
    let report = run.report(outcome);
    end(&run, report, None)
}

/// An end with a failure. Nothing was changed.
pub(super) fn fail(mut run: Box<Run>, failure: Failure, at: Duration) -> Next {
    run.end_step(false, at);
    let cancelled = failure == Failure::Cancelled;
    let mut report = run.report(if cancelled {
        Outcome::Cancelled
    } else {
        Outcome::Failed
    });
    report.fail(&failure);
    let keep = run.options.mode != Mode::DryRun && is_worth_keeping(&failure);
    let effect = Effect {
        run: run.run,
        turn: run.turn,
        act: Act::Record(Box::new(report.clone())),
    };
    let (state, _) = end(&run, report, Some(failure));
    (state, if keep { vec![effect] } else { Vec::new() })
}

/// The history keeps failures that a server or the network caused. A typing
/// mistake or a store that cannot be read has no place there.
fn is_worth_keeping(failure: &Failure) -> bool {
    !matches!(
        failure,
        Failure::Cancelled
            | Failure::Keep(_)
            | Failure::Address(
                AddressProblem::Off | AddressProblem::Missing | AddressProblem::Invalid(_)
            )
    )
}

fn end(run: &Run, report: Report, failure: Option<Failure>) -> Next {
    let mandatory = run.setup.as_ref().is_some_and(|setup| setup.mandatory);
    let done = Done {
        run: run.run,
        report: Arc::new(report),
        failure,
        mandatory,
    };
    (State::Done(Box::new(done)), Vec::new())
}
