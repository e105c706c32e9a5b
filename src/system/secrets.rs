//! Where secrets are kept: the operating system's keyring, or memory for the
//! demo and for tests.

mod fault;
mod keyring;
mod platform;
mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::provisioning::credentials::SecretName;
use crate::provisioning::failure::Failure;
use crate::provisioning::secret::Secret;

pub use keyring::{Keyring, Limits};

/// A place for secrets. The calls block; each comes back within a time that
/// the implementation knows.
///
/// # Errors
/// All of them: `KeepProblem::Keyring`, with nothing secret in its chain.
pub trait Secrets: Send + Sync {
    /// What stands under `name`, `None` if nothing does.
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure>;

    /// Writes `value` under `name`, over what was there.
    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure>;

    /// Removes `name`; that it was not there is no error.
    fn delete(&self, name: &SecretName) -> Result<(), Failure>;
}

/// Secrets that end with the process.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<SecretName, Secret>>);

impl Memory {
    fn entries(&self) -> MutexGuard<'_, BTreeMap<SecretName, Secret>> {
        // A map is whole even if a thread died while it held the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of all entries, in order.
    pub fn names(&self) -> Vec<SecretName> {
        self.entries().keys().cloned().collect()
    }
}

impl Secrets for Memory {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        Ok(self.entries().get(name).cloned())
    }

    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure> {
        self.entries().insert(name.clone(), value.clone());
        Ok(())
    }

    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        self.entries().remove(name);
        Ok(())
    }
}

/// The service name of the keyring items for the store in `home`, so that two
/// stores of one user do not share passwords. Pinned by a test: a changed name
/// loses everybody's passwords.
///
/// `default_home` is the folder that the platform gives the program.
pub fn service(home: &Path, default_home: Option<&Path>) -> String {
    let home = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
    // Without the separator at the end that a shell may have put there.
    let home: PathBuf = home.components().collect();
    if default_home == Some(home.as_path()) {
        "provisioning-settings".to_owned()
    } else {
        format!("provisioning-settings ({})", home.display())
    }
}

/// What a password manager shows for an item.
fn label(name: &SecretName) -> String {
    match name {
        SecretName::Setting(key) => format!("Provisioning Settings: {key}"),
        SecretName::Login { origin, username } => {
            format!("Provisioning Settings: password of {username} for {origin}")
        }
        SecretName::Backup { run, of } => format!("{} (before run {run})", label(of)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provisioning::origin::Origin;

    // Its paths are those of Unix.
    #[cfg(unix)]
    #[test]
    fn the_service_name_stays_as_it_is() {
        let default = Path::new("/home/jane/.config/provisioning-settings");
        for (home, expected) in [
            (
                "/home/jane/.config/provisioning-settings",
                "provisioning-settings",
            ),
            (
                "/home/jane/.config/provisioning-settings/",
                "provisioning-settings",
            ),
            ("/srv/kiosk", "provisioning-settings (/srv/kiosk)"),
            ("/srv//kiosk/./", "provisioning-settings (/srv/kiosk)"),
        ] {
            assert_eq!(service(Path::new(home), Some(default)), expected);
        }
        assert_eq!(
            service(default, None),
            "provisioning-settings (/home/jane/.config/provisioning-settings)"
        );
        let relative = service(Path::new("x"), Some(default));
        assert!(relative.starts_with("provisioning-settings (/"));
    }

    #[test]
    fn memory_keeps_changes_and_forgets_and_shows_nothing() {
        let memory = Memory::default();
        let name = SecretName::Setting("a.PASSWORD".into());
        assert_eq!(memory.get(&name), Ok(None));
        assert_eq!(memory.delete(&name), Ok(()));
        for value in ["canary", ""] {
            memory.set(&name, &value.into()).unwrap();
            assert_eq!(memory.get(&name), Ok(Some(value.into())));
        }
        memory.set(&name, &"canary".into()).unwrap();
        assert!(!format!("{memory:?}").contains("canary"));
        assert_eq!(memory.names().len(), 1);
        memory.delete(&name).unwrap();
        assert_eq!(memory.names(), []);
    }

    #[test]
    fn labels_say_what_an_item_is_for() {
        let setting = SecretName::Setting("net.java.acc1.PASSWORD".into());
        let origin = Origin::try_from("https://prov.example".to_owned()).unwrap();
        let login = SecretName::Login {
            origin,
            username: "jane".into(),
        };
        assert_eq!(
            label(&setting),
            "Provisioning Settings: net.java.acc1.PASSWORD"
        );
        assert_eq!(
            label(&login.backup(7)),
            "Provisioning Settings: password of jane for https://prov.example (before run 7)"
        );
    }
}
