//! `discover`: a search without a run. The server that is found is not contacted.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use clap::ValueEnum;
use serde::Serialize;

use super::{
    Ended, Format,
    interrupts::Interrupts,
    out::{BOLD, DIM, GREEN, Out, YELLOW, plain},
    runtime,
};
use crate::{
    engine::{self, Scope, Searched, Watcher},
    provisioning::{
        failure::Failure,
        method::Method,
        search::{AnswerTrace, InterfaceTrace, Trace},
    },
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How to search
    #[arg(value_enum, default_value_t = How::All)]
    how: How,
    /// Search this interface only
    #[arg(long, value_name = "NAME")]
    interface: Option<String>,
    /// Search for so long at most (by default 10 by DHCP, 4 by Bonjour)
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum How {
    /// DHCP option 224
    Dhcp,
    /// The mDNS service "Provisioning URL"
    Bonjour,
    /// Both at the same time
    All,
}

impl How {
    fn methods(self) -> Vec<Method> {
        match self {
            Self::Dhcp => vec![Method::Dhcp],
            Self::Bonjour => vec![Method::Bonjour],
            Self::All => vec![Method::Dhcp, Method::Bonjour],
        }
    }
}

/// More than a moment, and not for ever.
fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.1..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("a number from 0.1 to 3600".into()),
    }
}

pub(super) fn run(args: &Args, out: &mut Out) -> Ended {
    let runtime = runtime()?;
    let methods = args.how.methods();
    if Out::is_watched() {
        let names: Vec<_> = methods.iter().map(ToString::to_string).collect();
        out.note(format!(
            "{DIM}Looking for a server by {}\u{2026}{DIM:#}",
            names.join(" and ")
        ));
    }
    let searching = async {
        let mut interrupts = Interrupts::new();
        tokio::select! {
            searched = search(args, methods) => Some(searched),
            () = interrupts.next() => None,
        }
    };
    let searched = runtime.block_on(searching);
    // A search that was cancelled may leave a look at the system's tables behind.
    runtime.shutdown_background();
    let Some(searched) = searched else {
        return Err(Failure::Cancelled.into());
    };
    Ok(print(&searched, args.format, out))
}

/// All methods at the same time.
async fn search(args: &Args, methods: Vec<Method>) -> Vec<Searched> {
    let watch: Watcher = Arc::new(|_: &Trace| {});
    let searching = methods.into_iter().map(|method| {
        let scope = Scope {
            method,
            interface: args.interface.clone(),
            timeout: args.timeout,
        };
        tokio::spawn(engine::discover(scope, Arc::clone(&watch)))
    });
    let mut searched = Vec::new();
    // Each goes on while another is waited for.
    for search in searching.collect::<Vec<_>>() {
        searched.extend(search.await);
    }
    searched
}

/// The document that `--format json` prints.
#[derive(Serialize)]
struct Document<'a> {
    searches: Vec<Search<'a>>,
}

#[derive(Serialize)]
struct Search<'a> {
    /// What would be used, `null` if nothing was found.
    found: Option<Shown<'a>>,
    /// `PS-…` code of the failure, `null` if something was found.
    code: Option<String>,
    #[serde(flatten)]
    trace: Trace,
}

#[derive(Serialize)]
struct Shown<'a> {
    uri: String,
    by: &'a str,
    addresses: Vec<IpAddr>,
}

fn print(searched: &[Searched], format: Format, out: &mut Out) -> u8 {
    match format {
        Format::Json => out.json(&document(searched)),
        Format::Text => {
            for search in searched {
                text(search, out);
            }
        }
    }
    if searched.iter().any(|(result, _)| result.is_ok()) {
        return 0;
    }
    let failures = searched
        .iter()
        .filter_map(|(result, _)| result.as_ref().err());
    let mut status = 0;
    for failure in failures {
        out.failure_in_short(failure);
        status = status.max(failure.exit());
    }
    status
}

fn document(searched: &[Searched]) -> Document<'_> {
    let each = searched.iter().map(|(result, trace)| Search {
        found: result.as_ref().ok().map(|found| Shown {
            uri: found.uri.masked(),
            by: &found.by,
            addresses: found.addresses.iter().map(SocketAddr::ip).collect(),
        }),
        code: result.as_ref().err().map(Failure::code),
        trace: trace.shown(),
    });
    Document {
        searches: each.collect(),
    }
}

fn text((result, trace): &Searched, out: &mut Out) {
    out.line(format!("{BOLD}{}{BOLD:#}", trace.method));
    for interface in &trace.interfaces {
        print_interface(interface, out);
    }
    if !trace.answers.is_empty() {
        out.line("  Answers");
    }
    for (place, answer) in trace.answers.iter().enumerate() {
        print_answer(answer, trace.chosen == Some(place), out);
    }
    if trace.unlisted > 0 {
        out.line(format!("  and {} more, which were ignored", trace.unlisted));
    }
    if let Ok(found) = result {
        let uri = found.uri.masked();
        out.line(format!(
            "  {GREEN}Found{GREEN:#} {} {DIM}named by {}{DIM:#}",
            plain(&uri),
            plain(&found.by)
        ));
    }
    if !trace.why.is_empty() {
        out.line(format!("  {}", plain(&trace.why)));
    }
}

fn print_interface(interface: &InterfaceTrace, out: &mut Out) {
    let addresses: Vec<_> = interface
        .addresses
        .iter()
        .map(ToString::to_string)
        .collect();
    out.line(format!(
        "  {} {DIM}{}{DIM:#}",
        plain(&interface.name),
        addresses.join(", ")
    ));
    for sent in &interface.sent {
        out.line(format!(
            "    {:>6} ms  sent {}",
            sent.milliseconds,
            plain(&sent.what)
        ));
    }
    if let Some(problem) = &interface.problem {
        out.line(format!("    {YELLOW}{}{YELLOW:#}", plain(problem)));
    }
}

fn print_answer(answer: &AnswerTrace, chosen: bool, out: &mut Out) {
    let on = answer
        .interface
        .as_ref()
        .map(|name| format!(" on {}", plain(name)))
        .unwrap_or_default();
    let said = match (&answer.ignored, &answer.uri) {
        (Some(why), _) => format!("{YELLOW}ignored{YELLOW:#}, {}", plain(why)),
        (None, uri) => plain(uri.as_deref().unwrap_or_default()),
    };
    let mark = if chosen { '\u{2714}' } else { ' ' };
    out.line(format!(
        "  {mark} {:>6} ms  {}{on}: {said}",
        answer.milliseconds,
        plain(&answer.from)
    ));
    if answer.is_secret() {
        out.line(format!(
            "               {DIM}bytes not shown, a secret is in them{DIM:#}"
        ));
    } else if !answer.bytes.is_empty() {
        out.line(format!("               {DIM}bytes {}{DIM:#}", answer.bytes));
    }
}
