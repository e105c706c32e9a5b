//! Tests against real servers: a test runs itself again inside a throw-away
//! network of its own (`tests/lab/netlab`), so tests disturb neither each other
//! nor the machine, as root and as an ordinary user.

pub(crate) mod java;
pub(crate) mod keyring;
pub(crate) mod program;
pub(crate) mod run;

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

/// What `netlab` exits with where it cannot work.
const UNABLE: i32 = 77;

/// The network that a test wants.
pub(crate) struct Lab {
    servers: Vec<&'static str>,
    needs: Vec<&'static str>,
    /// What `netlab` is told by its environment.
    pub(crate) env: Vec<(&'static str, String)>,
    /// Shell commands that run besides: on which host, what their output has
    /// when they are ready, and the command.
    pub(crate) beside: Vec<[String; 3]>,
    ordinary: bool,
}

/// Inside the lab: what the servers wrote down.
pub(crate) struct Inside {
    dir: PathBuf,
}

/// Whether a lab that cannot be built is a failure and not a skipped test.
pub(crate) fn is_required() -> bool {
    env::var_os("PROVISIONING_REQUIRE_LAB").is_some_and(|value| value == "1")
}

impl Lab {
    /// A network with these servers (the names that `netlab -s` takes).
    pub(crate) fn of(servers: &[&'static str]) -> Self {
        Self {
            servers: servers.to_vec(),
            needs: Vec::new(),
            env: Vec::new(),
            ordinary: false,
            beside: Vec::new(),
        }
    }

    /// With one of the variables that `netlab` knows.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// As a user without any rights, also where root runs the tests.
    pub(crate) fn by_nobody(mut self) -> Self {
        self.ordinary = true;
        self
    }

    /// Whether this process is inside.
    pub(crate) fn is_inside() -> bool {
        env::var_os("NETLAB_DIR").is_some()
    }

    /// Programs that have to be installed.
    pub(crate) fn needing(mut self, programs: &[&'static str]) -> Self {
        self.needs.extend(programs);
        self
    }

    /// The password of alice, on all servers.
    pub(crate) fn password(mut self, password: &str) -> Self {
        self.env.push(("NETLAB_PASSWORD", password.to_owned()));
        self
    }

    /// Outside, runs this very test again in the lab and takes over its verdict;
    /// inside, runs `test`.
    pub(crate) fn run(self, test: impl FnOnce(&Inside)) {
        if let Some(dir) = env::var_os("NETLAB_DIR") {
            test(&Inside { dir: dir.into() });
            return;
        }
        // The test harness names the thread after the test.
        let name = thread::current().name().unwrap().to_owned();
        let output = self
            .command()
            .arg(env::current_exe().unwrap())
            .args(["--exact", &name, "--nocapture"])
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(UNABLE) {
            let reason = stderr.trim();
            assert!(!is_required(), "there is no lab: {reason}");
            println!("skipped: {reason}");
            return;
        }
        print!("{stdout}");
        eprint!("{stderr}");
        assert!(output.status.success(), "{name} failed in the lab");
        // With a name that fits no test, the harness runs none and is content.
        assert!(stdout.contains("1 passed"), "{name} did not run in the lab");
    }

    fn command(&self) -> Command {
        let is_root = fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0);
        let mut command = if self.ordinary && is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
            command.arg(in_lab("netlab"));
            command
        } else {
            Command::new(in_lab("netlab"))
        };
        command.args(["-s", &self.servers.join(",")]);
        command.args(["-n", &self.needs.join(",")]);
        for beside in &self.beside {
            command.arg("-r").args(beside);
        }
        command.arg("--");
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Inside {
    /// A file that the lab made.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The certificate of the lab's own authority.
    pub(crate) fn authority(&self) -> PathBuf {
        self.file("tls/ca.pem")
    }

    /// What nginx was asked: `PORT VERB URI STATUS authorization=[…] body=[…]`.
    pub(crate) fn nginx_log(&self) -> String {
        fs::read_to_string(self.file("access.log")).unwrap()
    }

    /// What Apache was asked: `VERB PATH STATUS AUTHORIZATION`.
    pub(crate) fn apache_log(&self) -> String {
        fs::read_to_string(self.file("apache-access.log")).unwrap()
    }

    /// What the sniffer saw of this machine, but for DHCP.
    pub(crate) fn sniffed(&self) -> String {
        let log = fs::read_to_string(self.file("sniff.log")).unwrap();
        log.strip_prefix("ready\n").unwrap().to_owned()
    }

    /// The bytes that each connection brought to the raw server.
    pub(crate) fn raw_requests(&self) -> Vec<String> {
        (1..)
            .map_while(|number| fs::read(self.file("raw").join(number.to_string())).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }
}

/// A file of the lab in this repository.
pub(crate) fn in_lab(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/lab")
        .join(name)
}
