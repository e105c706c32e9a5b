//! THE WORLD: one narrow trait and one real implementation for each thing
//! that the rules must not touch themselves.

pub mod bonjour;
pub mod browser;
pub mod dhcp;
pub mod discovery;
pub mod folders;
pub mod host;
pub mod http;
pub mod preseed;
pub mod secrets;
pub mod site;
pub mod store;
pub mod window;

use std::{path::Path, sync::Arc};

use crate::provisioning::{failure::Failure, layers::Site};

/// Everything that the engine needs of the world.
#[derive(Clone)]
pub struct Services {
    /// HTTP exchanges.
    pub http: Arc<dyn http::Http>,
    /// The store and its history.
    pub store: Arc<store::Store>,
    /// The keyring.
    pub secrets: Arc<dyn secrets::Secrets>,
    /// Facts about this computer.
    pub host: Arc<dyn host::Host>,
    /// The search for a server.
    pub discovery: Arc<dyn discovery::Discovery>,
    /// The administrator's settings.
    pub site: Arc<Site>,
}

impl Services {
    /// The real world, with the store in `home` and the site files in `site`.
    ///
    /// # Errors
    /// If a site file is there and cannot be read.
    pub fn real(home: &Path, site: &Path) -> Result<Self, Failure> {
        let service = secrets::service(home, folders::default_home().as_deref());
        let limits = secrets::Limits::of_this_session();
        Self::with_secrets(home, site, Arc::new(secrets::Keyring::new(service, limits)))
    }

    /// The real world, but for the keyring: secrets are kept in memory and
    /// are gone with the process.
    ///
    /// # Errors
    /// If a site file is there and cannot be read.
    pub fn without_keyring(home: &Path, site: &Path) -> Result<Self, Failure> {
        Self::with_secrets(home, site, Arc::new(secrets::Memory::default()))
    }

    fn with_secrets(
        home: &Path,
        site: &Path,
        secrets: Arc<dyn secrets::Secrets>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            http: Arc::new(http::Network::new()),
            store: Arc::new(store::Store::new(home.to_owned(), Arc::clone(&secrets))),
            secrets,
            host: Arc::new(host::ThisComputer),
            discovery: Arc::new(discovery::Network),
            site: Arc::new(Site::load(site)?),
        })
    }
}
