//! Everything works with the keyboard alone, in reading order, and says what
//! it is.

use std::collections::BTreeSet;

use iced::{
    advanced::widget::Id,
    keyboard::{Key, Modifiers, key::Named},
};

use super::{desk::Desk, scenes};
use crate::{
    app::{Message, widget::Role},
    provisioning::keys,
};

fn manual() -> Desk {
    Desk::with(
        &[
            (keys::METHOD, "Manual"),
            (keys::URL, "https://prov.example.com/p"),
        ],
        "",
    )
}

fn searchable(method: &str) -> Desk {
    Desk::with(
        &[
            (keys::METHOD, method),
            (keys::URL, "https://prov.example.com/p"),
        ],
        "",
    )
}

/// Where the focus is after each of so many presses of Tab.
fn stops(desk: &mut Desk, presses: usize, back: bool) -> Vec<String> {
    let modifiers = if back {
        Modifiers::SHIFT
    } else {
        Modifiers::empty()
    };
    (0..presses)
        .map(|_| {
            desk.chord(Key::Named(Named::Tab), modifiers);
            desk.focused()
                .map(|id| format!("{id:?}"))
                .unwrap_or_default()
        })
        .collect()
}

fn named(ids: &[&'static str]) -> Vec<String> {
    ids.iter().map(|id| format!("{:?}", Id::new(id))).collect()
}

#[test]
fn tab_goes_through_all_controls_in_reading_order_and_round() {
    let mut desk = manual();
    let order = [
        "enable",
        "manual",
        "uri",
        "sent",
        "copy-uuid",
        "preview",
        "run",
    ];
    let mut round = named(&order);
    round.push(round[0].clone());
    assert_eq!(stops(&mut desk, 8, false), round);
    let mut back = named(&order);
    back.reverse();
    assert_eq!(stops(&mut desk, 7, true), back);
}

#[test]
fn a_radio_group_is_one_stop_of_tab_and_the_arrows_choose_in_it() {
    let mut desk = searchable("Bonjour");
    assert_eq!(
        stops(&mut desk, 3, false),
        named(&["enable", "bonjour", "sent"])
    );
    desk.chord(Key::Named(Named::Tab), Modifiers::SHIFT);
    for (key, chosen, method) in [
        (Named::ArrowDown, "manual", "Manual"),
        (Named::ArrowRight, "dhcp", "DHCP"),
        (Named::ArrowUp, "manual", "Manual"),
        (Named::ArrowLeft, "bonjour", "Bonjour"),
    ] {
        desk.press(key);
        desk.until("the method is stored", |desk| {
            desk.stored(keys::METHOD).as_deref() == Some(method)
        });
        assert_eq!(desk.focused(), Some(Id::new(chosen)));
        assert_eq!(desk.seen(chosen).meaning.toggled, Some(true));
    }
}

#[test]
fn space_toggles_and_enter_does_not() {
    let mut desk = manual();
    desk.tab_to("enable");
    desk.press(Named::Space);
    desk.until("it is off", |desk| {
        desk.stored(keys::METHOD).as_deref() == Some("NONE")
    });
    assert_eq!(desk.seen("enable").meaning.toggled, Some(false));
    // Nothing can be run, so the default button does nothing either.
    desk.press(Named::Enter);
    assert_eq!(desk.seen("enable").meaning.toggled, Some(false));
    desk.press(Named::Space);
    desk.until("it is on", |desk| {
        desk.stored(keys::METHOD).as_deref() == Some("Manual")
    });
}

#[test]
fn each_button_answers_to_space_to_enter_and_to_the_mouse() {
    for way in 0..3 {
        let mut desk = manual();
        match way {
            0 => {
                desk.tab_to("copy-uuid");
                desk.press(Named::Space);
            }
            1 => {
                desk.tab_to("copy-uuid");
                desk.press(Named::Enter);
            }
            _ => desk.click("copy-uuid"),
        }
        let uuid = desk.stored(keys::UUID);
        assert!(uuid.is_some());
        assert_eq!(desk.clipboard, uuid, "way {way}");
    }
}

#[test]
fn escape_closes_the_dialog_even_while_a_field_is_focused() {
    let mut desk = manual();
    desk.pane()
        .show(scenes::signing_in(), std::time::Duration::ZERO);
    desk.send(Message::Help(false));
    desk.tab_to("username");
    assert!(desk.pane().dialog.is_some());
    desk.press(Named::Escape);
    assert!(desk.pane().dialog.is_none());
}

#[test]
fn what_is_behind_a_dialog_is_out_of_reach() {
    let mut desk = manual();
    desk.pane()
        .show(scenes::signing_in(), std::time::Duration::ZERO);
    let inside = named(&[
        "username",
        "password",
        "show",
        "remember",
        "sign-up",
        "dialog-cancel",
        "dialog-default",
    ]);
    let mut round = inside.clone();
    round.push(inside[0].clone());
    assert_eq!(stops(&mut desk, 8, false), round);
    assert!(
        !desk.has("enable"),
        "a screen reader hears what lies behind"
    );
    let before = desk.stored(keys::METHOD);
    // Where the check box is drawn.
    desk.click_at(iced::Point::new(220.0, 82.0));
    assert_eq!(desk.stored(keys::METHOD), before);
}

#[test]
fn f1_opens_the_help_and_escape_closes_it() {
    let mut desk = manual();
    desk.press(Named::F1);
    assert!(desk.has("dialog"));
    desk.press(Named::Escape);
    assert!(!desk.has("dialog"));
}

#[test]
fn control_c_copies_the_status_but_not_from_within_a_field() {
    let mut desk = manual();
    desk.pane()
        .show(scenes::failed_to_connect(), std::time::Duration::ZERO);
    let copy = || Key::Character("c".into());
    desk.tab_to("uri");
    desk.chord(copy(), Modifiers::COMMAND);
    assert_eq!(desk.clipboard, None);
    desk.tab_to("copy-uuid");
    desk.chord(copy(), Modifiers::COMMAND);
    let copied = desk.clipboard.clone().unwrap();
    assert!(
        copied.starts_with("Provisioning failed: No connection to"),
        "{copied}"
    );
    assert!(copied.ends_with("(PS-NET-CONNECT)"), "{copied}");
}

#[test]
fn each_control_has_a_role_a_name_and_an_identity_of_its_own() {
    let scenes = [
        scenes::looking(),
        scenes::signing_in(),
        scenes::refused(),
        scenes::checking(),
        scenes::previewing(scenes::report()),
        scenes::applied(scenes::report()),
        scenes::failed_to_connect(),
    ];
    for (number, scene) in scenes.into_iter().enumerate() {
        let mut desk = manual();
        desk.pane().show(scene, std::time::Duration::ZERO);
        let controls = desk.controls();
        assert!(controls.len() > 2, "scene {number}");
        let mut ids = BTreeSet::new();
        for seen in controls {
            assert!(!seen.meaning.name.is_empty(), "{seen:?}");
            assert!(ids.insert(format!("{:?}", seen.id)), "{:?} twice", seen.id);
            if seen.meaning.role == Role::PasswordField {
                assert_eq!(seen.meaning.value, None, "a password is read out");
            }
        }
    }
}

#[test]
fn the_radio_buttons_say_their_place_and_are_off_with_provisioning() {
    let mut desk = manual();
    for (id, place) in [("dhcp", 0), ("bonjour", 1), ("manual", 2)] {
        let meaning = desk.seen(id).meaning;
        assert_eq!(meaning.position, Some((place, 3)));
        assert!(!meaning.disabled);
    }
    desk.click("enable");
    assert!(desk.seen("dhcp").meaning.disabled);
}

#[test]
fn the_focus_is_scrolled_into_sight() {
    let mut desk = searchable("Manual");
    desk.resize(640.0, 480.0);
    assert!(desk.scrolled() < 1.0);
    desk.tab_to("copy-uuid");
    let bounds = desk.seen("copy-uuid").bounds;
    let bottom = bounds.y + bounds.height - desk.scrolled();
    assert!(desk.scrolled() > 1.0 && bottom < 480.0, "{bottom}");
    desk.tab_to("enable");
    assert!(desk.seen("enable").bounds.y - desk.scrolled() > 40.0);
}

#[test]
fn a_click_gives_the_focus_without_a_ring_and_tab_goes_on_from_there() {
    let mut desk = manual();
    desk.click("sent");
    assert_eq!(desk.focused(), Some(Id::new("sent")));
    desk.press(Named::Tab);
    assert_eq!(desk.focused(), Some(Id::new("copy-uuid")));
}

#[test]
fn a_control_that_is_switched_off_loses_the_keyboard() {
    let mut desk = manual();
    desk.tab_to("run");
    desk.send(Message::Pane(
        crate::app::pane::provisioning::Message::Enable(false),
    ));
    desk.press(Named::Space);
    assert!(!desk.pane().is_running());
    desk.until("it is off", |desk| {
        desk.stored(keys::METHOD).as_deref() == Some("NONE")
    });
    assert!(!desk.pane().is_running());
}

#[test]
fn the_help_over_a_question_leads_back_to_its_safe_answer() {
    for (scene, first) in [
        (scenes::found(), "dialog-cancel"),
        (scenes::signing_in(), "username"),
        (
            scenes::signing_in_at("http://prov.example.com/p?p=${password}"),
            "dialog-cancel",
        ),
    ] {
        let mut desk = manual();
        desk.pane().show(scene, std::time::Duration::ZERO);
        desk.press(Named::F1);
        assert_eq!(desk.focused(), Some(Id::new("dialog-default")));
        desk.press(Named::Escape);
        assert_eq!(desk.focused(), Some(Id::new(first)));
        assert!(desk.has("dialog"));
    }
}

#[test]
fn a_long_address_does_not_hide_what_to_be_careful_about() {
    let mut desk = manual();
    desk.resize(640.0, 480.0);
    let long = format!(
        "http://prov.example.com/{}?h=${{env.HOME}}",
        "a/".repeat(420)
    );
    desk.pane()
        .show(scenes::found_at(&long), std::time::Duration::ZERO);
    assert!(desk.shows("It changed: until now this network named https://old.example.com"));
    assert!(desk.shows("The connection is not encrypted"));
    assert!(desk.shows("${env.HOME}"));
    assert!(desk.seen("dialog").bounds.height < 480.0);
}

#[test]
fn nothing_behind_a_dialog_looks_as_if_it_had_the_keyboard() {
    let mut desk = manual();
    let plain = desk.picture();
    desk.send(Message::Help(true));
    let behind_help = desk.picture();
    assert!(plain != behind_help);
    desk.send(Message::Help(false));
    // All of them stand beside the help.
    for id in ["enable", "copy-uuid", "run"] {
        desk.tab_to(id);
        assert!(desk.picture() != plain, "{id} does not show its focus");
        desk.send(Message::Help(true));
        assert!(
            desk.picture() == behind_help,
            "{id} shows it behind the help"
        );
        desk.send(Message::Help(false));
        assert!(desk.picture() != behind_help);
    }
}
