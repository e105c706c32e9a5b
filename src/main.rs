//! Arguments, logging, then the command line.

use std::process::ExitCode;

use clap::Parser;
use provisioning_settings::{cli, logging, system::folders};

fn main() -> ExitCode {
    let args = cli::Args::parse();
    folders::keep_private();
    logging::start(args.logs().as_deref(), args.verbosity());
    cli::run(args)
}
