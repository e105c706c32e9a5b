//! The command line: the same engine as the window, printed.

mod ask;
mod changes;
mod check;
mod demo;
mod discover;
mod history;
mod interrupts;
mod link;
mod man;
mod method;
mod out;
mod preseed;
mod progress;
mod provision;
mod serve;
mod settings;
mod usage;

use std::{io::Read, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::{
    engine::Engine,
    provisioning::{
        exchange::MAX_BODY,
        failure::{AddressProblem, AnswerProblem, Failure},
    },
    sample_server::ServeError,
    system::{Services, folders},
};
use out::Out;

/// Finds a provisioning server, asks it for settings, shows what they would
/// change and applies them in one transaction.
#[derive(Debug, Parser)]
#[command(name = "provisioning-settings", version, max_term_width = 100)]
#[command(after_help = usage::EXIT_CODES)]
pub struct Args {
    /// Folder of the store
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PROVISIONING_SETTINGS_HOME"
    )]
    home: Option<PathBuf>,
    /// Folder of the administrator's defaults.properties and overrides.properties
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "PROVISIONING_SETTINGS_SITE"
    )]
    site: Option<PathBuf>,
    /// Say more on standard error; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Open the window with the address of a provisioning: link filled in
    #[arg(long, hide = true, value_name = "LINK", value_parser = link::address)]
    link: Option<String>,
    /// Open the window and start a run
    #[arg(long, hide = true, conflicts_with = "link")]
    now: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Args {
    /// Reads the command line; ends the process where there is nothing to do.
    pub fn read() -> Self {
        Self::parse_from(link::arguments(std::env::args_os()))
    }

    /// How much goes to standard error: 0, 1 or more.
    pub fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// The window that is asked for, if one is: without a command, and by
    /// `demo`. Where there is no display, the command line says what it can.
    pub fn window(&self) -> Option<Window> {
        match &self.command {
            None => Some(Window::On {
                home: self.home_folder()?,
                site: self.site.clone().unwrap_or_else(folders::default_site),
                link: self.link.clone().filter(|address| !address.is_empty()),
                now: self.now,
            }),
            Some(Command::Demo { text: false }) => Some(Window::Demo),
            Some(_) => None,
        }
    }

    /// The folder of the logs, `None` for a command that keeps none.
    pub fn logs(&self) -> Option<PathBuf> {
        match self.command {
            None | Some(Command::Provision(_) | Command::History(_)) => {
                Some(folders::logs(&self.home_folder()?))
            }
            _ => None,
        }
    }

    fn home_folder(&self) -> Option<PathBuf> {
        self.home.clone().or_else(folders::default_home)
    }
}

