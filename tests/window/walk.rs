//! One walk: from the first start to the password that is forgotten.

use crate::{
    FORM, NGINX,
    desktop::Desktop,
    hunt::Canary,
    lab,
    lab::{
        Inside,
        keyring::{Keyring, State},
        program::Program,
        run::Run,
    },
    opened::{Opened, STORE, kept},
    stops,
};

const LOGIN: &str = "net.java.sip.communicator.lab.login";

#[test]
fn a_person_signs_in_undoes_and_forgets_by_keyboard() {
    let canary = Canary::new();
    lab(&["nginx"]).password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        let keyring = Keyring::start(State::Unlocked);
        let desktop = Desktop::start(lab);
        let program = keyring.program();
        let mut walk = Walk {
            lab,
            canary: &canary,
            desktop: &desktop,
            program: &program,
            keyring: &keyring,
            said: Vec::new(),
        };
        let mut window = Opened::open(&desktop, &program);
        walk.types_the_address(&mut window);
        walk.says_no_to_plain_http(&mut window);
        walk.signs_in_wrong_then_right(&mut window);
        walk.reads_what_came_of_it(&mut window);
        walk.undoes(&mut window);
        walk.does_it_again(&mut window);
        walk.is_nowhere(&window);
        window.close();
        let mut window = walk.starts_again();
        walk.forgets(&mut window);
        walk.is_nowhere(&window);
        window.close();
    });
}

/// The walk, and everything that was said on it.
struct Walk<'a> {
    lab: &'a Inside,
    canary: &'a Canary,
    desktop: &'a Desktop,
    program: &'a Program,
    keyring: &'a Keyring,
    said: Vec<String>,
}

impl<'a> Walk<'a> {
    fn item() -> String {
        format!("login {NGINX} alice")
    }

    fn types_the_address(&self, window: &mut Opened<'_>) {
        self.desktop.keep("01-first-start");
        window.go(&stops::FIRST, "card-address");
        self.desktop.keys(&["space"]);
        window.focus_is(Some("uri"));
        let store = || kept(self.program, STORE);
        self.desktop
            .until("the method", || store().contains("METHOD=Manual"));
        self.desktop.write(&format!("{NGINX}{FORM}"));
        self.desktop
            .until("the address", || store().contains("uuid\\=${uuid}"));
        self.desktop.keep("02-address");
    }

    /// Enter alone sends nothing.
    fn says_no_to_plain_http(&self, window: &mut Opened<'_>) {
        window.go(&stops::FRESH, "run");
        self.desktop.keys(&["space"]);
        window.dialog("dialog-cancel");
        self.desktop.keep("03-plain-http");
        self.desktop.keys(&["Return"]);
        window.no_dialog();
        window.status("cancelled. Nothing was changed.");
        assert_eq!(self.lab.nginx_log(), "");
    }

    fn signs_in_wrong_then_right(&self, window: &mut Opened<'_>) {
        let desktop = self.desktop;
        window.focus_is(Some("run"));
        desktop.keys(&["space"]);
        window.dialog("dialog-cancel");
        window.go(&stops::QUESTION, "dialog-yes");
        let question = window.settled();
        desktop.keys(&["space"]);
        window.dialog_after(question, "username");
        let servers = kept(self.program, "servers.toml");
        assert!(servers.contains("plain_http_password = true"), "{servers}");
        desktop.keep("04-sign-in");
        assert_eq!(self.lab.nginx_log(), "");

        desktop.write("alice");
        window.go(&stops::SIGN_IN, "password");
        desktop.write("wrong");
        desktop.keys(&["Return"]);
        desktop.until("the refusal", || window.has_red());
        assert!(window.has_dialog());
        desktop.keep("05-refused");
        let log = self.lab.nginx_log();
        assert_eq!(
            (log.lines().count(), log.contains(" 401 ")),
            (1, true),
            "{log}"
        );
        assert_eq!(self.keyring.secret(&Self::item()), None);

        // The name stands there; the password does not, and has the focus.
        window.focus_is(Some("password"));
        desktop.write(self.canary.password());
        // A password cannot be copied out of its field.
        let copied = desktop.copied_soon(|| desktop.keys(&["ctrl+a", "ctrl+c"]));
        assert_eq!(copied, None);
        window.go(&stops::SIGN_IN, "remember");
        desktop.keys(&["space"]);
        desktop.keep("06-remember");
        self.is_not_seen(window);
        desktop.keys(&["Return"]);
        window.no_dialog();
    }

