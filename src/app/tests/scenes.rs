//! States of the window, made by hand: a run is driven by its own machine, the
//! rest is what the engine would have found.

use std::time::Duration;

use iced::Size;

use crate::{
    app::{
        App, Screen, Start,
        pane::provisioning::Pane,
        tests::{desk::now, network::Nothing},
    },
    engine::{Engine, Overview, Remembered, WindowMemory},
    provisioning::{
        exchange::Answer,
        facts::HostFacts,
        failure::{AddressProblem, Failure, NetworkFault, NetworkProblem},
        method::Method,
        origin::Origin,
        report::{Outcome, Report, Source},
        run::{self, Act, Effect, Event, Found, Mode, Options, Setup, State, What},
        search::{AnswerTrace, InterfaceTrace, Sent, Trace},
        trust::Servers,
        uri::Template,
    },
    system::Services,
};

pub(super) const URI: &str = "https://prov.example.com/provisioning.php?user=${username}&password=${password}&uuid=${uuid}&os=${osname}&mac=${hwaddr}";
const PLAIN: &str = "https://prov.example.com/provisioning.php?uuid=${uuid}";
pub(super) const UUID: &str = "3382ac05-3551-4f1c-9d3c-1b52a4d2c001";

pub(super) fn origin(text: &str) -> Origin {
    Origin::try_from(text.to_owned()).unwrap()
}

/// How things stand with a manual address that was never asked.
pub(super) fn overview() -> Overview {
    Overview {
        method: Method::Manual,
        uri: Some(Template::new(URI)),
        uuid: UUID.into(),
        remembered: None,
        application: "Jitsi".into(),
        method_fixed: None,
        uri_fixed: None,
        hidden: None,
        last: None,
        last_is_redo: false,
        undo: None,
        first_start: false,
    }
}

pub(super) fn remembered() -> Remembered {
    Remembered {
        username: "jane".into(),
        origin: Some(origin("https://prov.example.com")),
    }
}

/// A window that shows `overview`; nothing of it touches the disk.
pub(super) fn window(overview: Overview) -> App {
    let nowhere = std::path::Path::new("/nonexistent/home");
    let site = std::path::Path::new("/etc/provisioning-settings");
    let no_site = std::path::Path::new("/nonexistent/site");
    let mut services = Services::without_keyring(nowhere, no_site).unwrap();
    services.discovery = std::sync::Arc::new(Nothing);
    let engine = Engine::new(services);
    let start = Start {
        home: "/home/jane/.config/provisioning-settings".into(),
        site: site.into(),
        demo: false,
        link: None,
        now: false,
    };
    let mut app = App::new(start, WindowMemory::default());
    app.now = now;
    let pane = Pane::new(engine, Box::new(overview), &WindowMemory::default(), now);
    app.screen = Screen::Pane(Box::new(pane));
    app
}

pub(super) fn pane(app: &mut App) -> &mut Pane {
    match &mut app.screen {
        Screen::Pane(pane) => pane,
        _ => panic!("there is no pane"),
    }
}

/// Another size of the window.
pub(super) fn sized(mut app: App, width: f32, height: f32) -> App {
    app.size = Size::new(width, height);
    app
}

/// A run, driven by hand.
pub(super) struct Drive {
    pub(super) state: State,
    effects: Vec<Effect>,
    clock: u64,
}

impl Drive {
    pub(super) fn start(mode: Mode, uri: &str, mandatory: bool) -> Self {
        Self::by(Method::Manual, mode, uri, mandatory)
    }

    fn by(method: Method, mode: Mode, uri: &str, mandatory: bool) -> Self {
        let options = Options {
            mode,
            may_ask: true,
            ..Options::default()
        };
        let setup = Setup {
            method,
            uri: Some(Template::new(uri)),
            uri_is_site_default: false,
            uri_since: None,
            found_before: Some(origin("https://old.example.com")),
            username: None,
            servers: Servers::default(),
            trusted_origins: String::new(),
            mandatory,
            user_agent: "Jitsi/2.10.5550".into(),
            sign_up_link: Some("https://prov.example.com/account".into()),
        };
        let mut drive = Self {
            state: State::Idle,
            effects: Vec::new(),
            clock: 0,
        };
        drive.event(What::Start(Box::new(options)));
        drive.event(What::Loaded(Ok(Box::new(setup))));
        drive
    }

    fn event(&mut self, what: What) {
        self.clock += 12;
        let event = Event {
            run: self.state.run(),
            turn: self.state.turn(),
            at: Duration::from_millis(self.clock),
            what,
        };
        let state = std::mem::replace(&mut self.state, State::Idle);
        (self.state, self.effects) = run::step(state, event);
    }

    /// The end, with everything applied as it was wanted.
    fn applied(self) -> State {
        let report = self.effects.iter().find_map(|effect| match &effect.act {
            Act::Apply(job) => Some(job.report.clone()),
            _ => None,
        });
        let report = Box::new(report.unwrap());
        self.on(What::Applied(Ok(report))).state
    }

    pub(super) fn on(mut self, what: What) -> Self {
        self.event(what);
        self
    }

    /// Up to the first request, or the question before it.
    pub(super) fn gathered(self) -> Self {
        let facts = HostFacts {
            uuid: UUID.into(),
            os_name: "Linux".into(),
            ..HostFacts::default()
        };
        self.on(What::Gathered(Box::new(facts)))
    }
}

