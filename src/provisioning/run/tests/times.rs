//! How long the steps took: the world's time, not the person's.

use super::*;

impl Machine {
    /// Lets time go by.
    fn after(mut self, milliseconds: u64) -> Self {
        self.clock += milliseconds;
        self
    }

    fn running(&self) -> &Run {
        match &self.state {
            State::Running(run) => run,
            _ => panic!("it has ended: {}", self.phase()),
        }
    }
}

/// The name and the milliseconds of each step.
fn times(report: &Report) -> Vec<(&str, u64)> {
    let steps = report.steps.iter();
    steps
        .map(|step| (step.name.as_str(), step.milliseconds))
        .collect()
}

#[test]
fn a_step_takes_no_longer_because_a_person_does() {
    // Each event comes 5 ms after the one before.
    let machine = Machine::gathered(given(FORM), setup());
    assert_eq!(machine.phase(), "SigningIn");
    let machine = machine
        .after(60_000)
        .on(typed("wrong", false))
        .on(status(401))
        .after(90_000)
        .on(typed("right", false))
        .on(ok("a=1\n"))
        .on(What::Applied(report(Outcome::Applied)));
    assert_eq!(
        times(&machine.done().report),
        [
            ("Looking for a server", 10),
            ("Asking prov.example", 0),
            // Two requests.
            ("Signing in", 10),
            ("Reading 1 setting", 0),
            ("Applying", 5),
        ]
    );
}

#[test]
fn a_preview_that_is_looked_at_makes_no_step_longer() {
    let machine = Machine::gathered(
        Options {
            mode: Mode::Preview,
            ..asking()
        },
        setup(),
    )
    .on(ok("a=1\n"))
    .on(What::Planned(report(Outcome::Preview)));
    assert_eq!(machine.phase(), "Previewing");
    let machine = machine
        .after(300_000)
        .on(What::Go)
        .on(What::Applied(report(Outcome::Applied)));
    let report = &machine.done().report;
    assert_eq!(
        times(report)[2..],
        [("Reading 1 setting", 5), ("Applying", 5)]
    );
}

#[test]
fn a_run_that_is_cancelled_at_a_question_did_not_wait_for_it() {
    let machine = Machine::gathered(given(FORM), setup())
        .after(60_000)
        .on(What::Cancel);
    let report = &machine.done().report;
    assert_eq!(times(report).last(), Some(&("Signing in", 0)));
}

#[test]
fn the_step_that_goes_on_stands_still_while_a_person_is_asked() {
    let machine = Machine::gathered(asking(), setup());
    let asked = |machine: &Machine, later| {
        let now = Duration::from_millis(machine.clock + later);
        machine.running().elapsed(now).as_millis()
    };
    assert_eq!(machine.phase(), "Asking");
    assert_eq!(asked(&machine, 700), 700);
    let machine = Machine::gathered(given(FORM), setup());
    assert_eq!(machine.phase(), "SigningIn");
    assert_eq!(asked(&machine, 700), 0);
    let machine = machine.after(60_000).on(typed("right", false));
    assert_eq!(asked(&machine, 700), 700);
}
