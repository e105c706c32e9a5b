//! A picture of each state of the window, in light and in dark. The hash
//! decides, the PNG beside it is to be looked at.

use std::time::Duration;

use iced::{Theme, theme::Mode as Look};
use iced_test::Simulator;

use super::{load_fonts, scenes};
use crate::{
    app::{
        App, Message, Screen, broken::Broken, dialog, painter::Painter,
        pane::provisioning::Message as PaneMessage, start, theme,
    },
    engine::{HiddenBy, KindOfRun, Overview, Record, Undo},
    provisioning::{
        failure::{
            AddressProblem, Decision, Failure, KeepProblem, NetworkFault, NetworkProblem,
            SignInProblem,
        },
        method::Method,
        report::{Action, Change, HttpFacts, Outcome, Report, Source},
        request::{Shown, ShownParameter},
        run::{Mode, State, What},
    },
};

const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/window");

/// These name the system, and the signs in a report come from its fonts. All
/// others are the same everywhere, to the pixel.
const OF_LINUX: [&str; 3] = ["help", "applied-details", "failed-details"];

/// Compares both looks of `app` with what was seen and found right.
fn picture(name: &str, mut app: App) {
    if cfg!(not(target_os = "linux")) && OF_LINUX.contains(&name) {
        println!("skipped: {name} names the system, and this is not Linux");
        return;
    }
    load_fonts();
    for (look, word) in [(Look::Light, "light"), (Look::Dark, "dark")] {
        app.mode = look;
        let size = app.size;
        let mut simulator: Simulator<'_, Message, Theme, Painter> =
            Simulator::with_size(start::settings(), size, app.view());
        let snapshot = simulator.snapshot(&theme::theme(look)).unwrap();
        let path = format!("{PICTURES}/{name}-{word}");
        assert!(
            snapshot.matches_hash(&path).unwrap(),
            "{name} looks different in {word}: delete {path}-* and run again to see how"
        );
        assert!(
            snapshot.matches_image(&path).unwrap(),
            "{path}-*.png is not what its hash says"
        );
    }
}

fn with(change: impl FnOnce(&mut Overview)) -> App {
    let mut overview = scenes::overview();
    change(&mut overview);
    scenes::window(overview)
}

fn update(app: &mut App, message: PaneMessage) {
    // Nothing of it waits for the world.
    let _task = app.update(Message::Pane(message));
}

fn running(state: State, elapsed: u64) -> App {
    let mut app = scenes::window(scenes::overview());
    scenes::pane(&mut app).show(state, Duration::from_millis(elapsed));
    app
}

