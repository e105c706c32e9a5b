//! Directives and the store before them make a plan: the store afterwards,
//! the secrets to keep, and the list of changes (contract section 5).

use std::collections::BTreeMap;

use super::{credentials::SecretName, report::Change, secret::Secret, warning::Warning};

/// A properties file in memory, in key order.
pub type Settings = BTreeMap<String, String>;

/// The store before a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Current {
    /// `sip-communicator.properties`.
    pub settings: Settings,
    /// `system.properties`.
    pub system: Settings,
}

/// What a run would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The store afterwards.
    pub settings: Settings,
    /// `system.properties` afterwards.
    pub system: Settings,
    /// Keyring entries to write (`Some`) or delete (`None`).
    pub secrets: BTreeMap<SecretName, Option<Secret>>,
    /// What changes, for people.
    pub changes: Vec<Change>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}
