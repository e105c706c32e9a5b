//! From the stored settings to an address that may be asked.

use std::time::Duration;

use super::{
    event::{Act, Found, From, Reach, Setup, Verdict},
    finish, sign_in,
    state::{Held, Next, Origins, Phase, Run, State, TrustQuestion},
    steps::StepKind,
};
use crate::provisioning::{
    facts::HostFacts,
    failure::{AddressProblem, Decision, Failure},
    method::Method,
    origin::Origin,
    report::Outcome,
    search::Trace,
    trust,
    uri::Template,
    warning::{Warning, WarningKind},
};

pub(super) fn loaded(mut run: Box<Run>, setup: Box<Setup>, at: Duration) -> Next {
    let method = setup.method.clone();
    let uri = setup.uri.clone();
    let site = setup.uri_is_site_default;
    run.setup = Some(setup);
    if run.options.if_enabled && method == Method::Off {
        run.source.method = method.to_string();
        return finish::done(run, Outcome::Off, at);
    }
    match run.options.from.clone() {
        From::File { name, bytes } => {
            run.source.method = "File".into();
            name_source(&mut run, &name, "file");
            finish::file(run, &name, &bytes, at)
        }
        From::Given(uri) => {
            run.source.method = Method::Manual.to_string();
            address(run, uri, "given", at)
        }
        From::Configured => {
            run.source.method = method.to_string();
            configured(run, method, uri, site, at)
        }
    }
}

fn configured(
    mut run: Box<Run>,
    method: Method,
    uri: Option<Template>,
    site: bool,
    at: Duration,
) -> Next {
    match method {
        Method::Off => return finish::fail(run, AddressProblem::Off.into(), at),
        Method::Dhcp | Method::Bonjour => return run.wait(Phase::Searching, Act::Search(method)),
        Method::Other(value) => {
            let message = format!(
                "The stored method \u{201c}{value}\u{201d} is not known; the stored address is used."
            );
            run.warnings
                .push(Warning::new(WarningKind::UnknownMethod, message));
        }
        Method::Manual => {}
    }
    match uri {
        Some(uri) => address(run, uri, if site { "site" } else { "stored" }, at),
        None => finish::fail(run, AddressProblem::Missing.into(), at),
    }
}

/// The search goes on; the step list has more to show.
pub(super) fn sighted(mut run: Box<Run>, trace: Box<Trace>) -> Next {
    run.search = Some(trace);
    (State::Running(run), Vec::new())
}

pub(super) fn searched(
    mut run: Box<Run>,
    result: Result<Found, Failure>,
    trace: Box<Trace>,
    at: Duration,
) -> Next {
    let differing = answers_differ(&trace);
    run.search = Some(trace);
    let failure = match result {
        Ok(found) => {
            run.warnings.extend(differing);
            run.found_by = Some(found.by);
            run.found_at = found.addresses;
            let how = run.source.method.to_ascii_lowercase();
            return address(run, found.uri, &how, at);
        }
        Err(failure) => failure,
    };
    let stored = run.setup.as_ref().and_then(|setup| setup.uri.clone());
    let nothing = matches!(
        failure,
        Failure::Address(AddressProblem::NotFound { .. } | AddressProblem::CannotSearch(_))
    );
    match stored {
        Some(uri) if nothing => {
            let message = format!("{failure} The stored address was used; {}.", since(&run));
            run.warnings
                .push(Warning::new(WarningKind::StoredAddressUsed, message));
            address(run, uri, "stored", at)
        }
        _ => finish::fail(run, failure, at),
    }
}

/// Since when the stored address is stored.
fn since(run: &Run) -> String {
    let Some(setup) = &run.setup else {
        return String::new();
    };
    match &setup.uri_since {
        _ if setup.uri_is_site_default => "it is the site\u{2019}s default".into(),
        Some(since) => format!("it is stored since {since}"),
        None => "since when it is stored is not known".into(),
    }
}

/// Several answers that count, and they do not agree: all are named.
fn answers_differ(trace: &Trace) -> Option<Warning> {
    let others = trace.differing();
    let chosen = trace.answers.get(trace.chosen?)?;
    if others.is_empty() {
        return None;
    }
    let mut named = Vec::new();
    for answer in std::iter::once(chosen).chain(others) {
        let uri = answer.uri.as_deref().unwrap_or_default();
        let text = format!("{} says {uri}", answer.from);
        if !named.contains(&text) {
            named.push(text);
        }
    }
    let message = format!(
        "The servers do not agree: {}. The first one was used: {}",
        named.join(", "),
        trace.why
    );
    Some(Warning::new(WarningKind::AnswersDiffer, message))
}

