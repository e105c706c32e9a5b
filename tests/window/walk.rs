//! One walk: from the first start to the password that is forgotten.

use crate::{
    FORM, NGINX,
    desktop::Desktop,
    hunt::Canary,
    lab,
    lab::keyring::{Keyring, State},
    opened::{Opened, kept},
};

const STORE: &str = "sip-communicator.properties";
/// The Tab stops when nothing is set up.
const FIRST: [&str; 3] = ["card-address", "card-sample", "enable"];
/// Before the first run.
const FRESH: [&str; 7] = ["enable", "manual", "uri", "sent", "copy-uuid", "preview", "run"];

#[test]
fn a_person_signs_in_undoes_and_forgets_by_keyboard() {
    let canary = Canary::new();
    lab(&["nginx"]).password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        let keyring = Keyring::start(State::Unlocked);
        let desktop = Desktop::start(lab);
        let program = keyring.program();

        let mut window = Opened::open(&desktop, &program);
        desktop.keep("01-first-start");
        window.go(&FIRST, "card-address");
        desktop.keys(&["space"]);
        window.focus_is(Some("uri"));
        desktop.until("the method", || kept(&program, STORE).contains("METHOD=Manual"));
        desktop.write(&format!("{NGINX}{FORM}"));
        desktop.until("the address", || kept(&program, STORE).contains("uuid\\=${uuid}"));
        desktop.keep("02-address");

        // No is what Enter says.
        window.go(&FRESH, "run");
        desktop.keys(&["space"]);
        let question = window.dialog("dialog-cancel");
        desktop.keep("03-plain-http");
        desktop.keys(&["Return"]);
        window.no_dialog();
        window.status("ancelled");
        desktop.keep("04-cancelled");
        assert_eq!(lab.nginx_log(), "");
        println!("{question:?}");
    });
}
