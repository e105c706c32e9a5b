//! What the store and the site say before a run, and facts for the tokens.

use std::net::SocketAddr;

use uuid::Uuid;

use super::Engine;
use crate::{
    provisioning::{
        facts::HostFacts,
        failure::Failure,
        keys,
        layers::{Layer, Layers},
        method::Method,
        plan::Current,
        request,
        run::Setup,
        uri::Template,
    },
    system::host::Known,
};

const DEFAULT_APPLICATION: &str = "Jitsi";
const DEFAULT_VERSION: &str = "2.10.5550";

/// Reads what a run has to know. Makes the UUID if there is none yet.
pub(super) fn setup(engine: &Engine) -> Result<Setup, Failure> {
    let current = engine.current()?;
    let layers = Layers::new(&engine.world.site, &current.settings);
    let text = |key| layers.text(key).map(str::to_owned);
    let site = &engine.world.site;
    Ok(Setup {
        method: method(layers),
        uri: address(layers).map(Template::new),
        uri_is_site_default: layers.origin_of(keys::URL) != Some(Layer::Store),
        username: text(keys::USERNAME),
        servers: engine.world.store.servers()?,
        trusted_origins: site
            .get(keys::TRUSTED_ORIGINS)
            .map(|entry| entry.value.clone())
            .unwrap_or_default(),
        mandatory: layers.flag(keys::MANDATORY),
        user_agent: user_agent(layers),
        sign_up_link: text(keys::SIGN_UP_LINK),
    })
}

/// The method that counts: the stored one, else the site's default.
pub(super) fn method(layers: Layers<'_>) -> Method {
    let stored = layers
        .text(keys::METHOD)
        .or_else(|| layers.text(keys::DEFAULT_METHOD));
    Method::from_stored(stored)
}

/// The address that counts: the stored one, else the site's default.
pub(super) fn address(layers: Layers<'_>) -> Option<&str> {
    layers
        .text(keys::URL)
        .or_else(|| layers.text(keys::DEFAULT_URI))
}

/// Name of the application that the settings are for.
pub(super) fn application(layers: Layers<'_>) -> &str {
    layers
        .text(keys::APPLICATION_NAME)
        .unwrap_or(DEFAULT_APPLICATION)
}

fn version(layers: Layers<'_>) -> &str {
    layers
        .text(keys::APPLICATION_VERSION)
        .unwrap_or(DEFAULT_VERSION)
}

pub(super) fn user_agent(layers: Layers<'_>) -> String {
    request::user_agent(application(layers), version(layers))
}

impl Engine {
    /// The store, with its UUID in it.
    pub(super) fn current(&self) -> Result<Current, Failure> {
        let store = &self.world.store;
        let current = store.read()?;
        if Layers::new(&self.world.site, &current.settings)
            .text(keys::UUID)
            .is_some()
        {
            return Ok(current);
        }
        let uuid = Uuid::new_v4().to_string();
        self.edit(|plan, _| {
            // Another process may have been faster.
            let stored = plan.settings.entry(keys::UUID.to_owned()).or_default();
            if stored.trim().is_empty() {
                *stored = uuid;
            }
        })?;
        store.read()
    }

    /// Facts for the tokens of `template`, whose host is at `addresses` if
    /// there are any.
    pub(super) fn facts(
        &self,
        template: &Template,
        addresses: &[SocketAddr],
    ) -> Result<Box<HostFacts>, Failure> {
        let current = self.current()?;
        let layers = Layers::new(&self.world.site, &current.settings);
        let known = Known {
            home: self.world.store.home(),
            uuid: layers.text(keys::UUID).unwrap_or_default(),
            build: version(layers),
            locale: layers.text(keys::DEFAULT_LOCALE).unwrap_or_default(),
            system: &current.system,
            addresses,
        };
        Ok(Box::new(self.world.host.facts(template, known)))
    }
}
