//! What is chosen and typed is stored at once, and what others store shows up.

use iced::{
    futures::StreamExt,
    keyboard::{Key, Modifiers, key::Named},
    theme::Mode,
};

use super::desk::Desk;
use crate::{
    app::{Message, Screen, broken, start, text as words},
    engine::Engine,
    provisioning::{
        failure::{Failure, KeepProblem},
        keys,
        secret::Secret,
    },
    system::Services,
};

const URI: &str = "https://prov.example.com/p";

fn manual() -> Desk {
    Desk::with(&[(keys::METHOD, "Manual"), (keys::URL, URI)], "")
}

fn until_broken(desk: &mut Desk) {
    desk.until("the page is there", |desk| {
        matches!(desk.app.screen, Screen::Broken(_))
    });
}

fn until_pane(desk: &mut Desk) {
    desk.until("the pane is there", |desk| {
        matches!(desk.app.screen, Screen::Pane(_))
    });
}

fn stored(desk: &mut Desk, key: &'static str, value: Option<&'static str>) {
    desk.until("it is stored", |desk| desk.stored(key).as_deref() == value);
}

#[test]
fn without_a_last_method_it_is_dhcp() {
    let mut desk = Desk::with(&[], "");
    desk.click("enable");
    stored(&mut desk, keys::METHOD, Some("DHCP"));
    assert_eq!(desk.seen("dhcp").meaning.toggled, Some(true));
}

#[test]
fn the_last_method_comes_back_also_after_a_new_start() {
    let mut desk = manual();
    desk.click("enable");
    stored(&mut desk, keys::METHOD, Some("NONE"));
    desk.send(Message::Close);
    desk.until("it is closed", |desk| desk.exited);
    let text = std::fs::read_to_string(desk.home.join("window.toml")).unwrap();
    assert!(text.contains("method = \"Manual\""), "{text}");
    assert!(text.contains("width = 900.0"), "{text}");
    let mut again = desk.start_again();
    again.click("enable");
    stored(&mut again, keys::METHOD, Some("Manual"));
}

#[test]
fn the_typed_address_survives_another_method() {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
    desk.tab_to("uri");
    desk.write("https://half");
    desk.click("bonjour");
    stored(&mut desk, keys::METHOD, Some("Bonjour"));
    assert_eq!(
        desk.seen("uri-field").meaning.value.unwrap(),
        "https://half"
    );
    desk.click("manual");
    stored(&mut desk, keys::METHOD, Some("Manual"));
    assert_eq!(
        desk.seen("uri-field").meaning.value.unwrap(),
        "https://half"
    );
}

#[test]
fn an_address_is_stored_in_a_pause_and_a_mistake_is_not() {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
    desk.tab_to("uri");
    desk.write("ftp://prov.example.com/p");
    desk.settle();
    assert_eq!(desk.stored(keys::URL), None);
    let said = desk.seen("uri-field").meaning.description.unwrap();
    assert_eq!(said, "Ftp is neither http nor https.");
    for _ in 0..24 {
        desk.press(Named::Backspace);
    }
    desk.write(URI);
    stored(&mut desk, keys::URL, Some(URI));
    for _ in 0..URI.len() {
        desk.press(Named::Backspace);
    }
    stored(&mut desk, keys::URL, None);
}

#[test]
fn what_is_typed_last_is_stored_when_the_window_closes() {
    let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
    desk.tab_to("uri");
    desk.write(URI);
    desk.send(Message::Close);
    desk.until("it is closed", |desk| desk.exited);
    assert_eq!(desk.stored(keys::URL).as_deref(), Some(URI));
}

#[test]
fn what_the_command_line_changes_shows_up() {
    let mut desk = manual();
    let services = Services::without_keyring(&desk.home, &desk.app.start.site).unwrap();
    let other = Engine::new(services);
    let engine = desk.app.engine.clone().unwrap();
    let changed = desk.block_on(async move {
        let watched = start::Watched(engine);
        let mut changes = Box::pin(start::changes(&watched));
        // The first look is taken before anything changes.
        let next = tokio::spawn(async move { changes.next().await });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let url = Secret::from("https://new.example.com/q");
        tokio::task::spawn_blocking(move || other.set(keys::URL, url))
            .await
            .unwrap()
            .unwrap();
        tokio::time::timeout(std::time::Duration::from_secs(10), next)
            .await
            .unwrap()
            .unwrap()
    });
    assert!(matches!(changed, Some(Message::Changed)));
    desk.send(Message::Changed);
    desk.settle();
    let shown = desk.seen("uri-field").meaning.value.unwrap();
    assert_eq!(shown, "https://new.example.com/q");
}

