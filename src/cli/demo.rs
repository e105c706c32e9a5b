//! `demo`: the sample server and this program against each other, in a
//! throw-away folder and with secrets in memory, told step by step.

use std::{path::Path, sync::Arc};

use super::{
    Ended, Stop, changes, history,
    out::{BOLD, CYAN, DIM, Out},
    progress::Progress,
    runtime,
};
use crate::{
    engine::Engine,
    provisioning::{
        credentials::Credentials,
        report::Report,
        run::{Done, From, Mode, Options, Phase, State, What},
        secret::MASK,
        summary,
        uri::Template,
    },
    sample_server::{self, Auth, Config},
    system::Services,
};

pub(super) fn run(out: &mut Out) -> Ended {
    let folder = tempfile::Builder::new()
        .prefix("provisioning-demo-")
        .tempdir()
        .map_err(|error| {
            Stop::Usage(
                format!("No temporary folder could be made: {error}."),
                "Check that there is space in the temporary folder.",
            )
        })?;
    let runtime = runtime()?;
    let told = runtime.block_on(async {
        let mut interrupts = super::interrupts::Interrupts::new();
        tokio::select! {
            told = tell(folder.path(), out) => told,
            () = interrupts.next() => Ok(130),
        }
    });
    runtime.shutdown_background();
    told
}

async fn tell(folder: &Path, out: &mut Out) -> Ended {
    let config = Config {
        auth: Auth::Form,
        ..Config::default()
    };
    let user = config.user.clone();
    let server = sample_server::bind(config).await?;
    let (first, second) = (server.uri(), server.uri_of("next"));
    title(out, "A server");
    out.line(format!(
        "The built-in sample server listens on http://{}.",
        server.address()
    ));
    out.line("It speaks like a provisioning server that was set up for Jitsi. Its address:");
    out.line(format!("  {CYAN}{first}{CYAN:#}"));
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.run(|_| {}, async {
        // Both an end and a lost sender mean the end.
        let _ = ended.await;
    }));
    let home = folder.join("home");
    let engine = Engine::new(Services::without_keyring(&home, &folder.join("site"))?);
    out.line(format!(
        "Settings are kept in {} and deleted at the end;",
        home.display()
    ));
    out.line("passwords are kept in memory here, in the system's keyring otherwise.");
    let told = story(&engine, &first, &second, &user, out).await;
    drop(end);
    // The server has nothing left to say.
    let _ = serving.await;
    told
}

async fn story(
    engine: &Engine,
    first: &str,
    second: &str,
    user: &Credentials,
    out: &mut Out,
) -> Ended {
    title(out, "1. What would be sent");
    out.line("The address is split, its ${\u{2026}} tokens are replaced, and secrets are masked:");
    let shown = engine.request(Some(Template::new(first)))?;
    out.line(format!("  {} {}", shown.verb, shown.address));
    for parameter in &shown.parameters {
        out.line(format!("    {} = {}", parameter.name, parameter.value));
    }

    title(out, "2. Preview and sign-in");
    out.line(format!(
        "The server asks who you are: user name \u{201c}{}\u{201d}, password {MASK}. Nothing is changed yet:",
        user.username
    ));
    let report = provision(engine, first, Mode::DryRun, user, out).await?;
    changes::print(out, &report.changes);
    out.line(summary::headline(&report));

    title(out, "3. Apply");
    out.line("All of it in one transaction: settings, system properties and passwords.");
    let report = provision(engine, first, Mode::Apply, user, out).await?;
    out.line(summary::headline(&report));

    title(out, "4. A second version");
    out.line("The server's settings have changed: some are new, an account is gone.");
    let report = provision(engine, second, Mode::Apply, user, out).await?;
    changes::print(out, &report.changes);
    out.line(summary::headline(&report));

    title(out, "5. History and undo");
    for record in &engine.history()?.records {
        out.line(history::line(record));
    }
    out.line("The last run is taken back; the password of the removed account comes back too:");
    let report = engine.undo(None)?;
    changes::print(out, &report.changes);

    title(out, "Now with your own server");
    out.line("  provisioning-settings provision --uri 'https://\u{2026}' --dry-run");
    out.line("  provisioning-settings serve --auth form    (this sample server, to try with)");
    out.line(format!(
        "  {DIM}provisioning-settings --help lists everything.{DIM:#}"
    ));
    Ok(0)
}

fn title(out: &mut Out, text: &str) {
    out.line(format!("\n{BOLD}{text}{BOLD:#}"));
}

/// One run, signed in as the sample's user.
async fn provision(
    engine: &Engine,
    uri: &str,
    mode: Mode,
    user: &Credentials,
    out: &mut Out,
) -> Result<Report, Stop> {
    let options = Options {
        from: From::Given(Template::new(uri)),
        mode,
        remember: true,
        may_ask: true,
        ..Options::default()
    };
    let mut session = engine.start(options);
    let mut progress = Progress::new(false);
    let done: Done = loop {
        let state = session.next().await.unwrap_or_else(|| session.state());
        match &*state {
            State::Running(run) => {
                progress.show(run, out);
                if let Phase::SigningIn(_) = run.phase() {
                    let credentials = user.clone();
                    session.tell(
                        &state,
                        What::Credentials {
                            credentials,
                            remember: true,
                        },
                    );
                }
            }
            State::Done(done) => break (**done).clone(),
            State::Idle => {}
        }
    };
    progress.finish(&done.report.steps, out);
    session.finished().await;
    if let Some(failure) = done.failure {
        return Err(failure.into());
    }
    for warning in &done.report.warnings {
        out.warning(warning);
    }
    Ok(Arc::unwrap_or_clone(done.report))
}
