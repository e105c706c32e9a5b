//! `man`: one page with every command in it.

use clap::{Command, CommandFactory};
use clap_mangen::Man;

/// The page in roff.
pub(super) fn page() -> Vec<u8> {
    let mut command = super::Args::command();
    command.build();
    let mut page = Vec::new();
    let main = Man::new(command.clone());
    // Writing into memory does not fail.
    let _ = main.render_title(&mut page);
    let _ = main.render_name_section(&mut page);
    let _ = main.render_synopsis_section(&mut page);
    let _ = main.render_description_section(&mut page);
    let _ = main.render_options_section(&mut page);
    page.extend_from_slice(b".SH COMMANDS\n");
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        section(sub, sub.get_name(), &mut page);
    }
    let _ = main.render_extra_section(&mut page);
    page
}

/// A command and those below it, each under a heading of its own.
fn section(command: &Command, name: &str, page: &mut Vec<u8>) {
    let below: Vec<&Command> = command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
        .collect();
    page.extend_from_slice(format!(".SS {name}\n").as_bytes());
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    page.extend_from_slice(format!("{about}\n").as_bytes());
    let own = command.clone().mut_args(|arg| {
        let shared = ["home", "site", "verbose", "help"].contains(&arg.get_id().as_str());
        arg.hide(shared)
    });
    let mut options = Vec::new();
    // Writing into memory does not fail.
    let _ = Man::new(own).render_options_section(&mut options);
    let options = String::from_utf8_lossy(&options);
    let body = options.lines().filter(|line| *line != ".SH OPTIONS");
    for line in body {
        page.extend_from_slice(line.as_bytes());
        page.push(b'\n');
    }
    for sub in below {
        section(sub, &format!("{name} {}", sub.get_name()), page);
    }
}
