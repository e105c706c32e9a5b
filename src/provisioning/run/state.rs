//! The state of a run: where it is, what it knows, and its steps with times.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use super::{
    event::{Act, Effect, Options, Setup},
    steps::{Step, StepKind, Steps},
};
use crate::provisioning::{
    credentials::Credentials,
    exchange::Outgoing,
    facts::HostFacts,
    failure::Failure,
    method::Method,
    origin::Origin,
    report::{HttpFacts, Report, Source},
    response::Response,
    search::Trace,
    uri::Template,
    warning::Warning,
};

/// What [`super::step`] returns.
pub type Next = (State, Vec<Effect>);

/// Where a run is.
#[derive(Debug, Clone)]
pub enum State {
    /// No run yet.
    Idle,
    /// A run is under way.
    Running(Box<Run>),
    /// The last run ended.
    Done(Box<Done>),
}

impl State {
    /// The number of the run that is under way or ended last.
    pub fn run(&self) -> u64 {
        match self {
            Self::Idle => 0,
            Self::Running(run) => run.run,
            Self::Done(done) => done.run,
        }
    }

    /// The place in the run that answers have to name.
    pub fn turn(&self) -> u32 {
        if let Self::Running(run) = self {
            run.turn
        } else {
            0
        }
    }

    /// The phase of a run that is under way.
    pub fn phase(&self) -> Option<&Phase> {
        if let Self::Running(run) = self {
            Some(&run.phase)
        } else {
            None
        }
    }
}

/// A run that ended.
#[derive(Debug, Clone)]
pub struct Done {
    /// Its number.
    pub run: u64,
    /// What it did. Shared: it may name a million settings.
    pub report: Arc<Report>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// A failure has to be answered: *Try again* or *Quit*.
    pub mandatory: bool,
}

/// What a run waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The store and the site.
    Loading,
    /// Discovery.
    Searching,
    /// Facts for the tokens.
    Gathering,
    /// A person: may this discovered origin be asked?
    DecidingTrust(TrustQuestion),
    /// A person: may the password go there unencrypted?
    DecidingPlainHttp(Origin),
    /// The keyring.
    Recalling,
    /// The keyring, to forget.
    Forgetting,
    /// A person: user name and password.
    SigningIn(Prompt),
    /// The server.
    Asking,
    /// The plan.
    Planning,
    /// A person: apply or discard?
    Previewing(Box<Report>),
    /// The transaction.
    Applying,
}

impl Phase {
    /// Whether it waits for a person and not for the world.
    pub fn waits_for_person(&self) -> bool {
        matches!(
            self,
            Self::DecidingTrust(_)
                | Self::DecidingPlainHttp(_)
                | Self::SigningIn(_)
                | Self::Previewing(_)
        )
    }
}

/// What the question *New server* shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustQuestion {
    /// The origin.
    pub origin: Origin,
    /// The address with its tokens, masked.
    pub uri: String,
    /// How it was found.
    pub method: Method,
    /// Who named it: a DHCP server's address, an mDNS host's name.
    pub by: String,
    /// The origin that this method found until now, if it is known and another.
    pub before: Option<Origin>,
    /// Tokens that tell the server something about this person or machine.
    pub reveals: Vec<String>,
}

/// What the credential prompt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Who asks.
    pub origin: Origin,
    /// Why.
    pub reason: Reason,
    /// User name to begin with.
    pub username: String,
    /// Whether *Remember password* is ticked at first.
    pub remember: bool,
    /// Where to get an account.
    pub sign_up_link: Option<String>,
}

/// Why credentials are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The server asks who you are.
    Needed,
    /// The server did not accept that user name and password.
    Refused,
}

impl Reason {
    /// The sentence of the prompt.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Needed => "The server asks who you are",
            Self::Refused => "The server did not accept that user name and password",
        }
    }
}

/// Where credentials came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origins {
    Remembered,
    Given,
    Typed,
    UserInfo,
}

/// Credentials that are in use, and the origin that they are for.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) credentials: Credentials,
    pub(super) from: Origins,
    pub(super) remember: bool,
    pub(super) origin: Origin,
}

/// How credentials are handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    Form,
    Basic,
    /// With the text of the challenge.
    Digest(String),
}

