//! Credentials: which ones, whether they may go, and sending with them
//! (contract section 4, security rules 3 and 4).

use std::time::Duration;

use super::{
    event::{Act, Mode, Verdict},
    finish,
    state::{Held, Next, Origins, Phase, Prompt, Reason, Run, Way},
    steps::StepKind,
};
use crate::provisioning::{
    credentials::Credentials,
    exchange::{Authorization, Outgoing},
    failure::{AddressProblem, Decision, Failure, SignInProblem},
    origin::Origin,
    request,
    secret::Secret,
};

/// Finds credentials for where the next request goes and sends it with them:
/// those in use, those given, those remembered, else a person's.
pub(super) fn find_credentials(mut run: Box<Run>, at: Duration) -> Next {
    let origin = match target(&run) {
        Ok(origin) => origin,
        Err(failure) => return finish::fail(run, failure, at),
    };
    if !may_go(&run, &origin) {
        return if run.options.may_ask {
            run.ask(Phase::DecidingPlainHttp(origin))
        } else {
            finish::fail(run, Decision::PlainHttp(origin).into(), at)
        };
    }
    if run.held.is_some() {
        return send(run, at);
    }
    if let Some(credentials) = given(&mut run) {
        let remember = run.options.remember;
        run.held = Some(Held {
            credentials,
            from: Origins::Given,
            remember,
            origin,
        });
        return send(run, at);
    }
    if let Some(username) = remembered(&run, &origin) {
        run.recalled = true;
        return run.wait(Phase::Recalling, Act::Recall { origin, username });
    }
    if !run.options.may_ask {
        let problem = match run.reason {
            Reason::Needed => SignInProblem::Needed(origin),
            Reason::Refused => SignInProblem::Refused(origin),
        };
        return finish::fail(run, problem.into(), at);
    }
    run.begin(StepKind::SignIn, at);
    let prompt = prompt(&run, origin);
    run.ask(Phase::SigningIn(prompt))
}

fn prompt(run: &Run, origin: Origin) -> Prompt {
    let setup = run.setup.as_ref();
    let username = run
        .last_username
        .clone()
        .or_else(|| run.options.username.clone())
        .or_else(|| setup.and_then(|setup| setup.username.clone()))
        .unwrap_or_default();
    Prompt {
        origin,
        reason: run.reason,
        username,
        remember: run.options.remember,
        sign_up_link: setup.and_then(|setup| setup.sign_up_link.clone()),
    }
}

/// Security rule 4. A password that does not go out itself needs no question:
/// with Digest, or if only the user name is a parameter.
fn may_go(run: &Run, origin: &Origin) -> bool {
    let hidden = run.way != Way::Basic && !run.template.wants_password();
    hidden
        || run.plain_http_yes.as_ref() == Some(origin)
        || run
            .setup
            .as_ref()
            .is_some_and(|setup| setup.servers.password_may_go_to(origin))
}

/// What the options give, once.
fn given(run: &mut Run) -> Option<Credentials> {
    if run.given_used {
        return None;
    }
    let stored = || run.setup.as_ref().and_then(|setup| setup.username.clone());
    let username = run
        .options
        .username
        .clone()
        .or_else(stored)
        .filter(|name| !name.is_empty())?;
    let password = match run.options.password.clone() {
        Some(password) => password,
        // Only the name is asked for, and the name is there.
        None if run.options.username.is_some()
            && run.way == Way::Form
            && run.template.wants_credentials()
            && !run.template.wants_password() =>
        {
            Secret::default()
        }
        None => return None,
    };
    run.given_used = true;
    Some(Credentials { username, password })
}

/// Whose password the keyring holds for this origin. Both the store's name
/// and the one bound to the origin have to agree.
fn remembered(run: &Run, origin: &Origin) -> Option<String> {
    let setup = run.setup.as_ref()?;
    let bound = setup.servers.servers.get(origin)?.username.clone()?;
    let fresh = run.options.fresh_credentials || run.recalled || run.given_used;
    (!fresh && setup.username.as_ref() == Some(&bound)).then_some(bound)
}

pub(super) fn recalled(
    mut run: Box<Run>,
    result: Result<Option<Secret>, Failure>,
    at: Duration,
) -> Next {
    match result {
        Ok(Some(password)) => {
            let username = run.setup.as_ref().and_then(|setup| setup.username.clone());
            let credentials = Credentials {
                username: username.unwrap_or_default(),
                password,
            };
            match target(&run) {
                Ok(origin) => {
                    let from = Origins::Remembered;
                    run.held = Some(Held {
                        credentials,
                        from,
                        remember: false,
                        origin,
                    });
                    send(run, at)
                }
                Err(failure) => finish::fail(run, failure, at),
            }
        }
        Ok(None) => find_credentials(run, at),
        // A person can still type them; nobody else can (security rule 8).
        Err(_) if run.options.may_ask => find_credentials(run, at),
        Err(failure) => finish::fail(run, failure, at),
    }
}

