//! What a status means: success, a challenge, a redirect, a refusal
//! (contract sections 3 and 4).

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    finish, sign_in,
    state::{Next, Reason, Run, Way},
    steps::StepKind,
};
use crate::provisioning::{
    challenge::{self, Challenge},
    exchange::Answer,
    failure::{AnswerProblem, SignInProblem},
    origin::Origin,
    report::HttpFacts,
    request,
    secret::MASK,
    uri,
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
    let chosen = challenge::choose(&answer.challenges);
    let stale = chosen.as_ref().is_some_and(Challenge::is_stale);
    let way = match chosen {
        Some(Challenge::Digest(text)) => Way::Digest(text),
        None if !answer.challenges.is_empty() => {
            return finish::fail(run, SignInProblem::Unsupported(origin).into(), at);
        }
        None if run.template.wants_credentials() => Way::Form,
        Some(Challenge::Basic) | None => Way::Basic,
    };
    run.begin(StepKind::SignIn, at);
    let refused = run.held.is_some() && run.tried.iter().any(|tried| tried.is_like(&way));
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
        let target = request::redirect_target(&sent.url, answer.location.as_deref());
        let problem = AnswerProblem::Redirect {
            origin: Origin::serialized(&sent.url),
            target,
            why: "that is the eleventh redirect in a row",
        };
        let problem = without_password(problem, &run);
        return finish::fail(run, problem.into(), at);
    }
    let next = match request::redirected(&sent, answer.status, answer.location.as_deref()) {
        Ok(next) => next,
        Err(problem) => {
            let problem = without_password(problem, &run);
            return finish::fail(run, problem.into(), at);
        }
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

/// First line of a plain-text answer, without what a script may echo of the secrets.
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
    // Masked before it is cut, so that no half of a secret is left.
    let mut line = line.to_owned();
    for secret in sent_secrets(run) {
        line = line.replace(&secret, MASK);
    }
    line.chars()
        .filter(|c| !c.is_control() && !is_bidi(*c))
        .take(MAX_TEXT)
        .collect()
}

/// Characters that turn the direction of what stands behind them.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The secrets that went out, in each form in which they may come back.
fn sent_secrets(run: &Run) -> Vec<String> {
    let held = run
        .held
        .as_ref()
        .map(|held| held.credentials.password.reveal().to_owned());
    let expanded = run.template.expand(&run.facts, None).ok();
    let literal = expanded
        .iter()
        .flat_map(|expanded| &expanded.parameters)
        .filter(|parameter| uri::looks_secret(&parameter.name))
        .map(|parameter| parameter.value.reveal().to_owned());
    let mut forms = Vec::new();
    for secret in held
        .into_iter()
        .chain(literal)
        .filter(|secret| !secret.is_empty())
    {
        forms.push(form_urlencoded::byte_serialize(secret.as_bytes()).collect());
        forms.push(utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string());
        forms.push(secret);
    }
    forms
}

/// A redirect whose path repeats a secret is named by its origin alone.
fn without_password(problem: AnswerProblem, run: &Run) -> AnswerProblem {
    let AnswerProblem::Redirect {
        origin,
        target,
        why,
    } = problem
    else {
        return problem;
    };
    let decoded = percent_encoding::percent_decode_str(&target)
        .decode_utf8_lossy()
        .into_owned();
    let mut secrets = sent_secrets(run).into_iter();
    let repeats = secrets.any(|secret| target.contains(&secret) || decoded.contains(&secret));
    let target = match url::Url::parse(&target) {
        Ok(url) if repeats => Origin::serialized(&url).to_string(),
        _ if repeats => MASK.to_owned(),
        _ => target,
    };
    AnswerProblem::Redirect {
        origin,
        target,
        why,
    }
}
