//! What a run is asked to do, what happens to it, and what it wants done.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use crate::provisioning::{
    credentials::Credentials,
    exchange::{Answer, Outgoing},
    facts::HostFacts,
    failure::Failure,
    method::Method,
    origin::Origin,
    report::Report,
    response::Response,
    search::Trace,
    secret::Secret,
    trust::Servers,
    uri::Template,
};

/// Where a run takes the settings from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum From {
    /// The stored method and address.
    #[default]
    Configured,
    /// This address, whatever the method.
    Given(Template),
    /// A saved answer.
    File {
        /// Its name, for messages.
        name: String,
        /// Its bytes.
        bytes: Arc<[u8]>,
    },
}

/// How far a run goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Applies what came.
    #[default]
    Apply,
    /// Shows what would change and waits for a person.
    Preview,
    /// Shows what would change and ends; nothing is written.
    DryRun,
}

/// What a run is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the switches of a command line"
)]
pub struct Options {
    /// Where from.
    pub from: From,
    /// How far.
    pub mode: Mode,
    /// Provisioning being off is no failure.
    pub if_enabled: bool,
    /// A user name to use before anybody is asked.
    pub username: Option<String>,
    /// A password to use before anybody is asked.
    pub password: Option<Secret>,
    /// Keep those two once the server accepted them.
    pub remember: bool,
    /// Whether a person is there to answer questions.
    pub may_ask: bool,
    /// A discovered origin needs no question.
    pub trust_discovered: bool,
    /// Do not use what is remembered (after a 403).
    pub fresh_credentials: bool,
}

/// What the store and the site say before a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The method.
    pub method: Method,
    /// The stored address, or the site's, with its tokens.
    pub uri: Option<Template>,
    /// Whether that address is the site's default.
    pub uri_is_site_default: bool,
    /// When a run stored it, for people; `None` if that is not known. Only
    /// for a method that searches.
    pub uri_since: Option<String>,
    /// The origin that this method found and that was used last, if it is known.
    pub found_before: Option<Origin>,
    /// The remembered user name.
    pub username: Option<String>,
    /// What is known of servers.
    pub servers: Servers,
    /// The site's `trusted-origins`.
    pub trusted_origins: String,
    /// A run has to end in applied settings.
    pub mandatory: bool,
    /// The `User-Agent`.
    pub user_agent: String,
    /// Link shown in the credential prompt.
    pub sign_up_link: Option<String>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The address with its tokens.
    pub uri: Template,
    /// Who named it, for the trust question: a DHCP server's address, a host.
    pub by: String,
    /// The addresses of the host in `uri`, if the search told them: the request
    /// goes there and no name is looked up. IPv4 first; empty for DHCP. A
    /// link-local one carries its scope, which no URI can; the ports of these
    /// are without meaning.
    pub addresses: Vec<SocketAddr>,
}

/// Everything that is to be applied in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What the server sent.
    pub response: Arc<Response>,
    /// Settings that the program itself writes before.
    pub own: Vec<(String, String)>,
    /// Credentials to remember, bound to the origin.
    pub login: Option<(Origin, Credentials)>,
    /// The report so far.
    pub report: Report,
}

/// What the world has to do. The answer is an [`Event`] with the same numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Read the store and the site: [`What::Loaded`].
    Load,
    /// Look for a server: [`What::Searched`].
    Search(Method),
    /// Gather facts for the tokens: [`What::Gathered`].
    Gather(Template, Reach),
    /// Fetch a remembered password: [`What::Recalled`].
    Recall {
        /// Whose it is.
        origin: Origin,
        /// The remembered user name.
        username: String,
    },
    /// Forget a refused password: [`What::Forgotten`].
    Forget {
        /// Whose it is.
        origin: Origin,
        /// The remembered user name.
        username: String,
    },
    /// One HTTP exchange: [`What::Answered`].
    Send(Box<Outgoing>),
    /// Work out what would change: [`What::Planned`].
    Plan(Box<Job>),
    /// Apply it: [`What::Applied`].
    Apply(Box<Job>),
    /// Cancel the transaction if it is not committed yet; then
    /// [`What::Applied`] comes with [`Failure::Cancelled`]. No answer otherwise.
    CancelApply,
    /// Keep the report of a run that changed nothing. No answer.
    Record(Box<Report>),
    /// Remember a person's yes. No answer.
    Decide {
        /// For which origin.
        origin: Origin,
        /// What was decided.
        verdict: Verdict,
    },
}

/// How far the search for facts goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Only to what this computer knows: nothing leaves it (security rule 2).
    Computer,
    /// The host may be looked for, for `${ipaddr}` and `${hwaddr}`. If its
    /// addresses are known, its name is not looked up.
    Network(Vec<SocketAddr>),
}

/// What a person said yes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Discovery may use this origin.
    Trusted,
    /// A password may go there unencrypted.
    PlainHttp,
}

/// An [`Act`] of a run. `run` and `turn` come back with the answer; an answer
/// with other numbers is late and is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The run.
    pub run: u64,
    /// The place in the run.
    pub turn: u32,
    /// What to do.
    pub act: Act,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The run that it belongs to; without meaning for [`What::Start`].
    pub run: u64,
    /// The place in the run; without meaning for `Start` and `Cancel`.
    pub turn: u32,
    /// Time since the program began to watch, from a clock that only rises.
    pub at: Duration,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Begin a run.
    Start(Box<Options>),
    /// The store and the site were read.
    Loaded(Result<Box<Setup>, Failure>),
    /// The search saw something; it goes on.
    Sighted(Box<Trace>),
    /// The search ended, and that is all it saw.
    Searched(Result<Found, Failure>, Box<Trace>),
    /// Facts are there.
    Gathered(Box<HostFacts>),
    /// The keyring answered.
    Recalled(Result<Option<Secret>, Failure>),
    /// The refused password is forgotten, or could not be.
    Forgotten,
    /// The server answered.
    Answered(Result<Box<Answer>, Failure>),
    /// The plan is made.
    Planned(Result<Box<Report>, Failure>),
    /// The transaction ended.
    Applied(Result<Box<Report>, Failure>),
    /// A person typed credentials.
    Credentials {
        /// What was typed.
        credentials: Credentials,
        /// Keep them once they are accepted.
        remember: bool,
    },
    /// A person answered the question whether to trust.
    Decided(bool),
    /// A person wants the preview applied.
    Go,
    /// A person does not.
    Discard,
    /// A person cancelled.
    Cancel,
}