fn change(action: Action, key: &str, old: Option<&str>, new: Option<&str>) -> Change {
    Change {
        action,
        key: key.into(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    }
}

fn report(outcome: Outcome) -> Report {
    let source = Source {
        method: "Manual".into(),
        uri: Some(scenes::URI.into()),
        found: Some("stored".into()),
    };
    let mut report = Report::new(outcome, source);
    report.http = Some(HttpFacts {
        status: 200,
        milliseconds: 37,
    });
    report
}

fn changes() -> Report {
    let mut report = report(Outcome::Preview);
    let acc = "net.java.sip.communicator.impl.protocol.sip.acc1";
    report.changes = vec![
        change(
            Action::Added,
            &format!("{acc}.USER_ID"),
            None,
            Some("jane@example.com"),
        ),
        change(
            Action::Changed,
            &format!("{acc}.SERVER_ADDRESS"),
            Some("sip.old.example.com"),
            Some("sip.example.com"),
        ),
        change(Action::Secret, &format!("{acc}.PASSWORD"), None, None),
        change(
            Action::Removed,
            "net.java.sip.communicator.impl.gui.old",
            Some("true"),
            None,
        ),
        change(
            Action::Refused,
            "java.library.path",
            None,
            Some("/tmp/evil"),
        ),
        change(
            Action::Kept,
            "net.java.sip.communicator.UUID",
            Some(scenes::UUID),
            Some(scenes::UUID),
        ),
        change(
            Action::Added,
            "a.very.long.value",
            None,
            Some(&"lorem ipsum ".repeat(20)),
        ),
    ];
    report.count_applied();
    report
}

fn record(report: &Report, kind: KindOfRun) -> Record {
    serde_json::from_value(serde_json::json!({
        "id": 7,
        "time": "2026-11-25T10:32:07+00:00",
        "kind": kind,
        "undoable": true,
        "report": report,
    }))
    .unwrap()
}

fn refused_connection() -> Failure {
    NetworkProblem {
        fault: NetworkFault::Connect,
        host: "prov.example.com".into(),
        chain: vec![
            "error sending request".into(),
            "tcp connect error: Connection refused (os error 111)".into(),
        ],
    }
    .into()
}

#[test]
fn off_looks_as_it_was_seen() {
    picture("off", with(|overview| overview.method = Method::Off));
}

#[test]
fn the_first_start_looks_as_it_was_seen() {
    picture(
        "first-start",
        with(|overview| {
            overview.method = Method::Off;
            overview.uri = None;
            overview.first_start = true;
        }),
    );
}

#[test]
fn hidden_by_the_site_looks_as_it_was_seen() {
    let file = "/etc/provisioning-settings/overrides.properties";
    picture(
        "hidden",
        with(|overview| overview.hidden = Some(HiddenBy::Site(file.into()))),
    );
}

#[test]
fn a_manual_address_that_is_missing_looks_as_it_was_seen() {
    picture("manual-empty", with(|overview| overview.uri = None));
}

#[test]
fn typing_looks_as_it_was_seen() {
    let mut app = with(|overview| overview.uri = None);
    update(&mut app, PaneMessage::Address("https://prov.exa".into()));
    picture("typing", app);
}

#[test]
fn a_wrong_address_looks_as_it_was_seen() {
    let mut app = with(|overview| overview.uri = None);
    let typed = "http://prov.example.com/p?user=${username}&pw=${password}&id=${uid}";
    update(&mut app, PaneMessage::Address(typed.into()));
    picture("wrong-address", app);
}

#[test]
fn what_will_be_sent_looks_as_it_was_seen() {
    let parameter = |name: &str, value: &str, missing: &[&str]| ShownParameter {
        name: name.into(),
        value: value.into(),
        missing: missing.iter().map(|token| (*token).to_owned()).collect(),
    };
    let shown = Shown {
        verb: "POST",
        address: "https://prov.example.com/provisioning.php".into(),
        user_agent: "Jitsi/2.10.5550".into(),
        parameters: vec![
            parameter("user", "${username}", &["${username}"]),
            parameter("password", "${password}", &["${password}"]),
            parameter("uuid", scenes::UUID, &[]),
            parameter("os", "Linux", &[]),
            parameter("mac", "${hwaddr}", &["${hwaddr}"]),
        ],
        warnings: Vec::new(),
    };
    let mut app = scenes::window(scenes::overview());
    update(&mut app, PaneMessage::sent_open());
    update(&mut app, PaneMessage::sent_known(shown));
    picture("what-will-be-sent", scenes::sized(app, 900.0, 820.0));
}

#[test]
fn each_step_of_a_run_looks_as_it_was_seen() {
    for (name, state, elapsed) in [
        ("step-1-looking", scenes::looking(), 340),
        ("step-2-asking", scenes::asking(), 1_240),
        ("step-3-signing-in", scenes::signing_in(), 4_800),
        ("step-4-reading", scenes::reading(), 20),
        ("step-5-applying", scenes::applying(), 150),
    ] {
        picture(name, running(state, elapsed));
    }
}

#[test]
fn a_search_and_what_it_found_look_as_they_were_seen() {
    picture("step-1-searching", running(scenes::searching(), 240));
    picture("new-server", running(scenes::found(), 10));
    let mut app = with(|overview| overview.method = Method::Dhcp);
    scenes::pane(&mut app).show(scenes::fallen_back(), Duration::ZERO);
    picture("fallen-back", app);
}

#[test]
fn the_credential_dialog_looks_as_it_was_seen_in_each_state() {
    picture("credentials-editing", running(scenes::signing_in(), 900));
    let typed = |app: &mut App| {
        let dialog = |message| PaneMessage::Dialog(message);
        update(app, dialog(dialog::Message::Username("jane".into())));
        update(app, dialog(dialog::Message::Password("swordfish".into())));
    };
    let mut app = running(scenes::signing_in(), 900);
    typed(&mut app);
    update(&mut app, PaneMessage::Dialog(dialog::Message::Show(true)));
    update(
        &mut app,
        PaneMessage::Dialog(dialog::Message::Remember(true)),
    );
    picture("credentials-shown", app);

    let mut app = running(scenes::signing_in(), 900);
    typed(&mut app);
    update(&mut app, PaneMessage::Dialog(dialog::Message::SignIn));
    picture("credentials-checking", app);

    picture("credentials-refused", running(scenes::refused(), 900));

    let mut app = running(scenes::signing_in(), 900);
    update(&mut app, PaneMessage::Dialog(dialog::Message::SignIn));
    picture("credentials-no-name", app);
}

#[test]
fn a_password_over_plain_http_looks_as_it_was_seen() {
    let plain = scenes::signing_in_at("http://prov.example.com/p?u=${username}&p=${password}");
    picture("plain-http", running(plain, 100));
    let yes = scenes::Drive::start(
        Mode::Apply,
        "http://prov.example.com/p?p=${password}",
        false,
    )
    .gathered()
    .on(What::Decided(true))
    .state;
    picture("credentials-unencrypted", running(yes, 100));
}

#[test]
fn the_preview_looks_as_it_was_seen() {
    picture("preview", running(scenes::previewing(changes()), 10));
    let mut app = running(scenes::previewing(changes()), 10);
    let filter = dialog::Message::Filter("acc1".into());
    update(&mut app, PaneMessage::Dialog(filter));
    picture("preview-filtered", app);
    let nothing = report(Outcome::Preview);
    picture("preview-empty", running(scenes::previewing(nothing), 10));
}

#[test]
fn applied_looks_as_it_was_seen() {
    let mut applied = changes();
    applied.outcome = Outcome::Applied;
    let app = with(|overview| {
        overview.remembered = Some(scenes::remembered());
        overview.last = Some(record(&applied, KindOfRun::Provision));
        overview.undo = Some(Undo {
            run: 7,
            time: "2026-11-25T10:32:07+00:00".into(),
            is_redo: false,
        });
    });
    picture("applied", app);
    let mut app = running(scenes::applied(applied), 0);
    update(&mut app, PaneMessage::details(true));
    picture("applied-details", scenes::sized(app, 900.0, 900.0));
}

#[test]
fn nothing_to_change_looks_as_it_was_seen() {
    let unchanged = report(Outcome::Unchanged);
    picture("unchanged", running(scenes::applied(unchanged), 0));
}

#[test]
fn a_failure_looks_as_it_was_seen() {
    picture(
        "failed",
        running(scenes::failed(refused_connection(), false), 0),
    );
    let mut app = running(scenes::failed(refused_connection(), false), 0);
    update(&mut app, PaneMessage::details(true));
    picture("failed-details", app);
    let forbidden = SignInProblem::Forbidden(scenes::origin("https://prov.example.com"));
    picture(
        "failed-403",
        running(scenes::failed(forbidden.into(), false), 0),
    );
    let certificate = Decision::Certificate {
        origin: scenes::origin("https://prov.example.com"),
        why: "it has expired".into(),
    };
    picture(
        "failed-certificate",
        running(scenes::failed(certificate.into(), false), 0),
    );
    picture(
        "failed-address",
        running(scenes::failed(AddressProblem::Missing.into(), false), 0),
    );
}

#[test]
fn a_mandatory_failure_looks_as_it_was_seen() {
    picture(
        "mandatory",
        running(scenes::failed(refused_connection(), true), 0),
    );
}

#[test]
fn locked_looks_as_it_was_seen() {
    let file = "/etc/provisioning-settings/defaults.properties";
    picture(
        "locked",
        with(|overview| {
            overview.method_fixed = Some(file.into());
            overview.uri_fixed = Some(file.into());
        }),
    );
}

#[test]
fn the_questions_look_as_they_were_seen() {
    let mut app = with(|overview| overview.remembered = Some(scenes::remembered()));
    update(&mut app, PaneMessage::ask_forget());
    picture("forget", app);
    let mut app = scenes::window(scenes::overview());
    let _task = app.update(Message::Help(true));
    picture("help", app);
}

#[test]
fn a_store_that_cannot_be_read_looks_as_it_was_seen() {
    let mut app = scenes::window(scenes::overview());
    let failure = KeepProblem::Read {
        path: "/home/jane/.config/provisioning-settings/sip-communicator.properties".into(),
        line: Some(17),
        chain: vec!["line 17 has a damaged \\u escape".into()],
    };
    app.screen = Screen::Broken(Broken::new(
        failure.into(),
        std::path::Path::new("/home/jane"),
    ));
    picture("broken", app);
}

#[test]
fn a_small_window_and_large_text_look_as_they_were_seen() {
    let mut applied = changes();
    applied.outcome = Outcome::Applied;
    let small = || running(scenes::applied(applied.clone()), 0);
    picture("small", scenes::sized(small(), 640.0, 480.0));
    // 640 by 480 pixels at 150 %.
    picture("small-large-text", scenes::sized(small(), 427.0, 320.0));
    let dialog = running(scenes::signing_in(), 0);
    picture(
        "small-large-text-dialog",
        scenes::sized(dialog, 427.0, 320.0),
    );
    let preview = running(scenes::previewing(changes()), 0);
    picture(
        "small-large-text-preview",
        scenes::sized(preview, 427.0, 320.0),
    );
    let asking = running(scenes::asking(), 700);
    picture("small-running", scenes::sized(asking, 640.0, 480.0));
}