#[test]
fn what_is_being_typed_is_not_overwritten_by_what_others_store() {
    let mut desk = manual();
    desk.tab_to("uri");
    desk.write("x y");
    let services = Services::without_keyring(&desk.home, &desk.app.start.site).unwrap();
    let other = Engine::new(services);
    other
        .set(keys::URL, Secret::from("https://new.example.com/"))
        .unwrap();
    desk.send(Message::Changed);
    desk.settle();
    let shown = desk.seen("uri-field").meaning.value.unwrap();
    assert_eq!(shown, format!("{URI}x y"));
}

#[test]
fn what_the_site_fixed_cannot_be_changed_and_says_who_did() {
    let site = format!("*{}=Manual\n*{}={URI}\n", keys::METHOD, keys::URL);
    let mut desk = Desk::with(&[], &site);
    assert!(desk.seen("enable").meaning.disabled);
    assert!(desk.seen("manual").meaning.disabled);
    assert!(desk.seen("uri-field").meaning.disabled);
    assert!(!desk.seen("run").meaning.disabled);
    desk.click("enable");
    desk.settle();
    assert_eq!(desk.seen("enable").meaning.toggled, Some(true));
}

#[test]
fn a_pane_that_the_site_hides_offers_nothing() {
    let mut desk = Desk::with(
        &[(keys::METHOD, "Manual"), (keys::URL, URI)],
        &format!("*{}=true\n", keys::DISABLED),
    );
    assert!(desk.controls().is_empty());
    desk.press(Named::Enter);
    assert!(!desk.pane().is_running());
}

#[test]
fn a_broken_store_gets_a_page_and_nothing_is_written_over_it() {
    let mut desk = Desk::with(&[("a", "\\u12")], "");
    assert!(matches!(desk.app.screen, Screen::Broken(_)));
    let file = desk.home.join("sip-communicator.properties");
    let broken = std::fs::read(&file).unwrap();
    let said = desk.seen("status").meaning.name;
    assert!(said.contains("sip-communicator.properties"), "{said}");
    assert!(said.contains("line 1"), "{said}");
    assert!(said.contains("PS-STORE-READ"), "{said}");

    desk.click("reload");
    desk.settle();
    assert!(matches!(desk.app.screen, Screen::Broken(_)));
    assert_eq!(std::fs::read(&file).unwrap(), broken);

    desk.click("start-empty");
    until_pane(&mut desk);
    let kept = desk.home.join("sip-communicator.properties.broken");
    assert_eq!(std::fs::read(kept).unwrap(), broken);
}

#[test]
fn a_broken_store_that_is_mended_is_read_again() {
    let mut desk = Desk::with(&[("a", "\\u12")], "");
    let file = desk.home.join("sip-communicator.properties");
    std::fs::write(&file, format!("{}=Manual\n", keys::METHOD)).unwrap();
    desk.tab_to("reload");
    desk.press(Named::Enter);
    until_pane(&mut desk);
}

#[test]
fn a_store_that_breaks_while_the_window_is_open_gets_the_page_too() {
    let mut desk = manual();
    let file = desk.home.join("sip-communicator.properties");
    std::fs::write(file, "a=\\u12\n").unwrap();
    desk.send(Message::Changed);
    until_broken(&mut desk);
}

#[test]
fn what_will_be_sent_is_shown_as_it_would_go_out_now() {
    let mut desk = manual();
    desk.click("sent");
    desk.settle();
    assert!(desk.shows("POST https://prov.example.com/p"));
    desk.tab_to("uri");
    desk.write("?id=${uuid}&pw=${password}&x=${uid}");
    desk.settle();
    let uuid = desk.stored(keys::UUID).unwrap();
    assert!(desk.shows(&uuid));
    assert!(desk.shows("asked for when it is needed"));
    assert!(desk.shows("${uid}: no value on this computer"));
}

#[test]
fn the_first_start_offers_to_type_an_address() {
    let mut desk = Desk::with(&[], "");
    assert!(desk.has("card"));
    desk.click("card-address");
    stored(&mut desk, keys::METHOD, Some("Manual"));
    desk.settle();
    assert!(!desk.has("card"));
    assert_eq!(desk.focused(), Some(iced::advanced::widget::Id::new("uri")));
}

