//! What the store and the site say before a run, and facts for the tokens.

use url::Url;
use uuid::Uuid;

use super::Engine;
use crate::{
    provisioning::{
        facts::HostFacts,
        failure::Failure,
        keys,
        layers::{Layer, Layers},
        method::Method,
        origin::Origin,
        plan::Current,
        report::{Change, Outcome},
        request,
        run::{Reach, Setup},
        trust,
        uri::{self, Template},
    },
    system::{host::Known, store::Record},
};

const DEFAULT_APPLICATION: &str = "Jitsi";
const DEFAULT_VERSION: &str = "2.10.5550";

/// Reads what a run has to know. Makes the UUID if there is none yet.
pub(super) fn setup(engine: &Engine) -> Result<Setup, Failure> {
    let current = engine.current()?;
    let layers = Layers::new(&engine.world.site, &current.settings);
    let text = |key| layers.text(key).map(str::to_owned);
    let site = &engine.world.site;
    let method = method(layers);
    let servers = engine.world.store.servers()?;
    let trusted_origins = site
        .get(keys::TRUSTED_ORIGINS)
        .map(|entry| entry.value.clone())
        .unwrap_or_default();
    let mut past = Past::default();
    if method.is_discovery() {
        let is_trusted = |origin: &Origin| trust::is_trusted(origin, &servers, &trusted_origins);
        past = Past::read(engine, &method, address(layers), is_trusted);
    }
    Ok(Setup {
        method,
        uri: address(layers).map(Template::new),
        uri_since: past.stored,
        found_before: past.found,
        uri_is_site_default: layers.origin_of(keys::URL) != Some(Layer::Store),
        username: text(keys::USERNAME),
        servers,
        trusted_origins,
        mandatory: layers.flag(keys::MANDATORY),
        user_agent: user_agent(layers),
        sign_up_link: text(keys::SIGN_UP_LINK),
    })
}

/// What the history tells a run that searches.
#[derive(Default)]
struct Past {
    /// When the present address was stored, for people.
    stored: Option<String>,
    /// The origin that the method found and that was used last.
    found: Option<Origin>,
}

impl Past {
    /// A history that cannot be read knows nothing; that stops no run.
    fn read(
        engine: &Engine,
        method: &Method,
        address: Option<&str>,
        is_trusted: impl Fn(&Origin) -> bool,
    ) -> Self {
        let records = engine.history().unwrap_or_default().records;
        let how = method.as_stored().to_ascii_lowercase();
        let found = |record: &Record| {
            let source = &record.report.source;
            let uri = source.uri.as_deref()?;
            let target = uri.split('?').next()?;
            let origin = Origin::of(&Url::parse(target).ok()?)?;
            // What was trusted for one run counts, too: it was used.
            let was_used = matches!(record.report.outcome, Outcome::Applied | Outcome::Unchanged);
            let counts =
                source.found.as_deref() == Some(how.as_str()) && (was_used || is_trusted(&origin));
            counts.then_some(origin)
        };
        let is_address = |change: &&Change| change.key == keys::URL && change.action.is_change();
        let last = records.iter().rev().find_map(|record| {
            let change = record.report.changes.iter().rev().find(is_address)?;
            Some((record, change))
        });
        // Stored again by hand since, it is another one.
        let stored = last
            .filter(|(_, change)| change.new == address.map(uri::mask))
            .map(|(record, _)| record.time.chars().take(16).collect::<String>());
        Self {
            stored: stored.map(|time| time.replacen('T', " ", 1)),
            found: records.iter().rev().find_map(found),
        }
    }
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

    /// Facts for the tokens of `template`.
    pub(super) fn facts(
        &self,
        template: &Template,
        reach: &Reach,
    ) -> Result<Box<HostFacts>, Failure> {
        let current = self.current()?;
        let layers = Layers::new(&self.world.site, &current.settings);
        let known = Known {
            home: self.world.store.home(),
            uuid: layers.text(keys::UUID).unwrap_or_default(),
            build: version(layers),
            locale: layers.text(keys::DEFAULT_LOCALE).unwrap_or_default(),
            system: &current.system,
        };
        Ok(Box::new(self.world.host.facts(template, known, reach)))
    }
}
