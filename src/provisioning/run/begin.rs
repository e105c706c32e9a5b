//! From the stored settings to an address that may be asked.

use std::time::Duration;

use super::{
    event::{Act, Found, From, Setup, Verdict},
    finish, sign_in,
    state::{Held, Next, Origins, Phase, Run, StepKind, TrustQuestion},
};
use crate::provisioning::{
    facts::HostFacts,
    failure::{AddressProblem, Decision, Failure},
    method::Method,
    origin::Origin,
    report::Outcome,
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

pub(super) fn searched(mut run: Box<Run>, result: Result<Found, Failure>, at: Duration) -> Next {
    let failure = match result {
        Ok(found) => {
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
            let message = format!("{failure} The stored address was used.");
            run.warnings
                .push(Warning::new(WarningKind::StoredAddressUsed, message));
            address(run, uri, "stored", at)
        }
        _ => finish::fail(run, failure, at),
    }
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
    let addresses = run.found_at.clone();
    run.wait(Phase::Gathering, Act::Gather(template, addresses))
}

pub(super) fn gathered(mut run: Box<Run>, facts: HostFacts, at: Duration) -> Next {
    run.facts = facts;
    let expanded = match run.template.expand(&run.facts, None) {
        Ok(expanded) => expanded,
        Err(problem) => return finish::fail(run, problem.into(), at),
    };
    run.warnings.extend(expanded.warnings);
    run.found_host = expanded.url.host_str().map(str::to_owned);
    let origin = Origin::serialized(&expanded.url);
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
    match run.found_by.clone() {
        Some(by) if !is_trusted(&run, &origin) => {
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
                by,
                reveals: revealing.map(|(_, raw)| raw.to_owned()).collect(),
            };
            run.ask(Phase::DecidingTrust(question))
        }
        _ => first_request(run, &origin, at),
    }
}

fn is_trusted(run: &Run, origin: &Origin) -> bool {
    run.options.trust_discovered
        || run
            .setup
            .as_ref()
            .is_some_and(|setup| trust::is_trusted(origin, &setup.servers, &setup.trusted_origins))
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
        origin: question.origin.clone(),
        verdict: Verdict::Trusted,
    };
    let effect = super::Effect {
        run: run.run,
        turn: run.turn,
        act,
    };
    let (state, mut effects) = first_request(run, &question.origin, at);
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
