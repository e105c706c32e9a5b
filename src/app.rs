//! THE WINDOW: the same engine as the command line, seen and clicked. It turns
//! events into messages and states into views; what decides is in
//! `provisioning::run`.

mod broken;
mod demo;
mod dialog;
mod frame;
mod painter;
mod pane;
mod start;
mod text;
mod theme;
mod widget;

#[cfg(test)]
mod tests;

use std::time::Duration;

use iced::{
    Size, Subscription, Task, Theme, system,
    theme::Mode,
    widget::{operation, scrollable::AbsoluteOffset},
    window,
};
use jiff::ZonedDateTime;

pub use demo::run as demo;
pub use start::{has_display, run};

use self::{
    broken::Broken,
    pane::provisioning::{self, Pane},
    start::{Opened, Opening, Start, Watched},
    widget::Element,
};
use crate::{
    engine::{Engine, WindowMemory},
    provisioning::{failure::Failure, method::Method},
};

/// The one name of this program on every desktop: window class, Wayland
/// application id, `.desktop` file, icon.
pub const ID: &str = "org.provisioning_settings.ProvisioningSettings";

/// How far Page Up and Page Down scroll, as a part of the height.
const PAGE: f32 = 0.6;

/// By then a desktop has most likely said whether it is light or dark.
const SAID: Duration = Duration::from_secs(2);

/// What happens in the window.
#[derive(Debug, Clone)]
enum Message {
    /// The pane.
    Pane(provisioning::Message),
    /// The store was opened, or not.
    Opened(Opened),
    /// The page of a store that cannot be read.
    Broken(broken::Message),
    /// The system is light or dark now.
    Mode(Mode),
    /// It was asked what it is.
    Asked(Mode),
    /// The window has another size.
    Resized(Size),
    /// Time goes by.
    Tick,
    /// Another program changed the store.
    Changed,
    /// The help is opened or closed.
    Help(bool),
    /// Copy the status.
    Copy,
    /// Scroll by so many pages.
    Page(f32),
    /// Close the window, once all is stored.
    Close,
    /// All is stored.
    Closed,
}

/// What fills the window.
enum Screen {
    /// The store is being read.
    Loading,
    /// It cannot be read.
    Broken(Broken),
    /// The pane.
    Pane(Box<Pane>),
}

/// The window.
struct App {
    start: Start,
    engine: Option<Engine>,
    screen: Screen,
    mode: Mode,
    /// Whether the system has said what it is; before that, it is taken to be
    /// what it was.
    is_told: bool,
    size: Size,
    help: bool,
    memory: WindowMemory,
    now: fn() -> ZonedDateTime,
    /// Called once the window is closing; a program that is more than a window
    /// does nothing then.
    end: fn(),
}

impl App {
    /// The window, as far as `opening` has come.
    fn boot(start: Start, memory: WindowMemory, mut opening: Opening) -> (Self, Task<Message>) {
        let mut app = Self::new(start, memory);
        let open = match opening.try_recv() {
            Ok(Some(opened)) => app.opened(opened),
            _ => Task::perform(opening, |opened| {
                Message::Opened(opened.unwrap_or(Err(Failure::Cancelled)))
            }),
        };
        let look = app.ask_for_the_look();
        (app, Task::batch([open, look]))
    }

    /// Asks whether the system is light or dark. On Linux the desktop says it
    /// unasked, if it has something to say: only what was dark may have nothing
    /// to say any more.
    fn ask_for_the_look(&self) -> Task<Message> {
        let asked = || system::theme().map(Message::Asked);
        if !cfg!(target_os = "linux") {
            asked()
        } else if self.mode == Mode::Dark {
            let said = async { tokio::time::sleep(SAID).await };
            Task::future(said).then(move |()| asked())
        } else {
            Task::none()
        }
    }

    /// The window as it is once the store is opened, or not. What would begin
    /// then does not.
    fn with(start: Start, memory: WindowMemory, opened: Opened) -> Self {
        let mut app = Self::new(start, memory);
        drop(app.opened(opened));
        app
    }

    /// The window before anything was read.
    fn new(start: Start, memory: WindowMemory) -> Self {
        let size = start::size(&memory);
        Self {
            engine: None,
            screen: Screen::Loading,
            mode: if memory.dark { Mode::Dark } else { Mode::Light },
            is_told: false,
            size,
            help: false,
            memory,
            now: ZonedDateTime::now,
            end: || {},
            start,
        }
    }

