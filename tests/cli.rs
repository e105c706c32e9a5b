//! The program itself, as a script sees it: output, exit status, files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_provisioning-settings");

/// A home folder of its own for each test, and nobody's environment.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(args)
            .env_clear()
            .env("PROVISIONING_SETTINGS_HOME", self.path().join("home"))
            .env("PROVISIONING_SETTINGS_SITE", self.path().join("site"))
            // Without it Windows has no sockets.
            .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn with_input(&self, args: &[&str], input: &str) -> Output {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(&output)))
    }

    fn store(&self) -> String {
        let path = self.path().join("home/sip-communicator.properties");
        std::fs::read_to_string(path).unwrap_or_default()
    }

    fn site(&self, text: &str) {
        std::fs::create_dir_all(self.path().join("site")).unwrap();
        std::fs::write(self.path().join("site/defaults.properties"), text).unwrap();
    }

    fn file(&self, name: &str, text: &[u8]) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// `serve` on a free port, with a folder of its own.
struct Served {
    child: Child,
    uri: String,
    lines: BufReader<std::process::ChildStdout>,
    dir: tempfile::TempDir,
}

impl Served {
    fn new(auth: &str, answer: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("p.properties"), answer).unwrap();
        let folder = dir.path().display().to_string();
        let args = [
            "serve",
            "--dir",
            &folder,
            "--listen",
            "127.0.0.1:0",
            "--auth",
            auth,
        ];
        let user = ["--user", "jane:canary-7f3"];
        let mut child = Command::new(PROGRAM)
            .args(args)
            .args(user)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut uri = String::new();
        lines.read_line(&mut uri).unwrap();
        Self {
            child,
            uri: uri.trim().to_owned(),
            lines,
            dir,
        }
    }

    fn change(&self, answer: &str) {
        std::fs::write(self.dir.path().join("p.properties"), answer).unwrap();
    }

    /// What it printed of its requests.
    fn stop(mut self) -> String {
        self.child.kill().unwrap();
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.lines, &mut rest).unwrap();
        rest
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_run_previews_applies_and_is_taken_back() {
    let (home, server) = (Home::new(), Served::new("none", "a.b=1\nc=caf\\u00e9\n"));
    let dry = home.run(&["provision", "--uri", &server.uri, "--dry-run"]);
    assert_eq!(code(&dry), 0, "{}", err(&dry));
    assert!(out(&dry).contains("added    a.b = 1\n"), "{}", out(&dry));
    assert!(out(&dry).contains("2 settings would change from 127.0.0.1."));
    assert!(!home.store().contains("a.b"));
    let before = home.store();

    let done = home.run(&["provision", "--uri", &server.uri]);
    assert_eq!(
        (code(&done), out(&done).as_str()),
        (0, "2 settings applied from 127.0.0.1.\n")
    );
    let restart = "Note that your changes will only take effect next time you start Jitsi!";
    assert!(err(&done).contains(restart));
    assert!(err(&done).contains("\u{2714} Reading 2 settings"));
    assert!(home.store().contains("\nc=caf\\u00E9\n"));
    let again = home.run(&["provision", "--uri", &server.uri]);
    assert!(out(&again).starts_with("Nothing to change"));

    server.change("a.b=2\n");
    assert_eq!(code(&home.run(&["provision", "--uri", &server.uri])), 0);
    let list = out(&home.run(&["history", "list"]));
    assert_eq!(list.lines().count(), 3, "{list}");
    assert!(out(&home.run(&["history", "show", "3"])).contains("a.b = 1 \u{2192} 2"));
    assert_eq!(code(&home.run(&["history", "undo", "1"])), 0);
    assert_eq!(home.store(), before);
    assert_eq!(code(&home.run(&["history", "undo", "77"])), 7);
}