#[test]
fn the_first_start_offers_to_look_on_the_network() {
    let mut desk = Desk::with(&[], "");
    desk.click("card-network");
    desk.until("it looked", |desk| desk.is_idle() && !desk.is_running());
    desk.settle();
    stored(&mut desk, keys::METHOD, Some("DHCP"));
    let status = desk.status();
    assert!(
        status.contains("No provisioning server was found"),
        "{status}"
    );
    assert!(status.contains("PS-NOT-FOUND"), "{status}");
}

#[test]
fn an_address_from_a_link_is_neither_stored_nor_asked_by_itself() {
    let link = "https://elsewhere.example.com/p";
    let mut desk = Desk::by_link(&[(keys::METHOD, "Manual"), (keys::URL, URI)], link);
    assert_eq!(desk.seen("uri-field").meaning.value.unwrap(), link);
    assert!(desk.shows("This address came with a link"));
    desk.send(Message::Changed);
    desk.settle();
    assert_eq!(desk.seen("uri-field").meaning.value.unwrap(), link);
    assert_eq!(desk.stored(keys::URL).as_deref(), Some(URI));
    desk.send(Message::Close);
    desk.until("it is closed", |desk| desk.exited);
    assert_eq!(desk.stored(keys::URL).as_deref(), Some(URI));
    assert_eq!(desk.runs(), 0);
}

#[test]
fn an_address_from_a_link_is_dropped_when_something_else_is_chosen() {
    let link = "https://elsewhere.example.com/p";
    let mut desk = Desk::by_link(&[(keys::METHOD, "Manual"), (keys::URL, URI)], link);
    desk.click("dhcp");
    stored(&mut desk, keys::METHOD, Some("DHCP"));
    desk.settle();
    assert_eq!(desk.seen("uri-field").meaning.value.unwrap(), URI);
    assert_eq!(desk.stored(keys::URL).as_deref(), Some(URI));
}

#[test]
fn a_broken_site_file_is_the_administrators_to_mend() {
    let mut desk = Desk::with(&[], "a=\\u12\n");
    let said = desk.seen("status").meaning.name;
    assert!(said.contains("defaults.properties"), "{said}");
    assert!(!desk.has("restore") && !desk.has("start-empty"));
    desk.click("copy-report");
    let report = desk.clipboard.clone().unwrap();
    assert!(report.contains("PS-STORE-READ"), "{report}");
    let file = desk.app.start.site.join("defaults.properties");
    std::fs::write(file, "").unwrap();
    desk.click("reload");
    until_pane(&mut desk);
}

#[test]
fn blanks_and_user_info_do_not_overwrite_what_others_store() {
    for typed in [
        "https://prov.example.com/p?a=1 &b=2",
        "https://jane:pw@prov.example.com/p?a=1&b=2",
    ] {
        let mut desk = Desk::with(&[(keys::METHOD, "Manual")], "");
        desk.tab_to("uri");
        desk.write(typed);
        stored(
            &mut desk,
            keys::URL,
            Some("https://prov.example.com/p?a=1&b=2"),
        );
        desk.settle();
        let services = Services::without_keyring(&desk.home, &desk.app.start.site).unwrap();
        let other = Engine::new(services);
        other
            .set(keys::URL, Secret::from("https://new.example.com/"))
            .unwrap();
        desk.send(Message::Changed);
        desk.settle();
        let shown = desk.seen("uri-field").meaning.value.unwrap();
        assert_eq!(shown, "https://new.example.com/", "{typed}");
        desk.send(Message::Close);
        desk.until("it is closed", |desk| desk.exited);
        let kept = desk.stored(keys::URL);
        assert_eq!(kept.as_deref(), Some("https://new.example.com/"), "{typed}");
    }
}

#[test]
fn a_broken_list_of_servers_is_kept_and_is_not_looked_for_in_the_history() {
    let mut desk = manual();
    let file = desk.home.join("servers.toml");
    std::fs::write(&file, "?").unwrap();
    desk.send(Message::Changed);
    until_broken(&mut desk);
    assert!(desk.shows(words::BROKEN_SERVERS_ADVICE));
    assert!(!desk.has("restore"));
    desk.click("start-empty");
    until_pane(&mut desk);
    let kept = desk.home.join("servers.toml.broken");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "?");
    assert_eq!(desk.stored(keys::METHOD).as_deref(), Some("Manual"));
}

