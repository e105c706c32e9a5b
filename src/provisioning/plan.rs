//! Directives and the store before them make a plan: the store afterwards,
//! the secrets to keep, and the list of changes (contract section 5).

mod prefixes;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use foldhash::fast::RandomState;
use prefixes::Prefixes;

use super::{
    credentials::SecretName,
    keys,
    report::{Action, Change, shown_value},
    response::{Directive, Order, Response, system_name},
    secret::Secret,
    warning::{Warning, WarningKind},
};

/// A properties file in memory, in key order.
pub type Settings = BTreeMap<String, String>;

/// The store before a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Current {
    /// `sip-communicator.properties`.
    pub settings: Settings,
    /// `system.properties`.
    pub system: Settings,
}

/// What a run would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The store afterwards.
    pub settings: Settings,
    /// `system.properties` afterwards.
    pub system: Settings,
    /// Keyring entries to write (`Some`) or delete (`None`).
    pub secrets: BTreeMap<SecretName, Option<Secret>>,
    /// What changes, for people.
    pub changes: Vec<Change>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
    /// Keys that changed only because the program itself wrote them.
    pub own: BTreeSet<String>,
}

impl From<Current> for Plan {
    /// A plan that changes nothing yet.
    fn from(current: Current) -> Self {
        Self {
            settings: current.settings,
            system: current.system,
            ..Self::default()
        }
    }
}

/// Plans what `response` does to `current`.
///
/// `own` are the settings that the program itself writes before the response
/// is applied; the response wins over them. `fixed` names the site file that
/// fixes a key, if one does.
pub fn plan(
    current: Current,
    own: &[(String, String)],
    response: &Response,
    fixed: &dyn Fn(&str) -> Option<String>,
) -> Plan {
    let mut planner = Planner::new(current, fixed);
    for (key, value) in own {
        match fixed(key) {
            Some(file) => planner.note_fixed(key, &file),
            None => planner.put(key, value.clone()),
        }
    }
    planner.index_touched();
    for directive in &response.directives {
        planner.take(directive);
    }
    let mut plan = planner.finish();
    plan.own = own.iter().map(|(key, _)| key.clone()).collect();
    if !plan.own.is_empty() {
        for directive in &response.directives {
            plan.own.retain(|key| !touches(directive, key));
        }
    }
    plan
}

/// Whether a line of the answer sets or removes `key`.
fn touches(directive: &Directive, key: &str) -> bool {
    match directive.order {
        Order::Allow(_) | Order::Enforce(_) => false,
        Order::Remove => key.starts_with(&directive.key),
        _ => key == directive.key,
    }
}

/// A key with its value before the run and as it is now.
struct Touch {
    key: String,
    old: Option<String>,
    new: Option<String>,
}