    /// Opens the store, or tries again.
    fn open(&self) -> Task<Message> {
        let (start, known) = (self.start.clone(), self.engine.clone());
        let opening = async move {
            let opening = tokio::task::spawn_blocking(move || start::open(&start, known));
            opening.await.unwrap_or(Err(Failure::Cancelled))
        };
        Task::perform(opening, Message::Opened)
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Pane(message) => self.on_pane(message),
            Message::Opened(result) => self.opened(result),
            Message::Broken(message) => self.on_broken(message),
            // The toolkit's word for a window without a look of its own, before
            // the desktop has its say.
            Message::Mode(Mode::None) if !self.is_told => Task::none(),
            // What it said by itself is newer than an answer.
            Message::Asked(_) if self.is_told => Task::none(),
            Message::Mode(mode) | Message::Asked(mode) => {
                self.is_told = true;
                self.mode = mode;
                Task::none()
            }
            Message::Resized(size) => {
                self.size = size;
                Task::none()
            }
            Message::Tick => self.tick(),
            Message::Changed => self.changed(),
            Message::Help(open) => self.show_help(open),
            Message::Copy => self.copy(),
            Message::Page(pages) => self.page(pages),
            Message::Close => self.close(),
            Message::Closed => iced::exit(),
        }
    }

    fn on_pane(&mut self, message: provisioning::Message) -> Task<Message> {
        let Screen::Pane(pane) = &mut self.screen else {
            return Task::none();
        };
        let action = pane.update(message);
        self.pane_did(action)
    }

    fn pane_did(&mut self, action: provisioning::Action) -> Task<Message> {
        match action {
            provisioning::Action::Run(task) => task.map(Message::Pane),
            provisioning::Action::Quit => self.close(),
            provisioning::Action::Broken(failure) => {
                self.screen = Screen::Broken(Broken::new(failure, &self.start.home));
                Task::none()
            }
        }
    }

    fn opened(&mut self, result: Opened) -> Task<Message> {
        match result {
            Ok((engine, overview)) => {
                let mut pane = Pane::new(engine.clone(), overview, &self.memory, self.now);
                if let Some(address) = self.start.link.take() {
                    pane.offer(address);
                }
                self.engine = Some(engine);
                self.screen = Screen::Pane(Box::new(pane));
                if std::mem::take(&mut self.start.now) {
                    // A task, so that no run begins without a window.
                    return Task::done(Message::Pane(provisioning::Message::run()));
                }
            }
            Err(failure) => self.screen = Screen::Broken(Broken::new(failure, &self.start.home)),
        }
        Task::none()
    }

    fn on_broken(&mut self, message: broken::Message) -> Task<Message> {
        let Screen::Broken(page) = &mut self.screen else {
            return Task::none();
        };
        match page.update(message, self.start.clone()) {
            broken::Action::Run(task) => task.map(Message::Broken),
            broken::Action::Reload => self.open(),
        }
    }

    fn tick(&mut self) -> Task<Message> {
        if let Screen::Pane(pane) = &mut self.screen {
            pane.tick();
        }
        Task::none()
    }

    fn changed(&mut self) -> Task<Message> {
        match (&self.screen, &self.engine) {
            (Screen::Pane(_), Some(engine)) => Pane::reload(engine).map(Message::Pane),
            (Screen::Broken(page), _) if !page.is_busy() => self.open(),
            _ => Task::none(),
        }
    }

    fn show_help(&mut self, open: bool) -> Task<Message> {
        self.help = open;
        if open {
            return operation::focus(dialog::DEFAULT);
        }
        // What was behind the help begins anew where a person begins.
        match &self.screen {
            Screen::Pane(pane) => match &pane.dialog {
                Some(dialog) => dialog.focus(),
                None => Task::none(),
            },
            _ => Task::none(),
        }
    }

    fn copy(&mut self) -> Task<Message> {
        match &mut self.screen {
            Screen::Pane(pane) => pane.copy_status().map(Message::Pane),
            _ => Task::none(),
        }
    }

    fn page(&mut self, pages: f32) -> Task<Message> {
        let y = pages * PAGE * self.size.height;
        let target = match &self.screen {
            _ if self.help => dialog::SCROLL,
            Screen::Pane(pane) => pane.scrolls(),
            _ => provisioning::SCROLL,
        };
        operation::scroll_by(target, AbsoluteOffset { x: 0.0, y })
    }

    /// Stores what was typed and the size of the window, then ends.
    fn close(&mut self) -> Task<Message> {
        let mut memory = WindowMemory {
            width: Some(self.size.width),
            height: Some(self.size.height),
            dark: self.mode == Mode::Dark,
            ..self.memory.clone()
        };
        let mut storing = None;
        if let Screen::Pane(pane) = &mut self.screen {
            memory.method = match pane.last_method() {
                Method::Off => None,
                method => Some(method.as_stored().to_owned()),
            };
            storing = pane.before_closing();
        }
        let engine = self.engine.clone();
        let end = self.end;
        let keep = async move {
            end();
            if let Some(storing) = storing {
                storing.await;
            }
            if let Some(engine) = engine {
                let keeping = engine.blocking(move |engine| {
                    engine.keep_window(&memory);
                    Ok(())
                });
                // The window's size is not worth an error.
                let _ = keeping.await;
            }
        };
        Task::perform(keep, |()| Message::Closed)
    }

    fn view(&self) -> Element<'_, Message> {
        frame::view(self)
    }

    fn theme(&self) -> Theme {
        theme::theme(self.mode)
    }

    fn subscription(&self) -> Subscription<Message> {
        let mut all = vec![
            system::theme_changes().map(Message::Mode),
            window::resize_events().map(|(_, size)| Message::Resized(size)),
            window::close_requests().map(|_| Message::Close),
            Subscription::run(start::signals),
        ];
        if let Some(engine) = &self.engine {
            let watched = Watched(engine.clone());
            all.push(Subscription::run_with(watched, start::changes));
        }
        if let Screen::Pane(pane) = &self.screen
            && pane.shows_time()
        {
            all.push(iced::time::every(start::TICK).map(|_| Message::Tick));
        }
        Subscription::batch(all)
    }
}