fn name_source(run: &mut Run, uri: &str, found: &str) {
    run.source.uri = Some(uri.to_owned());
    run.source.found = Some(found.to_owned());
}

fn address(mut run: Box<Run>, template: Template, found: &str, at: Duration) -> Next {
    if template.is_empty() {
        return finish::fail(run, AddressProblem::Missing.into(), at);
    }
    name_source(&mut run, &template.masked(), found);
    run.template = template.clone();
    // Nothing leaves the machine for an address that is not trusted yet, not
    // even the look-up of its name (security rule 2).
    let reach = if run.found_by.is_some() {
        Reach::Computer
    } else {
        Reach::Network(Vec::new())
    };
    run.wait(Phase::Gathering, Act::Gather(template, reach))
}

pub(super) fn gathered(mut run: Box<Run>, facts: HostFacts, at: Duration) -> Next {
    run.facts = facts;
    let expanded = match run.template.expand(&run.facts, None) {
        Ok(expanded) => expanded,
        Err(problem) => return finish::fail(run, problem.into(), at),
    };
    run.found_host = expanded.url.host_str().map(str::to_owned);
    let origin = Origin::serialized(&expanded.url);
    if let Some(by) = run.found_by.take() {
        return discovered(run, by, origin, at);
    }
    run.warnings.extend(expanded.warnings);
    // Tokens in it are filled in once the credentials are known.
    let literal = |text: &str| !text.contains("${");
    let user_info = expanded
        .user_info
        .filter(|given| literal(&given.username) && literal(given.password.reveal()));
    if let Some(credentials) = user_info {
        let from = Origins::UserInfo;
        run.held = Some(Held {
            credentials,
            from,
            remember: false,
            origin: origin.clone(),
        });
    }
    first_request(run, &origin, at)
}

/// May this discovered origin be asked? (security rule 1)
fn discovered(mut run: Box<Run>, by: String, origin: Origin, at: Duration) -> Next {
    let Some(setup) = &run.setup else {
        return finish::fail(run, Decision::NewServer(origin).into(), at);
    };
    if trust::is_trusted(&origin, &setup.servers, &setup.trusted_origins) {
        return trusted(run);
    }
    let before = setup
        .found_before
        .clone()
        .filter(|before| *before != origin);
    let method = setup.method.clone();
    if let Some(before) = &before {
        let message = format!("By {method}, {by} names {origin} now; until now it was {before}.");
        run.warnings
            .push(Warning::new(WarningKind::ServerChanged, message));
    }
    if run.options.trust_discovered {
        return trusted(run);
    }
    if !run.options.may_ask {
        return finish::fail(run, Decision::NewServer(origin).into(), at);
    }
    let revealing = run
        .template
        .tokens()
        .filter(|(token, _)| token.is_revealing());
    let question = TrustQuestion {
        origin,
        uri: run.template.masked(),
        method,
        by,
        before,
        reveals: revealing.map(|(_, raw)| raw.to_owned()).collect(),
    };
    run.ask(Phase::DecidingTrust(question))
}

/// It may: facts that only the network knows can be gathered now.
fn trusted(run: Box<Run>) -> Next {
    let template = run.template.clone();
    let reach = Reach::Network(run.found_at.clone());
    run.wait(Phase::Gathering, Act::Gather(template, reach))
}

pub(super) fn trust_decided(
    run: Box<Run>,
    question: TrustQuestion,
    yes: bool,
    at: Duration,
) -> Next {
    if !yes {
        return finish::fail(run, Decision::NewServer(question.origin).into(), at);
    }
    let act = Act::Decide {
        origin: question.origin,
        verdict: Verdict::Trusted,
    };
    let effect = super::Effect {
        run: run.run,
        turn: run.turn,
        act,
    };
    let (state, mut effects) = trusted(run);
    effects.insert(0, effect);
    (state, effects)
}

fn first_request(mut run: Box<Run>, origin: &Origin, at: Duration) -> Next {
    run.begin(StepKind::Ask(origin.host().to_owned()), at);
    if run.template.wants_credentials() {
        sign_in::find_credentials(run, at)
    } else {
        sign_in::send(run, at)
    }
}
