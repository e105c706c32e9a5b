//! A job becomes a preview or a transaction.

use super::Engine;
use crate::{
    provisioning::{
        credentials::SecretName,
        failure::Failure,
        plan::{self, Current, Plan},
        report::{Action, Report},
        run::Job,
        secret::Secret,
        trust::Servers,
        warning::{Warning, WarningKind},
    },
    system::store::{Gate, RunKind},
};

/// What `job` would change, without changing it.
pub(super) fn preview(engine: &Engine, job: Job) -> Result<Box<Report>, Failure> {
    let current = engine.world.store.read()?;
    let (plan, mut report) = make(engine, job, current);
    leave_out_equal_secrets(engine, &plan.secrets, &mut report);
    report.count_applied();
    Ok(Box::new(report))
}

/// Carries `job` out in one transaction.
pub(super) fn apply(engine: &Engine, job: Job, gate: &Gate) -> Result<Box<Report>, Failure> {
    let login = job.login.clone();
    let committed =
        engine
            .world
            .store
            .commit(gate, RunKind::Provision, |current, mut servers| {
                let (mut plan, report) = make(engine, job, current);
                if let Some((origin, credentials)) = login {
                    let username = credentials.username;
                    remember(
                        &mut servers,
                        &mut plan,
                        &origin,
                        &username,
                        credentials.password,
                    );
                }
                Ok((plan, servers, report))
            })?;
    Ok(Box::new(committed.report))
}

fn remember(
    servers: &mut Servers,
    plan: &mut Plan,
    origin: &crate::provisioning::origin::Origin,
    username: &str,
    password: Secret,
) {
    let name = SecretName::Login {
        origin: origin.clone(),
        username: username.to_owned(),
    };
    // One user for each origin: the password of another one goes.
    if let Some(other) = servers.entry(origin).username.replace(username.to_owned())
        && other != username
    {
        let other = SecretName::Login {
            origin: origin.clone(),
            username: other,
        };
        plan.secrets.insert(other, None);
    }
    plan.secrets.insert(name, Some(password));
}

fn make(engine: &Engine, job: Job, current: Current) -> (Plan, Report) {
    let fixed = |key: &str| engine.fixed_by(key);
    let mut plan = plan::plan(current, &job.own, &job.response, &fixed);
    let mut report = job.report;
    report.warnings.append(&mut plan.warnings);
    report.warnings.sort_by_key(|warning| warning.line);
    report.changes = std::mem::take(&mut plan.changes);
    report.own = std::mem::take(&mut plan.own);
    (plan, report)
}

/// A secret that is in the keyring already does not change. If the keyring
/// cannot be asked, that is said.
fn leave_out_equal_secrets(
    engine: &Engine,
    secrets: &std::collections::BTreeMap<SecretName, Option<Secret>>,
    report: &mut Report,
) {
    for (name, value) in secrets {
        let (SecretName::Setting(key), Some(value)) = (name, value) else {
            continue;
        };
        match engine.world.secrets.get(name) {
            Ok(Some(held)) if held == *value => report
                .changes
                .retain(|change| change.action != Action::Secret || change.key != *key),
            Ok(_) => {}
            Err(failure) => {
                let message = format!("{failure} Whether secrets change is not known.");
                report
                    .warnings
                    .push(Warning::new(WarningKind::SecretNotCompared, message));
                return;
            }
        }
    }
}
