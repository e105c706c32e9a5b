//! `serve`: the sample server on the command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::ValueEnum;

use super::{
    Ended,
    out::{BOLD, Out, YELLOW},
    runtime,
};
use crate::sample_server::{self, Auth, Config, Content};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder of .properties templates; without it, the built-in samples
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How it finds out who asks; form answers a bare 401
    #[arg(long, value_enum, default_value_t = AuthMode::None)]
    auth: AuthMode,
    /// Who may sign in
    #[arg(long, value_name = "NAME:PASSWORD", default_value = "demo:demo")]
    user: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AuthMode {
    /// It does not
    None,
    /// By HTTP Basic authentication
    Basic,
    /// By the parameters
    Form,
}

pub(super) fn run(args: Args, out: &mut Out) -> Ended {
    let config = Config {
        content: args.dir.map_or(Content::BuiltIn, Content::Dir),
        listen: args.listen,
        auth: match args.auth {
            AuthMode::None => Auth::None,
            AuthMode::Basic => Auth::Basic,
            AuthMode::Form => Auth::Form,
        },
        user: sample_server::read_user(&args.user)?,
    };
    let runtime = runtime()?;
    runtime.block_on(async {
        let mut interrupts = super::interrupts::Interrupts::new();
        let server = sample_server::bind(config).await?;
        out.line(format!("{BOLD}{}{BOLD:#}", server.uri()));
        out.note(format!(
            "Listening on {}. Ctrl+C ends it.",
            server.address()
        ));
        if server.is_public() {
            out.note(format!(
                "{YELLOW}Other machines can reach this server, and it speaks plain http.{YELLOW:#}"
            ));
        }
        let mut lines = Out::new(false);
        let print = std::sync::Mutex::new(move |line: String| lines.line(line));
        let on_request = move |exchange: &sample_server::Exchange| {
            if let Ok(mut print) = print.lock() {
                print(exchange.to_string());
            }
        };
        server.run(on_request, interrupts.next()).await;
        Ok(0)
    })
}
