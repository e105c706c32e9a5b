//! The engine with a real store and a network and a keyring that misbehave on
//! command: cancel, late answers, and what a run leaves behind.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::{
    path::Path,
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use provisioning_settings::{
    engine::{Engine, Session},
    provisioning::{
        credentials::{Credentials, SecretName},
        exchange::{Answer, Outgoing},
        failure::Failure,
        report::{Action, Outcome},
        run::{Done, From, Mode, Options, Phase, State, What},
        secret::Secret,
        uri::Template,
    },
    system::{
        Services,
        http::{Exchange, Http},
        secrets::{Memory, Secrets},
        store::Store,
    },
};

const LIMIT: Duration = Duration::from_millis(100);
const URI: &str = "http://127.0.0.1:1/p";

/// Answers every request the same way, or never.
struct Canned {
    answer: Option<Answer>,
    sent: Mutex<Vec<Outgoing>>,
}

impl Http for Canned {
    fn exchange<'a>(&'a self, request: &'a Outgoing) -> Exchange<'a> {
        self.sent.lock().unwrap().push(request.clone());
        Box::pin(async {
            match self.answer.clone() {
                Some(answer) => Ok(answer),
                None => std::future::pending().await,
            }
        })
    }
}

/// A keyring whose calls wait for a signal.
struct Hanging {
    inner: Memory,
    release: Mutex<Option<mpsc::Receiver<()>>>,
}

impl Hanging {
    fn wait(&self) {
        if let Some(release) = self.release.lock().unwrap().take() {
            // A sender that is gone releases too.
            let _ = release.recv();
        }
    }
}

