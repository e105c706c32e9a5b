//! Bringing back what was before a run.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ZonedDateTime;

use super::commit::{Committed, Run, Wanted};
use super::content::{self, Bytes, Raw};
use super::gate::Gate;
use super::history::{self, Record, RunKind};
use super::home::{Part, unreadable};
use super::{Store, disk};
use crate::provisioning::credentials::SecretName;
use crate::provisioning::failure::{Failure, KeepProblem, KeyringFault};
use crate::provisioning::keys::SECRET_MARKER;
use crate::provisioning::plan::Settings;
use crate::provisioning::report::{Action, Change, Outcome, Report, Source, shown_value};
use crate::provisioning::secret::Secret;

impl Store {
    /// Brings the store, `system.properties` and the secrets back as they were
    /// before `run`, byte for byte, whatever came after it: the secrets that
    /// it or a later run changed. Remembered user names follow their
    /// passwords; trust in servers stays as it is.
    ///
    /// Without a number it is the last run that changed anything. An undo is
    /// such a run itself, so that a second undo brings back what the first
    /// took away. A store that is damaged is replaced as well; the history
    /// keeps it as it was.
    ///
    /// # Errors
    /// [`KeepProblem::NoSuchRun`], `0` if there is none at all; else as for
    /// [`Store::commit`].
    pub fn undo(&self, gate: &Gate, run: Option<u64>) -> Result<Committed, Failure> {
        let _lock = self.open(Some(gate))?;
        let records = history::load(&self.home).records;
        let undoable = |record: &&Record| record.undoable;
        let found = match run {
            Some(id) => records.iter().find(|record| record.id == id),
            None => records.iter().rfind(undoable),
        };
        let record = found
            .filter(undoable)
            .ok_or(KeepProblem::NoSuchRun(run.unwrap_or(0)))?;
        let later: Vec<&Record> = records.iter().filter(|r| r.id >= record.id).collect();

        let before = Raw::read(&self.home)?;
        let secrets = self.secrets_before(gate, &later)?;
        let (mut files, mut changes) = self.files_before(record, &before)?;
        if let Some(servers) = self.servers_after(&before, &secrets)? {
            files.insert(Part::Servers, Some(servers));
        }
        let marked = changed_secrets(&secrets, &mut changes, files.get(&Part::Store), &before);
        let source = Source {
            method: "Undo".to_owned(),
            ..Source::default()
        };
        let report = Report {
            changes,
            ..Report::new(Outcome::Applied, source)
        };
        let wanted = Wanted {
            files,
            secrets,
            marked,
        };
        let run = Run {
            kind: RunKind::Undo,
            undid: Some(record.id),
            report,
        };
        self.carry_out(gate, &ZonedDateTime::now(), &before, wanted, run)
    }

    /// Removes the copies of logins that were kept for an undo: a password
    /// that is forgotten does not come back. Undoing one of those runs brings
    /// back all else.
    ///
    /// # Errors
    /// If the lock cannot be taken, or the keyring does not let.
    pub fn forget_copies_of_logins(&self) -> Result<(), Failure> {
        let _lock = self.open(None)?;
        for record in history::load(&self.home).records {
            for (name, had) in &record.secrets {
                if *had && matches!(name, SecretName::Login { .. }) {
                    self.secrets.delete(&name.backup(record.id))?;
                }
            }
        }
        Ok(())
    }

    /// What the secrets were that any of `runs` changed: the first one to
    /// change a secret knows.
    fn secrets_before(
        &self,
        gate: &Gate,
        runs: &[&Record],
    ) -> Result<BTreeMap<SecretName, Option<Secret>>, Failure> {
        let mut before = BTreeMap::new();
        for (run, name, had) in runs
            .iter()
            .flat_map(|run| run.secrets.iter().map(|(name, had)| (run.id, name, had)))
        {
            if before.contains_key(name) {
                continue;
            }
            if gate.is_cancelled() {
                return Err(Failure::Cancelled);
            }
            let value = match had {
                false => None,
                // Its copies go with a login that is forgotten.
                true if matches!(name, SecretName::Login { .. }) => {
                    self.secrets.get(&name.backup(run))?
                }
                true => Some(self.copy(run, name)?),
            };
            before.insert(name.clone(), value);
        }
        Ok(before)
    }