#[test]
fn what_is_no_broken_file_has_only_a_second_try() {
    let mut desk = manual();
    desk.send(Message::Opened(Err(Failure::Cancelled)));
    assert!(matches!(desk.app.screen, Screen::Broken(_)));
    assert!(desk.shows(words::NOT_BROKEN_ADVICE));
    assert!(!desk.has("restore") && !desk.has("start-empty"));
    desk.click("reload");
    until_pane(&mut desk);
}

#[test]
fn a_window_that_was_dark_begins_dark_until_the_desktop_says_otherwise() {
    let mut desk = manual();
    desk.send(Message::Mode(Mode::Dark));
    desk.send(Message::Close);
    desk.until("it is closed", |desk| desk.exited);
    let mut desk = desk.start_again();
    assert_eq!(desk.app.mode, Mode::Dark);
    // A window without a look of its own says nothing of the desktop.
    desk.send(Message::Mode(Mode::None));
    assert_eq!(desk.app.mode, Mode::Dark);
    desk.send(Message::Asked(Mode::None));
    assert_eq!(desk.app.mode, Mode::None);
    desk.send(Message::Mode(Mode::Dark));
    // An answer may come late.
    desk.send(Message::Asked(Mode::None));
    assert_eq!(desk.app.mode, Mode::Dark);
    desk.send(Message::Mode(Mode::None));
    assert_eq!(desk.app.mode, Mode::None);
    desk.send(Message::Close);
    desk.until("it is closed", |desk| desk.exited);
    assert_eq!(desk.start_again().app.mode, Mode::Light);
}

#[test]
fn a_damaged_journal_is_put_aside_and_is_not_looked_for_in_the_history() {
    let mut desk = manual();
    let file = desk.home.join(".transaction.json");
    std::fs::write(&file, "{").unwrap();
    desk.send(Message::Changed);
    until_broken(&mut desk);
    assert!(desk.shows(words::BROKEN_OWN_ADVICE));
    assert!(!desk.has("restore"));
    desk.click("start-empty");
    until_pane(&mut desk);
    assert!(desk.home.join(".transaction.json.broken").exists());
    assert_eq!(desk.stored(keys::URL).as_deref(), Some(URI));
}

#[test]
fn a_page_whose_way_out_finds_another_damaged_file_is_about_that_one() {
    let mut desk = manual();
    let (file, servers) = ("sip-communicator.properties", "servers.toml");
    std::fs::write(desk.home.join(file), "a=\\u12\n").unwrap();
    std::fs::write(desk.home.join(servers), "?").unwrap();
    desk.send(Message::Changed);
    until_broken(&mut desk);
    assert!(desk.has("restore") && desk.shows(words::BROKEN_ADVICE));
    let unreadable = KeepProblem::Read {
        path: desk.home.join(servers).display().to_string(),
        line: None,
        chain: Vec::new(),
    };
    desk.send(Message::Broken(broken::Message::Done(Err(
        unreadable.into()
    ))));
    assert!(!desk.has("restore") && desk.shows(words::BROKEN_SERVERS_ADVICE));
    // What is no damaged file leaves the ways out as they are.
    let none = KeepProblem::NoSuchRun(0);
    desk.send(Message::Broken(broken::Message::Done(Err(none.into()))));
    assert!(desk.has("start-empty"));
}

#[test]
fn a_file_that_is_whole_again_needs_no_press_of_reload() {
    let mut desk = manual();
    let servers = desk.home.join("servers.toml");
    std::fs::write(&servers, "?").unwrap();
    desk.send(Message::Changed);
    until_broken(&mut desk);
    std::fs::write(&servers, "").unwrap();
    desk.send(Message::Changed);
    until_pane(&mut desk);
}

#[test]
fn what_is_half_typed_is_not_thrown_away_for_a_file_that_others_write() {
    let mut desk = manual();
    desk.tab_to("uri");
    desk.chord(Key::Character("a".into()), Modifiers::COMMAND);
    desk.write("htt");
    let typed = desk.seen("uri-field").meaning.value;
    std::fs::write(desk.home.join("servers.toml"), "?").unwrap();
    desk.send(Message::Changed);
    desk.settle();
    assert!(desk.status().contains("servers.toml"), "{}", desk.status());
    assert_eq!(typed.as_deref(), Some("htt"));
    assert_eq!(desk.seen("uri-field").meaning.value, typed);
}
