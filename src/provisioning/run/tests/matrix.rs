//! Every (state, event) pair: what leads on is listed, all else changes nothing.

use super::*;

fn states() -> Vec<(&'static str, Machine)> {
    let dhcp = Setup {
        method: Method::Dhcp,
        ..setup()
    };
    let mut remembering = Setup {
        username: Some("jane".into()),
        ..setup()
    };
    remembering
        .servers
        .entry(&origin("https://prov.example"))
        .username = Some("jane".into());
    let preview = Options {
        mode: Mode::Preview,
        ..asking()
    };
    let recalling = || Machine::gathered(given(FORM), remembering.clone());
    let idle = Machine {
        state: State::Idle,
        effects: Vec::new(),
        clock: 0,
    };
    vec![
        ("Idle", idle),
        ("Loading", Machine::started(asking())),
        ("Searching", Machine::loaded(asking(), dhcp.clone())),
        ("Gathering", Machine::loaded(asking(), setup())),
        (
            "DecidingTrust",
            Machine::loaded(asking(), dhcp)
                .on(found(PLAIN))
                .on(What::Gathered(Box::default())),
        ),
        (
            "DecidingPlainHttp",
            Machine::gathered(given("http://a.example/${password}"), setup()),
        ),
        ("Recalling", recalling()),
        (
            "Forgetting",
            recalling()
                .on(What::Recalled(Ok(Some("x".into()))))
                .on(status(401)),
        ),
        ("SigningIn", Machine::gathered(given(FORM), setup())),
        ("Asking", Machine::gathered(asking(), setup())),
        (
            "Planning",
            Machine::gathered(preview.clone(), setup()).on(ok("a=1")),
        ),
        (
            "Previewing",
            Machine::gathered(preview, setup())
                .on(ok("a=1"))
                .on(What::Planned(report(Outcome::Preview))),
        ),
        (
            "Applying",
            Machine::gathered(asking(), setup()).on(ok("a=1")),
        ),
        (
            "Done Failed",
            Machine::gathered(asking(), setup()).on(status(500)),
        ),
    ]
}

fn seen() -> Trace {
    Trace::new(Method::Dhcp)
}

fn events() -> Vec<(&'static str, What)> {
    let failure = || Failure::from(AddressProblem::NotFound { tried: vec![] });
    vec![
        ("Start", What::Start(Box::new(asking()))),
        ("Loaded", What::Loaded(Ok(Box::new(setup())))),
        ("Loaded-", What::Loaded(Err(failure()))),
        ("Searched", found(PLAIN)),
        (
            "Searched-",
            What::Searched(Err(failure()), Box::new(seen())),
        ),
        ("Sighted", What::Sighted(Box::new(seen()))),
        ("Gathered", What::Gathered(Box::default())),
        ("Recalled", What::Recalled(Ok(Some("pw".into())))),
        ("Recalled0", What::Recalled(Ok(None))),
        ("Recalled-", What::Recalled(Err(failure()))),
        ("Forgotten", What::Forgotten),
        ("Answered", ok("a=1")),
        ("Answered-", What::Answered(Err(failure()))),
        ("Planned", What::Planned(report(Outcome::Preview))),
        ("Planned-", What::Planned(Err(failure()))),
        ("Applied", What::Applied(report(Outcome::Applied))),
        ("Applied-", What::Applied(Err(Failure::Cancelled))),
        ("Credentials", typed("pw", false)),
        ("Yes", What::Decided(true)),
        ("No", What::Decided(false)),
        ("Go", What::Go),
        ("Discard", What::Discard),
        ("Cancel", What::Cancel),
    ]
}

/// Where an event leads from a state; every pair that is not here stays.
fn leads_to(state: &str, event: &str) -> Option<&'static str> {
    Some(match (state, event) {
        ("Idle" | "Done Failed", "Start") => "Loading",
        ("Idle" | "Done Failed" | "Applying", "Cancel") => return None,
        ("Applying", "Applied-") | (_, "Cancel") => "Done Cancelled",
        // Facts that need the network come after the yes.
        ("Loading", "Loaded")
        | ("Searching", "Searched" | "Searched-")
        | ("DecidingTrust", "Yes") => "Gathering",
        ("Loading" | "Gathering", "Loaded-")
        | ("Asking", "Answered-")
        | ("Planning", "Planned-")
        | ("DecidingTrust" | "DecidingPlainHttp", "No") => "Done Failed",
        ("Gathering", "Gathered") | ("Recalling", "Recalled") | ("SigningIn", "Credentials") => {
            "Asking"
        }
        ("DecidingPlainHttp", "Yes")
        | ("Recalling", "Recalled0" | "Recalled-")
        | ("Forgetting", "Forgotten") => "SigningIn",
        ("Asking", "Answered") | ("Previewing", "Go") => "Applying",
        ("Planning", "Planned") => "Previewing",
        ("Previewing", "Discard") => "Done Preview",
        ("Applying", "Applied") => "Done Applied",
        _ => return None,
    })
}

#[test]
fn every_pair_of_state_and_event_is_covered() {
    for index in 0..states().len() {
        for (event, _) in events() {
            let (state, machine) = states().swap_remove(index);
            let what = events()
                .into_iter()
                .find(|(name, _)| *name == event)
                .unwrap()
                .1;
            assert_eq!(machine.phase(), state);
            let after = machine.on(what);
            assert_eq!(
                after.phase(),
                leads_to(state, event).unwrap_or(state),
                "{state} × {event}"
            );
        }
    }
}

#[test]
fn late_answers_and_answers_of_another_run_are_ignored() {
    for index in 0..states().len() {
        for shift in [(0, 1), (1, 0)] {
            for (event, what) in events() {
                if matches!(event, "Start") || (event == "Cancel" && shift.0 == 0) {
                    continue;
                }
                let (state, machine) = states().swap_remove(index);
                let (run, turn) = (
                    machine.state.run() + shift.0,
                    machine.state.turn() + shift.1,
                );
                let after = machine.on_event(run, turn, what);
                assert_eq!(after.phase(), state, "{state} × late {event}");
                assert!(after.effects.is_empty());
            }
        }
    }
}

#[test]
fn cancel_while_applying_is_decided_by_the_transaction() {
    let applying = || {
        Machine::gathered(asking(), setup())
            .on(ok("a=1"))
            .on(What::Cancel)
    };
    assert_eq!(applying().effects[0].act, Act::CancelApply);
    assert_eq!(applying().phase(), "Applying");
    let lost = applying().on(What::Applied(report(Outcome::Applied)));
    assert_eq!(lost.phase(), "Done Applied");
    let won = applying().on(What::Applied(Err(Failure::Cancelled)));
    assert_eq!(won.failure().exit(), 130);
}

#[test]
fn a_second_start_does_not_disturb_a_run() {
    let machine = Machine::gathered(asking(), setup()).on(What::Start(Box::new(asking())));
    assert_eq!(
        (machine.phase().as_str(), machine.state.run()),
        ("Asking", 1)
    );
}
