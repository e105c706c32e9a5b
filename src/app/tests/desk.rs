//! A window that nobody sees: real widgets, real tasks, a clipboard.

use std::{
    path::PathBuf,
    sync::mpsc,
    time::{Duration, Instant},
};

use iced::{
    Event, Point, Size, Theme,
    advanced::widget::{Id, Operation, operation::Outcome},
    futures::{FutureExt, StreamExt},
    keyboard::{Key, Modifiers, key::Named},
    mouse,
};
use iced_test::{
    core::{
        clipboard,
        renderer::{Headless, Style},
    },
    runtime::{self, Action, UserInterface, user_interface},
    simulator,
};
use jiff::ZonedDateTime;

use super::{
    network::Nothing,
    walk::{Collect, Focused, Scrolled, Seen, Texts},
};
use crate::{
    app::{
        App, Message, Screen, Start,
        dialog::{Dialog, Stage},
        painter::Painter,
        pane::provisioning::Pane,
        theme,
    },
    engine::{Engine, WindowMemory},
    system::Services,
};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn now() -> ZonedDateTime {
    "2026-11-25T10:40:00+00:00[UTC]".parse().unwrap()
}

/// Later than any run that the history notes down with the real time.
fn later() -> ZonedDateTime {
    "2199-11-25T10:40:00+00:00[UTC]".parse().unwrap()
}

/// The window, with everything around it.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) clipboard: Option<String>,
    pub(super) exited: bool,
    pub(super) home: PathBuf,
    cache: Option<user_interface::Cache>,
    renderer: Painter,
    runtime: tokio::runtime::Runtime,
    actions: (
        mpsc::Sender<Action<Message>>,
        mpsc::Receiver<Action<Message>>,
    ),
    /// Deleted with the desk.
    folder: tempfile::TempDir,
}

impl Desk {
    /// The window on a home with these settings and this `defaults.properties`.
    pub(super) fn with(settings: &[(&str, &str)], site: &str) -> Self {
        let mut desk = Self::unopened(settings, site);
        desk.open();
        desk
    }

    /// The window on such a home, opened by a link with this address.
    pub(super) fn by_link(settings: &[(&str, &str)], address: &str) -> Self {
        let link = Some(address.to_owned());
        Self::started(settings, |start| start.link = link)
    }

    /// The window on such a home, started like that.
    pub(super) fn started(settings: &[(&str, &str)], how: impl FnOnce(&mut Start)) -> Self {
        let mut desk = Self::unopened(settings, "");
        how(&mut desk.app.start);
        desk.open();
        desk
    }

    /// The same home, in a window that is opened anew.
    pub(super) fn start_again(self) -> Self {
        let memory = WindowMemory::load(&self.home);
        let mut app = App::new(self.app.start.clone(), memory);
        app.engine.clone_from(&self.app.engine);
        app.now = later;
        let mut desk = Self::around(app, self.home, self.folder);
        desk.open();
        desk
    }

    fn open(&mut self) {
        let opening = self.app.open();
        self.spawn(opening);
        self.until("the pane is there", |desk| {
            matches!(desk.app.screen, Screen::Pane(_) | Screen::Broken(_))
        });
    }

    fn unopened(settings: &[(&str, &str)], site: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (home, site_folder) = (folder.path().join("home"), folder.path().join("site"));
        std::fs::create_dir_all(&site_folder).unwrap();
        std::fs::write(site_folder.join("defaults.properties"), site).unwrap();
        if !settings.is_empty() {
            std::fs::create_dir_all(&home).unwrap();
            let lines: Vec<String> = settings
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            std::fs::write(home.join("sip-communicator.properties"), lines.join("\n")).unwrap();
        }
        // Nothing is ever searched on the network of this computer.
        let engine = Services::without_keyring(&home, &site_folder).map(|services| {
            Engine::new(Services {
                discovery: std::sync::Arc::new(Nothing),
                ..services
            })
        });
        let start = Start {
            home: home.clone(),
            site: site_folder,
            demo: false,
            link: None,
            now: false,
        };
        let mut app = App::new(start, WindowMemory::default());
        app.engine = engine.ok();
        app.now = later;
        Self::around(app, home, folder)
    }

    fn around(app: App, home: PathBuf, folder: tempfile::TempDir) -> Self {
        super::load_fonts();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let renderer = runtime
            .block_on(<Painter as Headless>::new(
                theme::REGULAR,
                theme::size::TEXT.into(),
                None,
            ))
            .unwrap();
        Self {
            app,
            clipboard: None,
            exited: false,
            home,
            cache: Some(user_interface::Cache::default()),
            renderer,
            runtime,
            actions: mpsc::channel(),
            folder,
        }
    }

    /// What is done inside of the window's runtime.
    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// What goes on beside the window.
    pub(super) fn background(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(future);
    }

