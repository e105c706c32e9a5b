//! The window as a person meets it: the real program on a display with a
//! window manager, used by keyboard and mouse, on real servers and a real
//! keyring. What it says is read from the clipboard, what it did from the
//! store, the keyring and the servers.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says so on the terminal"
)]

#[path = "common/desktop.rs"]
mod desktop;
#[path = "canary/hunt.rs"]
mod hunt;
#[path = "common/lab.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod lab;

#[path = "common/raw_server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod raw_server;

#[path = "window/hurdles.rs"]
mod hurdles;
#[path = "window/look.rs"]
mod look;
#[path = "window/opened.rs"]
mod opened;
#[path = "window/stops.rs"]
mod stops;
#[path = "window/walk.rs"]
mod walk;
#[path = "window/ways.rs"]
mod ways;

use lab::Lab;

/// nginx with PHP.
const NGINX: &str = "http://10.77.1.1:8080";
/// A form with user name and password.
const FORM: &str = "/login.php?username=${username}&password=${password}&uuid=${uuid}";

/// A network with these servers, a display and a keyring.
fn lab(servers: &[&'static str]) -> Lab {
    Lab::of(&[servers, &["display"]].concat())
        .needing(&desktop::PROGRAMS)
        .needing(&lab::keyring::PROGRAMS)
}
