//! A password that nobody else has is used in every kind of run, and then looked
//! for in everything that the run left and said (security rule 7).
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says so on the terminal"
)]

#[path = "canary/hunt.rs"]
mod hunt;
#[path = "common/lab.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod lab;
#[path = "canary/ways.rs"]
mod ways;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    thread,
    time::{Duration, Instant},
};

use hunt::Canary;
use lab::{
    Lab,
    keyring::{self, Keyring, State},
    program::{self, Program},
};
use ways::{every_way, tell_all};

const NGINX: &str = "http://10.77.1.1:8080";
const APACHE: &str = "http://10.77.1.3:8081";
const LOGIN: &str = "username=${username}&password=${password}";

fn program() -> Program {
    Program::new()
        .allowing_plain_http(NGINX)
        .allowing_plain_http(APACHE)
}

/// Signs in at each address, in every way of reporting, and hunts.
fn sign_in(servers: &[&'static str], uris: &'static [&'static str], password_is_right: bool) {
    let canary = Canary::new();
    Lab::of(servers).password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        if !password_is_right {
            fs::write(lab.file("password"), "another").unwrap();
            fs::write(lab.file("htpasswd"), "alice:none\n").unwrap();
        }
        for uri in uris {
            let program = program();
            let mut runs = every_way(&program, uri, canary.password(), &[]);
            runs.extend(tell_all(&program, uri));
            canary.is_nowhere(&program, &runs);
        }
    });
}

#[test]
fn the_hunt_finds_what_it_looks_for() {
    let canary = Canary::new();
    for place in [
        "home/history",
        "user/.cache",
        "config",
        "state/logs",
        "cache",
        "data",
        "tmp",
        "run",
    ] {
        let program = program();
        assert_eq!(canary.found(&program, &[]), Vec::<String>::new());
        let folder = program.root().join(place);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("file"), format!("x={}y", canary.password())).unwrap();
        assert_eq!(canary.found(&program, &[]).len(), 1, "{place}");
    }
    let left = tempfile::NamedTempFile::new().unwrap();
    for needle in canary.needles() {
        fs::write(&left, [b"a", needle.as_slice(), b"b"].concat()).unwrap();
        assert_eq!(canary.found(&program(), &[]).len(), 1);
    }
    drop(left);
    for stream in 0..2 {
        let mut run = lab::run::Run {
            status: 0,
            stdout: String::new(),
            stderr: String::new(),
        };
        *[&mut run.stdout, &mut run.stderr][stream] = canary.password().to_owned();
        assert_eq!(canary.found(&program(), &[run]).len(), 1);
    }
}

#[test]
fn a_good_sign_in_leaves_no_password() {
    const URIS: [&str; 3] = [
        "http://10.77.1.1:8080/login.php?username=${username}&password=${password}",
        "http://10.77.1.1:8080/basic/sipxcom.php",
        "http://10.77.1.3:8081/basic/sipxcom.php",
    ];
    sign_in(&["nginx", "apache"], &URIS, true);
}

#[test]
fn a_wrong_sign_in_leaves_no_password() {
    const URIS: [&str; 2] = [
        "http://10.77.1.1:8080/login.php?username=${username}&password=${password}",
        "http://10.77.1.1:8080/basic/sipxcom.php",
    ];
    sign_in(&["nginx"], &URIS, false);
}

#[test]
fn digest_leaves_no_password() {
    const URIS: [&str; 1] = ["http://10.77.1.3:8081/digest/sipxcom.php"];
    sign_in(&["apache"], &URIS, true);
}

#[test]
fn a_redirect_leaves_no_password() {
    const URIS: [&str; 3] = [
        "http://10.77.1.1:8080/elsewhere/307?username=${username}&password=${password}",
        "http://10.77.1.1:8080/case/loop/1?username=${username}&password=${password}",
        "http://10.77.1.1:8080/case/reflect-redirect?username=${username}&password=${password}",
    ];
    sign_in(&["nginx"], &URIS, true);
}

#[test]
fn a_server_s_error_leaves_no_password() {
    const URIS: [&str; 6] = [
        "http://10.77.1.1:8080/case/status/500?username=${username}&password=${password}",
        "http://10.77.1.1:8080/case/reflect-status?username=${username}&password=${password}",
        "http://10.77.1.1:8080/case/reflect-challenge?username=${username}&password=${password}",
        "http://10.77.1.1:8080/case/page?username=${username}&password=${password}",
        "http://10.77.1.1:8080/case/malformed?username=${username}&password=${password}",
        "http://10.77.1.1:8080/${password}/nothing?username=${username}",
    ];
    sign_in(&["nginx"], &URIS, true);
}

#[test]
fn a_server_that_is_not_reached_leaves_no_password() {
    const URIS: [&str; 3] = [
        "https://10.77.1.1:8446/${password}?username=${username}&password=${password}",
        "https://10.77.1.1:9/${password}?username=${username}&password=${password}",
        "https://nowhere.lab.test/?username=${username}&password=${password}",
    ];
    sign_in(&["nginx"], &URIS, true);
}