    fn a_pane(&self) -> Option<&Pane> {
        match &self.app.screen {
            Screen::Pane(pane) => Some(pane),
            _ => None,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.a_pane().is_some_and(Pane::is_running)
    }

    /// Whether the pane shows a run.
    pub(super) fn is_seen_running(&self) -> bool {
        self.a_pane().is_some_and(Pane::shows_run)
    }

    /// Whether nothing is under way, no undo either.
    pub(super) fn is_idle(&self) -> bool {
        self.a_pane().is_some_and(Pane::is_idle)
    }

    fn dialog(&self) -> Option<&Dialog> {
        self.a_pane()?.dialog.as_ref()
    }

    pub(super) fn has_dialog(&self) -> bool {
        self.dialog().is_some()
    }

    /// Whether the credential dialog waits for a person.
    pub(super) fn is_asked(&self) -> bool {
        matches!(self.dialog(), Some(Dialog::Credentials(dialog)) if dialog.stage() != Stage::Checking)
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self.dialog(), Some(Dialog::Credentials(dialog)) if dialog.stage() == Stage::Refused)
    }

    pub(super) fn is_previewing(&self) -> bool {
        matches!(self.dialog(), Some(Dialog::Preview(_)))
    }

    /// The step that goes on.
    pub(super) fn words_of_step(&self) -> Option<String> {
        self.a_pane()?.words_of_step()
    }

    /// Another size of the window.
    pub(super) fn resize(&mut self, width: f32, height: f32) {
        self.send(Message::Resized(Size::new(width, height)));
    }

    /// How far the pane is scrolled.
    pub(super) fn scrolled(&mut self) -> f32 {
        let mut scrolled = Scrolled(0.0);
        self.operate(&mut scrolled);
        scrolled.0
    }

    /// Whether these words are somewhere in the window.
    pub(super) fn shows(&mut self, words: &str) -> bool {
        let mut texts = Texts(Vec::new());
        self.operate(&mut texts);
        texts.0.iter().any(|text| text.contains(words))
    }

    pub(super) fn pane(&mut self) -> &mut Pane {
        match &mut self.app.screen {
            Screen::Pane(pane) => pane,
            _ => panic!("there is no pane"),
        }
    }

    /// Does `use_` with the widgets as they are now; what it published comes back.
    fn interface<T>(
        &mut self,
        use_: impl FnOnce(
            &mut UserInterface<'_, Message, Theme, Painter>,
            &mut Painter,
            &mut Vec<Message>,
        ) -> T,
    ) -> T {
        let mut messages = Vec::new();
        let mut interface = UserInterface::build(
            self.app.view(),
            self.app.size,
            self.cache.take().unwrap(),
            &mut self.renderer,
        );
        let result = use_(&mut interface, &mut self.renderer, &mut messages);
        self.cache = Some(interface.into_cache());
        for message in messages {
            self.send(message);
        }
        result
    }

    /// A message, and whatever it wants done.
    pub(super) fn send(&mut self, message: Message) {
        let task = {
            let _inside = self.runtime.enter();
            self.app.update(message)
        };
        self.spawn(task);
        self.pump();
    }

    fn spawn(&mut self, task: iced::Task<Message>) {
        let Some(mut stream) = runtime::task::into_stream(task) else {
            return;
        };
        // What is ready is done at once, as the real window does it.
        loop {
            let next = {
                let _inside = self.runtime.enter();
                stream.next().now_or_never()
            };
            match next {
                Some(Some(action)) => self.carry_out(action),
                Some(None) => return,
                None => break,
            }
        }
        let sender = self.actions.0.clone();
        self.runtime.spawn(async move {
            while let Some(action) = stream.next().await {
                if sender.send(action).is_err() {
                    return;
                }
            }
        });
    }

    fn pump(&mut self) {
        while let Ok(action) = self.actions.1.try_recv() {
            self.carry_out(action);
        }
    }

    fn carry_out(&mut self, action: Action<Message>) {
        match action {
            Action::Output(message) => self.send(message),
            Action::Widget(mut operation) => loop {
                self.operate(operation.as_mut());
                if let Outcome::Chain(next) = operation.finish() {
                    operation = next;
                } else {
                    self.redraw();
                    break;
                }
            },
            Action::Clipboard(runtime::clipboard::Action::Write { contents, .. }) => {
                self.clipboard = Some(contents);
            }
            Action::Exit => self.exited = true,
            _ => {}
        }
    }

    fn operate(&mut self, operation: &mut dyn Operation) {
        self.interface(|interface, renderer, _| interface.operate(renderer, operation));
    }

