//! The program in folders of its own, away from those of whoever runs the tests.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt::Write as _,
    fs,
    io::{Read, Write as _},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{in_lab, run::Run};

/// No run takes longer: a server has 30 s, a keyring 10 s for an item.
const LIMIT: Duration = Duration::from_secs(90);

/// A home folder, and everything else that a run could leave something in.
pub(crate) struct Program {
    dir: TempDir,
    env: Vec<(OsString, OsString)>,
}

impl Program {
    /// With empty folders.
    pub(crate) fn new() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("settings")
            .tempdir()
            .unwrap();
        for folder in ["user", "config", "state", "cache", "data", "run", "tmp"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        let mut program = Self {
            dir,
            env: Vec::new(),
        };
        for (name, folder) in [
            ("HOME", "user"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_RUNTIME_DIR", "run"),
            ("TMPDIR", "tmp"),
            ("PROVISIONING_SETTINGS_SITE", "site"),
        ] {
            let folder = program.dir.path().join(folder);
            program.env.push((name.into(), folder.into()));
        }
        program
            .with("PATH", "/usr/bin:/bin")
            .with("LANG", "C.UTF-8")
    }

    /// With one more environment variable.
    pub(crate) fn with(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Where all its folders are.
    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    /// The folder of the store.
    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// The store.
    pub(crate) fn store(&self) -> PathBuf {
        self.home().join("sip-communicator.properties")
    }

    /// A person said before that a password may go to `origin` unencrypted.
    pub(crate) fn allowing_plain_http(self, origin: &str) -> Self {
        fs::create_dir_all(self.home()).unwrap();
        let file = self.home().join("servers.toml");
        let mut text = fs::read_to_string(&file).unwrap_or_default();
        write!(text, "[servers.\"{origin}\"]\nplain_http_password = true\n").unwrap();
        fs::write(file, text).unwrap();
        self
    }

    /// The program with these arguments, in its own folders.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provisioning-settings"));
        command.arg("--home").arg(self.home()).args(arguments);
        self.surround(&mut command);
        command
    }

    fn surround(&self, command: &mut Command) {
        command.env_clear().current_dir(self.root());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
    }

    /// Runs it; nobody types anything.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command(arguments), "")
    }

    /// Runs it with `typed` on its standard input.
    pub(crate) fn typing(&self, typed: &str, arguments: &[&str]) -> Run {
        finish(self.command(arguments), typed)
    }

    /// `provision` from this address, with the report as JSON.
    pub(crate) fn provision(&self, uri: &str) -> Run {
        self.run(&["provision", "--uri", uri, "--no-input", "--format", "json"])
    }

    /// `provision` with a user name and, on standard input, a password.
    pub(crate) fn sign_in(&self, uri: &str, name: &str, password: &str) -> Run {
        self.sign_in_with(uri, name, password, &[])
    }

    /// Like [`Self::sign_in`], with further arguments.
    pub(crate) fn sign_in_with(&self, uri: &str, name: &str, password: &str, more: &[&str]) -> Run {
        let mut arguments = vec!["provision", "--uri", uri, "--no-input", "--format", "json"];
        arguments.extend(["--username", name, "--password-stdin"]);
        arguments.extend(more);
        finish(self.command(&arguments), &format!("{password}\n"))
    }

    /// Runs it on a terminal; each of `dialogue` is what it shows and what is typed then.
    pub(crate) fn at_terminal(&self, arguments: &[&str], dialogue: &[(&str, &str)]) -> Run {
        let program = self.command(arguments);
        let mut command = Command::new("python3");
        command.arg(in_lab("py/terminal.py"));
        command.arg(json!(dialogue).to_string());
        command.arg(program.get_program()).args(program.get_args());
        self.surround(&mut command);
        command.env("TERM", "xterm");
        finish(command, "")
    }

    /// Runs it and measures the most memory that it had, in KiB.
    pub(crate) fn measured(&self, arguments: &[&str]) -> (Run, u64) {
        let program = self.command(arguments);
        let figures = self.root().join("tmp/figures");
        let mut command = Command::new("python3");
        command.arg(in_lab("py/peak.py")).arg(&figures);
        command.arg(program.get_program()).args(program.get_args());
        self.surround(&mut command);
        let run = finish(command, "");
        let text = fs::read_to_string(figures).unwrap();
        let peak = text.split_whitespace().nth(1).unwrap().parse().unwrap();
        (run, peak)
    }

    /// The store's own keys and values.
    pub(crate) fn settings(&self) -> Value {
        let run = self.run(&["settings", "list", "--format", "json"]);
        assert_eq!(run.status, 0, "{run:#?}");
        run.json()
    }

    /// All files below the home folder with their bytes, except the lock and
    /// what is remembered of servers.
    pub(crate) fn kept(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.home(), &mut files);
        files.retain(|path, _| {
            let name = path.file_name().unwrap().to_string_lossy();
            !name.contains("lock") && name != "servers.toml"
        });
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

/// Starts `command` with its output on pipes.
pub(crate) fn start(mut command: Command, typed: &str) -> Child {
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that fails early reads nothing.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child
}

/// Waits for `child` and takes its output.
pub(crate) fn wait(mut child: Child) -> Run {
    fn all(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }
    let stdout = all(child.stdout.take().unwrap());
    let stderr = all(child.stderr.take().unwrap());
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > LIMIT {
            child.kill().unwrap();
            let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
            panic!("still running after {LIMIT:?}:\n{stdout}\n{stderr}");
        }
        thread::sleep(Duration::from_millis(2));
    };
    Run {
        status: status.code().unwrap_or_else(|| -status.signal().unwrap()),
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}

/// Runs `command` with `typed` on its standard input.
pub(crate) fn finish(command: Command, typed: &str) -> Run {
    wait(start(command, typed))
}
