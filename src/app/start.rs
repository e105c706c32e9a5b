//! From the command to the open window, and what reaches it from outside:
//! signals, and changes that other programs make to the store.

use std::{
    hash::{Hash, Hasher},
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use iced::{
    Settings, Size,
    futures::{
        self,
        channel::{mpsc, oneshot},
    },
    window::{self, icon},
};

use super::{App, ID, Message, painter, text, theme};
use crate::{
    engine::{Engine, Overview, WindowMemory},
    provisioning::failure::Failure,
    system::Services,
};

/// The first size of the window, and the smallest one.
const SIZE: Size = Size::new(900.0, 640.0);
const SMALLEST: Size = Size::new(640.0, 480.0);
/// How often a running step shows its time.
pub(super) const TICK: Duration = Duration::from_millis(100);
/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How long what goes on may take once the window is closed.
const END: Duration = Duration::from_millis(1500);

/// What the window is opened for.
#[derive(Debug, Clone)]
pub(super) struct Start {
    /// The folder of the store.
    pub(super) home: PathBuf,
    /// The folder of the site files.
    pub(super) site: PathBuf,
    /// Whether it is the demonstration: secrets are kept in memory.
    pub(super) demo: bool,
    /// The address that a link filled in.
    pub(super) link: Option<String>,
    /// Whether a run begins at once.
    pub(super) now: bool,
}

impl Start {
    /// The engine on the real world.
    pub(super) fn engine(&self) -> Result<Engine, Failure> {
        let services = if self.demo {
            Services::without_keyring(&self.home, &self.site)
        } else {
            Services::real(&self.home, &self.site)
        };
        services.map(Engine::new)
    }
}

/// Opens the window on this store and these site files, and waits until it
/// is closed.
pub fn run(home: PathBuf, site: PathBuf, link: Option<String>, now: bool) -> ExitCode {
    open_window(Start {
        home,
        site,
        demo: false,
        link,
        now,
    })
}

/// Whether there is a display to open a window on.
pub fn has_display() -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

pub(super) fn open_window(start: Start) -> ExitCode {
    let memory = WindowMemory::load(&start.home);
    let (opening, beside) = open_beside(start.clone(), memory.clone());
    let opening = Mutex::new(Some(opening));
    let window = window::Settings {
        size: size(&memory),
        min_size: Some(SMALLEST),
        exit_on_close_request: false,
        icon: window_icon(),
        #[cfg(target_os = "linux")]
        platform_specific: window::settings::PlatformSpecific {
            application_id: ID.to_owned(),
            ..window::settings::PlatformSpecific::default()
        },
        ..window::Settings::default()
    };
    let boot = move || {
        HAS_OPENED.store(true, Ordering::Relaxed);
        let opening = opening.lock().ok().and_then(|mut opening| opening.take());
        let opening = opening.unwrap_or_else(|| open_beside(start.clone(), memory.clone()).0);
        let (mut app, task) = App::boot(start.clone(), memory.clone(), opening);
        app.end = end_soon;
        (app, task)
    };
    let application = iced::application(boot, App::update, App::view)
        .settings(settings())
        .window(window)
        .title(|_: &App| text::TITLE.to_owned())
        .theme(App::theme)
        .subscription(App::subscription);
    let ended = match guarded(|| application.run()) {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => failed(&error.to_string()),
        Err(panic) if HAS_OPENED.load(Ordering::Relaxed) => panic::resume_unwind(panic),
        Err(_) => failed("the display does not let it in"),
    };
    // What it has begun to write is written to its end.
    let _ = beside.join();
    ended
}

fn failed(why: &str) -> ExitCode {
    eprint(&format!(
        "PS-DISPLAY The window could not be opened: {why}. Use a command: \u{201c}provisioning-settings --help\u{201d} lists them."
    ));
    ExitCode::from(2)
}

/// Whether the window's program was started; what panics before has not found
/// a display.
static HAS_OPENED: AtomicBool = AtomicBool::new(false);

/// Runs the window. The toolkit panics if a display is named and cannot be
/// used; that is said in one line instead.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Box<dyn std::any::Any + Send>> {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if HAS_OPENED.load(Ordering::Relaxed) {
            usual(info);
        }
    }));
    panic::catch_unwind(AssertUnwindSafe(run))
}

