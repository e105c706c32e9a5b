//! `history`: what runs did, and taking them back.

use super::{
    Ended, Format, Stop, changes,
    out::{BOLD, DIM, Out, plain},
};
use crate::{
    engine::Engine,
    provisioning::{
        failure::{Failure, KeepProblem},
        report::Outcome,
        summary,
    },
    system::store::{Record, RunKind},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the runs, the last one at the end
    List {
        /// How the result is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show one run, the last one if no number is given
    Show {
        /// Its number
        run: Option<u64>,
        /// How the result is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Bring back what was before a run, the last one if no number is given
    Undo {
        /// Its number
        run: Option<u64>,
        /// How the result is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

pub(super) fn run(engine: &Engine, command: &Command, out: &mut Out) -> Ended {
    match *command {
        Command::List { format } => list(engine, format, out),
        Command::Show { run, format } => show(engine, run, format, out),
        Command::Undo { run, format } => undo(engine, run, format, out),
    }
}

fn list(engine: &Engine, format: Format, out: &mut Out) -> Ended {
    let history = engine.history()?;
    if format == Format::Json {
        out.json(&history.records);
    } else if history.records.is_empty() {
        out.line("There are no runs yet.");
    } else {
        for record in &history.records {
            out.line(line(record));
        }
    }
    for note in &history.damaged {
        out.note(plain(note));
    }
    Ok(0)
}

/// One run on one line.
pub(super) fn line(record: &Record) -> String {
    let what = match (record.kind, record.undid) {
        (RunKind::Undo, Some(run)) => format!("Run {run} was taken back."),
        _ => plain(&summary::headline(&record.report)),
    };
    let code = record
        .report
        .code
        .as_deref()
        .map(|code| format!("{code} "))
        .unwrap_or_default();
    format!(
        "{BOLD}{:>4}{BOLD:#}  {DIM}{}{DIM:#}  {code}{what}",
        record.id, record.time
    )
}

fn find(records: Vec<Record>, run: Option<u64>) -> Result<Record, Stop> {
    let missing = Failure::from(KeepProblem::NoSuchRun(run.unwrap_or(0)));
    let found = match run {
        Some(id) => records.into_iter().find(|record| record.id == id),
        None => records.into_iter().next_back(),
    };
    found.ok_or(Stop::Failure(missing))
}

fn show(engine: &Engine, run: Option<u64>, format: Format, out: &mut Out) -> Ended {
    let record = find(engine.history()?.records, run)?;
    if format == Format::Json {
        out.json(&record);
        return Ok(0);
    }
    out.line(line(&record));
    let report = &record.report;
    if let Some(uri) = &report.source.uri {
        out.line(format!(
            "{DIM}from{DIM:#} {} {DIM}({}){DIM:#}",
            plain(uri),
            report.source.method
        ));
    }
    if let Some(problem) = &report.problem {
        out.line(format!("{DIM}advice{DIM:#} {}", problem.advice));
        for cause in &problem.chain {
            out.line(format!("{DIM}because{DIM:#} {}", plain(cause)));
        }
    }
    for step in &report.steps {
        let mark = if step.ok { '\u{2714}' } else { '\u{2718}' };
        out.line(format!(
            "{mark} {} ({} ms)",
            plain(&step.name),
            step.milliseconds
        ));
        for line in &step.lines {
            out.line(format!("    {DIM}{}{DIM:#}", plain(line)));
        }
    }
    changes::print(out, &report.changes);
    for warning in &report.warnings {
        out.warning(warning);
    }
    Ok(0)
}

fn undo(engine: &Engine, run: Option<u64>, format: Format, out: &mut Out) -> Ended {
    let report = engine.undo(run)?;
    if format == Format::Json {
        out.json(&report);
        return Ok(0);
    }
    changes::print(out, &report.changes);
    let what = if report.outcome == Outcome::Unchanged {
        "Everything is already as it was before that run."
    } else {
        "The settings are as they were before that run."
    };
    out.line(what);
    Ok(0)
}