pub(super) fn plain_http_decided(
    mut run: Box<Run>,
    origin: Origin,
    yes: bool,
    at: Duration,
) -> Next {
    if !yes {
        return finish::fail(run, Decision::PlainHttp(origin).into(), at);
    }
    run.plain_http_yes = Some(origin.clone());
    let act = Act::Decide {
        origin,
        verdict: Verdict::PlainHttp,
    };
    let effect = super::Effect {
        run: run.run,
        turn: run.turn,
        act,
    };
    let (state, mut effects) = find_credentials(run, at);
    effects.insert(0, effect);
    (state, effects)
}

pub(super) fn typed(
    mut run: Box<Run>,
    prompt: Prompt,
    credentials: Credentials,
    remember: bool,
    at: Duration,
) -> Next {
    // An empty user name is not accepted: the prompt stays as it is.
    if credentials.username.is_empty() {
        return (super::State::Running(run), Vec::new());
    }
    let origin = prompt.origin;
    run.last_username = Some(credentials.username.clone());
    run.held = Some(Held {
        credentials,
        from: Origins::Typed,
        remember,
        origin,
    });
    run.tried.clear();
    send(run, at)
}

/// After a refusal: forget what was remembered, then ask again.
pub(super) fn refused(mut run: Box<Run>, at: Duration) -> Next {
    run.reason = Reason::Refused;
    run.tried.clear();
    let Some(held) = run.held.take() else {
        return find_credentials(run, at);
    };
    let username = held.credentials.username;
    run.last_username = Some(username.clone());
    if held.from == Origins::Remembered && run.options.mode != Mode::DryRun {
        let origin = held.origin;
        return run.wait(Phase::Forgetting, Act::Forget { origin, username });
    }
    find_credentials(run, at)
}

/// Sends the request as it is now, with the credentials in use if there are any.
pub(super) fn send(mut run: Box<Run>, at: Duration) -> Next {
    let outgoing = match build(&run) {
        Ok(outgoing) => outgoing,
        Err(failure) => return finish::fail(run, failure, at),
    };
    if run.held.is_some() {
        run.tried.push(run.way.clone());
        if run.template.wants_credentials() && run.way != Way::Form {
            run.tried.push(Way::Form);
        }
    }
    run.sent = Some(Box::new(outgoing.clone()));
    run.wait(Phase::Asking, Act::Send(Box::new(outgoing)))
}

fn build(run: &Run) -> Result<Outgoing, Failure> {
    let held = run.held.as_ref().map(|held| &held.credentials);
    let in_form = held.filter(|_| run.template.wants_credentials());
    let expanded = run.template.expand(&run.facts, in_form)?;
    let user_agent = run
        .setup
        .as_ref()
        .map_or("", |setup| setup.user_agent.as_str());
    let mut outgoing = request::outgoing(&expanded, user_agent, None);
    if run.hop.is_none() && Origin::of(&outgoing.url) != Some(target(run)?) {
        // What is asked is what was trusted, whoever signs in.
        let why = "its host changes with the user name or the password".to_owned();
        return Err(AddressProblem::Invalid(why).into());
    }
    if let Some(hop) = &run.hop {
        outgoing.url = hop.url.clone();
        outgoing.verb = hop.verb;
        if hop.verb == crate::provisioning::exchange::Verb::Get {
            outgoing.body = zeroize::Zeroizing::default();
        }
    }
    // What the search said of its host says nothing about another one.
    if outgoing.url.host_str() == run.found_host.as_deref() {
        outgoing.addresses.clone_from(&run.found_at);
    }
    outgoing.authorization = held.cloned().and_then(|credentials| match &run.way {
        Way::Form => None,
        Way::Basic => Some(Authorization::Basic(credentials)),
        Way::Digest(challenge) => Some(Authorization::Digest {
            challenge: challenge.clone(),
            credentials,
        }),
    });
    Ok(outgoing)
}

/// The origin that the next request goes to.
pub(super) fn target(run: &Run) -> Result<Origin, Failure> {
    if let Some(hop) = &run.hop {
        return Ok(Origin::serialized(&hop.url));
    }
    Ok(Origin::serialized(
        &run.template.expand(&run.facts, None)?.url,
    ))
}
