//! The keyring of each platform. The only place that knows which it is.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Result};

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;
#[cfg(target_os = "linux")]
use zbus_secret_service_keyring_store::Store;

/// Connects; may block for ever on a service that does not answer.
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
pub(super) fn connect() -> Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = Store::new()?;
    Ok(store)
}

/// No keyring is known for this platform.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(super) fn connect() -> Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NoDefaultStore)
}

/// The item for `service` and `user`, with a label where the platform takes one.
pub(super) fn entry(
    store: &CredentialStore,
    service: &str,
    user: &str,
    label: &str,
) -> Result<Entry> {
    let labels = std::collections::HashMap::from([("label", label)]);
    let modifiers = cfg!(target_os = "linux").then_some(&labels);
    store.build(service, user, modifiers)
}

/// Whether somebody may be there who can unlock the keyring when it asks.
pub(super) fn can_ask() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
