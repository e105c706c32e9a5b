//! Facts about this computer for the tokens of a URI (contract section 2).

mod java;
mod network;

use std::path::Path;

use crate::provisioning::{
    facts::HostFacts,
    plan::Settings,
    run::Reach,
    uri::{Template, Token},
};

/// What the store and the site contribute to the facts.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The store's folder.
    pub home: &'a Path,
    /// The store's UUID.
    pub uuid: &'a str,
    /// Version of the application that the settings are for.
    pub build: &'a str,
    /// `DefaultLocale`.
    pub locale: &'a str,
    /// `system.properties`, which win over the computer's own.
    pub system: &'a Settings,
}

/// Something that knows the computer.
pub trait Host: Send + Sync {
    /// The facts that `template` asks for. Blocks for a name look-up if the
    /// template has `${ipaddr}` or `${hwaddr}` and `reach` allows it.
    fn facts(&self, template: &Template, known: Known<'_>, reach: &Reach) -> HostFacts;
}

/// The computer that the program runs on.
pub struct ThisComputer;

impl Host for ThisComputer {
    fn facts(&self, template: &Template, known: Known<'_>, reach: &Reach) -> HostFacts {
        let home = std::path::absolute(known.home).unwrap_or_else(|_| known.home.to_owned());
        let text = |part: Option<&Path>| {
            part.map(|part| part.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let mut facts = HostFacts {
            system: java::properties(),
            home_location: text(home.parent()),
            home_name: text(home.file_name().map(Path::new)),
            uuid: known.uuid.to_owned(),
            os_name: java::os_name(),
            arch: java::arch().to_owned(),
            build: known.build.to_owned(),
            locale: known.locale.to_owned(),
            hostname: network::hostname(),
            ..HostFacts::default()
        };
        facts.system.extend(known.system.clone());
        for (token, _) in template.tokens() {
            match token {
                Token::Env(name) => {
                    if let Ok(value) = std::env::var(name) {
                        facts.env.insert(name.clone(), value);
                    }
                }
                Token::ResX | Token::ResY if facts.screen.is_none() => {
                    facts.screen = screen();
                }
                _ => {}
            }
        }
        let mut tokens = template.tokens().map(|(token, _)| token);
        if let Reach::Network(addresses) = reach
            && tokens.any(|token| matches!(token, Token::IpAddr | Token::HwAddr))
        {
            // The host is known without these two, or not at all.
            let url = template
                .expand(&facts, None)
                .ok()
                .map(|expanded| expanded.url);
            facts.address = url
                .as_ref()
                .and_then(|url| network::local_address(url, addresses));
            facts.mac = facts.address.and_then(network::mac_of);
        }
        facts
    }
}

/// Size of the first connected screen, as the kernel's mode list has it.
#[cfg(target_os = "linux")]
fn screen() -> Option<(u32, u32)> {
    let mut connectors: Vec<_> = std::fs::read_dir("/sys/class/drm")
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    connectors.sort();
    connectors.into_iter().find_map(|connector| {
        let read = |name| std::fs::read_to_string(connector.join(name)).ok();
        if read("status")?.trim() != "connected" {
            return None;
        }
        let modes = read("modes")?;
        let (width, height) = modes.lines().next()?.split_once('x')?;
        let digits = |text: &str| {
            text.trim_end_matches(|c: char| !c.is_ascii_digit())
                .parse()
                .ok()
        };
        Some((digits(width)?, digits(height)?))
    })
}

/// Not known without a window.
#[cfg(not(target_os = "linux"))]
fn screen() -> Option<(u32, u32)> {
    None
}