impl Secrets for Hanging {
    fn get(&self, name: &SecretName) -> Result<Option<Secret>, Failure> {
        self.wait();
        self.inner.get(name)
    }
    fn set(&self, name: &SecretName, value: &Secret) -> Result<(), Failure> {
        self.wait();
        self.inner.set(name, value)
    }
    fn delete(&self, name: &SecretName) -> Result<(), Failure> {
        self.wait();
        self.inner.delete(name)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is what a server holds")]
fn answer(body: &str) -> Option<Answer> {
    Some(Answer {
        status: 200,
        body: body.as_bytes().to_vec().into(),
        ..Answer::default()
    })
}

fn world(home: &Path, http: Option<Answer>, secrets: Arc<dyn Secrets>) -> (Engine, Arc<Canned>) {
    let http = Arc::new(Canned {
        answer: http,
        sent: Mutex::default(),
    });
    let mut services = Services::without_keyring(home, &home.join("no site")).unwrap();
    services.http = Arc::clone(&http) as Arc<dyn Http>;
    services.store = Arc::new(Store::new(home.to_owned(), Arc::clone(&secrets)));
    services.secrets = secrets;
    (Engine::new(services), http)
}

fn given(uri: &str) -> Options {
    Options {
        from: From::Given(Template::new(uri)),
        may_ask: true,
        ..Options::default()
    }
}

async fn until(session: &mut Session, wanted: impl Fn(&State) -> bool) -> Arc<State> {
    let waiting = async {
        loop {
            let state = session.state();
            if wanted(&state) {
                return state;
            }
            session.next().await.expect("the run ended too soon");
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting)
        .await
        .expect("never reached")
}

async fn ended(session: &mut Session) -> Done {
    match &*until(session, |state| matches!(state, State::Done(_))).await {
        State::Done(done) => (**done).clone(),
        _ => unreachable!(),
    }
}

fn store_bytes(home: &Path) -> Option<Vec<u8>> {
    std::fs::read(home.join("sip-communicator.properties")).ok()
}

/// Runs up to `phase`, cancels, and sees that it ends in time and changed nothing.
async fn cancel_at(engine: &Engine, home: &Path, options: Options, phase: impl Fn(&Phase) -> bool) {
    // The UUID is made at the first start and stays.
    engine.request(Some(Template::new(URI))).unwrap();
    let before = store_bytes(home);
    let mut session = engine.start(options);
    until(&mut session, |state| state.phase().is_some_and(&phase)).await;
    let clock = Instant::now();
    session.cancel();
    let done = ended(&mut session).await;
    assert!(clock.elapsed() < LIMIT, "{:?}", clock.elapsed());
    assert_eq!(done.failure, Some(Failure::Cancelled));
    assert_eq!(done.report.outcome, Outcome::Cancelled);
    assert_eq!(store_bytes(home), before);
    assert!(engine.history().unwrap().records.is_empty());
}

#[tokio::test]
async fn cancel_works_before_the_first_state_was_seen() {
    let home = tempfile::tempdir().unwrap();
    let (engine, _) = world(home.path(), None, Arc::new(Memory::default()));
    let mut session = engine.start(given(URI));
    session.cancel();
    assert_eq!(ended(&mut session).await.failure, Some(Failure::Cancelled));
}

#[tokio::test]
async fn cancel_works_while_the_server_does_not_answer() {
    let home = tempfile::tempdir().unwrap();
    let (engine, _) = world(home.path(), None, Arc::new(Memory::default()));
    cancel_at(&engine, home.path(), given(URI), |phase| {
        *phase == Phase::Asking
    })
    .await;
}

#[tokio::test]
async fn cancel_works_at_every_question() {
    let home = tempfile::tempdir().unwrap();
    let (engine, http) = world(home.path(), answer("a=1"), Arc::new(Memory::default()));
    let form = given("http://127.0.0.1:1/?p=${password}");
    let signing_in = |phase: &Phase| matches!(phase, Phase::SigningIn(_));
    cancel_at(&engine, home.path(), form, signing_in).await;
    let unencrypted = given("http://prov.example/?p=${password}");
    let deciding = |phase: &Phase| matches!(phase, Phase::DecidingPlainHttp(_));
    cancel_at(&engine, home.path(), unencrypted, deciding).await;
    assert!(http.sent.lock().unwrap().is_empty());
    let preview = Options {
        mode: Mode::Preview,
        ..given(URI)
    };
    let previewing = |phase: &Phase| matches!(phase, Phase::Previewing(_));
    cancel_at(&engine, home.path(), preview, previewing).await;
}

#[tokio::test]
async fn cancel_works_while_the_keyring_hangs_and_nothing_is_applied_later() {
    let home = tempfile::tempdir().unwrap();
    let (release, receiver) = mpsc::channel();
    let secrets = Arc::new(Hanging {
        inner: Memory::default(),
        release: Mutex::new(Some(receiver)),
    });
    let keyring = Arc::clone(&secrets) as Arc<dyn Secrets>;
    let (engine, _) = world(home.path(), answer("a=1\nb.PASSWORD=canary\n"), keyring);
    engine.request(Some(Template::new(URI))).unwrap();
    let before = store_bytes(home.path());
    let mut session = engine.start(given(URI));
    until(&mut session, |state| {
        state.phase() == Some(&Phase::Applying)
    })
    .await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let clock = Instant::now();
    session.cancel();
    let done = ended(&mut session).await;
    assert!(clock.elapsed() < LIMIT, "{:?}", clock.elapsed());
    assert_eq!(done.failure, Some(Failure::Cancelled));
    drop(release);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(store_bytes(home.path()), before);
    assert_eq!(secrets.inner.names(), []);
}

#[tokio::test]
async fn a_run_writes_all_of_it_and_the_second_one_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (engine, _) = world(
        home.path(),
        answer("a=1\nb.PASSWORD=s\n${system}.x=y\n"),
        Arc::new(Memory::default()),
    );
    let done = ended(&mut engine.start(given(URI))).await;
    assert_eq!(
        (done.report.outcome, done.report.applied),
        (Outcome::Applied, 3)
    );
    let settings = engine.settings().unwrap();
    assert_eq!(
        (settings["a"].as_str(), settings["b.PASSWORD"].as_str()),
        ("1", "${secret}")
    );
    assert_eq!(engine.secret("b.PASSWORD").unwrap(), Some("s".into()));
    let system = std::fs::read_to_string(home.path().join("system.properties")).unwrap();
    assert!(system.contains("\nx=y\n"));
    let before = store_bytes(home.path());
    let done = ended(&mut engine.start(given(URI))).await;
    assert_eq!(
        (done.report.outcome, done.report.applied),
        (Outcome::Unchanged, 0)
    );
    assert_eq!(store_bytes(home.path()), before);
    let preview = Options {
        mode: Mode::DryRun,
        ..given(URI)
    };
    let done = ended(&mut engine.start(preview)).await;
    assert!(!done.report.changes_anything(), "{:?}", done.report.changes);
}

#[tokio::test]
async fn credentials_are_kept_only_after_success_and_bound_to_their_origin() {
    let home = tempfile::tempdir().unwrap();
    let secrets = Arc::new(Memory::default());
    let uri = "http://127.0.0.1:1/?u=${username}&p=${password}";
    let sign_in = async |engine: &Engine| {
        let mut session = engine.start(given(uri));
        let state = until(&mut session, |state| {
            matches!(state.phase(), Some(Phase::SigningIn(_)))
        })
        .await;
        let credentials = Credentials {
            username: "jane".into(),
            password: "pw".into(),
        };
        session.tell(
            &state,
            What::Credentials {
                credentials,
                remember: true,
            },
        );
        session
    };
    let refused = Some(Answer {
        status: 401,
        ..Answer::default()
    });
    let (engine, _) = world(
        home.path(),
        refused,
        Arc::clone(&secrets) as Arc<dyn Secrets>,
    );
    let mut session = sign_in(&engine).await;
    until(&mut session, |state| {
        matches!(state.phase(), Some(Phase::SigningIn(prompt)) if prompt.username == "jane")
    })
    .await;
    session.cancel();
    ended(&mut session).await;
    assert_eq!(secrets.names(), []);

    let (engine, _) = world(
        home.path(),
        answer("a=1"),
        Arc::clone(&secrets) as Arc<dyn Secrets>,
    );
    ended(&mut sign_in(&engine).await).await;
    assert_eq!(secrets.names().len(), 1);
    assert_eq!(engine.remembered().unwrap().unwrap().username, "jane");
    // The second run asks nobody; another origin does.
    let (engine, http) = world(
        home.path(),
        answer("a=1"),
        Arc::clone(&secrets) as Arc<dyn Secrets>,
    );
    ended(&mut engine.start(given(uri))).await;
    assert_eq!(http.sent.lock().unwrap()[0].body.as_str(), "u=jane&p=pw");
    let mut other = engine.start(given("http://127.0.0.1:2/?p=${password}"));
    until(&mut other, |state| {
        matches!(state.phase(), Some(Phase::SigningIn(_)))
    })
    .await;
    drop(other);
    assert!(engine.forget().unwrap());
    assert_eq!(secrets.names(), []);
    assert!(!engine.forget().unwrap());
}

#[tokio::test]
async fn an_undo_brings_the_file_and_the_secret_back_byte_for_byte() {
    let home = tempfile::tempdir().unwrap();
    let secrets: Arc<dyn Secrets> = Arc::new(Memory::default());
    let (engine, _) = world(
        home.path(),
        answer("a=1\nb.PASSWORD=old\n"),
        Arc::clone(&secrets),
    );
    ended(&mut engine.start(given(URI))).await;
    let before = store_bytes(home.path());
    let (engine, _) = world(home.path(), answer("a=2\nb.PASSWORD=new\nc=3\n"), secrets);
    ended(&mut engine.start(given(URI))).await;
    let report = engine.undo(None).unwrap();
    assert_eq!(report.outcome, Outcome::Applied);
    assert!(
        report
            .changes
            .iter()
            .any(|change| change.action == Action::Removed)
    );
    assert_eq!(store_bytes(home.path()), before);
    assert_eq!(engine.secret("b.PASSWORD").unwrap(), Some("old".into()));
}

#[tokio::test]
async fn keys_that_the_site_fixed_are_refused_by_runs_and_by_hand() {
    let home = tempfile::tempdir().unwrap();
    let site = tempfile::tempdir().unwrap();
    std::fs::write(
        site.path().join("defaults.properties"),
        "*fixed=site\nplain=d\n",
    )
    .unwrap();
    let mut services = Services::without_keyring(home.path(), site.path()).unwrap();
    services.http = Arc::new(Canned {
        answer: answer("fixed=9\nplain=8\n"),
        sent: Mutex::default(),
    });
    let engine = Engine::new(services);
    let done = ended(&mut engine.start(given(URI))).await;
    let refused = done
        .report
        .changes
        .iter()
        .find(|change| change.key == "fixed")
        .unwrap();
    assert_eq!(refused.action, Action::Refused);
    assert_eq!(done.report.warnings[0].code(), "PS-FIXED-KEY");
    assert_eq!(engine.setting("fixed").unwrap().as_deref(), Some("site"));
    assert_eq!(engine.setting("plain").unwrap().as_deref(), Some("8"));
    assert_eq!(engine.set("fixed", "x".into()).unwrap_err().exit(), 7);
    assert_eq!(engine.unset("fixed", false).unwrap_err().exit(), 7);
    assert_eq!(engine.unset("pl", true).unwrap(), (1, vec![]));
    assert_eq!(engine.setting("plain").unwrap().as_deref(), Some("d"));
}

#[tokio::test]
async fn a_store_that_cannot_be_read_is_named_and_never_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("sip-communicator.properties");
    std::fs::write(&path, "a=1\nb=\\u00zz\n").unwrap();
    let (engine, http) = world(home.path(), answer("a=2"), Arc::new(Memory::default()));
    let done = ended(&mut engine.start(given(URI))).await;
    let failure = done.failure.unwrap();
    assert_eq!(
        (failure.exit(), failure.code().as_str()),
        (7, "PS-STORE-READ")
    );
    assert!(failure.to_string().contains("line 2"), "{failure}");
    assert!(http.sent.lock().unwrap().is_empty());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a=1\nb=\\u00zz\n");
}

/// Breaks off in the middle of a request.
struct Broken;

impl Http for Broken {
    fn exchange<'a>(&'a self, _: &'a Outgoing) -> Exchange<'a> {
        Box::pin(async { panic!("on purpose") })
    }
}

#[tokio::test]
async fn a_run_ends_if_its_work_breaks_off() {
    let home = tempfile::tempdir().unwrap();
    let mut services =
        Services::without_keyring(home.path(), &home.path().join("no site")).unwrap();
    services.http = Arc::new(Broken);
    let mut session = Engine::new(services).start(given(URI));
    let done = ended(&mut session).await;
    assert_eq!(done.report.outcome, Outcome::Cancelled);
}

/// Never answers, and says when nobody waits any more.
struct Waiting(Arc<Mutex<bool>>);

struct Dropped(Arc<Mutex<bool>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = true;
    }
}

