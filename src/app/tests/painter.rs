//! The window's painter, which is made before the window.

use iced::{Size, Theme, advanced::renderer::Headless as _};

use super::{load_fonts, scenes};
use crate::app::{
    Message,
    painter::{Painter, Shelf},
    widget::Element,
};

const PIXELS: Size<u32> = Size::new(900, 640);

fn picture(painter: &mut Painter, view: Element<'_, Message>, look: &Theme) -> Vec<u8> {
    let size = Size::new(900.0, 640.0);
    let _texts = painter.record(view, size, look);
    painter.screenshot(PIXELS, 1.0, look.palette().background)
}

#[test]
fn a_painter_with_a_stock_draws_what_a_new_one_draws() {
    load_fonts();
    let app = scenes::window(scenes::overview());
    let look = app.theme();
    let mut prepared = Painter::new();
    prepared.stock_up(app.view(), app.size, &look, &Shelf::new());
    let prepared = picture(&mut prepared, app.view(), &look);
    let fresh = picture(&mut Painter::new(), app.view(), &look);
    assert!(prepared == fresh);
    assert!(fresh.chunks(4).any(|pixel| pixel != &fresh[..4]));
}

#[test]
fn the_first_window_gets_what_was_prepared_and_no_later_one() {
    let shelf = Shelf::new();
    assert!(shelf.is_empty());
    shelf.put(Painter::new());
    assert!(!shelf.is_empty());
    assert!(shelf.take().is_some());
    assert!(shelf.take().is_none());
}

#[test]
fn what_is_prepared_too_late_is_dropped() {
    let shelf = Shelf::new();
    assert!(shelf.take().is_none());
    assert!(!shelf.is_empty());
    shelf.put(Painter::new());
    assert!(shelf.take().is_none());
}

/// How many letters it has in its stock.
fn letters(painter: &Painter) -> usize {
    format!("{painter:?}").matches("CacheKey {").count()
}

#[test]
fn the_stock_holds_every_letter_of_the_first_picture() {
    load_fonts();
    let app = scenes::window(scenes::overview());
    let look = app.theme();
    let mut prepared = Painter::new();
    assert_eq!(letters(&prepared), 0);
    prepared.stock_up(app.view(), app.size, &look, &Shelf::new());
    let stock = letters(&prepared);
    assert!(stock > 100, "{stock}");
    picture(&mut prepared, app.view(), &look);
    assert_eq!(letters(&prepared), stock);
}

#[test]
fn nothing_is_drawn_beside_a_window_that_is_there() {
    load_fonts();
    let app = scenes::window(scenes::overview());
    let (mut late, shelf) = (Painter::new(), Shelf::new());
    shelf.take();
    late.stock_up(app.view(), app.size, &app.theme(), &shelf);
    assert_eq!(letters(&late), 0);
}
