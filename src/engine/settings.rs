//! Settings as people see them: with where each comes from, and changed by hand.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
};

use super::Engine;
use crate::provisioning::{
    credentials::SecretName,
    failure::Failure,
    keys,
    layers::{Layer, Layers},
    plan::Settings,
    report::{Action, shown_value},
    secret::Secret,
};

/// Where a value comes from, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueOrigin {
    /// A plain line of a site file.
    Default,
    /// The store, set by hand or by the program.
    Set,
    /// The store, set by the last run that touched the key.
    Provisioned,
    /// A line with `*` of a site file.
    Fixed,
}

impl ValueOrigin {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Set => "set",
            Self::Provisioned => "provisioned",
            Self::Fixed => "fixed",
        }
    }
}

/// One effective setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The key.
    pub key: String,
    /// The value; a secret's is `${secret}`.
    pub value: String,
    /// Where it comes from.
    pub origin: ValueOrigin,
    /// The file that it stands in.
    pub file: PathBuf,
}

/// A key that the site fixed, and the file that does.
pub type Fixed = (String, String);

impl Engine {
    /// The site file that fixes `key`, if one does.
    pub fn fixed_by(&self, key: &str) -> Option<String> {
        let entry = self.world.site.get(key).filter(|entry| entry.fixed)?;
        Some(entry.file.display().to_string())
    }

    /// The store's own settings, in key order.
    pub fn settings(&self) -> Result<Settings, Failure> {
        // The first start makes the UUID; where nothing can be written, that can wait.
        let current = self.current().or_else(|_| self.world.store.read())?;
        Ok(current.settings)
    }

    /// Every effective setting with its origin, in key order.
    pub fn all_settings(&self) -> Result<Vec<Listed>, Failure> {
        let settings = self.settings()?;
        let provisioned = self.provisioned_values();
        let layers = Layers::new(&self.world.site, &settings);
        let mut all: BTreeSet<&str> = settings.keys().map(String::as_str).collect();
        all.extend(self.world.site.iter().map(|(key, _)| key));
        let store = self.world.store.home().join("sip-communicator.properties");
        let listed = all.into_iter().filter_map(|key| {
            let (value, layer) = layers.find(key)?;
            let site_file = || self.world.site.get(key).map(|entry| entry.file.clone());
            let (origin, file) = match layer {
                Layer::Immutable => (ValueOrigin::Fixed, site_file()?),
                Layer::Default => (ValueOrigin::Default, site_file()?),
                Layer::Store
                    if provisioned
                        .get(key)
                        .is_some_and(|new| is_still(key, value, new.as_deref())) =>
                {
                    (ValueOrigin::Provisioned, store.clone())
                }
                Layer::Store => (ValueOrigin::Set, store.clone()),
            };
            Some(Listed {
                key: key.to_owned(),
                value: value.to_owned(),
                origin,
                file,
            })
        });
        Ok(listed.collect())
    }

    /// What the last run that touched a key gave it; `None` for a secret.
    fn provisioned_values(&self) -> HashMap<String, Option<String>> {
        let mut values = HashMap::new();
        let Ok(history) = self.history() else {
            return values;
        };
        for record in history.records {
            for change in record.report.changes {
                match change.action {
                    Action::Added | Action::Changed | Action::Secret => {
                        values.insert(change.key, change.new);
                    }
                    Action::Removed => {
                        values.remove(&change.key);
                    }
                    Action::Refused | Action::Kept => {}
                }
            }
        }
        values
    }

    /// The effective value of `key`, as it stands.
    pub fn setting(&self, key: &str) -> Result<Option<String>, Failure> {
        let settings = self.settings()?;
        let layers = Layers::new(&self.world.site, &settings);
        Ok(layers.find(key).map(|(value, _)| value.to_owned()))
    }

    /// The secret behind a setting whose value is `${secret}`.
    pub fn secret(&self, key: &str) -> Result<Option<Secret>, Failure> {
        self.world.secrets.get(&SecretName::Setting(key.to_owned()))
    }

    /// Sets one setting; the value of a key that ends in `.PASSWORD` goes to the keyring.
    pub fn set(&self, key: &str, value: Secret) -> Result<(), Failure> {
        self.world.site.may_change(key)?;
        self.edit(|plan, _| {
            let stored = if keys::is_secret(key) {
                plan.secrets
                    .insert(SecretName::Setting(key.to_owned()), Some(value));
                keys::SECRET_MARKER.to_owned()
            } else {
                value.reveal().to_owned()
            };
            plan.settings.insert(key.to_owned(), stored);
        })
    }

    /// Removes `key`, or with `prefix` every key that starts with it, secrets
    /// too. Returns how many were removed, and the keys that stay because the
    /// site fixed them, each with the file that does.
    pub fn unset(&self, key: &str, prefix: bool) -> Result<(usize, Vec<Fixed>), Failure> {
        if !prefix {
            self.world.site.may_change(key)?;
        }
        let (mut removed, mut kept) = (0, Vec::new());
        self.edit(|plan, _| {
            let secrets = &mut plan.secrets;
            plan.settings.retain(|name, value| {
                if !(name == key || prefix && name.starts_with(key)) {
                    return true;
                }
                if let Some(file) = self.fixed_by(name) {
                    kept.push((name.clone(), file));
                    return true;
                }
                if keys::is_secret(name) && value == keys::SECRET_MARKER {
                    secrets.insert(SecretName::Setting(name.clone()), None);
                }
                removed += 1;
                false
            });
        })?;
        Ok((removed, kept))
    }
}

/// Whether a stored value is the one that a run gave the key.
fn is_still(key: &str, value: &str, new: Option<&str>) -> bool {
    match new {
        Some(new) => shown_value(key, value).as_deref() == Some(new),
        None => value == keys::SECRET_MARKER,
    }
}
