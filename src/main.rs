//! Arguments, logging, then the window or the command line.

use std::process::ExitCode;

use provisioning_settings::{app, cli, logging, system::folders};

fn main() -> ExitCode {
    let args = cli::Args::read();
    folders::keep_private();
    logging::start(args.logs().as_deref(), args.verbosity());
    match args.window() {
        Some(cli::Window::On {
            home,
            site,
            link,
            now,
        }) if app::has_display() => app::run(home, site, link, now),
        Some(cli::Window::Demo) if app::has_display() => app::demo(),
        _ => cli::run(args),
    }
}
