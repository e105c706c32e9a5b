//! What a person does while something else goes on, and what is said of it.

use super::scenes;
use crate::{
    app::{App, Message, pane::provisioning::Message as PaneMessage, text as words},
    engine::Undo,
    provisioning::{
        failure::{Failure, KeepProblem},
        report::{Outcome, Report, Source},
    },
};

/// What it would have done is not done: the test says what comes of it.
fn send(app: &mut App, message: PaneMessage) {
    drop(app.update(Message::Pane(message)));
}

fn remembering() -> App {
    let mut overview = scenes::overview();
    overview.remembered = Some(scenes::remembered());
    scenes::window(overview)
}

fn said(app: &mut App) -> String {
    scenes::pane(app).said().unwrap_or_default()
}

#[test]
fn no_run_begins_while_a_password_is_being_forgotten() {
    let mut app = remembering();
    send(&mut app, PaneMessage::ask_forget());
    send(&mut app, PaneMessage::forget());
    assert!(!scenes::pane(&mut app).is_idle());
    send(&mut app, PaneMessage::run());
    assert!(!scenes::pane(&mut app).is_running());
    send(&mut app, PaneMessage::forgotten(Ok(())));
    assert!(scenes::pane(&mut app).is_idle());
    assert_eq!(said(&mut app), words::FORGOTTEN);
}

#[test]
fn a_password_that_could_not_be_forgotten_is_said_and_all_can_go_on() {
    let mut app = remembering();
    send(&mut app, PaneMessage::ask_forget());
    send(&mut app, PaneMessage::forget());
    let busy = Failure::from(KeepProblem::Busy {
        path: "/home/jane".into(),
    });
    send(&mut app, PaneMessage::forgotten(Err(busy)));
    assert!(scenes::pane(&mut app).is_idle());
    let said = said(&mut app);
    assert!(said.contains("Another copy of this program"), "{said}");
}

#[test]
fn an_undo_is_called_what_the_button_was_called() {
    let undo = |is_redo| Undo {
        run: 7,
        time: "2026-11-25T10:00:00+00:00[UTC]".into(),
        is_redo,
    };
    for (is_redo, begins) in [(false, "Undone"), (true, "Done again")] {
        let mut overview = scenes::overview();
        overview.undo = Some(undo(is_redo));
        let mut app = scenes::window(overview.clone());
        send(&mut app, PaneMessage::undo());
        // Another program was quicker: the button would be the other one now.
        overview.undo = Some(undo(!is_redo));
        send(&mut app, PaneMessage::loaded(overview));
        let report = Report::new(Outcome::Applied, Source::default());
        send(&mut app, PaneMessage::undone(report, is_redo));
        let said = said(&mut app);
        assert!(said.starts_with(begins), "{said}");
    }
}