#[test]
fn the_json_document_has_the_fields_that_scripts_read() {
    let (home, server) = (
        Home::new(),
        Served::new("none", "a=1\na=2\nprovisioning.ALLOW_PREFIX=q\nz=3\n"),
    );
    let report = home.json(&["provision", "--uri", &server.uri, "--format", "json"]);
    assert_eq!(report["outcome"], "applied");
    assert_eq!(report["code"], Value::Null);
    assert_eq!(report["source"]["method"], "Manual");
    assert_eq!(report["source"]["found"], "given");
    assert_eq!(report["http"]["status"], 200);
    assert!(report["http"]["milliseconds"].is_u64());
    assert_eq!(report["applied"], 1);
    let change = |action: &str| {
        let list = report["changes"].as_array().unwrap();
        list.iter()
            .filter(|change| change["action"] == action)
            .cloned()
            .collect::<Vec<_>>()
    };
    let a = serde_json::json!({"action": "added", "key": "a", "old": null, "new": "2"});
    assert!(change("added").contains(&a));
    assert_eq!(change("refused")[0]["key"], "z");
    assert_eq!(report["warnings"][0]["code"], "PS-DUPLICATE-KEY");
    assert_eq!(report["warnings"][0]["line"], 2);
    let list = home.json(&["history", "list", "--format", "json"]);
    assert_eq!(list[0]["report"]["applied"], 1);
    let shown = home.json(&["request", "--uri", &server.uri, "--format", "json"]);
    assert_eq!(shown["verb"], "POST");
    assert_eq!(shown["parameters"][0]["name"], "uuid");
}

#[test]
fn each_way_to_fail_has_its_exit_status() {
    let home = Home::new();
    let page = home.file("page.html", b"<html>");
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let unreachable = format!("http://{nobody}/");
    let server = Served::new("form", "a=1\n");
    let missing = server
        .uri
        .replace("/p?", "/nothing?")
        .replace("${username}", "x");
    for (status, word, args) in [
        (2, "PS-OFF", vec!["provision"]),
        (2, "PS-ADDRESS", vec!["provision", "--uri", "ftp://x"]),
        (
            4,
            "PS-NET-CONNECT",
            vec!["provision", "--uri", &unreachable],
        ),
        (5, "PS-CREDENTIALS", vec!["provision", "--uri", &server.uri]),
        (
            5,
            "PS-CREDENTIALS",
            vec!["provision", "--uri", &missing, "--no-input"],
        ),
        (6, "PS-NOT-SETTINGS", vec!["provision", "--file", &page]),
        (2, "PS-FILE", vec!["provision", "--file", "/no such file"]),
        (
            8,
            "PS-PLAIN-HTTP",
            vec!["provision", "--uri", "http://prov.invalid/?p=${password}"],
        ),
    ] {
        let output = home.run(&args);
        assert_eq!(code(&output), status, "{args:?}: {}", err(&output));
        assert!(err(&output).contains(word), "{args:?}: {}", err(&output));
    }
    let off = home.run(&["method", "none"]);
    assert_eq!(code(&off), 0);
    let off = home.run(&["provision", "--if-enabled"]);
    assert_eq!(
        (code(&off), out(&off).as_str()),
        (0, "Provisioning is switched off.\n")
    );
    assert_eq!(code(&home.run(&["provision", "--nonsense"])), 2);
    // A search itself is for the lab only: it reaches the machine's network.
    for wrong in [
        &["discover", "carrier-pigeon"][..],
        &["discover", "dhcp", "--timeout", "0"],
        &["discover", "dhcp", "--timeout", "nan"],
        &["discover", "dhcp", "--timeout", "3601"],
    ] {
        assert_eq!(code(&home.run(wrong)), 2, "{wrong:?}");
    }
    assert_eq!(
        code(&home.run(&["provision", "--uri", "a", "--file", "b"])),
        2
    );
}

#[test]
fn a_password_comes_on_standard_input_and_goes_nowhere_else() {
    for auth in ["form", "basic"] {
        let (home, server) = (Home::new(), Served::new(auth, "a=1\n"));
        let uri = server.uri.clone();
        let args = [
            "-vv",
            "provision",
            "--uri",
            &uri,
            "--username",
            "jane",
            "--password-stdin",
        ];
        let wrong = home.with_input(&args, "wrong\n");
        assert_eq!(code(&wrong), 5, "{}", err(&wrong));
        assert!(err(&wrong).contains("PS-401"));
        let right = home.with_input(&args, "canary-7f3\n");
        assert_eq!(code(&right), 0, "{}", err(&right));
        let log = server.stop();
        assert!(log.contains("401") && log.contains("200"), "{log}");
        for text in [out(&right), err(&right), log, home.store()] {
            assert!(!text.contains("canary-7f3"), "{text}");
        }
        assert_eq!(code(&home.with_input(&args, "")), 2);
    }
}

#[test]
fn colour_is_for_people_and_never_against_no_color() {
    let home = Home::new();
    let file = home.file("a.properties", b"a=1\n");
    let args = ["provision", "--dry-run", "--file", &file];
    let coloured = |name: &str| {
        let output = home.command(&args).env(name, "1").output().unwrap();
        out(&output).contains('\x1b')
    };
    assert!(coloured("CLICOLOR_FORCE"));
    assert!(!coloured("NO_COLOR"));
    assert!(!coloured("NOTHING"));
}