/// A window to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// On this store and these site files.
    On {
        /// The folder of the store.
        home: PathBuf,
        /// The folder of the site files.
        site: PathBuf,
        /// The address that a link filled in.
        link: Option<String>,
        /// Whether a run begins at once.
        now: bool,
    },
    /// The demonstration.
    Demo,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Ask the server and apply its settings
    Provision(provision::Args),
    /// Look for a server on this network, and only look
    Discover(discover::Args),
    /// Show what would be sent, secrets masked
    Request(method::RequestArgs),
    /// Show or choose how the server is found
    #[command(subcommand_required = false)]
    Method(method::Args),
    /// Look at settings and change them
    #[command(subcommand)]
    Settings(settings::Command),
    /// Show or forget the remembered user name and password
    #[command(subcommand)]
    Credentials(method::CredentialsCommand),
    /// Show what runs did, and take them back
    #[command(subcommand)]
    History(history::Command),
    /// Find mistakes in a saved provisioning response
    Check(check::Args),
    /// Run a small provisioning server to try things with
    Serve(serve::Args),
    /// Try it: a sample server and this program, in a throw-away folder
    Demo {
        /// Tell it here, also where a window could be opened
        #[arg(long)]
        text: bool,
    },
    /// Show or say what holds for every user of this computer; installers do
    Preseed(preseed::Args),
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// Why a command ended without doing what it was asked for.
enum Stop {
    /// A failure with its own exit status.
    Failure(Failure),
    /// The sample server does not start.
    Serve(ServeError),
    /// A mistake in the command (exit 2), with what to do about it.
    Usage(String, &'static str),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<ServeError> for Stop {
    fn from(error: ServeError) -> Self {
        Self::Serve(error)
    }
}

/// Exit status if the result could not be printed.
const LOST: u8 = 1;

/// What a command returns: its exit status.
type Ended = Result<u8, Stop>;

/// Carries the command out and gives the exit status of the process.
pub fn run(args: Args) -> ExitCode {
    let mut out = Out::new(args.verbose > 0);
    let status = match dispatch(args, &mut out) {
        Ok(status) => status,
        Err(Stop::Failure(failure)) => {
            out.failure(&failure);
            failure.exit()
        }
        Err(Stop::Serve(error)) => {
            out.problem(
                "PS-SERVE",
                &error.to_string(),
                error.advice(),
                &causes(&error),
            );
            2
        }
        Err(Stop::Usage(what, advice)) => {
            out.problem("PS-USAGE", &what, advice, &[]);
            2
        }
    };
    ExitCode::from(if status == 0 && out.is_lost() {
        LOST
    } else {
        status
    })
}

fn causes(error: &dyn std::error::Error) -> Vec<String> {
    std::iter::successors(error.source(), |cause| cause.source())
        .map(ToString::to_string)
        .collect()
}

fn dispatch(args: Args, out: &mut Out) -> Ended {
    let (home, site) = (args.home_folder(), args.site);
    let Some(command) = args.command else {
        out.note(
            "PS-DISPLAY There is no display to open the window on. Use a command: \u{201c}provisioning-settings --help\u{201d} lists them.",
        );
        return Ok(2);
    };
    let engine = || -> Result<Engine, Stop> {
        let Some(home) = &home else {
            return Err(Stop::Usage(
                "There is no home directory to keep settings in.".into(),
                "Name a folder with --home.",
            ));
        };
        let site = site.clone().unwrap_or_else(folders::default_site);
        Ok(Engine::new(Services::real(home, &site)?))
    };
    match command {
        Command::Provision(args) => provision::run(engine(), args, out),
        Command::Discover(args) => discover::run(&args, out),
        Command::Request(args) => method::request(&engine()?, &args, out),
        Command::Method(args) => method::run(&engine()?, args, out),
        Command::Settings(command) => settings::run(&engine()?, command, out),
        Command::Credentials(command) => method::credentials(&engine()?, command, out),
        Command::History(command) => history::run(&engine()?, &command, out),
        Command::Check(args) => check::run(&args, out),
        Command::Serve(args) => serve::run(args, out),
        Command::Demo { .. } => demo::run(out),
        Command::Preseed(args) => {
            let site = site.clone().unwrap_or_else(folders::default_site);
            preseed::run(&site, &args, out)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = Args::command();
            clap_complete::generate(shell, &mut command, "provisioning-settings", &mut script);
            out.bytes(&script);
            Ok(0)
        }
        Command::Man => {
            out.bytes(&man::page());
            Ok(0)
        }
    }
}

/// A runtime for one command: everything on this thread, what blocks beside it.
fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Stop::Usage(
                format!("The program could not start: {error}."),
                "Try again.",
            )
        })
}

/// Reads a saved response; anything above the limit of an answer is not one.
fn read_response(path: &std::path::Path) -> Result<std::sync::Arc<[u8]>, Failure> {
    let limit = MAX_BODY as u64 + 1;
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    match read {
        Ok(read) if read as u64 == limit => {
            let what = "more than 16 MiB";
            Err(AnswerProblem::NotSettings { name, what }.into())
        }
        Ok(_) => Ok(bytes.into()),
        Err(error) => {
            let chain = vec![error.to_string()];
            Err(AddressProblem::File { name, chain }.into())
        }
    }
}
