//! Copies of secrets that nothing refers to any more. They are removed when
//! the keyring is in use anyway: a run without secrets never asks it.

use std::collections::BTreeSet;

use super::journal::Transaction;
use super::{Store, disk, history};
use crate::provisioning::credentials::SecretName;

const FILE: &str = "leftover-secrets.json";

impl Store {
    /// The number of the next run: one that no file in the history, no open
    /// transaction and no copy in the keyring bears.
    pub(super) fn next_run(&self) -> u64 {
        let last = history::ids(&self.home).all.last().copied();
        let noted = self.leftovers();
        let copied = noted.iter().filter_map(|name| match name {
            SecretName::Backup { run, .. } => Some(*run),
            _ => None,
        });
        let open = Transaction::load(&self.home).ok().flatten();
        let open = open.map(|transaction| transaction.run);
        let all = copied.chain(last).chain(open);
        all.max().map_or(1, |run| run.saturating_add(1))
    }

    /// Removes `copies` and the leftovers of earlier times from the keyring,
    /// as far as it lets; the rest is noted down for the next time.
    pub(super) fn forget(&self, copies: Vec<SecretName>) {
        let noted = self.leftovers();
        let mut rest: BTreeSet<SecretName> = copies.into_iter().chain(noted.clone()).collect();
        while let Some(name) = rest.first() {
            if let Err(failure) = self.secrets.delete(name) {
                // The others would wait as long and fail as well.
                tracing::warn!("{} copies stay in the keyring: {failure}", rest.len());
                break;
            }
            rest.pop_first();
        }
        self.note(&noted, &rest);
    }

    /// Notes `copies` down, without asking the keyring.
    pub(super) fn forget_later(&self, copies: Vec<SecretName>) {
        if !copies.is_empty() {
            let noted = self.leftovers();
            let all = copies.into_iter().chain(noted.clone()).collect();
            self.note(&noted, &all);
        }
    }

    fn leftovers(&self) -> BTreeSet<SecretName> {
        let bytes = disk::read(&self.home.history().join(FILE)).ok().flatten();
        bytes
            .and_then(|(bytes, _)| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn note(&self, before: &BTreeSet<SecretName>, after: &BTreeSet<SecretName>) {
        if before == after {
            return;
        }
        let path = self.home.history().join(FILE);
        let noted = if after.is_empty() {
            disk::remove(&path)
        } else {
            disk::create_folder(&self.home.history())
                .and_then(|_| Ok(serde_json::to_vec(after)?))
                .and_then(|bytes| disk::write_soon(&path, &bytes))
        };
        if let Err(error) = noted {
            tracing::warn!("{} could not be written: {error}", path.display());
        }
    }
}
