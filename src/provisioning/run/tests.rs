//! The machine without a world: each row drives it by hand.

mod discovery;
mod matrix;
mod pinned;
mod sign_in;
mod times;

use std::{sync::Arc, time::Duration};

use super::*;
use crate::provisioning::{
    credentials::Credentials,
    exchange::{Answer, Authorization, Outgoing, Verb},
    facts::HostFacts,
    failure::{AddressProblem, Decision, Failure, KeepProblem, KeyringFault, SignInProblem},
    method::Method,
    origin::Origin,
    report::{Outcome, Report, Source},
    search::Trace,
    secret::Secret,
    trust::Servers,
    uri::Template,
};

const FORM: &str = "https://prov.example/p?u=${username}&p=${password}";
const PLAIN: &str = "https://prov.example/p?uuid=${uuid}";

fn origin(text: &str) -> Origin {
    Origin::try_from(text.to_owned()).unwrap()
}

fn setup() -> Setup {
    Setup {
        method: Method::Manual,
        uri: Some(Template::new(PLAIN)),
        uri_is_site_default: false,
        uri_since: None,
        found_before: None,
        username: None,
        servers: Servers::default(),
        trusted_origins: String::new(),
        mandatory: false,
        user_agent: "Jitsi/2.10.5550".into(),
        sign_up_link: None,
    }
}

fn asking() -> Options {
    Options {
        may_ask: true,
        ..Options::default()
    }
}

fn given(uri: &str) -> Options {
    Options {
        from: From::Given(Template::new(uri)),
        ..asking()
    }
}

fn credentials(password: &str) -> Credentials {
    Credentials {
        username: "jane".into(),
        password: password.into(),
    }
}

fn ok(body: &str) -> What {
    answer(Answer {
        status: 200,
        body: body.as_bytes().to_vec().into(),
        ..Answer::default()
    })
}

fn answer(answer: Answer) -> What {
    What::Answered(Ok(Box::new(answer)))
}

fn status(status: u16) -> What {
    answer(Answer {
        status,
        ..Answer::default()
    })
}

fn challenge(text: &str) -> What {
    answer(Answer {
        status: 401,
        challenges: vec![text.into()],
        ..Answer::default()
    })
}

fn redirect(status: u16, to: &str) -> What {
    answer(Answer {
        status,
        location: Some(to.into()),
        ..Answer::default()
    })
}

fn typed(password: &str, remember: bool) -> What {
    What::Credentials {
        credentials: credentials(password),
        remember,
    }
}

/// A machine with what it last wanted done.
struct Machine {
    state: State,
    effects: Vec<Effect>,
    clock: u64,
}

impl Machine {
    /// Started, with the store read.
    fn loaded(options: Options, setup: Setup) -> Self {
        Self::started(options).on(What::Loaded(Ok(Box::new(setup))))
    }

    /// Up to the first request, credential question or end.
    fn gathered(options: Options, setup: Setup) -> Self {
        let facts = HostFacts {
            uuid: "u-1".into(),
            ..HostFacts::default()
        };
        Self::loaded(options, setup).on(What::Gathered(Box::new(facts)))
    }

    fn started(options: Options) -> Self {
        Self {
            state: State::Idle,
            effects: Vec::new(),
            clock: 0,
        }
        .on(What::Start(Box::new(options)))
    }

    fn on(self, what: What) -> Self {
        let (run, turn) = (self.state.run(), self.state.turn());
        self.on_event(run, turn, what)
    }

    fn on_event(self, run: u64, turn: u32, what: What) -> Self {
        let clock = self.clock + 5;
        let at = Duration::from_millis(clock);
        let (state, effects) = step(
            self.state,
            Event {
                run,
                turn,
                at,
                what,
            },
        );
        Self {
            state,
            effects,
            clock,
        }
    }

    fn phase(&self) -> String {
        match &self.state {
            State::Idle => "Idle".into(),
            State::Running(run) => {
                let text = format!("{:?}", run.phase);
                text.split(['(', ' ', '{'])
                    .next()
                    .unwrap_or_default()
                    .into()
            }
            State::Done(done) => format!("Done {:?}", done.report.outcome),
        }
    }

    fn sent(&self) -> &Outgoing {
        match &self.effects.last().expect("nothing was sent").act {
            Act::Send(outgoing) => outgoing,
            other => panic!("not sent: {other:?}"),
        }
    }

