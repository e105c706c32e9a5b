//! What a token in the provisioning URI can stand for: facts about this host,
//! gathered by the world and only read here (contract section 2).

use std::{collections::BTreeMap, net::IpAddr};

/// Values for the tokens. `None` and absent entries leave the token as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostFacts {
    /// Environment variables; only those that the URI names are gathered.
    pub env: BTreeMap<String, String>,
    /// Java system properties, those of `system.properties` included.
    pub system: BTreeMap<String, String>,
    /// Parent folder of the store's folder.
    pub home_location: String,
    /// Last part of the store's folder.
    pub home_name: String,
    /// The store's UUID.
    pub uuid: String,
    /// As Java's `os.name`.
    pub os_name: String,
    /// As Java's `os.arch`.
    pub arch: String,
    /// Width and height of the primary screen in pixels.
    pub screen: Option<(u32, u32)>,
    /// Version of the application that the settings are for.
    pub build: String,
    /// `DefaultLocale`, else empty.
    pub locale: String,
    /// Local address that reaches the URI's host.
    pub address: Option<IpAddr>,
    /// The host's name.
    pub hostname: Option<String>,
    /// MAC address of the interface with `address`, lower case, colons.
    pub mac: Option<String>,
}