    fn reads_what_came_of_it(&mut self, window: &mut Opened<'_>) {
        let status = window.status("applied today");
        assert!(status.ends_with(" from 10.77.1.1"), "{status}");
        self.desktop.keep("07-applied");
        let log = self.lab.nginx_log();
        let last = log.lines().last().unwrap();
        assert!(last.starts_with("8080 POST /login.php 200 "), "{log}");
        assert!(
            last.contains(&format!("password={}&", self.canary.password())),
            "{log}"
        );
        let settings = self.program.settings();
        assert_eq!(settings[LOGIN], "alice");
        let secret = self.keyring.secret(&Self::item());
        assert_eq!(secret.as_deref(), Some(self.canary.password()));

        window.focus_is(Some("run"));
        window.go(&stops::AFTER, "details");
        self.desktop.keys(&["space"]);
        window.go(&stops::AFTER, "copy-report");
        let report = self.desktop.copied(|| self.desktop.keys(&["space"]));
        self.desktop.keep("08-details");
        assert!(
            report.contains(LOGIN) && report.contains("applied"),
            "{report}"
        );
        self.said.extend([status, report]);
    }

    fn undoes(&mut self, window: &mut Opened<'_>) {
        window.go(&stops::AFTER, "undo");
        self.desktop.keys(&["space"]);
        let status = window.status("Undone today");
        assert_eq!(self.program.settings().get(LOGIN), None);
        self.desktop.keep("09-undone");
        // It takes the password back too.
        assert_eq!(self.keyring.secret(&Self::item()), None);
        self.said.push(status);
    }

    fn does_it_again(&mut self, window: &mut Opened<'_>) {
        window.focus_is(Some("undo"));
        self.desktop.keys(&["space"]);
        let status = window.status("Done again today");
        assert_eq!(self.program.settings()[LOGIN], "alice");
        let secret = self.keyring.secret(&Self::item());
        assert_eq!(secret.as_deref(), Some(self.canary.password()));
        self.said.push(status);
    }

    /// The size is that of before, and the status comes from the history.
    fn starts_again(&self) -> Opened<'a> {
        let memory = kept(self.program, "window.toml");
        assert!(memory.contains("width = 900.0"), "{memory}");
        let window = Opened::open(self.desktop, self.program);
        window.status("Done again today");
        window
    }

    fn forgets(&self, window: &mut Opened<'_>) {
        window.go(&stops::AFTER, "forget");
        self.desktop.keys(&["space"]);
        window.dialog("dialog-cancel");
        self.desktop.keep("10-forget");
        // Enter alone forgets nothing.
        self.desktop.keys(&["Return"]);
        window.no_dialog();
        assert!(self.keyring.secret(&Self::item()).is_some());

        window.focus_is(Some("forget"));
        self.desktop.keys(&["space"]);
        window.dialog("dialog-cancel");
        window.go(&stops::QUESTION, "dialog-yes");
        self.desktop.keys(&["space"]);
        window.no_dialog();
        window.status("User name and password are forgotten.");
        assert_eq!(self.keyring.secret(&Self::item()), None);
        // Nor is what an undo would have brought back.
        let items = self.keyring.items(self.program);
        let names = items.lines().filter(|line| line.starts_with("label"));
        assert_eq!(names.count(), 0, "{items}");
        assert!(!kept(self.program, STORE).contains("auth.USERNAME"));
        self.desktop.keep("11-forgotten");
    }

    /// The password is in no place where others see it while the window is open.
    fn is_not_seen(&self, window: &Opened<'_>) {
        assert!(!self.canary.is_in(window.properties().as_bytes()));
        for name in ["cmdline", "environ", "comm"] {
            let file = format!("/proc/{}/{name}", window.process());
            assert!(!self.canary.is_in(&std::fs::read(file).unwrap()), "{name}");
        }
        for selection in ["primary", "secondary", "clipboard"] {
            let selected = self.desktop.selection(selection);
            assert!(!self.canary.is_in(selected.as_bytes()), "{selection}");
        }
    }

    /// Nor in what was said, or left on the disk.
    fn is_nowhere(&self, window: &Opened<'_>) {
        self.is_not_seen(window);
        let said = self.said.iter().map(|said| Run {
            status: 0,
            stdout: said.clone(),
            stderr: String::new(),
        });
        let said: Vec<_> = said.collect();
        self.canary.is_nowhere(self.program, &said);
    }
}
