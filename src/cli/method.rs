//! `method`, `request` and `credentials`: how the server is found, what it
//! would be sent, and who signs in.

use super::{
    Ended, Format, Stop,
    out::{Out, YELLOW, plain},
};
use crate::{
    engine::Engine,
    provisioning::{method::Method, secret::MASK, uri::Template},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    choice: Option<Choice>,
}

#[derive(Debug, clap::Subcommand)]
enum Choice {
    /// Switch provisioning off
    None,
    /// Let a DHCP server name the address
    Dhcp,
    /// Look for a Bonjour (mDNS) service
    Bonjour,
    /// Use this address, or the stored one
    Manual {
        /// The address
        uri: Option<String>,
    },
}

pub(super) fn run(engine: &Engine, args: Args, out: &mut Out) -> Ended {
    let (method, uri) = match args.choice {
        None => return show(engine, out),
        Some(Choice::None) => (Method::Off, None),
        Some(Choice::Dhcp) => (Method::Dhcp, None),
        Some(Choice::Bonjour) => (Method::Bonjour, None),
        Some(Choice::Manual { uri: Some(uri) }) => (Method::Manual, Some(Template::new(&uri))),
        Some(Choice::Manual { uri: None }) => {
            if engine.method()?.1.is_none() {
                return Err(Stop::Usage(
                    "No provisioning address is stored yet.".into(),
                    "Write method manual URI.",
                ));
            }
            (Method::Manual, None)
        }
    };
    for warning in engine.choose(&method, uri.as_ref())? {
        out.warning(&warning);
    }
    Ok(0)
}

fn show(engine: &Engine, out: &mut Out) -> Ended {
    let (method, uri) = engine.method()?;
    let uri = uri.map(|uri| plain(&uri.masked()));
    match (&method, uri) {
        (Method::Off, _) => out.line("none"),
        (Method::Manual, Some(uri)) => out.line(format!("manual {uri}")),
        (Method::Manual, None) => out.line("manual"),
        (Method::Other(value), uri) => {
            out.note(format!(
                "The stored method \u{201c}{}\u{201d} is not known; it works like manual.",
                plain(value)
            ));
            out.line(format!("manual {}", uri.unwrap_or_default()).trim_end());
        }
        (method, _) => out.line(method.as_stored().to_ascii_lowercase()),
    }
    Ok(0)
}

#[derive(Debug, clap::Args)]
pub(super) struct RequestArgs {
    /// Show it for this address
    #[arg(long, value_name = "URI")]
    uri: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn request(engine: &Engine, args: &RequestArgs, out: &mut Out) -> Ended {
    let shown = engine.request(args.uri.as_deref().map(Template::new))?;
    if args.format == Format::Json {
        out.json(&shown);
        return Ok(0);
    }
    out.line(format!("{} {}", shown.verb, plain(&shown.address)));
    out.line(format!("User-Agent: {}", shown.user_agent));
    for parameter in &shown.parameters {
        let missing = if parameter.missing.is_empty() {
            String::new()
        } else {
            format!(
                " {YELLOW}(no value for {}){YELLOW:#}",
                plain(&parameter.missing.join(", "))
            )
        };
        out.line(format!(
            "  {} = {}{missing}",
            plain(&parameter.name),
            plain(&parameter.value)
        ));
    }
    for warning in &shown.warnings {
        out.warning(warning);
    }
    Ok(0)
}

#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub(super) enum CredentialsCommand {
    /// Show the remembered user name
    Show,
    /// Forget user name and password
    Forget,
}

pub(super) fn credentials(engine: &Engine, command: CredentialsCommand, out: &mut Out) -> Ended {
    match command {
        CredentialsCommand::Show => match engine.remembered()? {
            None => out.line("No user name and no password are remembered."),
            Some(remembered) => {
                out.line(format!("Username  {}", plain(&remembered.username)));
                match remembered.origin {
                    Some(origin) => {
                        out.line(format!("Password  {MASK}"));
                        out.line(format!("Server    {origin}"));
                    }
                    None => out.line("Password  not remembered"),
                }
            }
        },
        CredentialsCommand::Forget => {
            let what = if engine.forget()? {
                "User name and password are forgotten."
            } else {
                "There was nothing to forget."
            };
            out.note(what);
        }
    }
    Ok(0)
}
