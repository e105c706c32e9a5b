//! Arguments, logging, then the window or the command line.

use std::process::ExitCode;

use clap::Parser;
use provisioning_settings::{app, cli, logging, system::folders};

fn main() -> ExitCode {
    let args = cli::Args::parse();
    folders::keep_private();
    logging::start(args.logs().as_deref(), args.verbosity());
    match args.window() {
        Some(cli::Window::On { home, site }) if app::has_display() => app::run(home, site),
        Some(cli::Window::Demo) if app::has_display() => app::demo(),
        _ => cli::run(args),
    }
}
