//! Whole runs against the sample server, by keyboard and by mouse.

use std::time::{Duration, Instant};

use iced::{advanced::widget::Id, keyboard::key::Named};

use super::{desk::Desk, scenes};
use crate::{
    app::Message,
    provisioning::{keys, run::State, secret::Secret},
    sample_server::{self, Auth, Config},
};

/// A window whose address is the sample server's.
fn desk(auth: Auth, site: &str) -> Desk {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], site);
    let config = Config {
        auth,
        listen: "127.0.0.1:0".parse().unwrap(),
        ..Config::default()
    };
    let server = desk.block_on(sample_server::bind(config)).unwrap();
    let uri = server.uri();
    desk.background(async move {
        server.run(|_| {}, std::future::pending()).await;
    });
    desk.tab_to("uri");
    desk.write(&uri);
    desk
}

/// An address where nobody listens.
fn refused() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/p", listener.local_addr().unwrap())
}

fn sign_in(desk: &mut Desk, name: &str, password: &str) {
    desk.until("somebody is asked", Desk::is_asked);
    if !name.is_empty() {
        desk.write(name);
        desk.press(Named::Tab);
    }
    desk.write(password);
    desk.press(Named::Enter);
}

fn ended(desk: &mut Desk) {
    desk.until("the run ended", |desk| !desk.is_running());
    desk.settle();
}

#[test]
fn a_run_by_keyboard_from_the_address_to_the_undo() {
    let mut desk = desk(Auth::Form, "");
    desk.press(Named::Enter);
    sign_in(&mut desk, "demo", "wrong");
    desk.until("it is refused", Desk::is_refused);
    assert!(desk.shows("The server did not accept that user name and password"));
    sign_in_again(&mut desk);
    ended(&mut desk);
    let status = desk.status();
    assert!(
        status.contains("settings applied today 10:40 from 127.0.0.1"),
        "{status}"
    );
    assert_eq!(desk.stored(keys::USERNAME).as_deref(), Some("demo"));
    let settings = desk.stored("net.java.sip.communicator.impl.protocol.sip.acc1");
    assert!(desk.shows("\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}"));

    desk.tab_to("undo");
    desk.press(Named::Space);
    desk.until("it is undone", Desk::is_idle);
    desk.settle();
    assert!(
        desk.status().starts_with("Undone today 10:40"),
        "{}",
        desk.status()
    );
    assert_eq!(desk.stored(keys::USERNAME), None);

    assert_eq!(desk.seen("undo").meaning.name, "Redo");
    desk.click("undo");
    desk.settle();
    assert!(desk.status().starts_with("Done again"), "{}", desk.status());
    assert_eq!(
        desk.stored("net.java.sip.communicator.impl.protocol.sip.acc1"),
        settings
    );
    assert_eq!(desk.seen("undo").meaning.name, "Undo");

    desk.click("forget");
    assert!(desk.shows("Are you sure you want to remove provisioning password?"));
    // Enter says no.
    desk.press(Named::Enter);
    assert_eq!(desk.stored(keys::USERNAME).as_deref(), Some("demo"));
    desk.click("forget");
    desk.click("dialog-yes");
    desk.settle();
    assert_eq!(desk.stored(keys::USERNAME), None);
    assert_eq!(desk.status(), "User name and password are forgotten.");
}

/// The user name is there, and so is the focus for the password.
fn sign_in_again(desk: &mut Desk) {
    desk.settle();
    desk.tab_to("remember");
    desk.press(Named::Space);
    desk.tab_to("password");
    desk.write("demo");
    desk.press(Named::Enter);
}

#[test]
fn a_refusal_keeps_the_name_and_typing_takes_it_away() {
    let mut desk = desk(Auth::Form, "");
    desk.press(Named::Enter);
    sign_in(&mut desk, "jane", "wrong");
    desk.until("it is refused", Desk::is_refused);
    desk.settle();
    assert_eq!(desk.seen("username-field").meaning.value.unwrap(), "jane");
    assert_eq!(desk.focused(), Some(Id::new("password")));
    desk.write("x");
    assert!(!desk.shows("The server did not accept that user name and password"));
    desk.press(Named::Escape);
    ended(&mut desk);
    assert!(desk.status().contains("cancelled"), "{}", desk.status());
}

#[test]
fn without_a_user_name_nothing_is_sent() {
    let mut desk = desk(Auth::Form, "");
    desk.press(Named::Enter);
    desk.until("somebody is asked", Desk::is_asked);
    desk.press(Named::Enter);
    assert!(desk.shows("A user name is needed."));
    assert!(desk.is_asked());
}

