//! One run as a state machine, without a runtime, a window or a clock.
//!
//! ```text
//! Loading → (Searching) → (Gathering → DecidingTrust) → Gathering
//!   → (DecidingPlainHttp) → (Recalling) → (SigningIn) → Asking ⟲
//!   → Planning → (Previewing) → Applying → Done
//! ```
//! [`step`] takes what happened and gives what to do next. The window and the
//! command line drive the same machine; neither decides anything.

mod answer;
mod begin;
mod event;
mod finish;
mod sign_in;
mod state;
mod steps;

pub use event::{Act, Effect, Event, Found, From, Job, Mode, Options, Reach, Setup, Verdict, What};
pub use state::{Done, Next, Phase, Prompt, Reason, Run, State, TrustQuestion};
pub use steps::{Step, StepKind};

use std::time::Duration;

/// The next state, and what to do for it. An event that does not fit the
/// state (late, out of place, of another run) changes nothing.
pub fn step(state: State, event: Event) -> Next {
    let (at, turn) = (event.at, state.turn());
    let (mut state, effects) = advance(state, event);
    if let State::Running(run) = &mut state
        && run.turn != turn
    {
        let waits = run.phase.waits_for_person();
        run.steps.wait_for_person(waits, at);
    }
    (state, effects)
}

fn advance(state: State, event: Event) -> Next {
    let Event {
        run: number,
        turn,
        at,
        what,
    } = event;
    match (state, what) {
        (State::Running(run), What::Start(_)) => (State::Running(run), Vec::new()),
        (state, What::Start(options)) => {
            let run = Box::new(Run::new(state.run() + 1, *options, at));
            run.wait(Phase::Loading, Act::Load)
        }
        (State::Running(run), What::Cancel) if run.run == number => cancel(run, at),
        (State::Running(run), what) if run.run == number && run.turn == turn => on(run, what, at),
        (state, _) => (state, Vec::new()),
    }
}

/// Leads an event to what the phase waits for.
fn on(run: Box<Run>, what: What, at: Duration) -> Next {
    match (run.phase.clone(), what) {
        (Phase::Loading, What::Loaded(Ok(setup))) => begin::loaded(run, setup, at),
        (Phase::Searching, What::Sighted(trace)) => begin::sighted(run, trace),
        (Phase::Searching, What::Searched(result, trace)) => {
            begin::searched(run, result, trace, at)
        }
        (Phase::Gathering, What::Gathered(facts)) => begin::gathered(run, *facts, at),
        (Phase::DecidingTrust(question), What::Decided(yes)) => {
            begin::trust_decided(run, question, yes, at)
        }
        (Phase::DecidingPlainHttp(origin), What::Decided(yes)) => {
            sign_in::plain_http_decided(run, origin, yes, at)
        }
        (Phase::Recalling, What::Recalled(result)) => sign_in::recalled(run, result, at),
        (Phase::Forgetting, What::Forgotten) => sign_in::find_credentials(run, at),
        (
            Phase::SigningIn(prompt),
            What::Credentials {
                credentials,
                remember,
            },
        ) => sign_in::typed(run, prompt, credentials, remember, at),
        (Phase::Asking, What::Answered(Ok(answer))) => answer::answered(run, &answer, at),
        (Phase::Planning, What::Planned(Ok(report))) => finish::planned(run, report, at),
        (Phase::Previewing(_), What::Go) => finish::apply(run, at),
        (Phase::Previewing(report), What::Discard) => finish::preview_ended(run, *report, at),
        (Phase::Applying, What::Applied(Ok(report))) => finish::applied(run, *report, at),
        (Phase::Loading | Phase::Gathering, What::Loaded(Err(failure)))
        | (Phase::Asking, What::Answered(Err(failure)))
        | (Phase::Planning, What::Planned(Err(failure)))
        | (Phase::Applying, What::Applied(Err(failure))) => finish::fail(run, failure, at),
        (_, _) => (State::Running(run), Vec::new()),
    }
}

fn cancel(run: Box<Run>, at: Duration) -> Next {
    if run.phase == Phase::Applying {
        // Whoever is first at the commit point wins; the transaction answers.
        let effect = Effect {
            run: run.run,
            turn: run.turn,
            act: Act::CancelApply,
        };
        return (State::Running(run), vec![effect]);
    }
    finish::fail(run, crate::provisioning::failure::Failure::Cancelled, at)
}

#[cfg(test)]
mod tests;
