//! From a search to an address that may be asked.

use super::*;
use crate::provisioning::search::{AnswerTrace, InterfaceTrace};

const NEW: &str = "https://new.example/p?x=${env.HOME}&m=${hwaddr}&u=${uuid}&i=${ipaddr}";

fn dhcp() -> Setup {
    Setup {
        method: Method::Dhcp,
        ..setup()
    }
}

fn answer(from: &str, uri: &str) -> AnswerTrace {
    AnswerTrace {
        interface: Some("eth0".into()),
        from: from.into(),
        milliseconds: 3,
        bytes: String::new(),
        uri: Some(uri.into()),
        ignored: None,
    }
}

fn trace() -> Trace {
    let mut trace = Trace::new(Method::Dhcp);
    trace.interfaces.push(InterfaceTrace {
        name: "eth0".into(),
        addresses: vec![],
        sent: vec![],
        problem: Some("No.".into()),
    });
    trace
}

fn nothing() -> What {
    let tried = trace().lines();
    let failure = AddressProblem::NotFound { tried }.into();
    What::Searched(Err(failure), Box::new(trace()))
}

fn facts() -> What {
    What::Gathered(Box::default())
}

/// How far the facts that are wanted now may reach.
fn reach(machine: &Machine) -> Reach {
    match &machine.effects.last().expect("nothing is wanted").act {
        Act::Gather(_, reach) => reach.clone(),
        other => panic!("not gathered: {other:?}"),
    }
}

/// Whatever the host's addresses are: no search told them.
fn anywhere() -> Reach {
    Reach::Network(Vec::new())
}

fn question(machine: &Machine) -> &TrustQuestion {
    match machine.state.phase() {
        Some(Phase::DecidingTrust(question)) => question,
        other => panic!("no question: {other:?}"),
    }
}

fn searched(options: Options, setup: Setup) -> Machine {
    Machine::loaded(options, setup).on(found(NEW)).on(facts())
}

fn first_warning(setup: Setup) -> String {
    let machine = Machine::loaded(asking(), setup)
        .on(nothing())
        .on(facts())
        .on(ok("a=1\n"));
    let report = &machine.job().report;
    assert_eq!(report.source.found.as_deref(), Some("stored"));
    assert_eq!(report.warnings[0].code(), "PS-STORED-ADDRESS-USED");
    report.warnings[0].message.clone()
}

#[test]
fn a_search_without_result_uses_the_stored_address_and_says_since_when_it_is_stored() {
    assert_eq!(
        first_warning(dhcp()),
        "No provisioning server was found on this network. The stored address was used; \
         since when it is stored is not known."
    );
    let since = Some("2026-11-25 08:00".to_owned());
    let known = Setup {
        uri_since: since.clone(),
        ..dhcp()
    };
    assert!(first_warning(known).ends_with("it is stored since 2026-11-25 08:00."));
    let site = Setup {
        uri_since: since,
        uri_is_site_default: true,
        ..dhcp()
    };
    assert!(first_warning(site).ends_with("it is the site\u{2019}s default."));
}

#[test]
fn a_search_without_result_and_without_a_stored_address_says_what_was_tried() {
    let machine = Machine::loaded(
        asking(),
        Setup {
            uri: None,
            ..dhcp()
        },
    );
    let machine = machine.on(nothing());
    assert_eq!(machine.failure().exit(), 3);
    assert_eq!(machine.failure().chain(), ["eth0: nothing was sent. No."]);
    let report = &machine.done().report;
    assert_eq!(report.steps[0].lines, ["eth0: nothing was sent. No."]);
}

#[test]
fn what_a_search_sees_is_there_while_it_goes_on() {
    let machine = Machine::loaded(asking(), dhcp());
    let turn = machine.state.turn();
    let machine = machine.on(What::Sighted(Box::new(trace())));
    assert_eq!(
        (machine.phase().as_str(), machine.state.turn()),
        ("Searching", turn)
    );
    let State::Running(run) = &machine.state else {
        panic!()
    };
    assert_eq!(run.search(), Some(&trace()));
}

