//! `provision`: one run, with its steps, its questions and its report.

use std::path::PathBuf;

use super::{
    Ended, Format, Stop, ask, changes, interrupts::Interrupts, out::Out, progress::Progress,
    runtime,
};
use crate::{
    engine::{Engine, Session},
    provisioning::{
        report::{Outcome, Report, Source},
        run::{Done, From, Mode, Options, Phase, State, What},
        secret::Secret,
        summary,
        uri::Template,
    },
};

#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the switches of the command"
)]
pub(super) struct Args {
    /// Ask this address, whatever the method
    #[arg(long, value_name = "URI", conflicts_with = "file")]
    uri: Option<String>,
    /// Apply a saved response
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Succeed at once if provisioning is off
    #[arg(long)]
    if_enabled: bool,
    /// User name, if the server asks for one
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Remember user name and password once the server accepted them
    #[arg(long)]
    remember: bool,
    /// Never ask; fail with 5 or 8 instead
    #[arg(long)]
    no_input: bool,
    /// Use a discovered server without asking whether it is trusted
    #[arg(long)]
    trust_discovered: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// `engine` may have failed already; scripts get their document all the same.
pub(super) fn run(engine: Result<Engine, Stop>, args: Args, out: &mut Out) -> Ended {
    let format = args.format;
    let ready = engine.and_then(|engine| Ok((engine, options(args)?)));
    let (engine, options) = match ready {
        Err(Stop::Failure(failure)) if format == Format::Json => {
            out.json(&Report::of_failure(&failure, Source::default()));
            return Err(failure.into());
        }
        ready => ready?,
    };
    let runtime = runtime()?;
    let done = runtime.block_on(follow(&engine, options, out));
    // A keyring that hangs keeps a thread; the process does not wait for it.
    runtime.shutdown_background();
    Ok(print(&engine, &done, format, out))
}

fn options(args: Args) -> Result<Options, Stop> {
    let from = match (args.uri, args.file) {
        (Some(uri), _) => From::Given(Template::new(&uri)),
        (None, Some(path)) => {
            let name = path.display().to_string();
            let bytes = super::read_response(&path)?;
            From::File { name, bytes }
        }
        (None, None) => From::Configured,
    };
    let password = if args.password_stdin {
        Some(first_line()?)
    } else {
        None
    };
    Ok(Options {
        from,
        mode: if args.dry_run {
            Mode::DryRun
        } else {
            Mode::Apply
        },
        if_enabled: args.if_enabled,
        username: args.username,
        password,
        remember: args.remember,
        may_ask: !args.no_input && !args.password_stdin && ask::is_possible(),
        trust_discovered: args.trust_discovered,
        fresh_credentials: false,
    })
}

fn first_line() -> Result<Secret, Stop> {
    ask::line_or_secret(true).ok_or_else(|| {
        Stop::Usage(
            "There is no password on standard input.".into(),
            "--password-stdin reads it from the first line.",
        )
    })
}

/// Goes with a run to its end, answers its questions, and hears Ctrl+C.
async fn follow(engine: &Engine, options: Options, out: &mut Out) -> Done {
    // What a dry run is told is not kept, so it need not be asked.
    let dry = options.mode == Mode::DryRun;
    let mut remember = (options.remember || dry).then_some(options.remember);
    let mut interrupts = Interrupts::new();
    let mut session = engine.start(options);
    let mut progress = Progress::new(false);
    let done = loop {
        let state = tokio::select! {
            state = session.next() => state.unwrap_or_else(|| session.state()),
            () = interrupts.next() => {
                session.cancel();
                continue;
            }
        };
        match &*state {
            State::Idle => {}
            State::Running(run) => {
                progress.show(run, out);
                if run.phase().waits_for_person() {
                    progress.clear();
                    question(
                        &session,
                        &state,
                        run.phase(),
                        &mut remember,
                        &mut interrupts,
                        out,
                    )
                    .await;
                }
            }
            State::Done(done) => break (**done).clone(),
        }
    };
    progress.finish(&done.report.steps, out);
    session.finished().await;
    done
}

async fn question(
    session: &Session,
    state: &State,
    phase: &Phase,
    remember: &mut Option<bool>,
    interrupts: &mut Interrupts,
    out: &mut Out,
) {
    let asking = async {
        match phase {
            Phase::SigningIn(prompt) => ask::credentials(prompt, remember, out).await,
            Phase::DecidingTrust(question) => ask::trust(question, out).await,
            Phase::DecidingPlainHttp(origin) => ask::plain_http(origin, out).await,
            _ => What::Discard,
        }
    };
    let answer = tokio::select! {
        answer = asking => answer,
        () = interrupts.next() => What::Cancel,
    };
    if answer == What::Cancel {
        out.note("");
    }
    session.tell(state, answer);
}

fn print(engine: &Engine, done: &Done, format: Format, out: &mut Out) -> u8 {
    let report = &*done.report;
    if format == Format::Json {
        out.json(report);
    } else {
        text(engine, report, out);
    }
    if let Some(failure) = &done.failure {
        out.failure(failure);
        if done.mandatory {
            out.note("  Provisioning is mandatory here: run it again.");
        }
        return failure.exit();
    }
    0
}

fn text(engine: &Engine, report: &Report, out: &mut Out) {
    for warning in &report.warnings {
        out.warning(warning);
    }
    if matches!(report.outcome, Outcome::Failed | Outcome::Cancelled) {
        return;
    }
    if report.outcome == Outcome::Preview {
        changes::print(out, &report.changes);
    }
    out.line(summary::headline(report));
    if report.outcome == Outcome::Applied {
        if let Ok(application) = engine.application() {
            out.note(summary::restart_note(&application));
        }
        out.note("\u{201c}history show\u{201d} lists the changes, \u{201c}history undo\u{201d} takes them back.");
    }
}