#[test]
fn a_preview_changes_nothing_until_apply() {
    let mut desk = desk(Auth::None, "");
    desk.settle();
    desk.click("preview");
    desk.until("the preview is there", Desk::is_previewing);
    assert!(desk.shows("would change from 127.0.0.1"));
    let before = std::fs::read(desk.home.join("sip-communicator.properties")).unwrap();
    desk.press(Named::Escape);
    ended(&mut desk);
    assert_eq!(desk.status(), "Preview discarded. Nothing was changed.");
    let after = std::fs::read(desk.home.join("sip-communicator.properties")).unwrap();
    assert_eq!(before, after);

    desk.click("preview");
    desk.until("the preview is there", Desk::is_previewing);
    desk.settle();
    desk.write("acc1");
    assert!(desk.shows("shown"));
    // Enter after a filter only goes to the button.
    desk.press(Named::Enter);
    assert!(desk.is_previewing());
    assert_eq!(desk.focused(), Some(Id::new("dialog-default")));
    desk.press(Named::Enter);
    ended(&mut desk);
    assert!(desk.status().contains("applied today"), "{}", desk.status());

    desk.click("run");
    ended(&mut desk);
    assert!(
        desk.status().starts_with("Nothing to change"),
        "{}",
        desk.status()
    );
}

#[test]
fn cancel_ends_a_server_that_never_answers_within_100_ms() {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/p", listener.local_addr().unwrap());
    desk.tab_to("uri");
    desk.write(&uri);
    let before = desk.stored(keys::METHOD);
    desk.press(Named::Enter);
    desk.until("the server is asked", |desk| {
        desk.words_of_step().as_deref() == Some("Asking 127.0.0.1")
    });
    let pressed = Instant::now();
    desk.press(Named::Escape);
    desk.until("the run ended", |desk| !desk.is_running());
    let took = pressed.elapsed();
    assert!(took < Duration::from_millis(100), "{took:?}");
    assert!(desk.status().starts_with("The run was cancelled"));
    assert_eq!(desk.stored(keys::METHOD), before);
    desk.settle();
    assert!(desk.seen("run").meaning.name == "Provision now");
}

#[test]
fn cancel_works_at_each_question() {
    for state in [
        scenes::signing_in(),
        scenes::signing_in_at("http://prov.example.com/p?p=${password}"),
    ] {
        let mut desk = desk(Auth::Form, "");
        desk.settle();
        desk.press(Named::Enter);
        desk.until("somebody is asked", Desk::is_asked);
        desk.pane().replace_state(&state);
        desk.press(Named::Escape);
        ended(&mut desk);
        assert!(desk.status().contains("cancelled"), "{}", desk.status());
        assert!(!desk.has("dialog"));
    }
}

#[test]
fn a_wrong_address_fails_with_its_code_and_the_pane_is_free_again() {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
    desk.tab_to("uri");
    desk.write("nonsense");
    desk.press(Named::Enter);
    desk.until("it failed", Desk::is_idle);
    desk.settle();
    let status = desk.status();
    assert!(
        status.contains("The provisioning address cannot be used"),
        "{status}"
    );
    assert!(status.ends_with("(PS-ADDRESS)"), "{status}");
    assert!(!desk.seen("run").meaning.disabled);
    assert_eq!(desk.seen("uri-field").meaning.value.unwrap(), "nonsense");
}

#[test]
fn a_mandatory_failure_has_to_be_answered() {
    let site = format!("*{}=true\n", keys::MANDATORY);
    let uri = refused();
    let mut desk = Desk::with(&[(keys::METHOD, "Manual"), (keys::URL, &uri)], &site);
    desk.press(Named::Enter);
    desk.until("it failed", Desk::has_dialog);
    desk.press(Named::Escape);
    assert!(desk.has_dialog(), "it can be passed by");
    // Enter tries again.
    desk.press(Named::Enter);
    desk.until("it failed again", |desk| {
        desk.runs() == 2 && desk.has_dialog()
    });
    desk.click("dialog-cancel");
    desk.until("it quits", |desk| desk.exited);
}

#[test]
fn a_saved_failure_is_shown_at_the_next_start() {
    let uri = refused();
    let mut desk = Desk::with(&[(keys::METHOD, "Manual"), (keys::URL, &uri)], "");
    desk.press(Named::Enter);
    ended(&mut desk);
    assert!(
        desk.status().contains("PS-NET-CONNECT"),
        "{}",
        desk.status()
    );
    desk.send(Message::Close);
    desk.until("it is closed", |desk| desk.exited);
    let mut again = desk.start_again();
    assert!(
        again.status().contains("PS-NET-CONNECT"),
        "{}",
        again.status()
    );
    again.click("details");
    assert!(again.shows("Because:"));
}

