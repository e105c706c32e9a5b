//! What is over at once is not shown as going on: the pane stays as it is for
//! a moment, and nothing flickers.

use std::time::{Duration, Instant};

use iced::Task;

use super::{Activity, Message, Pane, activity};

/// What is over sooner is never seen to go on. A tenth of a second is taken as
/// at once.
const UNNOTICED: Duration = Duration::from_millis(80);

/// One of the things that went on, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct Noticed(u64);

/// Whether the pane shows what goes on.
#[derive(Debug)]
pub(super) struct Notice {
    number: u64,
    shown: bool,
    from: Instant,
}

impl Default for Notice {
    fn default() -> Self {
        Self {
            number: 0,
            shown: true,
            from: Instant::now(),
        }
    }
}

impl Notice {
    pub(super) fn is(&self, noticed: Noticed) -> bool {
        self.number == noticed.0
    }

    /// When what goes on is shown.
    pub(super) fn from(&self) -> Instant {
        self.from
    }
}

impl Pane {
    /// Something begins that the pane does not show yet.
    pub(super) fn begin_unnoticed(&mut self) -> Task<Message> {
        let number = self.notice.number + 1;
        self.notice = Notice {
            number,
            shown: false,
            from: Instant::now() + UNNOTICED,
        };
        let from = self.notice.from;
        Task::perform(
            async move { tokio::time::sleep_until(from.into()).await },
            move |()| Message::Activity(activity::Message::Lasts(Noticed(number))),
        )
    }

    /// Shows what goes on.
    pub(super) fn show_activity(&mut self) {
        self.notice.shown = true;
        if self.activity.is_running() {
            // A run says by itself how far it is.
            self.status = None;
        }
    }

    /// Whether the pane shows a run.
    pub(in crate::app) fn shows_run(&self) -> bool {
        self.notice.shown && self.activity.is_running()
    }

    /// Whether the pane shows that something goes on.
    pub(super) fn shows_activity(&self) -> bool {
        self.notice.shown && self.activity.is_busy()
    }

    /// Whether something that is shown goes on with the time.
    pub(in crate::app) fn shows_time(&self) -> bool {
        self.notice.shown && self.activity.has_step()
    }

    /// Begins to take back or to forget.
    pub(super) fn begin_changing(&mut self) -> Task<Message> {
        self.activity = Activity::Changing;
        self.begin_unnoticed()
    }
}