struct Planner<'a> {
    settings: Settings,
    system_before: Settings,
    system: Settings,
    allowed: Option<Prefixes>,
    /// Each key that was touched, in order, once.
    touched: Vec<Touch>,
    /// Where in `touched` the keys are that may be touched again.
    index: HashMap<String, usize, RandomState>,
    indexed: usize,
    secrets: BTreeMap<SecretName, Option<Secret>>,
    /// Refused and kept keys.
    remarks: Vec<Change>,
    warnings: Vec<Warning>,
    fixed: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Planner<'a> {
    fn new(current: Current, fixed: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            settings: current.settings,
            system_before: current.system,
            system: Settings::new(),
            allowed: None,
            touched: Vec::new(),
            index: HashMap::default(),
            indexed: 0,
            secrets: BTreeMap::new(),
            remarks: Vec::new(),
            warnings: Vec::new(),
            fixed,
        }
    }

    fn take(&mut self, directive: &Directive) {
        let key = directive.key.as_str();
        match &directive.order {
            Order::Allow(prefixes) if prefixes.is_empty() => return,
            Order::Allow(prefixes) => {
                self.allowed.get_or_insert_default().add(prefixes);
                return;
            }
            Order::Enforce(prefixes) => return self.enforce(prefixes, directive.line),
            _ => {}
        }
        if self.is_refused(directive) {
            return;
        }
        match &directive.order {
            Order::Remove => self.remove(key, directive.line),
            Order::Secret(secret) => {
                self.put(key, keys::SECRET_MARKER.to_owned());
                self.secrets
                    .insert(SecretName::Setting(key.to_owned()), Some(secret.clone()));
            }
            Order::System(value) => {
                self.system
                    .insert(system_name(key).to_owned(), value.clone());
            }
            Order::Set(value) => self.put(key, value.clone()),
            Order::Allow(_) | Order::Enforce(_) => {}
        }
    }

    /// A removal is by prefix: a fixed key stays, what else begins with it goes.
    fn removes_more(&self, directive: &Directive) -> bool {
        let prefix = directive.key.as_str();
        let all = (Bound::Included(prefix), Bound::Unbounded);
        directive.order == Order::Remove
            && self
                .settings
                .range::<str, _>(all)
                .next()
                .is_some_and(|(k, _)| k.starts_with(prefix))
    }

    /// Rule 4, keys that the site fixed, and a system property without a name.
    fn is_refused(&mut self, directive: &Directive) -> bool {
        let key = directive.key.as_str();
        let (kind, message) = if self.allowed.as_ref().is_some_and(|list| !list.matches(key)) {
            let message =
                format!("{key} starts with none of the allowed prefixes; it was refused.");
            (WarningKind::RefusedKey, message)
        } else if let Some(file) = (self.fixed)(key).filter(|_| !self.removes_more(directive)) {
            (
                WarningKind::FixedKey,
                format!("{key} is fixed by {file}; the line was refused."),
            )
        } else if matches!(directive.order, Order::System(_)) && system_name(key).is_empty() {
            (
                WarningKind::RefusedKey,
                "A system property needs a name; it was refused.".to_owned(),
            )
        } else {
            return false;
        };
        let new = match &directive.order {
            Order::Set(value) | Order::System(value) => shown_value(key, value),
            _ => None,
        };
        self.warnings
            .push(Warning::at(kind, directive.line, message));
        self.remarks.push(Change {
            action: Action::Refused,
            key: key.to_owned(),
            old: None,
            new,
        });
        true
    }

    fn note_fixed(&mut self, key: &str, file: &str) {
        let message = format!("{key} is fixed by {file}; it was not stored.");
        self.warnings
            .push(Warning::new(WarningKind::FixedKey, message));
    }

    /// Rule 3.
    fn enforce(&mut self, prefixes: &[String], line: u32) {
        if prefixes.is_empty() {
            return;
        }
        self.index_touched();
        let keep = Prefixes::from(prefixes);
        let doomed: Vec<String> = self
            .settings
            .keys()
            .filter(|key| !keep.matches(key))
            .cloned()
            .collect();
        for key in doomed {
            if keys::KEPT.contains(&key.as_str()) {
                let message = format!("{key} belongs to this program and stays.");
                self.keep(key, WarningKind::KeptKey, line, message);
            } else {
                self.drop_key(key, line);
            }
        }
    }

    /// Rule 5: a raw string prefix.
    fn remove(&mut self, prefix: &str, line: u32) {
        self.index_touched();
        let doomed: Vec<String> = self
            .settings
            .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(prefix))
            .cloned()
            .collect();
        for key in doomed {
            self.drop_key(key, line);
        }
    }

    fn drop_key(&mut self, key: String, line: u32) {
        if let Some(file) = (self.fixed)(&key) {
            let message = format!("{key} is fixed by {file} and stays.");
            return self.keep(key, WarningKind::FixedKey, line, message);
        }
        let Some(old) = self.settings.remove(&key) else {
            return;
        };
        if keys::is_secret(&key) && old == keys::SECRET_MARKER {
            self.secrets.insert(SecretName::Setting(key.clone()), None);
        }
        if let Some(&place) = self.index.get(&key) {
            self.touched[place].new = None;
        } else {
            self.index.insert(key.clone(), self.touched.len());
            self.touched.push(Touch {
                key,
                old: Some(old),
                new: None,
            });
        }
    }

    fn keep(&mut self, key: String, kind: WarningKind, line: u32, message: String) {
        self.warnings.push(Warning::at(kind, line, message));
        let value = self
            .settings
            .get(&key)
            .and_then(|value| shown_value(&key, value));
        self.remarks.push(Change {
            action: Action::Kept,
            key,
            old: value.clone(),
            new: value,
        });
    }

    fn put(&mut self, key: &str, value: String) {
        let new = Some(value.clone());
        let old = if let Some(place) = self.settings.get_mut(key) {
            Some(std::mem::replace(place, value))
        } else {
            self.settings.insert(key.to_owned(), value);
            None
        };
        match self.index.get(key) {
            Some(&place) => self.touched[place].new = new,
            None => self.touched.push(Touch {
                key: key.to_owned(),
                old,
                new,
            }),
        }
    }

    /// Makes what was touched so far findable. An answer sets a key once, so
    /// only a removal, or what the program itself set before, is touched again.
    fn index_touched(&mut self) {
        for (place, touch) in self.touched.iter().enumerate().skip(self.indexed) {
            self.index.insert(touch.key.clone(), place);
        }
        self.indexed = self.touched.len();
    }

    fn finish(mut self) -> Plan {
        let touched = std::mem::take(&mut self.touched);
        let mut changes: Vec<Change> = touched.into_iter().filter_map(net_change).collect();
        self.forget_secrets_that_never_were(&changes);
        changes.append(&mut system_changes(&self.system_before, &self.system));
        changes.append(&mut self.remarks);
        self.warnings.sort_by_key(|warning| warning.line);
        Plan {
            settings: self.settings,
            system: self.system,
            secrets: self.secrets,
            changes,
            warnings: self.warnings,
            own: BTreeSet::new(),
        }
    }

    /// A secret that one line set and a later one removed needs no keyring.
    fn forget_secrets_that_never_were(&mut self, changes: &[Change]) {
        if !self.secrets.values().any(Option::is_none) {
            return;
        }
        let removed: std::collections::HashSet<&str> = changes
            .iter()
            .filter(|change| change.action == Action::Removed)
            .map(|change| change.key.as_str())
            .collect();
        self.secrets.retain(|name, value| match name {
            SecretName::Setting(key) => value.is_some() || removed.contains(key.as_str()),
            _ => true,
        });
    }
}

/// What happened to a key in all, however often it was touched.
fn net_change(touch: Touch) -> Option<Change> {
    let Touch { key, old, new } = touch;
    let secret = keys::is_secret(&key);
    let is_address = [keys::URL, keys::DEFAULT_URI].contains(&key.as_str());
    let action = match (&old, &new) {
        (None, None) => return None,
        (Some(_), None) => Action::Removed,
        (_, Some(new)) if secret && new == keys::SECRET_MARKER => Action::Secret,
        (Some(old), Some(new)) if old == new => return None,
        (Some(_), Some(_)) => Action::Changed,
        (None, Some(_)) => Action::Added,
    };
    // Most values go through unchanged, and there may be a million of them.
    let shown = |value: Option<String>| match value {
        Some(value) if secret || is_address => shown_value(&key, &value),
        value => value,
    };
    let (old, new) = (shown(old), shown(new));
    Some(Change {
        action,
        key,
        old,
        new,
    })
}

fn system_changes(before: &Settings, after: &Settings) -> Vec<Change> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (old, new) = (before.get(name).cloned(), after.get(name).cloned());
            net_change(Touch {
                key: format!("${{system}}.{name}"),
                old,
                new,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
