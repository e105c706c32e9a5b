//! The demonstration: this window on the built-in sample server, in a
//! throw-away folder and with secrets in memory.

use std::process::ExitCode;

use tokio::sync::oneshot;

use super::start::{Start, open_window};
use crate::{
    provisioning::{method::Method, uri::Template},
    sample_server::{self, Auth, Config},
};

/// Runs the demonstration to the end of its window. Returns its exit status.
pub fn run() -> ExitCode {
    match prepare_and_open() {
        Ok(code) => code,
        Err(why) => {
            say(&format!(
                "PS-DEMO The demonstration could not be started: {why}."
            ));
            ExitCode::from(2)
        }
    }
}

fn prepare_and_open() -> Result<ExitCode, String> {
    let folder = tempfile::Builder::new()
        .prefix("provisioning-demo-")
        .tempdir()
        .map_err(|error| error.to_string())?;
    let start = Start {
        home: folder.path().join("home"),
        site: folder.path().join("site"),
        demo: true,
        link: None,
        now: false,
    };
    let (end, ended) = oneshot::channel::<()>();
    let (named, name) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || serve(&named, ended));
    let uri = name.recv().map_err(|error| error.to_string())??;
    say(&format!(
        "The sample server listens at {uri}; user name demo, password demo."
    ));
    let engine = start.engine().map_err(|failure| failure.to_string())?;
    engine
        .choose(&Method::Manual, Some(&Template::new(&uri)))
        .map_err(|failure| failure.to_string())?;
    drop(engine);
    let code = open_window(start);
    drop(end);
    // The server has nothing left to say.
    let _ = server.join();
    Ok(code)
}

/// The sample server, until `ended`; says its address first.
fn serve(named: &std::sync::mpsc::Sender<Result<String, String>>, ended: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            // Whoever waits for the address hears it.
            let _ = named.send(Err(error.to_string()));
            return;
        }
    };
    runtime.block_on(async {
        let config = Config {
            auth: Auth::Form,
            ..Config::default()
        };
        match sample_server::bind(config).await {
            Ok(server) => {
                let _ = named.send(Ok(server.uri()));
                // Both an end and a lost sender mean the end.
                server.run(|_| {}, async { drop(ended.await) }).await;
            }
            Err(error) => {
                let _ = named.send(Err(error.to_string()));
            }
        }
    });
}

#[expect(clippy::print_stderr, reason = "the terminal is beside the window")]
fn say(line: &str) {
    eprintln!("{line}");
}

/// Opens the demonstration in a window of its own, beside this one. Returns
/// whether it could be started.
pub(super) fn open_window_beside() -> bool {
    let Ok(program) = std::env::current_exe() else {
        return false;
    };
    tokio::process::Command::new(program)
        .arg("demo")
        .stdin(std::process::Stdio::null())
        .spawn()
        .is_ok()
}
