//! Other ways through the window: a look at the changes first, and the mouse.

use crate::{
    FORM, NGINX,
    desktop::Desktop,
    lab,
    lab::keyring::{Keyring, State},
    opened::{Opened, Place, STORE, kept},
    stops,
};

const LOGIN: &str = "net.java.sip.communicator.lab.login";

#[test]
fn changes_are_looked_through_discarded_and_applied_by_keyboard() {
    lab(&["nginx"]).run(|lab| {
        let desktop = Desktop::start(lab);
        let keyring = Keyring::start(State::Unlocked);
        // Over TLS, so nothing is asked about the connection.
        let program = keyring.program().with("SSL_CERT_FILE", lab.authority());
        let uri = format!("https://10.77.1.1:8443{FORM}");
        assert_eq!(program.run(&["method", "manual", &uri]).status, 0);
        let before = program.settings();
        let mut window = Opened::open(&desktop, &program);

        let preview = |window: &mut Opened<'_>, stops| {
            window.go(stops, "preview");
            desktop.keys(&["space"]);
            window.dialog("username");
            desktop.write("alice");
            window.go(&stops::SIGN_IN, "password");
            desktop.write("wonder");
            let asked = window.settled();
            desktop.keys(&["Return"]);
            window.changes_after(asked);
        };
        preview(&mut window, &stops::FRESH);
        desktop.keep("30-preview");
        // The words in the filter are few, and so are the changes.
        let all = window.look();
        desktop.write("login");
        desktop.until("the matches", || window.look() != all);
        desktop.keep("31-filtered");
        desktop.keys(&["Escape"]);
        window.no_dialog();
        window.status("Preview discarded. Nothing was changed.");
        assert_eq!(program.settings(), before);

        window.focus_is(None);
        preview(&mut window, &stops::CANCELLED);
        desktop.keys(&["Return"]);
        window.no_dialog();
        window.status("2 settings applied today");
        assert_eq!(program.settings()[LOGIN], "alice");
        // Not remembered without being asked to.
        assert_eq!(keyring.items(&program), "");
        window.close();
    });
}

#[test]
fn the_mouse_does_what_the_keyboard_does() {
    lab(&["nginx"]).run(|lab| {
        let desktop = Desktop::start(lab);
        let keyring = Keyring::start(State::Unlocked);
        let program = keyring.program();
        let mut window = Opened::open(&desktop, &program);
        let Place {
            x,
            y,
            width,
            height,
        } = window.place();
        let store = || kept(&program, STORE);
        // The blue button of the card, and the field that it leads to.
        let (to_x, to_y) = window.blue(y, y + height / 2);
        desktop.click(to_x, to_y);
        desktop.until("the method", || store().contains("METHOD=Manual"));
        desktop.write(&format!("{NGINX}/provisioning.php?a=b"));
        desktop.until("the address", || store().contains("a\\=b"));
        // The blue button below.
        let (to_x, to_y) = window.blue(y + height - 60, y + height);
        assert!(to_x > x + width / 2);
        desktop.click(to_x, to_y);
        // A click beside every control takes the focus out of the field.
        desktop.until("the run", || {
            lab.nginx_log().contains("POST /provisioning.php")
        });
        desktop.click(x + 60, y + height / 2);
        window.status("applied today");
        desktop.keep("32-by-mouse");
        assert_eq!(program.settings()["lab.verb"], "POST");
        // Another size is remembered.
        window.resize(width + 60, height + 40);
        let place = window.place();
        desktop.keep("33-larger");
        window.close();
        let memory = kept(&program, "window.toml");
        assert!(
            memory.contains(&format!("width = {}.0", place.width)),
            "{memory}"
        );
        let window = Opened::open(&desktop, &program);
        let again = window.place();
        assert_eq!((again.width, again.height), (place.width, place.height));
        window.close();
    });
}

#[test]
fn a_server_found_by_dhcp_is_trusted_once_by_keyboard() {
    let uri = format!("{NGINX}/provisioning.php?a=${{uuid}}");
    let searched = lab(&["nginx", "dhcpd"]).with("NETLAB_URL", uri);
    searched.run(|lab| {
        let desktop = Desktop::start(lab);
        let keyring = Keyring::start(State::Unlocked);
        let program = keyring.program();
        assert_eq!(program.run(&["method", "dhcp"]).status, 0);
        let mut window = Opened::open(&desktop, &program);

        window.go(&stops::SEARCHING, "run");
        desktop.keys(&["space"]);
        window.dialog("dialog-cancel");
        desktop.keep("40-new-server");
        desktop.keys(&["Return"]);
        window.no_dialog();
        window.status("cancelled. Nothing was changed.");
        // Nothing is sent before the yes (security rule 2).
        assert_eq!(lab.nginx_log(), "");

        window.focus_is(Some("run"));
        desktop.keys(&["space"]);
        window.dialog("dialog-cancel");
        window.go(&stops::QUESTION, "dialog-yes");
        desktop.keys(&["space"]);
        window.no_dialog();
        window.status("applied today");
        assert_eq!(program.settings()["lab.verb"], "POST");
        let servers = kept(&program, "servers.toml");
        assert!(servers.contains("trusted = true"), "{servers}");

        window.focus_is(Some("run"));
        desktop.keys(&["space"]);
        window.status("Nothing to change today");
        desktop.keep("41-trusted");
        window.close();
    });
}
