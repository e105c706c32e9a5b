//! The toolkit's renderer, with one thing more: the letters of its first picture
//! can be drawn before there is a window. They are then in its stock, and the
//! window has its first frame sooner.

mod forward;

use std::sync::{Mutex, MutexGuard, PoisonError};

use iced::{
    Rectangle, Size, Theme,
    advanced::{
        Layout, Renderer as _, layout, mouse,
        renderer::{self, Headless as _},
        widget::Tree,
    },
};

use super::{theme, widget::Element};

type Inner = iced::Renderer;

/// Draws the window.
#[derive(Debug)]
pub(super) struct Painter {
    inner: Inner,
    /// Whether only letters are drawn, and all in the same place.
    stocks_up: bool,
}

/// How large the scrap of a picture is on which letters are drawn that nobody
/// looks at, in pixels.
const SCRAP: u16 = 16;

/// Where the painter of the window waits that is not there yet.
pub(super) struct Shelf(Mutex<Stock>);

enum Stock {
    /// A painter may be put there.
    Empty,
    Ready(Box<Painter>),
    /// The window has its painter.
    Closed,
}

static SHELF: Shelf = Shelf::new();

impl Shelf {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Stock::Empty))
    }

    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(*self.stock(), Stock::Empty)
    }

    pub(super) fn put(&self, painter: Painter) {
        let mut stock = self.stock();
        if matches!(*stock, Stock::Empty) {
            *stock = Stock::Ready(Box::new(painter));
        }
    }

    /// For the first window, what was put there. None of it later.
    pub(super) fn take(&self) -> Option<Painter> {
        match std::mem::replace(&mut *self.stock(), Stock::Closed) {
            Stock::Ready(painter) => Some(*painter),
            Stock::Empty | Stock::Closed => None,
        }
    }
}

/// Draws the letters of `view`, so that the painter of the window, which is to
/// be made, has them in its stock. Does nothing if there is a window.
pub(super) fn prepare<Message>(view: Element<'_, Message>, size: Size, look: &Theme) {
    if SHELF.is_empty() {
        let mut painter = Painter::new();
        painter.stock_up(view, size, look, &SHELF);
        SHELF.put(painter);
    }
}

impl Painter {
    pub(super) fn new() -> Self {
        Self::from(Inner::new(theme::REGULAR, theme::size::TEXT.into()))
    }

    /// Draws each letter of `view` once, as it will stand in the window: at the
    /// same part of a pixel, in the same colour. A display on which everything
    /// is larger needs other letters; then it was in vain.
    pub(super) fn stock_up<Message>(
        &mut self,
        view: Element<'_, Message>,
        size: Size,
        look: &Theme,
        place: &Shelf,
    ) {
        self.stocks_up = true;
        let texts = self.record(view, size, look);
        let scrap = Size::new(u32::from(SCRAP), u32::from(SCRAP));
        // The window is quicker without somebody beside it.
        if place.is_empty() {
            self.screenshot(scrap, 1.0, look.palette().background);
        }
        drop(texts);
        self.stocks_up = false;
        self.reset(Rectangle::with_size(Size::ZERO));
    }

    /// Notes what is to be drawn. The texts of it live as long as what is
    /// returned; the painter forgets them with it.
    pub(super) fn record<Message>(
        &mut self,
        mut view: Element<'_, Message>,
        size: Size,
        look: &Theme,
    ) -> Tree {
        let bounds = Rectangle::with_size(size);
        let mut tree = Tree::new(&view);
        let limits = layout::Limits::new(Size::ZERO, size);
        let node = view.as_widget_mut().layout(&mut tree, self, &limits);
        self.reset(bounds);
        view.as_widget().draw(
            &tree,
            self,
            look,
            &renderer::Style {
                text_color: look.palette().text,
            },
            Layout::new(&node),
            mouse::Cursor::Unavailable,
            &bounds,
        );
        tree
    }
}

impl From<Inner> for Painter {
    fn from(inner: Inner) -> Self {
        Self {
            inner,
            stocks_up: false,
        }
    }
}
