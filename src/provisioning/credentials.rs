//! Credentials, and the names under which secrets stand in the keyring.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{origin::Origin, secret::Secret};

/// A user name and a password. `Debug` masks the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Never empty when it is sent.
    pub username: String,
    /// May be empty.
    pub password: Secret,
}

/// What a keyring entry holds. `Display` and the JSON form are the entry's
/// name, pinned by tests: a changed name loses everybody's passwords.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SecretName {
    /// The value of a setting whose key ends in `.PASSWORD`.
    Setting(String),
    /// The password for a user at an origin.
    Login {
        /// The origin that the password belongs to.
        origin: Origin,
        /// The user name.
        username: String,
    },
    /// What an entry held before a run of the history, for undo.
    Backup {
        /// The run.
        run: u64,
        /// The entry that was changed.
        of: Box<SecretName>,
    },
}

impl SecretName {
    /// The entry that keeps what this one held before `run`.
    #[must_use]
    pub fn backup(&self, run: u64) -> Self {
        Self::Backup {
            run,
            of: Box::new(self.clone()),
        }
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(key) => write!(f, "setting {key}"),
            Self::Login { origin, username } => write!(f, "login {origin} {username}"),
            Self::Backup { run, of } => write!(f, "before {run} {of}"),
        }
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for SecretName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unknown = || format!("\u{201c}{text}\u{201d} is not the name of a secret");
        let (kind, rest) = text.split_once(' ').ok_or_else(unknown)?;
        match kind {
            "setting" => Ok(Self::Setting(rest.to_owned())),
            "login" => {
                let (origin, username) = rest.split_once(' ').ok_or_else(unknown)?;
                let origin = Origin::try_from(origin.to_owned())?;
                Ok(Self::Login {
                    origin,
                    username: username.to_owned(),
                })
            }
            "before" => {
                let (run, of) = rest.split_once(' ').ok_or_else(unknown)?;
                let run = run.parse().map_err(|_| unknown())?;
                Ok(Self::Backup {
                    run,
                    of: Box::new(Self::try_from(of.to_owned())?),
                })
            }
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_the_keyring_stay_as_they_are() {
        let origin = Origin::try_from("https://prov.example:8443".to_owned()).unwrap();
        let login = SecretName::Login {
            origin,
            username: "jane doe@x".into(),
        };
        let setting = SecretName::Setting("net.java.acc1.PASSWORD".into());
        for (name, text) in [
            (setting.clone(), "setting net.java.acc1.PASSWORD"),
            (login.clone(), "login https://prov.example:8443 jane doe@x"),
            (setting.backup(7), "before 7 setting net.java.acc1.PASSWORD"),
            (
                login.backup(12),
                "before 12 login https://prov.example:8443 jane doe@x",
            ),
        ] {
            assert_eq!(name.to_string(), text);
            assert_eq!(SecretName::try_from(text.to_owned()), Ok(name));
        }
    }

    #[test]
    fn debug_of_credentials_shows_no_password() {
        let credentials = Credentials {
            username: "jane".into(),
            password: "canary".into(),
        };
        assert!(!format!("{credentials:?}").contains("canary"));
    }
}
