//! `settings`: look at the store and change it by hand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Ended, Format, Stop, ask,
    out::{DIM, Out, plain},
};
use crate::{
    engine::Engine,
    provisioning::{
        keys, report,
        secret::Secret,
        summary,
        warning::{Warning, WarningKind},
    },
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List settings, all or those that start with PREFIX
    List {
        /// Beginning of the keys
        prefix: Option<String>,
        /// With the site's defaults, and where each value comes from
        #[arg(long)]
        all: bool,
        /// How the result is printed
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print one value
    Get {
        /// The key
        key: String,
        /// Print a secret itself
        #[arg(long)]
        reveal: bool,
    },
    /// Set one value; `-` reads it from standard input
    Set {
        /// The key
        key: String,
        /// The value, or `-`
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Remove one setting
    Unset {
        /// The key
        key: String,
        /// Remove every setting that starts with KEY
        #[arg(long)]
        prefix: bool,
    },
}

pub(super) fn run(engine: &Engine, command: Command, out: &mut Out) -> Ended {
    match command {
        Command::List {
            prefix,
            all,
            format,
        } => {
            let prefix = prefix.unwrap_or_default();
            if all {
                list_all(engine, &prefix, format, out)
            } else {
                list(engine, &prefix, format, out)
            }
        }
        Command::Get { key, reveal } => get(engine, &key, reveal, out),
        Command::Set { key, value } => set(engine, &key, value),
        Command::Unset { key, prefix } => {
            let (removed, kept) = engine.unset(&key, prefix)?;
            for (key, file) in kept {
                let message = format!("{key} is fixed by {file} and stays.");
                out.warning(&Warning::new(WarningKind::FixedKey, message));
            }
            out.note(format!("{} removed.", summary::settings(removed)));
            Ok(0)
        }
    }
}

fn list(engine: &Engine, prefix: &str, format: Format, out: &mut Out) -> Ended {
    let mut settings = engine.settings()?;
    settings.retain(|key, _| key.starts_with(prefix));
    for (key, value) in &mut settings {
        mask(key, value);
    }
    match format {
        Format::Json => out.json(&settings),
        Format::Text => {
            for (key, value) in &settings {
                out.line(format!("{} = {}", plain(key), plain(value)));
            }
        }
    }
    Ok(0)
}

/// An address may hold secrets of its own.
fn mask(key: &str, value: &mut String) {
    if !keys::is_secret(key)
        && let Some(shown) = report::shown_value(key, value)
    {
        *value = shown;
    }
}

#[derive(Serialize)]
struct Entry {
    value: String,
    origin: &'static str,
    file: String,
    fixed: bool,
}

fn list_all(engine: &Engine, prefix: &str, format: Format, out: &mut Out) -> Ended {
    let mut listed = engine.all_settings()?;
    for entry in &mut listed {
        mask(&entry.key, &mut entry.value);
    }
    let listed = listed
        .into_iter()
        .filter(|entry| entry.key.starts_with(prefix));
    match format {
        Format::Json => {
            let entries: BTreeMap<String, Entry> = listed
                .map(|entry| {
                    let fixed = entry.origin == crate::engine::ValueOrigin::Fixed;
                    let (origin, file) = (entry.origin.as_str(), entry.file.display().to_string());
                    (
                        entry.key,
                        Entry {
                            value: entry.value,
                            origin,
                            file,
                            fixed,
                        },
                    )
                })
                .collect();
            out.json(&entries);
        }
        Format::Text => {
            for entry in listed {
                let (key, value) = (plain(&entry.key), plain(&entry.value));
                let (origin, file) = (entry.origin.as_str(), entry.file.display());
                out.line(format!("{key} = {value} {DIM}({origin}, {file}){DIM:#}"));
            }
        }
    }
    Ok(0)
}

fn no_setting(key: &str) -> Stop {
    Stop::Usage(
        format!("There is no setting {key}."),
        "\u{201c}settings list\u{201d} shows the keys that there are.",
    )
}

fn get(engine: &Engine, key: &str, reveal: bool, out: &mut Out) -> Ended {
    let value = engine.setting(key)?.ok_or_else(|| no_setting(key))?;
    if reveal && keys::is_secret(key) && value == keys::SECRET_MARKER {
        let secret = engine.secret(key)?.ok_or_else(|| {
            Stop::Usage(
                format!("The keyring holds no secret for {key}."),
                "Set it again with \u{201c}settings set KEY -\u{201d}.",
            )
        })?;
        out.value(secret.reveal());
    } else {
        out.value(&value);
    }
    Ok(0)
}

fn set(engine: &Engine, key: &str, value: String) -> Ended {
    if key.trim().is_empty() {
        return Err(Stop::Usage(
            "A setting needs a key.".into(),
            "Write settings set KEY VALUE.",
        ));
    }
    let value = if value == "-" {
        ask::line_or_secret(keys::is_secret(key)).ok_or_else(|| {
            Stop::Usage(
                "Standard input could not be read, or is empty.".into(),
                "Pipe the value in, or type it.",
            )
        })?
    } else if keys::is_secret(key) {
        // Other users of the machine can read a command line (security rule 7).
        return Err(Stop::Usage(
            "A password does not belong on the command line.".into(),
            "Write settings set KEY - and give it on standard input.",
        ));
    } else {
        Secret::new(value)
    };
    engine.set(key, value)?;
    Ok(0)
}