/// Fonts and text size, the same for the window and for pictures of it.
pub(super) fn settings() -> Settings {
    Settings {
        id: Some(ID.to_owned()),
        fonts: theme::FONTS.iter().map(|font| (*font).into()).collect(),
        default_font: theme::REGULAR,
        default_text_size: theme::size::TEXT.into(),
        ..Settings::default()
    }
}

/// The size that was remembered, else the first one.
pub(super) fn size(memory: &WindowMemory) -> Size {
    let at_least = |kept: Option<f32>, first: f32, least: f32| kept.unwrap_or(first).max(least);
    Size::new(
        at_least(memory.width, SIZE.width, SMALLEST.width),
        at_least(memory.height, SIZE.height, SMALLEST.height),
    )
}

fn window_icon() -> Option<window::Icon> {
    // Wayland and the menus take the icon from the `.desktop` file.
    icon::from_rgba(super::frame::icon_pixels(), 64, 64).ok()
}

#[expect(
    clippy::print_stderr,
    reason = "there is no window to say it in, and no command line around it"
)]
fn eprint(line: &str) {
    eprintln!("{line}");
}

/// The opened store, and how things stand in it.
pub(super) type Opened = Result<(Engine, Box<Overview>), Failure>;

/// The store while it is being opened.
pub(super) type Opening = oneshot::Receiver<Opened>;

/// Opens the store: with the engine that is known, else a new one.
pub(super) fn open(start: &Start, known: Option<Engine>) -> Opened {
    let engine = match known {
        Some(engine) => engine,
        None => start.engine()?,
    };
    let overview = engine.overview()?;
    Ok((engine, Box::new(overview)))
}

/// Opens the store, reads the fonts and draws the letters of the first picture,
/// on a thread of its own: most often it is done before the display is, and the
/// first thing that is seen is the pane.
fn open_beside(start: Start, memory: WindowMemory) -> (Opening, JoinHandle<()>) {
    let (opened, opening) = oneshot::channel();
    let beside = std::thread::spawn(move || {
        let store = open(&start, None);
        // A window that is gone by then does not need it.
        let _ = opened.send(store.clone());
        theme::read_fonts();
        let app = App::with(start, memory, store);
        painter::prepare(app.view(), app.size, &app.theme());
    });
    (opening, beside)
}

/// The engine whose files are watched; two of one folder are the same.
pub(super) struct Watched(pub(super) Engine);

impl Hash for Watched {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.home().hash(state);
    }
}

/// Says when another program changed the store. It looks once a second:
/// watching by the system would miss folders that are on a server. A thread of
/// its own wakes nobody else for it, and may wait for such a server.
pub(super) fn changes(
    watched: &Watched,
) -> impl futures::Stream<Item = Message> + Send + 'static + use<> {
    let engine = watched.0.clone();
    // One that is not heard yet is enough.
    let (seen, changes) = mpsc::channel(0);
    std::thread::spawn(move || look(&engine, seen));
    changes
}

/// Looks until nobody wants to know.
fn look(engine: &Engine, mut changes: mpsc::Sender<Message>) {
    let mut known = engine.fingerprint();
    while !changes.is_closed() {
        std::thread::sleep(LOOK);
        let seen = engine.fingerprint();
        if seen != known && changes.try_send(Message::Changed).is_ok() {
            known = seen;
        }
    }
}

/// Ends the process in a moment, whatever still goes on: a keyring that does
/// not answer would keep a window that is closed alive for 10 s. A store that
/// is being written is whole after that, as after any end.
fn end_soon() {
    std::thread::spawn(|| {
        std::thread::sleep(END);
        std::process::exit(0);
    });
}

/// Ctrl+C in the terminal, and the system's wish that the program end.
pub(super) fn signals() -> impl futures::Stream<Item = Message> + Send + 'static {
    futures::stream::once(async {
        ended().await;
        Message::Close
    })
}

#[cfg(unix)]
async fn ended() {
    use tokio::signal::unix::{SignalKind, signal};
    let both = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    );
    if let (Ok(mut interrupt), Ok(mut terminate)) = both {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    } else {
        std::future::pending::<()>().await;
    }
}

#[cfg(not(unix))]
async fn ended() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
