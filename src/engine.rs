//! Where the rules meet the world: each effect of a run becomes a future, and
//! its result the next event. The window and the command line drive this same
//! engine; what they do besides running (settings, method, history) is here
//! too, so that neither reaches past it.

mod apply;
mod desk;
mod load;
mod overview;
mod search;
mod session;
mod settings;

use std::sync::Arc;

pub use desk::Remembered;
pub use overview::{Fingerprint, HiddenBy, Overview, Undo};
pub use search::{Scope, Searched, Watcher, discover};
pub use session::{Handle, Session};
pub use settings::{Fixed, Listed, ValueOrigin};

pub use crate::system::{
    store::{Record, RunKind as KindOfRun},
    window::WindowMemory,
};
use crate::{
    provisioning::{
        credentials::SecretName,
        failure::Failure,
        method::Method,
        origin::Origin,
        plan::Plan,
        run::{Act, Effect, Options, Reach, Verdict, What},
        trust::Servers,
        uri::Template,
    },
    system::{
        Services,
        store::{Gate, RunKind},
    },
};

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    world: Arc<Services>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("home", &self.world.store.home())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine in this world.
    pub fn new(world: Services) -> Self {
        Self {
            world: Arc::new(world),
        }
    }

    /// Starts a run. It goes on in a task of its own on the current runtime.
    pub fn start(&self, options: Options) -> Session {
        Session::start(self.clone(), options)
    }

    /// Carries one effect out; `watch` is told what a search sees on the way. `None` if nobody waits for its answer.
    async fn carry_out(&self, effect: Effect, gate: Arc<Gate>, watch: Watcher) -> Option<What> {
        Some(match effect.act {
            Act::Load => What::Loaded(
                self.blocking(|engine| load::setup(&engine))
                    .await
                    .map(Box::new),
            ),
            Act::Search(method) => self.search(method, watch).await,
            Act::Gather(template, reach) => self.gather(template, reach).await,
            Act::Recall { origin, username } => {
                let name = SecretName::Login { origin, username };
                What::Recalled(
                    self.blocking(move |engine| engine.world.secrets.get(&name))
                        .await,
                )
            }
            Act::Forget { origin, username } => {
                self.forget_refused(origin, username).await;
                What::Forgotten
            }
            Act::Send(outgoing) => {
                What::Answered(self.world.http.exchange(&outgoing).await.map(Box::new))
            }
            Act::Plan(job) => {
                What::Planned(self.blocking(|engine| apply::preview(&engine, *job)).await)
            }
            Act::Apply(job) => {
                let applying = self.blocking(move |engine| apply::apply(&engine, *job, &gate));
                What::Applied(applying.await)
            }
            Act::CancelApply => {
                if !gate.cancel() {
                    return None;
                }
                What::Applied(Err(Failure::Cancelled))
            }
            Act::Record(report) => {
                let record = move |engine: Engine| {
                    engine.world.store.record(RunKind::Provision, &report);
                    Ok(())
                };
                self.note(self.blocking(record).await);
                return None;
            }
            Act::Decide { origin, verdict } => {
                let deciding = self.blocking(move |engine| engine.decide(&origin, verdict));
                self.note(deciding.await);
                return None;
            }
        })
    }

    async fn search(&self, method: Method, watch: Watcher) -> What {
        let (result, trace) = self.world.discovery.search(Scope::of(method), watch).await;
        What::Searched(result, Box::new(trace))
    }

    async fn gather(&self, template: Template, reach: Reach) -> What {
        let gathering = self.blocking(move |engine| engine.facts(&template, &reach));
        match gathering.await {
            Ok(facts) => What::Gathered(facts),
            Err(failure) => What::Loaded(Err(failure)),
        }
    }

    async fn forget_refused(&self, origin: Origin, username: String) {
        let forgetting = self.blocking(move |engine| engine.forget_login(&origin, &username));
        if let Err(failure) = forgetting.await {
            tracing::warn!(
                code = failure.code(),
                "a refused password was not forgotten"
            );
        }
    }

    fn note(&self, result: Result<(), Failure>) {
        if let Err(failure) = result {
            let home = self.world.store.home().display();
            tracing::warn!(code = failure.code(), %home, "a note could not be kept");
        }
    }

    /// Runs what blocks on a thread that may. Whoever drops the future does not
    /// wait for it any more; the work itself goes on to its end.
    ///
    /// # Errors
    /// What `work` returns; [`Failure::Cancelled`] if it was never run.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let engine = self.clone();
        // A task that panicked or was never run leaves everything as it was.
        tokio::task::spawn_blocking(move || work(engine))
            .await
            .unwrap_or(Err(Failure::Cancelled))
    }

    fn decide(&self, origin: &Origin, verdict: Verdict) -> Result<(), Failure> {
        self.edit(|_, servers| {
            let server = servers.entry(origin);
            match verdict {
                Verdict::Trusted => server.trusted = true,
                Verdict::PlainHttp => server.plain_http_password = true,
            }
        })
    }

    /// Changes the store by hand, in a transaction of its own.
    fn edit(&self, change: impl FnOnce(&mut Plan, &mut Servers)) -> Result<(), Failure> {
        self.world.store.edit(|current, mut servers| {
            let mut plan = Plan::from(current);
            change(&mut plan, &mut servers);
            Ok((plan, servers))
        })
    }
}
