//! The operating system's keyring, connected to at the first use.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error, Result as KeyringResult};
use zeroize::Zeroizing;

use super::worker::{Abandoned, Worker};
use super::{Secrets, fault, label, platform};
use crate::provisioning::credentials::SecretName;
use crate::provisioning::failure::Failure;
use crate::provisioning::secret::Secret;

/// How long to wait for the keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the connection; a service that hangs never gives one.
    pub open: Duration,
    /// For one item; the desktop may be asking the user to unlock it.
    pub item: Duration,
}

impl Limits {
    /// 5 s to connect; 120 s for an item where somebody can be asked to unlock
    /// the keyring, 10 s where nobody can.
    pub fn of_this_session() -> Self {
        let item = if platform::can_ask() { 120 } else { 10 };
        Self {
            open: Duration::from_secs(5),
            item: Duration::from_secs(item),
        }
    }
}

type Connection = Option<Arc<CredentialStore>>;

/// The operating system's keyring. A connection that failed or hangs is not
/// kept: the next call makes a new one.
#[derive(Debug)]
pub struct Keyring {
    service: String,
    limits: Limits,
    // Held during a call: its limits begin when it is its turn.
    worker: Mutex<Option<Worker<Connection>>>,
}

/// What came of one attempt.
enum Attempt<T> {
    Done(T),
    /// Worth a second try over a new connection.
    Lost(Error),
    Failed(Failure),
}

impl Keyring {
    /// Items stand under `service` (see [`super::service`]). Does not connect yet.
    pub fn new(service: impl Into<String>, limits: Limits) -> Self {
        Self {
            service: service.into(),
            limits,
            worker: Mutex::new(None),
        }
    }

    /// Runs `action` on the item `name`; once more if the service was
    /// restarted since the last call.
    fn with_item<T, A>(&self, name: &SecretName, action: A) -> Result<T, Failure>
    where
        T: Send + 'static,
        A: Fn(&Entry, &Abandoned) -> KeyringResult<T> + Clone + Send + 'static,
    {
        match self.attempt(name, action.clone()) {
            Attempt::Done(value) => Ok(value),
            Attempt::Failed(failure) => Err(failure),
            Attempt::Lost(_) => match self.attempt(name, action) {
                Attempt::Done(value) => Ok(value),
                Attempt::Failed(failure) => Err(failure),
                Attempt::Lost(error) => Err(fault::of(&error)),
            },
        }
    }

    fn attempt<T, A>(&self, name: &SecretName, action: A) -> Attempt<T>
    where
        T: Send + 'static,
        A: FnOnce(&Entry, &Abandoned) -> KeyringResult<T> + Send + 'static,
    {
        let mut slot = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        let worker = match slot.take() {
            Some(worker) => worker,
            None => match self.connect() {
                Ok(worker) => worker,
                Err(failure) => return Attempt::Failed(failure),
            },
        };
        let (service, user, label) = (self.service.clone(), name.to_string(), label(name));
        let answer = worker.call(self.limits.item, move |connection, abandoned| {
            let store = connection.as_ref().ok_or(Error::NoDefaultStore)?;
            let entry = platform::entry(store.as_ref(), &service, &user, &label)?;
            action(&entry, abandoned)
        });
        match answer {
            None => Attempt::Failed(fault::hung(self.limits.item)),
            Some(Err(error @ Error::PlatformFailure(_))) => Attempt::Lost(error),
            Some(result) => {
                *slot = Some(worker);
                match result {
                    Ok(value) => Attempt::Done(value),
                    Err(error) => Attempt::Failed(fault::of(&error)),
                }
            }
        }
    }

    fn connect(&self) -> Result<Worker<Connection>, Failure> {
        let worker =
            Worker::<Connection>::start("keyring").map_err(|error| fault::no_thread(&error))?;
        let answer = worker.call(self.limits.open, |connection, _| {
            platform::connect().map(|store| *connection = Some(store))
        });
        match answer {
            Some(Ok(())) => Ok(worker),
            Some(Err(error)) => Err(fault::missing(&error)),
            None => Err(fault::hung(self.limits.open)),
        }
    }
}

impl Secrets for Keyring {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        let bytes = self.with_item(name, |entry, _| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })?;
        bytes
            .map(|bytes| match std::str::from_utf8(&bytes) {
                Ok(text) => Ok(Secret::from(text)),
                Err(_) => Err(fault::not_text()),
            })
            .transpose()
    }

    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure> {
        let value = value.clone();
        self.with_item(name, move |entry, abandoned| {
            set_unless_abandoned(entry, &value, abandoned)
        })
    }

    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        self.with_item(name, |entry, abandoned| {
            let found = exists(entry)?;
            if !found || abandoned.is_set() {
                return Ok(());
            }
            match entry.delete_credential() {
                Err(Error::NoEntry) => Ok(()),
                other => other,
            }
        })
    }
}

/// A user may answer the question to unlock the keyring long after the caller
/// gave up and rolled back; a value must not appear then. Looking for the item
/// is what asks, so the caller is looked for again after it.
fn set_unless_abandoned(entry: &Entry, value: &Secret, abandoned: &Abandoned) -> KeyringResult<()> {
    let was_there = exists(entry)?;
    if abandoned.is_set() {
        return Ok(());
    }
    entry.set_secret(value.reveal().as_bytes())?;
    if abandoned.is_set() && !was_there {
        // The question came when the item was made.
        entry.delete_credential()?;
    }
    Ok(())
}

fn exists(entry: &Entry) -> KeyringResult<bool> {
    match entry.get_credential() {
        Ok(_) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(error),
    }
}