impl Http for Waiting {
    fn exchange<'a>(&'a self, _: &'a Outgoing) -> Exchange<'a> {
        let dropped = Dropped(Arc::clone(&self.0));
        Box::pin(async move {
            let _dropped = dropped;
            std::future::pending().await
        })
    }
}

#[tokio::test]
async fn a_cancelled_run_lets_go_of_the_server() {
    let home = tempfile::tempdir().unwrap();
    let gone = Arc::new(Mutex::new(false));
    let mut services =
        Services::without_keyring(home.path(), &home.path().join("no site")).unwrap();
    services.http = Arc::new(Waiting(Arc::clone(&gone)));
    let mut session = Engine::new(services).start(given(URI));
    until(&mut session, |state| state.phase() == Some(&Phase::Asking)).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    session.cancel();
    ended(&mut session).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(*gone.lock().unwrap());
}

#[tokio::test]
async fn the_first_start_makes_the_uuid_and_an_empty_one_counts_as_absent() {
    const UUID: &str = "net.java.sip.communicator.UUID";
    for store in [
        "",
        "net.java.sip.communicator.UUID=\n",
        "net.java.sip.communicator.UUID= \n",
    ] {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("sip-communicator.properties"), store).unwrap();
        let (engine, _) = world(home.path(), None, Arc::new(Memory::default()));
        let uuid = engine.setting(UUID).unwrap().unwrap();
        let v4 = uuid.len() == 36 && uuid.as_bytes()[14] == b'4' && uuid == uuid.to_lowercase();
        assert!(v4, "{store:?}: {uuid:?}");
        assert_eq!(engine.setting(UUID).unwrap(), Some(uuid));
    }
}