/// What a search saw that found two servers.
fn trace(chosen: Option<usize>) -> Trace {
    let answer = |from: &str, uri: Option<&str>, ignored: Option<&str>| AnswerTrace {
        interface: Some("eth0".into()),
        from: from.into(),
        milliseconds: 3,
        bytes: String::new(),
        uri: uri.map(str::to_owned),
        ignored: ignored.map(str::to_owned),
    };
    let interface = |name: &str, address: [u8; 4], problem: Option<&str>| InterfaceTrace {
        name: name.into(),
        addresses: vec![address.into()],
        sent: vec![Sent {
            milliseconds: 0,
            what: "DHCPINFORM, xid 0x1a2b3c4d".into(),
        }],
        problem: problem.map(str::to_owned),
    };
    Trace {
        interfaces: vec![
            interface("eth0", [192, 0, 2, 10], None),
            interface(
                "wlan0",
                [198, 51, 100, 7],
                Some("The network is unreachable."),
            ),
        ],
        answers: vec![
            answer("192.0.2.1", None, Some("it has no option 224")),
            answer("192.0.2.2", Some(FOUND), None),
        ],
        chosen,
        milliseconds: 253,
        ..Trace::new(Method::Dhcp)
    }
}

const FOUND: &str = "https://prov.example.com/p?user=${username}&mac=${hwaddr}&home=${env.HOME}";

/// A run that searches the network.
pub(super) fn searching() -> State {
    Drive::by(Method::Dhcp, Mode::Apply, PLAIN, false)
        .on(What::Sighted(Box::new(trace(None))))
        .state
}

/// A run that asks whether the server it found may be asked.
pub(super) fn found() -> State {
    found_at(FOUND)
}

pub(super) fn found_at(uri: &str) -> State {
    let found = Found {
        uri: Template::new(uri),
        by: "192.0.2.2".into(),
        addresses: Vec::new(),
    };
    Drive::by(Method::Dhcp, Mode::Apply, PLAIN, false)
        .on(What::Searched(Ok(found), Box::new(trace(Some(1)))))
        .gathered()
        .state
}

/// A run that found nothing and used what was stored.
pub(super) fn fallen_back() -> State {
    let nothing = AddressProblem::NotFound {
        tried: trace(None).lines(),
    };
    Drive::by(Method::Dhcp, Mode::Apply, PLAIN, false)
        .on(What::Searched(Err(nothing.into()), Box::new(trace(None))))
        .gathered()
        .on(answer(200, BODY))
        .applied()
}

/// A run that looks for its server.
pub(super) fn looking() -> State {
    Drive::start(Mode::Apply, PLAIN, false).state
}

pub(super) fn asking() -> State {
    Drive::start(Mode::Apply, PLAIN, false).gathered().state
}

pub(super) fn signing_in() -> State {
    Drive::start(Mode::Apply, URI, false).gathered().state
}

pub(super) fn signing_in_at(uri: &str) -> State {
    Drive::start(Mode::Apply, uri, false).gathered().state
}

pub(super) fn credentials(password: &str) -> What {
    What::Credentials {
        credentials: crate::provisioning::credentials::Credentials {
            username: "jane".into(),
            password: password.into(),
        },
        remember: false,
    }
}

pub(super) fn checking() -> State {
    Drive::start(Mode::Apply, URI, false)
        .gathered()
        .on(credentials("x"))
        .state
}

pub(super) fn refused() -> State {
    Drive::start(Mode::Apply, URI, false)
        .gathered()
        .on(credentials("x"))
        .on(answer(401, ""))
        .state
}

pub(super) fn answer(status: u16, body: &str) -> What {
    What::Answered(Ok(Box::new(Answer {
        status,
        body: body.as_bytes().to_vec().into(),
        milliseconds: 37,
        ..Answer::default()
    })))
}

const BODY: &str = "a.one=1\na.two=2\na.three=3\n";

pub(super) fn reading() -> State {
    Drive::start(Mode::Preview, PLAIN, false)
        .gathered()
        .on(answer(200, BODY))
        .state
}

pub(super) fn applying() -> State {
    Drive::start(Mode::Apply, PLAIN, false)
        .gathered()
        .on(answer(200, BODY))
        .state
}

/// A preview of `report`.
pub(super) fn previewing(report: Report) -> State {
    Drive::start(Mode::Preview, PLAIN, false)
        .gathered()
        .on(answer(200, BODY))
        .on(What::Planned(Ok(Box::new(report))))
        .state
}

/// A report without changes.
pub(super) fn report() -> Report {
    Report::new(Outcome::Applied, Source::default())
}

pub(super) fn failed_to_connect() -> State {
    let problem = NetworkProblem {
        fault: NetworkFault::Connect,
        host: "prov.example.com".into(),
        chain: vec!["Connection refused (os error 111)".into()],
    };
    failed(problem.into(), false)
}

/// A run that ended with `report` applied.
pub(super) fn applied(report: Report) -> State {
    Drive::start(Mode::Apply, PLAIN, false)
        .gathered()
        .on(answer(200, BODY))
        .on(What::Applied(Ok(Box::new(report))))
        .state
}

/// A run that the network ended.
pub(super) fn failed(failure: Failure, mandatory: bool) -> State {
    Drive::start(Mode::Apply, PLAIN, mandatory)
        .gathered()
        .on(What::Answered(Err(failure)))
        .state
}
