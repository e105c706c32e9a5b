//! A keyring of the test's own: a session bus and gnome-keyring, in any of the
//! states in which a user may have them.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::program::Program;

/// The programs that it takes.
pub(crate) const PROGRAMS: [&str; 4] = [
    "dbus-daemon",
    "dbus-send",
    "gnome-keyring-daemon",
    "secret-tool",
];

/// How the keyring is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Unlocked, as after a log-in.
    Unlocked,
    /// There, but locked, and no display to ask on.
    Locked,
    /// The service does not answer.
    Hung,
    /// There is a session bus, and no keyring on it.
    Absent,
    /// There is no session bus.
    NoBus,
}

/// A running keyring; it ends when this is dropped.
pub(crate) struct Keyring {
    dir: TempDir,
    state: State,
    bus: Option<Child>,
    daemon: Option<Child>,
}

impl Keyring {
    /// Starts it and leads it to `state`.
    pub(crate) fn start(state: State) -> Self {
        let dir = tempfile::Builder::new()
            .prefix("keyring")
            .tempdir()
            .unwrap();
        let mut keyring = Self {
            dir,
            state,
            bus: None,
            daemon: None,
        };
        if state != State::NoBus {
            keyring.bus = Some(keyring.start_bus());
        }
        if !matches!(state, State::NoBus | State::Absent) {
            keyring.daemon = Some(keyring.start_daemon());
        }
        keyring.make(state);
        keyring
    }

    /// Leads a keyring that was unlocked to another state.
    pub(crate) fn make(&mut self, state: State) {
        self.state = state;
        match state {
            State::Locked => self.lock(),
            State::Hung => self.signal("STOP"),
            State::Unlocked | State::Absent | State::NoBus => {}
        }
    }

    /// The program with this keyring.
    pub(crate) fn program(&self) -> Program {
        let program = Program::new();
        if self.state == State::NoBus {
            return program;
        }
        program.with("DBUS_SESSION_BUS_ADDRESS", self.address())
    }

    /// The secret of the item with this name, `None` if there is no such item.
    pub(crate) fn secret(&self, name: &str) -> Option<String> {
        let output = self
            .client("secret-tool")
            .args(["lookup", "username", name])
            .output()
            .unwrap();
        let secret = String::from_utf8(output.stdout).unwrap();
        output.status.success().then_some(secret)
    }

    /// The attributes of all items of this program, secrets left out.
    pub(crate) fn items(&self, program: &Program) -> String {
        let service = format!("provisioning-settings ({})", program.home().display());
        let output = self
            .client("secret-tool")
            .args(["search", "--all", "service", &service])
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("secret"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The folder of the bus, and of what it serves.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    fn address(&self) -> String {
        format!("unix:path={}", self.path().join("bus").display())
    }

    /// A program that talks on this bus.
    pub(crate) fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.env("DBUS_SESSION_BUS_ADDRESS", self.address());
        command.env("HOME", self.path());
        command.env("XDG_RUNTIME_DIR", self.path());
        command.env("XDG_DATA_HOME", self.path().join("data"));
        command
    }

    /// With a configuration that starts no service by itself.
    fn start_bus(&self) -> Child {
        let configuration = self.path().join("bus.conf");
        let text = format!(
            r#"<busconfig><type>session</type><listen>{}</listen><auth>EXTERNAL</auth>
            <policy context="default"><allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#,
            self.address()
        );
        fs::write(&configuration, text).unwrap();
        let bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", configuration.display()))
            .args(["--nofork", "--nopidfile", "--nosyslog"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for("the session bus", || self.path().join("bus").exists());
        bus
    }

    fn start_daemon(&self) -> Child {
        let mut daemon = self
            .client("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // With an empty password it makes no keyring.
        let mut password = daemon.stdin.take().unwrap();
        password.write_all(b"keyring").unwrap();
        drop(password);
        wait_for("the keyring", || self.is_unlocked());
        daemon
    }

    fn is_unlocked(&self) -> bool {
        let call = [
            "/org/freedesktop/secrets/aliases/default",
            "org.freedesktop.DBus.Properties.Get",
            "string:org.freedesktop.Secret.Collection",
            "string:Locked",
        ];
        self.call(&call).contains("boolean false")
    }

    fn lock(&self) {
        self.call(&[
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/aliases/default",
        ]);
        wait_for("the lock", || !self.is_unlocked());
    }

    fn call(&self, call: &[&str]) -> String {
        self.ask("org.freedesktop.secrets", call)
    }

    /// What the one with this name on the bus answers; nothing if nobody has it.
    pub(crate) fn ask(&self, name: &str, call: &[&str]) -> String {
        let output = self
            .client("dbus-send")
            .args([
                "--session",
                "--reply-timeout=2000",
                "--print-reply",
                &format!("--dest={name}"),
            ])
            .args(call)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    fn signal(&self, name: &str) {
        if let Some(daemon) = &self.daemon {
            signal(daemon, name);
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in [&mut self.daemon, &mut self.bus].into_iter().flatten() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Sends a signal by its name.
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(status.unwrap().success());
}

fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_there() {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{what} does not come"
        );
        thread::sleep(Duration::from_millis(10));
    }
}
