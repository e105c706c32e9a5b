//! The desktop is light or dark, and the window follows it: the settings
//! portal of a real desktop says so.

use std::{
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{
    desktop::{Desktop, Picture},
    lab,
    lab::keyring::{Keyring, State},
    opened::Opened,
};

const PORTAL: &str = "/usr/libexec/xdg-desktop-portal";
/// Hands out what GTK's desktops have chosen.
const OF_GTK: &str = "/usr/libexec/xdg-desktop-portal-gtk";

/// The background of the line on top, in both looks.
const LIGHT: [u8; 3] = [0xff, 0xff, 0xff];
const DARK: [u8; 3] = [0x20, 0x25, 0x2b];

/// No three starts take longer.
const LIMIT: Duration = Duration::from_secs(30);

/// The portal on a session bus; it ends when this is dropped.
struct Portal<'a> {
    desktop: &'a Desktop,
    bus: &'a Keyring,
    chosen: PathBuf,
    children: Vec<Child>,
}

impl<'a> Portal<'a> {
    /// Starts it with this colour scheme.
    fn start(desktop: &'a Desktop, bus: &'a Keyring, scheme: &str) -> Self {
        let folder = bus.path().join("glib-2.0/settings");
        fs::create_dir_all(&folder).unwrap();
        let mut portal = Self {
            desktop,
            bus,
            chosen: folder.join("keyfile"),
            children: Vec::new(),
        };
        portal.choose(scheme);
        portal.run(OF_GTK);
        desktop.until("GTK's part of the portal", || {
            let names = [
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.impl.portal.desktop.gtk",
            ];
            bus.ask("org.freedesktop.DBus", &names)
                .contains("boolean true")
        });
        portal.run(PORTAL);
        desktop.until("the portal", || portal.says("uint32 1"));
        portal
    }

    fn run(&mut self, program: &str) {
        let mut command: Command = self.bus.client(program);
        command
            .env("DISPLAY", self.desktop.display())
            .env("XDG_CURRENT_DESKTOP", "GNOME")
            .env("XDG_CONFIG_HOME", self.bus.path())
            .env("GSETTINGS_BACKEND", "keyfile")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.children.push(command.spawn().unwrap());
    }

    /// What a person chooses in the settings of the desktop.
    fn choose(&self, scheme: &str) {
        let text = format!("[org/gnome/desktop/interface]\ncolor-scheme='{scheme}'\n");
        fs::write(&self.chosen, text).unwrap();
    }

    fn says(&self, value: &str) -> bool {
        let call = [
            "/org/freedesktop/portal/desktop",
            "org.freedesktop.portal.Settings.Read",
            "string:org.freedesktop.appearance",
            "string:color-scheme",
        ];
        let said = self.bus.ask("org.freedesktop.portal.Desktop", &call);
        said.contains(value)
    }
}

impl Drop for Portal<'_> {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn the_window_is_as_light_or_dark_as_the_desktop() {
    let needed = lab(&[]).needing(&[PORTAL, OF_GTK]);
    needed.run(|lab| {
        let desktop = Desktop::start(lab);
        let bus = Keyring::start(State::Absent);
        let portal = Portal::start(&desktop, &bus, "prefer-dark");
        let program = bus.program();
        let top = |window: &Opened<'_>| {
            let place = window.place();
            desktop.picture().at(place.x + 600, place.y + 20)
        };
        let window = Opened::open(&desktop, &program);
        desktop.until("the dark look", || top(&window) == DARK);
        desktop.keep("50-dark");
        for (scheme, look) in [
            ("default", LIGHT),
            ("prefer-dark", DARK),
            ("prefer-light", LIGHT),
            ("prefer-dark", DARK),
        ] {
            portal.choose(scheme);
            desktop.until(scheme, || top(&window) == look);
        }
        // A later start is dark from the first picture on, and stays so.
        let (x, y) = (window.place().x + 600, window.place().y + 20);
        window.close();
        let (is_over, screen) = (AtomicBool::new(false), lab.file("screen/Xvfb_screen0"));
        thread::scope(|scope| {
            let seen = scope.spawn(|| {
                let (began, mut seen) = (Instant::now(), BTreeSet::new());
                while !is_over.load(Ordering::Relaxed) && began.elapsed() < LIMIT {
                    seen.insert(Picture::read(&screen).at(x, y));
                }
                seen
            });
            for _ in 0..3 {
                let window = Opened::open(&desktop, &program);
                assert_eq!(top(&window), DARK);
                window.settled();
                // By then it has asked.
                thread::sleep(Duration::from_millis(2300));
                assert_eq!(top(&window), DARK);
                window.close();
            }
            is_over.store(true, Ordering::Relaxed);
            let seen = seen.join().unwrap();
            assert!(seen.contains(&DARK) && !seen.contains(&LIGHT), "{seen:?}");
        });
        portal.choose("default");
        desktop.until("the light desktop", || portal.says("uint32 0"));
        let window = Opened::open(&desktop, &program);
        desktop.until("the light look", || top(&window) == LIGHT);
        window.close();
    });
}
