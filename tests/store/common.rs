//! A store in a temporary folder, and what is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use provisioning_settings::provisioning::credentials::SecretName;
use provisioning_settings::provisioning::failure::{Failure, KeepProblem};
use provisioning_settings::provisioning::keys::{self, SECRET_MARKER};
use provisioning_settings::provisioning::origin::Origin;
use provisioning_settings::provisioning::plan::{Current, Plan};
use provisioning_settings::provisioning::report::{Action, Change, Outcome, Report, Source};
use provisioning_settings::provisioning::secret::Secret;
use provisioning_settings::provisioning::trust::Servers;
use provisioning_settings::system::secrets::Secrets;
use provisioning_settings::system::store::{Committed, Gate, RunKind, Store};
use tempfile::TempDir;

pub(crate) const STORE: &str = "sip-communicator.properties";
pub(crate) const SYSTEM: &str = "system.properties";
pub(crate) const SERVERS: &str = "servers.toml";

/// Secrets as files, so that they outlive a process that is killed.
pub(crate) struct FileSecrets(PathBuf);

impl FileSecrets {
    pub(crate) fn new(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        Self(folder.to_owned())
    }

    fn path(&self, name: &SecretName) -> PathBuf {
        let name = name.to_string();
        let hex = name
            .bytes()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        self.0.join(hex)
    }

    /// All entries by their names.
    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(&self.0).unwrap().flatten() {
            let text = fs::read_to_string(entry.path()).unwrap();
            let Some((name, value)) = text.split_once('\n') else {
                continue;
            };
            if entry.path() == self.path(&SecretName::try_from(name.to_owned()).unwrap()) {
                all.insert(name.to_owned(), value.to_owned());
            }
        }
        all
    }
}

impl Secrets for FileSecrets {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        let text = fs::read_to_string(self.path(name)).ok();
        Ok(text.and_then(|text| text.split_once('\n').map(|(_, value)| value.into())))
    }

    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure> {
        let next = self.path(name).with_extension("new");
        fs::write(&next, format!("{name}\n{}", value.reveal())).unwrap();
        fs::rename(next, self.path(name)).unwrap();
        Ok(())
    }

    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        let _ = fs::remove_file(self.path(name));
        Ok(())
    }
}

/// A store whose folder goes with it.
pub(crate) struct Fixture {
    #[cfg_attr(not(unix), expect(dead_code, reason = "it is only kept there"))]
    pub(crate) dir: TempDir,
    pub(crate) secrets: Arc<FileSecrets>,
    pub(crate) store: Store,
}

pub(crate) fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let secrets = Arc::new(FileSecrets::new(&dir.path().join("keyring")));
    let store = Store::new(dir.path().join("home"), secrets.clone());
    Fixture {
        dir,
        secrets,
        store,
    }
}

impl Fixture {
    pub(crate) fn home(&self) -> &Path {
        self.store.home()
    }

    /// Everything that counts: the three files and the secrets in use.
    pub(crate) fn state(&self) -> State {
        State::of(self.home(), &self.secrets)
    }

    /// Writes a file into the home folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::create_dir_all(self.home()).unwrap();
        let path = self.home().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) files: BTreeMap<&'static str, Option<Vec<u8>>>,
    pub(crate) secrets: BTreeMap<String, String>,
}

impl State {
    pub(crate) fn of(home: &Path, secrets: &FileSecrets) -> Self {
        let files = [STORE, SYSTEM, SERVERS].map(|name| (name, fs::read(home.join(name)).ok()));
        let mut secrets = secrets.all();
        secrets.retain(|name, _| !name.starts_with("before "));
        Self {
            files: files.into(),
            secrets,
        }
    }
}

/// The names of the copies in the keyring.
pub(crate) fn copies(secrets: &FileSecrets) -> Vec<String> {
    let names = secrets.all().into_keys();
    names.filter(|name| name.starts_with("before ")).collect()
}

/// A plan that sets and, with `None`, removes keys. `${system}.x` goes to
/// `system.properties`, `x.PASSWORD` to the keyring.
pub(crate) fn plan(mut current: Current, lines: &[(&str, Option<&str>)]) -> Plan {
    let mut plan = Plan::default();
    for (key, value) in lines {
        let secret = keys::is_secret(key);
        let (part, name) = match key.strip_prefix("${system}.") {
            Some(name) => (&mut current.system, name),
            None => (&mut current.settings, *key),
        };
        let shown = value.map(|value| if secret { SECRET_MARKER } else { value }.to_owned());
        let old = match &shown {
            Some(value) => part.insert(name.to_owned(), value.clone()),
            None => part.remove(name),
        };
        if secret {
            let value = value.map(Secret::from);
            plan.secrets
                .insert(SecretName::Setting(name.to_owned()), value);
        }
        if secret || old != shown {
            plan.changes.push(Change {
                action: match (&old, &shown) {
                    (_, None) => Action::Removed,
                    _ if secret => Action::Secret,
                    (None, _) => Action::Added,
                    _ => Action::Changed,
                },
                key: (*key).to_owned(),
                old: old.filter(|_| !secret),
                new: shown.filter(|_| !secret),
            });
        }
    }
    plan.settings = current.settings;
    plan.system = current.system;
    plan
}

/// A report as a run would begin it.
pub(crate) fn report(plan: &Plan) -> Report {
    let source = Source {
        method: "Manual".into(),
        ..Source::default()
    };
    Report {
        changes: plan.changes.clone(),
        ..Report::new(Outcome::Preview, source)
    }
}

pub(crate) fn run(store: &Store, lines: &[(&str, Option<&str>)]) -> Result<Committed, Failure> {
    run_with(store, &Gate::new(), lines, |_| {})
}

/// A run that changes `servers.toml` too.
pub(crate) fn run_with(
    store: &Store,
    gate: &Gate,
    lines: &[(&str, Option<&str>)],
    trust: impl FnOnce(&mut Servers),
) -> Result<Committed, Failure> {
    store.commit(gate, RunKind::Provision, |current, mut servers| {
        let plan = plan(current, lines);
        trust(&mut servers);
        let report = report(&plan);
        Ok((plan, servers, report))
    })
}

pub(crate) fn edit(store: &Store, lines: &[(&str, Option<&str>)]) -> Result<(), Failure> {
    store.edit(|current, servers| Ok((plan(current, lines), servers)))
}

pub(crate) fn origin(text: &str) -> Origin {
    Origin::try_from(text.to_owned()).unwrap()
}

/// What could not be kept, for a closer look.
pub(crate) fn problem<T: std::fmt::Debug>(result: Result<T, Failure>) -> KeepProblem {
    match result {
        Err(Failure::Keep(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
