//! What a status means: success, a challenge, a redirect, a refusal
//! (contract sections 3 and 4).

use std::time::Duration;

use super::{
    finish, sign_in,
    state::{Next, Reason, Run, StepKind, Way},
};
use crate::provisioning::{
    challenge::{self, Challenge},
    exchange::Answer,
    failure::{AnswerProblem, SignInProblem},
    origin::Origin,
    report::HttpFacts,
    request,
    secret::MASK,
};

/// The most characters of a server's text that an error message repeats.
const MAX_TEXT: usize = 200;

pub(super) fn answered(mut run: Box<Run>, answer: &Answer, at: Duration) -> Next {
    run.http = Some(HttpFacts {
        status: answer.status,
        milliseconds: answer.milliseconds,
    });
    let origin = match sign_in::target(&run) {
        Ok(origin) => origin,
        Err(failure) => return finish::fail(run, failure, at),
    };
    match answer.status {
        200 => finish::received(run, answer, &origin, at),
        401 => unauthorized(run, answer, origin, at),
        403 => finish::fail(run, SignInProblem::Forbidden(origin).into(), at),
        status if request::is_redirect(status) => redirected(run, answer, at),
        status => {
            let text = first_line(answer, &run);
            finish::fail(
                run,
                AnswerProblem::Status {
                    origin,
                    status,
                    text,
                }
                .into(),
                at,
            )
        }
    }
}

fn unauthorized(mut run: Box<Run>, answer: &Answer, origin: Origin, at: Duration) -> Next {
    let way = if answer.challenges.is_empty() {
        if run.template.wants_credentials() {
            Way::Form
        } else {
            Way::Basic
        }
    } else {
        match challenge::choose(&answer.challenges) {
            Some(Challenge::Basic) => Way::Basic,
            Some(Challenge::Digest(text)) => Way::Digest(text),
            None => return finish::fail(run, SignInProblem::Unsupported(origin).into(), at),
        }
    };
    run.begin(StepKind::SignIn, at);
    let refused = run.held.is_some() && run.tried.iter().any(|tried| tried.is_like(&way));
    let stale = matches!(&way, Way::Digest(text) if challenge::is_stale(text));
    run.way = way;
    if refused && stale && !run.stale_retried {
        // The nonce was too old, not the password wrong (RFC 7616 section 3.3).
        run.stale_retried = true;
        return sign_in::send(run, at);
    }
    if refused {
        return sign_in::refused(run, at);
    }
    if run.held.is_none() {
        run.reason = Reason::Needed;
    }
    sign_in::find_credentials(run, at)
}

fn redirected(mut run: Box<Run>, answer: &Answer, at: Duration) -> Next {
    let Some(sent) = run.sent.take() else {
        return (super::State::Running(run), Vec::new());
    };
    run.redirects += 1;
    if run.redirects > request::MAX_REDIRECTS {
        let target = answer
            .location
            .as_deref()
            .map(crate::provisioning::uri::mask);
        let problem = AnswerProblem::Redirect {
            origin: Origin::serialized(&sent.url),
            target: target.unwrap_or_default(),
            why: "that is the eleventh redirect in a row",
        };
        return finish::fail(run, problem.into(), at);
    }
    let next = match request::redirected(&sent, answer.status, answer.location.as_deref()) {
        Ok(next) => next,
        Err(problem) => return finish::fail(run, problem.into(), at),
    };
    let may_follow = request::credentials_may_follow(&sent.url, &next.url);
    let same_origin = Origin::of(&sent.url) == Origin::of(&next.url);
    run.hop = Some(Box::new(next));
    // What was tried at one address says nothing about the next one.
    run.tried.clear();
    if !same_origin {
        // An authorization stays behind; the new origin has to ask for itself.
        run.way = Way::Form;
    }
    let spoken_for = run.held.is_some();
    if spoken_for && !may_follow {
        run.held = None;
        run.recalled = false;
        if run.template.wants_credentials() {
            return sign_in::find_credentials(run, at);
        }
    }
    sign_in::send(run, at)
}

/// First line of a plain-text answer, without the password that a script may echo.
fn first_line(answer: &Answer, run: &Run) -> String {
    let plain = answer.content_type.as_deref().is_some_and(|kind| {
        kind.trim_start()
            .to_ascii_lowercase()
            .starts_with("text/plain")
    });
    let text = String::from_utf8_lossy(&answer.body);
    let line = text.trim_start().lines().next().unwrap_or_default().trim();
    if !plain || line.starts_with('<') {
        return String::new();
    }
    let mut line: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_TEXT)
        .collect();
    let password = run
        .held
        .as_ref()
        .map_or("", |held| held.credentials.password.reveal());
    if !password.is_empty() {
        line = line.replace(password, MASK);
    }
    line
}