    fn job(&self) -> &Job {
        match &self.effects.last().expect("nothing to apply").act {
            Act::Apply(job) | Act::Plan(job) => job,
            other => panic!("not applied: {other:?}"),
        }
    }

    fn failure(&self) -> Failure {
        match &self.state {
            State::Done(done) => done.failure.clone().expect("it did not fail"),
            _ => panic!("it has not ended: {}", self.phase()),
        }
    }

    fn done(&self) -> &Done {
        match &self.state {
            State::Done(done) => done,
            _ => panic!("it has not ended: {}", self.phase()),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is what an event holds")]
fn report(outcome: Outcome) -> Result<Box<Report>, Failure> {
    Ok(Box::new(Report::new(outcome, Source::default())))
}

#[test]
fn a_run_without_credentials_goes_straight_through() {
    let machine = Machine::gathered(asking(), setup());
    assert_eq!(machine.sent().body.as_str(), "uuid=u-1");
    assert_eq!(machine.sent().user_agent, "Jitsi/2.10.5550");
    let machine = machine.on(ok("a=1\nb=2\n"));
    assert_eq!(
        machine.job().own,
        [(crate::provisioning::keys::URL.to_owned(), PLAIN.to_owned())]
    );
    let machine = machine.on(What::Applied(report(Outcome::Applied)));
    let done = machine.done();
    assert_eq!(done.report.outcome, Outcome::Applied);
    let steps: Vec<_> = done
        .report
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!(
        steps,
        [
            "Looking for a server",
            "Asking prov.example",
            "Reading 2 settings",
            "Applying"
        ]
    );
    assert!(done.report.steps.iter().all(|step| step.ok));
}

#[test]
fn off_is_a_failure_unless_that_is_allowed_for() {
    let off = Setup {
        method: Method::Off,
        ..setup()
    };
    let machine = Machine::loaded(asking(), off.clone());
    assert_eq!(machine.failure(), AddressProblem::Off.into());
    assert_eq!(machine.failure().exit(), 2);
    let allowed = Options {
        if_enabled: true,
        ..asking()
    };
    assert_eq!(
        Machine::loaded(allowed, off.clone()).done().report.outcome,
        Outcome::Off
    );
    // An address that is given works even then.
    assert_eq!(Machine::loaded(given(PLAIN), off).phase(), "Gathering");
}

#[test]
fn a_method_that_nobody_knows_behaves_like_manual_and_is_reported() {
    let odd = Setup {
        method: Method::Other("manual".into()),
        ..setup()
    };
    let machine = Machine::gathered(asking(), odd).on(ok("a=1\n"));
    assert_eq!(machine.job().report.warnings[0].code(), "PS-UNKNOWN-METHOD");
    let without = Setup {
        method: Method::Manual,
        uri: None,
        ..setup()
    };
    assert_eq!(
        Machine::loaded(asking(), without).failure(),
        AddressProblem::Missing.into()
    );
}

fn found(uri: &str) -> What {
    let found = Found {
        uri: Template::new(uri),
        by: "10.0.0.1".into(),
        addresses: vec![],
    };
    What::Searched(Ok(found), Box::new(Trace::new(Method::Bonjour)))
}

#[test]
fn redirects_keep_the_post_up_to_ten_times() {
    let mut machine = Machine::gathered(asking(), setup());
    for turn in 0..10 {
        machine = machine.on(redirect(307, &format!("/hop{turn}")));
        assert_eq!(machine.sent().url.path(), format!("/hop{turn}"));
        assert_eq!(machine.sent().body.as_str(), "uuid=u-1");
    }
    let machine = machine.on(redirect(307, "/hop11"));
    assert_eq!(machine.failure().code(), "PS-REDIRECT");
    let machine = Machine::gathered(asking(), setup()).on(redirect(303, "/get"));
    assert_eq!(
        (machine.sent().verb, machine.sent().body.as_str()),
        (Verb::Get, "")
    );
    let machine = Machine::gathered(asking(), setup()).on(redirect(302, "https://evil.example/"));
    assert_eq!(machine.failure().exit(), 6);
}

#[test]
fn a_status_is_named_with_the_server_s_text_but_never_with_the_password() {
    let text = |body: &str| Answer {
        status: 404,
        content_type: Some("text/plain".into()),
        body: body.as_bytes().to_vec().into(),
        ..Answer::default()
    };
    let machine = Machine::gathered(asking(), setup()).on(answer(text("\nno such user\nx")));
    assert_eq!(
        machine.failure().to_string(),
        "https://prov.example answered with status 404 (\u{201c}no such user\u{201d})."
    );
    assert_eq!(
        (machine.failure().code().as_str(), machine.failure().exit()),
        ("PS-404", 6)
    );
    let machine = Machine::gathered(given(FORM), setup())
        .on(typed("canary", false))
        .on(answer(text("wrong: canary")));
    assert!(!machine.failure().to_string().contains("canary"));
}

#[test]
fn a_preview_waits_and_a_dry_run_ends() {
    let preview = Options {
        mode: Mode::Preview,
        ..asking()
    };
    let machine = Machine::gathered(preview, setup()).on(ok("a=1\n"));
    assert_eq!(machine.phase(), "Planning");
    let shown = machine.on(What::Planned(report(Outcome::Preview)));
    assert_eq!(shown.phase(), "Previewing");
    let applied = shown
        .on(What::Go)
        .on(What::Applied(report(Outcome::Applied)));
    assert_eq!(applied.phase(), "Done Applied");
    let dry = Options {
        mode: Mode::DryRun,
        ..asking()
    };
    let machine = Machine::gathered(dry, setup()).on(ok("a=1\n"));
    let machine = machine.on(What::Planned(report(Outcome::Preview)));
    assert_eq!(machine.phase(), "Done Preview");
}

#[test]
fn a_saved_answer_is_applied_without_a_network_and_without_an_address() {
    let bytes: Arc<[u8]> = b"a=1\n".to_vec().into();
    let from = From::File {
        name: "x.properties".into(),
        bytes,
    };
    let machine = Machine::loaded(Options { from, ..asking() }, setup());
    assert_eq!(machine.phase(), "Applying");
    assert!(machine.job().own.is_empty());
    let from = From::File {
        name: "x.html".into(),
        bytes: b"<html>".to_vec().into(),
    };
    let machine = Machine::loaded(Options { from, ..asking() }, setup());
    assert_eq!(machine.failure().exit(), 6);
}

#[test]
fn user_info_is_never_part_of_what_is_stored() {
    let machine = Machine::gathered(given("https://jane:canary@prov.example/p"), setup());
    assert_eq!(machine.sent().authorization, None);
    let machine = machine.on(challenge("Basic realm=\"x\""));
    assert_eq!(
        machine.sent().authorization,
        Some(Authorization::Basic(credentials("canary")))
    );
    let machine = machine.on(ok("a=1\n"));
    assert_eq!(machine.job().own[0].1, "https://prov.example/p");
    assert!(machine.job().login.is_none());
    assert_eq!(machine.job().report.warnings[0].code(), "PS-USER-INFO");
    assert!(!format!("{:?}", machine.state).contains("canary"));
}

#[test]
fn a_mandatory_run_that_fails_says_that_it_has_to_be_answered() {
    let mandatory = Setup {
        mandatory: true,
        ..setup()
    };
    let machine = Machine::gathered(asking(), mandatory.clone()).on(status(500));
    assert!(machine.done().mandatory && machine.done().failure.is_some());
    let machine = Machine::gathered(asking(), mandatory)
        .on(ok("a=1\n"))
        .on(What::Applied(report(Outcome::Unchanged)));
    assert!(machine.done().mandatory && machine.done().failure.is_none());
    // Try again is a new run with the next number.
    assert_eq!(machine.on(What::Start(Box::new(asking()))).state.run(), 2);
}

#[test]
fn failures_are_recorded_but_not_those_of_a_person_or_a_dry_run() {
    let recorded = |machine: Machine| {
        matches!(
            machine.effects.first(),
            Some(Effect {
                act: Act::Record(_),
                ..
            })
        )
    };
    assert!(recorded(
        Machine::gathered(asking(), setup()).on(status(500))
    ));
    assert!(!recorded(
        Machine::gathered(asking(), setup()).on(What::Cancel)
    ));
    let dry = Options {
        mode: Mode::DryRun,
        ..asking()
    };
    assert!(!recorded(Machine::gathered(dry, setup()).on(status(500))));
    assert!(!recorded(Machine::gathered(given("nonsense"), setup())));
}