    /// Waits until `met`.
    pub(super) fn until(&mut self, what: &str, met: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        self.pump();
        while !met(self) {
            assert!(Instant::now() < deadline, "not in time: {what}");
            if let Ok(action) = self.actions.1.recv_timeout(Duration::from_millis(20)) {
                self.carry_out(action);
            }
        }
    }

    /// Lets everything that is on its way arrive.
    pub(super) fn settle(&mut self) {
        while let Ok(action) = self.actions.1.recv_timeout(Duration::from_millis(800)) {
            self.carry_out(action);
        }
    }

    /// The next frame, in which a list hears that it was scrolled.
    fn redraw(&mut self) {
        let frame = iced::window::Event::RedrawRequested(Instant::now());
        let cursor = mouse::Cursor::Unavailable;
        self.interface(|interface, renderer, messages| {
            interface.update(
                &[Event::Window(frame)],
                cursor,
                renderer,
                &mut clipboard::Null,
                messages,
            )
        });
    }

    /// The window as it looks now: its pixels.
    pub(super) fn picture(&mut self) -> Vec<u8> {
        let (look, pixels) = (self.app.theme(), Size::new(900, 640));
        let style = Style {
            text_color: look.palette().text,
        };
        let frame = iced::window::Event::RedrawRequested(Instant::now());
        self.interface(|interface, painter, messages| {
            let cursor = mouse::Cursor::Unavailable;
            let clipboard = &mut clipboard::Null;
            interface.update(
                &[Event::Window(frame)],
                cursor,
                painter,
                clipboard,
                messages,
            );
            interface.draw(painter, &look, &style, mouse::Cursor::Unavailable);
            painter.screenshot(pixels, 1.0, look.palette().background)
        })
    }

    fn events(&mut self, events: &[Event], cursor: mouse::Cursor) {
        self.interface(|interface, renderer, messages| {
            interface.update(events, cursor, renderer, &mut clipboard::Null, messages)
        });
        self.pump();
    }

    pub(super) fn press(&mut self, key: Named) {
        self.chord(Key::Named(key), Modifiers::empty());
    }

    pub(super) fn chord(&mut self, key: Key, modifiers: Modifiers) {
        let mut event = simulator::press_key(key, None);
        if let Event::Keyboard(iced::keyboard::Event::KeyPressed {
            modifiers: held, ..
        }) = &mut event
        {
            *held = modifiers;
        }
        let changed = Event::Keyboard(iced::keyboard::Event::ModifiersChanged(modifiers));
        self.events(&[changed, event], mouse::Cursor::Unavailable);
    }

    pub(super) fn write(&mut self, text: &str) {
        for event in simulator::typewrite(text).collect::<Vec<_>>() {
            self.events(&[event], mouse::Cursor::Unavailable);
        }
    }

    /// Clicks into the middle of a control.
    pub(super) fn click(&mut self, id: &'static str) {
        let bounds = self.seen(id).bounds;
        self.click_at(bounds.center());
    }

    pub(super) fn click_at(&mut self, point: Point) {
        let cursor = mouse::Cursor::Available(point);
        for event in simulator::click().collect::<Vec<_>>() {
            self.events(&[event], cursor);
        }
    }

    /// Presses Tab until the control has the keyboard.
    pub(super) fn tab_to(&mut self, id: &'static str) {
        for _ in 0..40 {
            if self.focused().is_some_and(|seen| seen == Id::new(id)) {
                return;
            }
            self.press(Named::Tab);
        }
        panic!("Tab does not reach {id}");
    }

    /// The controls that the keyboard and a screen reader reach, in order.
    pub(super) fn controls(&mut self) -> Vec<Seen> {
        let mut collect = Collect::default();
        self.operate(&mut collect);
        collect.seen
    }

    pub(super) fn seen(&mut self, id: &'static str) -> Seen {
        let all = self.controls();
        let found = all.iter().find(|seen| seen.id == Id::new(id));
        found
            .unwrap_or_else(|| panic!("no {id} among {all:?}"))
            .clone()
    }

    pub(super) fn has(&mut self, id: &'static str) -> bool {
        self.controls().iter().any(|seen| seen.id == Id::new(id))
    }

    /// What has the keyboard.
    pub(super) fn focused(&mut self) -> Option<Id> {
        let mut focused = Focused(None);
        self.operate(&mut focused);
        focused.0
    }

    /// The status line, as a screen reader says it.
    pub(super) fn status(&mut self) -> String {
        self.seen("status").meaning.name
    }

    /// How many runs the history holds.
    pub(super) fn runs(&self) -> usize {
        self.engine().history().unwrap().records.len()
    }

    fn engine(&self) -> Engine {
        Engine::new(Services::without_keyring(&self.home, &self.app.start.site).unwrap())
    }

    /// The store, read by another engine.
    pub(super) fn stored(&self, key: &str) -> Option<String> {
        self.engine().setting(key).unwrap()
    }
}