impl Way {
    /// Whether it is the same way, whatever the challenge.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A run that is under way. Views read it through its methods.
#[derive(Debug, Clone)]
#[expect(clippy::struct_field_names, reason = "a run has a run number")]
pub struct Run {
    pub(super) run: u64,
    pub(super) turn: u32,
    pub(super) options: Options,
    pub(super) phase: Phase,
    pub(super) steps: Steps,
    pub(super) setup: Option<Box<Setup>>,
    pub(super) source: Source,
    /// What the search for a server saw.
    pub(super) search: Option<Box<Trace>>,
    /// Who named a discovered address, as long as nobody trusts it.
    pub(super) found_by: Option<String>,
    /// Where the discovered host is, if the search told it.
    pub(super) found_at: Vec<SocketAddr>,
    /// The host that this is about.
    pub(super) found_host: Option<String>,
    pub(super) template: Template,
    pub(super) facts: HostFacts,
    pub(super) held: Option<Held>,
    pub(super) given_used: bool,
    pub(super) recalled: bool,
    pub(super) plain_http_yes: Option<Origin>,
    pub(super) reason: Reason,
    pub(super) last_username: Option<String>,
    pub(super) way: Way,
    pub(super) tried: Vec<Way>,
    pub(super) stale_retried: bool,
    /// Where the last redirect led, without its authorization.
    pub(super) hop: Option<Box<Outgoing>>,
    pub(super) redirects: usize,
    pub(super) sent: Option<Box<Outgoing>>,
    pub(super) http: Option<HttpFacts>,
    pub(super) warnings: Vec<Warning>,
    pub(super) response: Option<Arc<Response>>,
}

impl Run {
    pub(super) fn new(run: u64, options: Options, at: Duration) -> Self {
        let mut new = Self {
            run,
            turn: 0,
            options,
            phase: Phase::Loading,
            steps: Steps::default(),
            setup: None,
            source: Source::default(),
            search: None,
            found_by: None,
            found_at: Vec::new(),
            found_host: None,
            template: Template::new(""),
            facts: HostFacts::default(),
            held: None,
            given_used: false,
            recalled: false,
            plain_http_yes: None,
            reason: Reason::Needed,
            last_username: None,
            way: Way::Form,
            tried: Vec::new(),
            stale_retried: false,
            hop: None,
            redirects: 0,
            sent: None,
            http: None,
            warnings: Vec::new(),
            response: None,
        };
        new.begin(StepKind::Look, at);
        new
    }

    /// What it waits for.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Its steps so far.
    pub fn steps(&self) -> &[Step] {
        self.steps.all()
    }

    /// How long the step that goes on has taken at `now`, both since the run
    /// began and without the wait for a person.
    pub fn elapsed(&self, now: Duration) -> Duration {
        self.steps.elapsed(now)
    }

    /// What the search for a server has seen so far; `None` if there is none.
    /// Its [`Trace::lines`] belong to the step [`StepKind::Look`].
    pub fn search(&self) -> Option<&Trace> {
        self.search.as_deref()
    }

    /// Goes on to `phase` and wants `act` done for it.
    pub(super) fn wait(mut self: Box<Self>, phase: Phase, act: Act) -> Next {
        self.turn += 1;
        self.phase = phase;
        let effect = Effect {
            run: self.run,
            turn: self.turn,
            act,
        };
        (State::Running(self), vec![effect])
    }

    /// Goes on to `phase`, which a person has to answer.
    pub(super) fn ask(mut self: Box<Self>, phase: Phase) -> Next {
        self.turn += 1;
        self.phase = phase;
        (State::Running(self), Vec::new())
    }

    /// Ends the step that is under way, if one is.
    pub(super) fn end_step(&mut self, ok: bool, at: Duration) {
        self.steps.end(ok, at);
    }

    /// Ends the step before it well and begins another.
    pub(super) fn begin(&mut self, kind: StepKind, at: Duration) {
        self.steps.begin(kind, at);
    }

    /// The report of this run as it stands.
    pub(super) fn report(&self, outcome: crate::provisioning::report::Outcome) -> Report {
        let mut report = Report::new(outcome, self.source.clone());
        report.http = self.http;
        report.warnings.clone_from(&self.warnings);
        report.steps = self.steps.report();
        if let (Some(trace), Some(look)) = (&self.search, report.steps.first_mut()) {
            look.lines = trace.lines();
        }
        report
    }
}