#[test]
fn answers_that_differ_are_all_named() {
    let mut trace = trace();
    trace.answers = vec![
        answer("10.0.0.1", "https://a.example/"),
        answer("10.0.0.2", "https://b.example/"),
        answer("10.0.0.2", "https://b.example/"),
    ];
    trace.chosen = Some(0);
    trace.why = "It was the first.".into();
    let found = |trace: &Trace| {
        let found = Found {
            uri: Template::new("https://prov.example/"),
            by: "10.0.0.1".into(),
            addresses: vec![],
        };
        What::Searched(Ok(found), Box::new(trace.clone()))
    };
    let trusting = Options {
        trust_discovered: true,
        ..asking()
    };
    let warnings = |trace: &Trace| {
        let machine = Machine::loaded(trusting.clone(), dhcp())
            .on(found(trace))
            .on(facts())
            .on(facts())
            .on(ok("a=1\n"));
        machine.job().report.warnings.clone()
    };
    let differ = warnings(&trace);
    assert_eq!(differ[0].code(), "PS-ANSWERS-DIFFER");
    assert_eq!(
        differ[0].message,
        "The servers do not agree: 10.0.0.1 says https://a.example/, 10.0.0.2 says \
         https://b.example/. The first one was used: It was the first."
    );
    trace.answers[1].ignored = Some("it is late".into());
    trace.answers[2] = trace.answers[0].clone();
    assert!(warnings(&trace).is_empty());
}

#[test]
fn a_discovered_origin_is_asked_only_after_a_yes() {
    let machine = searched(asking(), dhcp());
    assert_eq!(question(&machine).reveals, ["${env.HOME}", "${hwaddr}"]);
    assert_eq!(question(&machine).method, Method::Dhcp);
    assert_eq!(question(&machine).by, "10.0.0.1");
    assert_eq!(question(&machine).before, None);
    assert!(machine.effects.is_empty());
    let yes = machine.on(What::Decided(true));
    assert!(matches!(
        yes.effects[0].act,
        Act::Decide {
            verdict: Verdict::Trusted,
            ..
        }
    ));
    assert_eq!(yes.on(facts()).phase(), "Asking");
    let no = searched(asking(), dhcp()).on(What::Decided(false));
    assert_eq!(
        no.failure(),
        Decision::NewServer(origin("https://new.example")).into()
    );
    // Nobody there to ask.
    assert_eq!(searched(Options::default(), dhcp()).failure().exit(), 8);
}

#[test]
fn no_name_is_looked_up_before_the_yes() {
    let machine = Machine::loaded(asking(), dhcp()).on(found(NEW));
    assert_eq!(reach(&machine), Reach::Computer);
    let machine = machine.on(facts()).on(What::Decided(true));
    assert_eq!(reach(&machine), anywhere());
    // An address that a person typed or a run stored is nobody's surprise.
    assert_eq!(reach(&Machine::loaded(given(NEW), dhcp())), anywhere());
    let stored = Machine::loaded(asking(), dhcp()).on(nothing());
    assert_eq!(reach(&stored), anywhere());
}

#[test]
fn a_token_without_a_value_is_reported_once() {
    let machine = searched(asking(), dhcp())
        .on(What::Decided(true))
        .on(facts())
        .on(ok("a=1\n"));
    let codes: Vec<_> = machine
        .job()
        .report
        .warnings
        .iter()
        .map(crate::provisioning::warning::Warning::code)
        .collect();
    assert_eq!(codes, ["PS-TOKEN-WITHOUT-VALUE"; 3]);
}

#[test]
fn an_option_or_the_site_or_an_earlier_yes_answers_the_question() {
    let trusting = Options {
        trust_discovered: true,
        ..Options::default()
    };
    let machine = searched(trusting, dhcp());
    assert_eq!(reach(&machine), anywhere());
    // It is for this run only.
    assert_eq!(machine.effects.len(), 1);
    assert_eq!(machine.on(facts()).phase(), "Asking");
    let site = Setup {
        trusted_origins: "https://*.example".into(),
        ..dhcp()
    };
    assert_eq!(reach(&searched(Options::default(), site)), anywhere());
    let mut earlier = dhcp();
    earlier
        .servers
        .entry(&origin("https://new.example"))
        .trusted = true;
    assert_eq!(reach(&searched(Options::default(), earlier)), anywhere());
}

#[test]
fn another_origin_asks_again_and_says_that_it_changed() {
    let mut changed = dhcp();
    changed.found_before = Some(origin("https://old.example"));
    changed
        .servers
        .entry(&origin("https://old.example"))
        .trusted = true;
    let machine = searched(asking(), changed.clone());
    assert_eq!(
        question(&machine).before,
        Some(origin("https://old.example"))
    );
    let mut same = changed.clone();
    same.found_before = Some(origin("https://new.example"));
    assert_eq!(question(&searched(asking(), same)).before, None);
    let machine = searched(Options::default(), changed);
    let warning = &machine.done().report.warnings[0];
    assert_eq!(warning.code(), "PS-SERVER-CHANGED");
    assert_eq!(
        warning.message,
        "By DHCP, 10.0.0.1 names https://new.example now; until now it was https://old.example."
    );
}