#[test]
fn a_password_written_into_the_address_is_not_kept() {
    let canary = Canary::new();
    Lab::of(&["nginx"]).password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        let program = program();
        let uri = format!(
            "http://alice:{}@10.77.1.1:8080/basic/sipxcom.php",
            canary.password()
        );
        let mut runs = vec![program.provision(&uri)];
        assert_eq!(runs[0].status, 0, "{:#?}", runs[0]);
        runs.push(program.run(&["method", "manual", &uri]));
        runs.extend(tell_all(&program, &uri));
        canary.is_nowhere(&program, &runs);
    });
}

#[test]
fn a_keyring_that_keeps_nothing_leaves_no_password() {
    let canary = Canary::new();
    let lab = Lab::of(&["nginx"]).needing(&keyring::PROGRAMS);
    lab.password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        for state in [State::Locked, State::Absent, State::NoBus] {
            let keyring = Keyring::start(state);
            for (path, more) in [("secret.php", &[][..]), ("login.php", &["--remember"])] {
                let program = keyring.program().allowing_plain_http(NGINX);
                let uri = format!("{NGINX}/{path}?{LOGIN}");
                let mut runs = every_way(&program, &uri, canary.password(), more);
                assert_eq!(runs[0].status, 7, "{:#?}", runs[0]);
                runs.extend(tell_all(&program, &uri));
                canary.is_nowhere(&program, &runs);
            }
        }
    });
}

#[test]
fn what_the_keyring_keeps_is_nowhere_else() {
    let canary = Canary::new();
    let lab = Lab::of(&["nginx"]).needing(&keyring::PROGRAMS);
    lab.password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        let keyring = Keyring::start(State::Unlocked);
        let program = keyring.program().allowing_plain_http(NGINX);
        for path in ["secret.php", "login.php"] {
            let uri = format!("{NGINX}/{path}?{LOGIN}");
            let mut runs = every_way(&program, &uri, canary.password(), &["--remember"]);
            assert_eq!(runs[0].status, 0, "{:#?}", runs[0]);
            runs.extend(tell_all(&program, &uri));
            runs.push(program.run(&["history", "undo"]));
            canary.is_nowhere(&program, &runs);
        }
    });
}

#[test]
fn a_password_typed_on_a_terminal_is_not_shown() {
    let canary = Canary::new();
    Lab::of(&["nginx"]).password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        let program = program();
        let uri = format!("{NGINX}/login.php?{LOGIN}");
        let line = format!("{}\n", canary.password());
        let dialogue = [
            ("Username", "alice\n"),
            ("Password", &line),
            ("Remember", "n\n"),
        ];
        let run = program.at_terminal(&["-vv", "provision", "--uri", &uri], &dialogue);
        assert_eq!(run.status, 0, "{run:#?}");
        let mut runs = vec![run];
        runs.extend(tell_all(&program, &uri));
        canary.is_nowhere(&program, &runs);
    });
}

#[test]
fn a_cancelled_run_leaves_no_password() {
    let canary = Canary::new();
    Lab::of(&["nginx"]).password(canary.password()).run(|lab| {
        let canary = Canary::of(lab);
        for signal in ["INT", "TERM"] {
            let program = program();
            program.provision(&format!("{NGINX}/sipxcom.php")).applied();
            let before = program.kept();
            let uri = format!("{NGINX}/case/endless-drip?{LOGIN}");
            let arguments = ["-vv", "provision", "--uri", &uri, "--format", "json"];
            let mut command = program.command(&arguments);
            command.args(["--username", "alice", "--password-stdin"]);
            let child = program::start(command, &format!("{}\n", canary.password()));
            thread::sleep(Duration::from_secs(1));
            // What any user of the machine could read of it meanwhile.
            for name in ["cmdline", "environ", "comm"] {
                let bytes = fs::read(format!("/proc/{}/{name}", child.id())).unwrap();
                assert!(!canary.is_in(&bytes), "{name}");
            }
            let began = Instant::now();
            keyring::signal(&child, signal);
            let run = program::wait(child);
            assert!(
                began.elapsed() < Duration::from_millis(500),
                "{:?}",
                began.elapsed()
            );
            assert_eq!(
                (run.status, &run.json()["outcome"]),
                (130, &"cancelled".into()),
                "{run:#?}"
            );
            let mut after = program.kept();
            after.retain(|path, _| !path.to_string_lossy().contains("/logs/"));
            assert!(
                after
                    .iter()
                    .all(|(path, bytes)| before.get(path) == Some(bytes)),
                "{after:#?}"
            );
            let mut runs = vec![run];
            runs.extend(tell_all(&program, &uri));
            canary.is_nowhere(&program, &runs);
        }
    });
}

#[test]
fn what_a_run_leaves_is_for_its_owner_only() {
    Lab::of(&["nginx"]).run(|_| {
        let program = Program::new();
        program
            .provision(&format!("{NGINX}/provisioning.php?a=b"))
            .applied();
        program
            .provision(&format!("{NGINX}/case/page"))
            .failed(6, "PS-WEB-PAGE");
        let mut open = Vec::new();
        let mut folders = vec![program.home()];
        while let Some(folder) = folders.pop() {
            let mode = fs::metadata(&folder).unwrap().permissions().mode() & 0o777;
            if mode != 0o700 {
                open.push(format!("{mode:o} {}", folder.display()));
            }
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
                if mode != 0o600 {
                    open.push(format!("{mode:o} {}", path.display()));
                }
            }
        }
        assert!(open.is_empty(), "{open:#?}");
    });
}