#[test]
fn settings_are_listed_set_and_removed() {
    let home = Home::new();
    home.site("*locked=site\ndefault=d\n");
    assert_eq!(code(&home.run(&["settings", "set", "b.k", "-x"])), 0);
    assert_eq!(
        code(&home.run(&["settings", "set", "a.k", "caf\u{e9} \u{20ac}"])),
        0
    );
    assert_eq!(
        code(&home.with_input(&["settings", "set", "a.line", "-"], "typed\n")),
        0
    );
    let list = out(&home.run(&["settings", "list", "--format", "json"]));
    let own =
        "{\n  \"a.k\": \"caf\u{e9} \u{20ac}\",\n  \"a.line\": \"typed\",\n  \"b.k\": \"-x\",\n";
    assert!(list.starts_with(own), "{list}");
    // The first start made the UUID.
    assert!(list.contains("net.java.sip.communicator.UUID"));
    let all = home.json(&["settings", "list", "--all", "--format", "json"]);
    assert_eq!(all["locked"]["origin"], "fixed");
    assert_eq!(all["locked"]["fixed"], true);
    assert_eq!(all["default"]["origin"], "default");
    assert_eq!(all["a.k"]["origin"], "set");
    assert_eq!(
        out(&home.run(&["settings", "get", "a.k"])),
        "caf\u{e9} \u{20ac}\n"
    );
    assert_eq!(out(&home.run(&["settings", "get", "default"])), "d\n");
    assert_eq!(code(&home.run(&["settings", "get", "nothing"])), 2);
    assert_eq!(code(&home.run(&["settings", "set", "locked", "x"])), 7);
    assert_eq!(code(&home.run(&["settings", "unset", "b.k"])), 0);
    assert_eq!(code(&home.run(&["settings", "unset", "a.", "--prefix"])), 0);
    assert_eq!(out(&home.run(&["settings", "list", "a."])), "");
    assert_eq!(out(&home.run(&["settings", "list", "b."])), "");
    let kept = home.run(&["settings", "unset", "lock", "--prefix"]);
    assert_eq!(
        (code(&kept), err(&kept).contains("0 settings removed")),
        (0, true)
    );
    // A password on a command line is seen by others.
    assert_eq!(code(&home.run(&["settings", "set", "x.PASSWORD", "pw"])), 2);
}

#[test]
fn the_method_is_shown_and_chosen_and_keeps_the_address() {
    let home = Home::new();
    let method = || out(&home.run(&["method"]));
    assert_eq!(method(), "none\n");
    assert_eq!(code(&home.run(&["method", "manual"])), 2);
    assert_eq!(
        code(&home.run(&[
            "method",
            "manual",
            "https://u:pw@h.example/p?pass=x&u=${uuid}"
        ])),
        0
    );
    assert_eq!(
        method(),
        "manual https://h.example/p?pass=\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}&u=${uuid}\n"
    );
    assert!(!home.store().contains("pw@"));
    assert_eq!(code(&home.run(&["method", "bonjour"])), 0);
    assert_eq!(method(), "bonjour\n");
    assert_eq!(code(&home.run(&["method", "manual"])), 0);
    assert!(method().contains("h.example"));
    assert_eq!(code(&home.run(&["method", "manual", "nonsense"])), 2);
    home.site("*net.java.sip.communicator.plugin.provisioning.METHOD=DHCP\n");
    assert_eq!(method(), "dhcp\n");
    assert_eq!(code(&home.run(&["method", "none"])), 7);
}

#[test]
fn check_finds_mistakes_with_their_lines() {
    let home = Home::new();
    let odd = home.file(
        "odd.properties",
        b"a=1\na=2\nprovisioning.ENFORCE_PREFIX=|\nu=${uuid}\nn=${null} \n",
    );
    let output = home.run(&["check", &odd]);
    assert_eq!(code(&output), 0);
    for word in [
        "PS-DUPLICATE-KEY",
        "line 2",
        "PS-ENFORCE-IGNORED",
        "PS-TOKEN-IN-VALUE",
        "PS-BLANK-AFTER-NULL",
    ] {
        assert!(err(&output).contains(word), "{word}: {}", err(&output));
    }
    let broken = home.file("broken.properties", b"a=\\u12\n");
    assert_eq!(code(&home.run(&["check", &broken])), 6);
    let document = home.json(&["check", &broken, "--format", "json"]);
    assert_eq!(
        (&document["usable"], &document["code"]),
        (&Value::Bool(false), &"PS-MALFORMED".into())
    );
    assert_eq!(code(&home.run(&["check", "/no such file"])), 2);
}

