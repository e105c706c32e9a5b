//! `preseed`: what installers write for every user of this computer.

use std::path::Path;

use super::{
    Ended, Stop,
    out::{Out, plain},
};
use crate::{provisioning::preseed::Preseed, system::preseed};

const NAMES: &str = "METHOD, URI, MANDATORY, APPLICATION_NAME, TRUSTED_ORIGINS or LOCKED, \
    with PROVISIONING_ in front or without; or PROV_METHOD, PROV_URL, MPROV_METHOD, \
    MPROV_URL as for Jitsi. An empty VALUE changes nothing";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "NAME=VALUE", help = NAMES)]
    told: Vec<String>,
    /// Forget what was preseeded before
    #[arg(long)]
    clear: bool,
}

pub(super) fn run(site: &Path, args: &Args, out: &mut Out) -> Ended {
    if args.told.is_empty() && !args.clear {
        for line in preseed::load(site)?.told() {
            out.line(plain(&line));
        }
        return Ok(0);
    }
    let mut now = if args.clear {
        Preseed::default()
    } else {
        preseed::load(site)?
    };
    now.tell(&args.told).map_err(|refused| {
        Stop::Usage(
            plain(&refused.to_string()),
            "\u{201c}provisioning-settings preseed --help\u{201d} lists the names.",
        )
    })?;
    preseed::store(site, &now)?;
    Ok(0)
}
