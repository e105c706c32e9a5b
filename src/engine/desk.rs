//! What people do besides running: choose the method, see the request, forget
//! a password, take a run back.

use super::{Engine, load};
use crate::{
    provisioning::{
        credentials::SecretName,
        failure::{AddressProblem, Failure},
        keys,
        layers::Layers,
        method::Method,
        origin::Origin,
        report::Report,
        request::{self, Shown},
        run::Reach,
        uri::Template,
        warning::{Warning, WarningKind},
    },
    system::{
        browser,
        store::{Gate, History},
        window::WindowMemory,
    },
};

/// The remembered credentials for the present address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The user name.
    pub username: String,
    /// The origin that the password is bound to, if one is remembered.
    pub origin: Option<Origin>,
}

impl Engine {
    /// The folder of the store.
    pub fn home(&self) -> &std::path::Path {
        self.world.store.home()
    }

    /// The method and the address that count, the address masked.
    pub fn method(&self) -> Result<(Method, Option<Template>), Failure> {
        let settings = self.settings()?;
        let layers = Layers::new(&self.world.site, &settings);
        Ok((
            load::method(layers),
            load::address(layers).map(Template::new),
        ))
    }

    /// Chooses the method, and for `Manual` the address. Another method keeps
    /// the address. `Off` is stored as `NONE` where the site has a default
    /// that would count otherwise.
    /// No name is looked up for it.
    pub fn choose(&self, method: &Method, uri: Option<&Template>) -> Result<Vec<Warning>, Failure> {
        self.world.site.may_change(keys::METHOD)?;
        if uri.is_some() {
            self.world.site.may_change(keys::URL)?;
        }
        let mut warnings = Vec::new();
        if let Some(uri) = uri.filter(|uri| !uri.is_empty()) {
            let facts = self.facts(uri, &Reach::Computer)?;
            warnings = worth_saying(uri.expand(&facts, None)?.warnings);
        } else if uri.is_some() {
            return Err(AddressProblem::Missing.into());
        }
        self.edit(|plan, _| {
            plan.settings
                .insert(keys::METHOD.to_owned(), method.as_stored().to_owned());
            if let Some(uri) = uri {
                plan.settings.insert(keys::URL.to_owned(), uri.storable());
            }
        })?;
        Ok(warnings)
    }

    /// Stores the address alone, where the site fixed the method.
    /// No name is looked up for it.
    pub fn set_address(&self, uri: &Template) -> Result<(), Failure> {
        self.world.site.may_change(keys::URL)?;
        uri.expand(self.facts(uri, &Reach::Computer)?.as_ref(), None)?;
        self.edit(|plan, _| {
            plan.settings.insert(keys::URL.to_owned(), uri.storable());
        })
    }

    /// Opens a page in the system's browser, if it is an `http` or `https`
    /// address; anything else that a server may have sent is not opened.
    pub async fn open_link(&self, link: &str) {
        let link = link.to_owned();
        let opening = self.blocking(move |_| {
            browser::open(&link);
            Ok(())
        });
        // That it cannot be opened is in the log.
        let _ = opening.await;
    }

    /// What the window remembers of itself.
    pub fn window(&self) -> WindowMemory {
        WindowMemory::load(self.home())
    }

    /// Keeps what the window remembers of itself.
    pub fn keep_window(&self, memory: &WindowMemory) {
        memory.keep(self.home());
    }

    /// What a run would send now, secrets masked: to `uri`, else to the
    /// address that counts.
    pub fn request(&self, uri: Option<Template>) -> Result<Shown, Failure> {
        self.request_with(uri, &Reach::Network(Vec::new()))
    }

    /// The same without looking a name up: for an address that nobody has said
    /// yes to.
    pub fn request_unasked(&self, uri: Option<Template>) -> Result<Shown, Failure> {
        self.request_with(uri, &Reach::Computer)
    }

    fn request_with(&self, uri: Option<Template>, reach: &Reach) -> Result<Shown, Failure> {
        let current = self.current()?;
        let layers = Layers::new(&self.world.site, &current.settings);
        let stored = || load::address(layers).map(Template::new);
        let template = uri.or_else(stored).ok_or(AddressProblem::Missing)?;
        let expanded = template.expand(self.facts(&template, reach)?.as_ref(), None)?;
        Ok(request::shown(&expanded, &load::user_agent(layers)))
    }

    /// The remembered credentials for the address that counts.
    pub fn remembered(&self) -> Result<Option<Remembered>, Failure> {
        let settings = self.settings()?;
        let layers = Layers::new(&self.world.site, &settings);
        let Some(username) = layers.text(keys::USERNAME) else {
            return Ok(None);
        };
        let servers = self.world.store.servers()?;
        let origin = servers
            .servers
            .into_iter()
            .find(|(_, server)| server.username.as_deref() == Some(username))
            .map(|(origin, _)| origin);
        Ok(Some(Remembered {
            username: username.to_owned(),
            origin,
        }))
    }

    /// Forgets every remembered password and the user name. Returns whether
    /// there was anything to forget.
    pub fn forget(&self) -> Result<bool, Failure> {
        let mut forgotten = false;
        self.edit(|plan, servers| {
            forgotten |= plan.settings.remove(keys::USERNAME).is_some();
            for (origin, server) in &mut servers.servers {
                if let Some(username) = server.username.take() {
                    let origin = origin.clone();
                    plan.secrets
                        .insert(SecretName::Login { origin, username }, None);
                    forgotten = true;
                }
            }
            servers.tidy();
        })?;
        self.world.store.forget_copies_of_logins()?;
        Ok(forgotten)
    }

    /// Forgets one login: the password in the keyring, the name in the store.
    pub(super) fn forget_login(&self, origin: &Origin, username: &str) -> Result<(), Failure> {
        self.edit(|plan, servers| {
            if plan
                .settings
                .get(keys::USERNAME)
                .is_some_and(|stored| stored == username)
            {
                plan.settings.remove(keys::USERNAME);
            }
            servers.entry(origin).username = None;
            servers.tidy();
            let username = username.to_owned();
            plan.secrets.insert(
                SecretName::Login {
                    origin: origin.clone(),
                    username,
                },
                None,
            );
        })
    }

    /// The runs so far, oldest first.
    pub fn history(&self) -> Result<History, Failure> {
        self.world.store.history()
    }

    /// Takes a run back, the last one that changed anything if none is named.
    pub fn undo(&self, run: Option<u64>) -> Result<Report, Failure> {
        Ok(self.world.store.undo(&Gate::new(), run)?.report)
    }

    /// Name of the application that the settings are for, for the restart note.
    pub fn application(&self) -> Result<String, Failure> {
        let settings = self.settings()?;
        Ok(load::application(Layers::new(&self.world.site, &settings)).to_owned())
    }
}

/// What there is to say about an address that is only stored: which local
/// address reaches its host is not asked yet, and its user-info is dropped.
fn worth_saying(warnings: Vec<Warning>) -> Vec<Warning> {
    let unknown = |warning: &Warning| {
        warning.kind == WarningKind::TokenWithoutValue
            && ["${ipaddr}", "${hwaddr}"]
                .iter()
                .any(|token| warning.message.starts_with(token))
    };
    warnings
        .into_iter()
        .filter(|warning| !unknown(warning))
        .map(|warning| match warning.kind {
            WarningKind::UserInfo => Warning {
                message: "User name and password in the address are not stored.".into(),
                ..warning
            },
            _ => warning,
        })
        .collect()
}
