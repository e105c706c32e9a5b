//! A run in every way in which it can be reported.

use crate::lab::{program::Program, run::Run};

/// Signs in once for each format and each amount of talk, in one home.
pub(crate) fn every_way(program: &Program, uri: &str, password: &str, more: &[&str]) -> Vec<Run> {
    let ways: [&[&str]; 4] = [
        &["--format", "json"],
        &["--format", "text", "-v"],
        &["--format", "json", "-vv"],
        &["--dry-run", "--format", "text", "-vv"],
    ];
    let run = |way: &&[&str]| {
        let mut arguments = vec!["provision", "--uri", uri, "--no-input"];
        arguments.extend(["--username", "alice", "--password-stdin"]);
        arguments.extend(*way);
        arguments.extend(more);
        let mut command = program.command(&arguments);
        command
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        crate::lab::program::finish(command, &format!("{password}\n"))
    };
    ways.iter().map(run).collect()
}

/// Everything that the program tells about earlier runs and the present state.
pub(crate) fn tell_all(program: &Program, uri: &str) -> Vec<Run> {
    let commands: [&[&str]; 10] = [
        &["history", "list"],
        &["history", "list", "--format", "json"],
        &["history", "show"],
        &["history", "show", "--format", "json"],
        &["settings", "list", "--all"],
        &["settings", "list", "--all", "--format", "json"],
        &["credentials", "show"],
        &["method"],
        &["request", "--uri", uri, "--format", "json"],
        &["diagnose"],
    ];
    commands
        .iter()
        .map(|command| program.run(command))
        .collect()
}