    fn copy(&self, run: u64, name: &SecretName) -> Result<Secret, Failure> {
        self.secrets.get(&name.backup(run))?.ok_or_else(|| {
            let cause = format!("what \u{201c}{name}\u{201d} was before run {run} is not in it");
            let (fault, chain) = (KeyringFault::Failed, vec![cause]);
            KeepProblem::Keyring { fault, chain }.into()
        })
    }

    /// The files that differ from what they were before the run, and how.
    fn files_before(
        &self,
        record: &Record,
        now: &Raw,
    ) -> Result<(BTreeMap<Part, Bytes>, Vec<Change>), Failure> {
        let (mut files, mut changes) = (BTreeMap::new(), Vec::new());
        for (part, prefix) in [(Part::Store, ""), (Part::System, "${system}.")] {
            let Some(path) = self.home.kept(record.id, part) else {
                continue;
            };
            let mut bytes = None;
            if record.kept.contains(&part) {
                let kept = disk::read(&path);
                let kept = kept.map_err(|error| unreadable(&path, None, error.to_string()))?;
                let (kept, _) = kept.ok_or_else(|| unreadable(&path, None, "it is not there"))?;
                bytes = Some(kept);
            }
            if bytes == *now.of(part) {
                continue;
            }
            let after = content::settings(&content::document(&bytes, &path)?);
            // What cannot be read has nothing that a person could compare.
            let current = content::document(now.of(part), &self.home.file(part));
            let current = current.map(|document| content::settings(&document));
            differences(&current.unwrap_or_default(), &after, prefix, &mut changes);
            files.insert(part, bytes);
        }
        Ok((files, changes))
    }

    /// `servers.toml` with the user names that go with the passwords, `None`
    /// if it stays as it is.
    fn servers_after(
        &self,
        now: &Raw,
        secrets: &BTreeMap<SecretName, Option<Secret>>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let is_login = |name: &SecretName| matches!(name, SecretName::Login { .. });
        if !secrets.keys().any(is_login) {
            return Ok(None);
        }
        let path = self.home.file(Part::Servers);
        let before = content::servers(&now.servers, &path)?;
        let mut after = before.clone();
        for (name, value) in secrets {
            let SecretName::Login { origin, username } = name else {
                continue;
            };
            let known = &mut after.entry(origin).username;
            if value.is_some() {
                *known = Some(username.clone());
            } else if known.as_ref() == Some(username) {
                *known = None;
            }
        }
        after.tidy();
        if after == before {
            return Ok(None);
        }
        content::write_servers(&after, &path).map(Some)
    }
}

/// Adds the changes from `before` to `after`, in the order of keys.
fn differences(before: &Settings, after: &Settings, prefix: &str, changes: &mut Vec<Change>) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        if old == new {
            continue;
        }
        let shown = |value: Option<&String>| value.and_then(|value| shown_value(key, value));
        changes.push(Change {
            action: match (old, new) {
                (None, _) => Action::Added,
                (_, None) => Action::Removed,
                _ => Action::Changed,
            },
            key: format!("{prefix}{key}"),
            old: shown(old),
            new: shown(new),
        });
    }
}

/// Adds the secret settings that the store names before and after, and gives
/// their keys.
fn changed_secrets(
    secrets: &BTreeMap<SecretName, Option<Secret>>,
    changes: &mut Vec<Change>,
    next: Option<&Bytes>,
    now: &Raw,
) -> BTreeSet<String> {
    let listed: BTreeSet<String> = changes.iter().map(|change| change.key.clone()).collect();
    let named = named_secrets(next.unwrap_or(&now.store));
    let mut marked = BTreeSet::new();
    for (name, value) in secrets {
        if let (SecretName::Setting(key), Some(_)) = (name, value)
            && named.contains(key)
            && !listed.contains(key)
        {
            changes.push(Change {
                action: Action::Secret,
                key: key.clone(),
                old: None,
                new: None,
            });
            marked.insert(key.clone());
        }
    }
    marked
}

fn named_secrets(store: &Bytes) -> BTreeSet<String> {
    let Ok(document) = content::document(store, std::path::Path::new("")) else {
        return BTreeSet::new();
    };
    let entries = document.entries.iter();
    let entries = entries.filter(|entry| entry.value == SECRET_MARKER);
    entries.map(|entry| entry.key.to_string()).collect()
}