#[test]
fn the_site_s_defaults_count_and_the_sign_in_is_per_origin() {
    let (home, server) = (Home::new(), Served::new("none", "a=1\n"));
    home.site(&format!(
        "plugin.provisioning.DEFAULT_PROVISIONING_METHOD=Manual\n\
         plugin.provisioning.DEFAULT_PROVISIONING_URI={}\n\
         service.gui.APPLICATION_NAME=Acme\nsip-communicator.version=9\n",
        server.uri.replace('\\', "\\\\")
    ));
    let done = home.run(&["provision", "--if-enabled"]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    assert!(err(&done).contains("next time you start Acme!"));
    assert!(server.stop().contains("Acme/9"));
    assert_eq!(
        out(&home.run(&["credentials", "show"])),
        "No user name and no password are remembered.\n"
    );
    assert_eq!(code(&home.run(&["credentials", "forget"])), 0);
}

#[test]
fn the_demo_tells_the_whole_story_and_leaves_nothing() {
    let home = Home::new();
    let tmp = home.path().join("tmp");
    std::fs::create_dir(&tmp).unwrap();
    let output = home
        .command(&["demo", "--text"])
        .env("TMPDIR", &tmp)
        .env("TMP", &tmp)
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    for word in [
        "What would be sent",
        "Preview",
        "Apply",
        "History and undo",
        "19 settings applied",
    ] {
        assert!(out(&output).contains(word), "{word}: {}", out(&output));
    }
    assert!(!out(&output).contains("only-a-sample"));
    assert_eq!(std::fs::read_dir(&tmp).unwrap().count(), 0);
    assert!(!home.path().join("home").exists());
}

#[test]
fn completions_and_the_manual_page_are_printed_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = home.run(&["completions", shell]);
        assert!(
            code(&output) == 0 && out(&output).contains("provision"),
            "{shell}"
        );
    }
    let page = out(&home.run(&["man"]));
    for word in [
        ".TH provisioning-settings",
        ".SS history undo",
        "130  cancelled",
    ] {
        assert!(page.contains(word), "{word}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_it_says_so() {
    assert_eq!(code(&Home::new().run(&[])), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_printed_is_no_success() {
    let home = Home::new();
    for args in [
        vec!["settings", "list"],
        vec!["completions", "bash"],
        vec!["man"],
    ] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = home.command(&args).stdout(full).output().unwrap();
        assert_eq!(code(&output), 1, "{args:?}: {}", err(&output));
        assert!(err(&output).contains("PS-OUTPUT"), "{}", err(&output));
    }
}

#[test]
fn secrets_in_the_address_are_shown_nowhere() {
    let (home, server) = (Home::new(), Served::new("none", "a=1\n"));
    let uri = server.uri.replace("http://", "http://jane:canary-1@") + "&password=canary-2";
    let run = home.run(&["-v", "provision", "--uri", &uri, "--format", "json"]);
    assert_eq!(code(&run), 0, "{}", err(&run));
    let mut texts = vec![out(&run), err(&run)];
    for args in [
        vec!["history", "show"],
        vec!["history", "list", "--format", "json"],
        vec!["settings", "list", "--all"],
        vec!["settings", "list", "--format", "json"],
        vec!["request"],
        vec!["method"],
        vec!["history", "undo", "--format", "json"],
    ] {
        let output = home.run(&args);
        texts.extend([out(&output), err(&output)]);
    }
    for text in texts {
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn a_failure_before_the_run_has_its_document_too() {
    let home = Home::new();
    home.site("a=\\u12\n");
    let report = home.json(&["provision", "--format", "json"]);
    assert_eq!(
        (&report["outcome"], &report["code"]),
        (&"failed".into(), &"PS-STORE-READ".into())
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_cancels_and_leaves_everything_as_it_was() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    let child = home
        .command(&["provision", "--uri", &uri])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _connection = listener.accept().unwrap();
    let before = home.store();
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    let clock = std::time::Instant::now();
    let output = child.wait_with_output().unwrap();
    assert!(
        clock.elapsed() < std::time::Duration::from_millis(500),
        "{:?}",
        clock.elapsed()
    );
    assert_eq!(code(&output), 130);
    assert!(err(&output).contains("PS-CANCELLED"));
    assert_eq!(home.store(), before);
}