#[test]
fn no_password_is_in_a_message_or_in_the_report() {
    let canary = "canary-7Hq";
    let message = Message::Pane(crate::app::pane::provisioning::Message::Dialog(
        crate::app::dialog::Message::Password(canary.into()),
    ));
    assert!(!format!("{message:?}").contains(canary));
    let address = format!("https://jane:{canary}@prov.example.com/");
    let message = crate::app::pane::provisioning::Message::Address(Secret::new(address));
    assert!(!format!("{message:?}").contains(canary));
    let mut desk = desk(Auth::Form, "");
    desk.press(Named::Enter);
    sign_in(&mut desk, canary, canary);
    desk.until("it is refused", Desk::is_refused);
    assert!(!format!("{:?}", desk.pane().dialog).contains(&format!("Secret({canary}")));
    desk.press(Named::Escape);
    ended(&mut desk);
    desk.click("copy-report");
    let report = desk.clipboard.clone().unwrap();
    assert!(report.contains("password=${password}"), "{report}");
    assert!(!report.contains(canary), "{report}");
}

#[test]
fn a_run_that_was_let_go_of_says_nothing_any_more() {
    let mut desk = desk(Auth::Form, "");
    desk.press(Named::Enter);
    desk.until("somebody is asked", Desk::is_asked);
    desk.press(Named::Escape);
    ended(&mut desk);
    let late = State::Idle;
    desk.send(Message::Pane(
        crate::app::pane::provisioning::Message::state(late),
    ));
    assert!(desk.status().contains("cancelled"));
}

#[test]
fn user_name_and_password_in_the_address_are_used_and_not_stored() {
    let mut desk = desk(Auth::Basic, "");
    desk.settle();
    let plain = desk.stored(keys::URL).unwrap();
    for _ in 0..plain.len() {
        desk.press(Named::Backspace);
    }
    let (_, rest) = plain.split_once("//").unwrap();
    let rest = rest.split('?').next().unwrap();
    desk.write(&format!("http://demo:demo@{rest}"));
    desk.press(Named::Enter);
    ended(&mut desk);
    let status = desk.status();
    assert!(status.contains("applied today"), "{status}");
    let stored = desk.stored(keys::URL).unwrap();
    assert!(!stored.contains("demo"), "{stored}");
}

#[test]
fn a_run_is_seen_once_it_lasts_and_until_then_nothing_can_be_begun() {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/p", listener.local_addr().unwrap());
    desk.tab_to("uri");
    desk.write(&uri);
    desk.settle();
    let began = Instant::now();
    desk.press(Named::Enter);
    let run = desk.seen("run").meaning;
    let method = desk.seen("enable").meaning;
    // A machine that was busy elsewhere may show it rightly by now.
    if began.elapsed() < Duration::from_millis(80) {
        assert_eq!((run.name.as_str(), run.disabled), ("Provision now", false));
        assert!(!method.disabled);
        desk.press(Named::Enter);
        desk.click("enable");
        desk.write("x");
    }
    desk.until("it is seen", Desk::is_seen_running);
    assert_eq!(desk.seen("run").meaning.name, "Cancel");
    assert!(began.elapsed() >= Duration::from_millis(80));
    assert!(desk.seen("enable").meaning.disabled);
    assert_eq!(desk.stored(keys::METHOD).as_deref(), Some("Manual"));
    assert_eq!(desk.seen("uri-field").meaning.value.unwrap(), uri);
    desk.press(Named::Escape);
    ended(&mut desk);
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.incoming().map_while(Result::ok).count(), 1);
}

#[test]
fn a_run_that_ends_as_the_one_before_is_seen() {
    let uri = refused();
    let mut desk = Desk::with(&[(keys::METHOD, "Manual"), (keys::URL, &uri)], "");
    desk.press(Named::Enter);
    ended(&mut desk);
    let status = desk.status();
    assert!(status.contains("PS-NET-CONNECT"), "{status}");
    desk.press(Named::Enter);
    desk.until("it is seen", Desk::is_seen_running);
    ended(&mut desk);
    assert_eq!(desk.status(), status);
    assert_eq!(desk.runs(), 2);
}

#[test]
fn a_window_that_is_to_run_at_once_does() {
    let uri = refused();
    let settings = [(keys::METHOD, "Manual"), (keys::URL, uri.as_str())];
    let mut desk = Desk::started(&settings, |start| start.now = true);
    desk.until("it ran", |desk| desk.runs() == 1 && !desk.is_running());
    desk.settle();
    assert!(
        desk.status().contains("PS-NET-CONNECT"),
        "{}",
        desk.status()
    );
    assert_eq!(desk.runs(), 1);
}

#[test]
fn a_run_that_breaks_off_leaves_the_pane_free() {
    let mut desk = desk(Auth::Form, "");
    desk.press(Named::Enter);
    desk.until("somebody is asked", Desk::is_asked);
    desk.send(Message::Pane(
        crate::app::pane::provisioning::Message::lost(),
    ));
    desk.settle();
    assert!(desk.is_idle() && !desk.has("dialog"));
    assert!(desk.status().contains("cancelled"), "{}", desk.status());
}
