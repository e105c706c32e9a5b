//! Walks over the widgets: the next and the last place of the Tab order, in a
//! circle, and what has the focus moved to where it is seen.

use std::any::Any;

use iced::{
    Rectangle, Vector,
    advanced::widget::{
        Id,
        operation::{Focusable, Operation, Outcome, Scrollable, scrollable::AbsoluteOffset},
    },
};

use super::Meta;

/// How much is left free around what is moved into sight.
const MARGIN: f32 = 12.0;

/// Which way Tab goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Back,
}

/// Moves the focus to the next place, from the last one to the first.
pub(super) fn cycle(way: Way) -> impl Operation {
    Count {
        way,
        total: 0,
        focused: None,
        passed: false,
    }
}

struct Count {
    way: Way,
    total: usize,
    focused: Option<usize>,
    /// The node that is being walked is no Tab stop.
    passed: bool,
}

impl Operation for Count {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _: Option<&Id>, _: Rectangle, state: &mut dyn Any) {
        self.passed = is_passed(state);
    }

    fn focusable(&mut self, _: Option<&Id>, _: Rectangle, state: &mut dyn Focusable) {
        let passed = std::mem::take(&mut self.passed);
        if state.is_focused() {
            self.focused = Some(self.total);
        }
        if !passed {
            self.total += 1;
        }
    }

    fn finish(&self) -> Outcome<()> {
        if self.total == 0 {
            return Outcome::None;
        }
        let last = self.total - 1;
        let target = match (self.way, self.focused) {
            (Way::Forward, None) => 0,
            (Way::Forward, Some(place)) => (place + 1) % self.total,
            (Way::Back, None | Some(0)) => last,
            (Way::Back, Some(place)) => place - 1,
        };
        Outcome::Chain(Box::new(Go {
            target,
            place: 0,
            passed: false,
        }))
    }
}

struct Go {
    target: usize,
    place: usize,
    passed: bool,
}

impl Operation for Go {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, _: Option<&Id>, _: Rectangle, state: &mut dyn Any) {
        self.passed = is_passed(state);
    }

    fn focusable(&mut self, _: Option<&Id>, _: Rectangle, state: &mut dyn Focusable) {
        if std::mem::take(&mut self.passed) {
            state.unfocus();
            return;
        }
        if self.place == self.target {
            state.focus();
        } else {
            state.unfocus();
        }
        self.place += 1;
    }
}

/// Tab passes what is switched off: a text field would take the focus then,
/// and nothing would show it.
fn is_passed(state: &mut dyn Any) -> bool {
    state
        .downcast_ref::<Meta>()
        .is_some_and(|meta| !meta.tab_stop || meta.meaning.disabled)
}

/// Scrolls what has the focus into sight.
pub(super) fn reveal() -> impl Operation {
    Find::default()
}

#[derive(Default)]
struct Find {
    /// The scrollables around the place that is walked, by their numbers.
    around: Vec<usize>,
    count: usize,
    next: Option<usize>,
    found: Option<(usize, Rectangle)>,
}

impl Operation for Find {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let entered = self.next.take();
        self.around.extend(entered);
        operate(self);
        if entered.is_some() {
            self.around.pop();
        }
    }

    fn scrollable(
        &mut self,
        _: Option<&Id>,
        _: Rectangle,
        _: Rectangle,
        _: Vector,
        _: &mut dyn Scrollable,
    ) {
        self.next = Some(self.count);
        self.count += 1;
    }

    fn focusable(&mut self, _: Option<&Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        if state.is_focused()
            && let Some(scrollable) = self.around.last()
        {
            self.found = Some((*scrollable, bounds));
        }
    }

    fn finish(&self) -> Outcome<()> {
        match self.found {
            Some((number, target)) => Outcome::Chain(Box::new(Scroll {
                number,
                target,
                count: 0,
            })),
            None => Outcome::None,
        }
    }
}

struct Scroll {
    number: usize,
    target: Rectangle,
    count: usize,
}

impl Operation for Scroll {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn scrollable(
        &mut self,
        _: Option<&Id>,
        bounds: Rectangle,
        content: Rectangle,
        translation: Vector,
        state: &mut dyn Scrollable,
    ) {
        if self.count == self.number {
            let y = missing(bounds, self.target, translation.y);
            if y != 0.0 {
                state.scroll_by(AbsoluteOffset { x: 0.0, y }, bounds, content);
            }
        }
        self.count += 1;
    }
}

/// How far to scroll so that `target` is between the edges of `bounds`.
fn missing(bounds: Rectangle, target: Rectangle, scrolled: f32) -> f32 {
    let top = target.y - scrolled - MARGIN;
    let bottom = target.y + target.height - scrolled + MARGIN;
    if top < bounds.y {
        top - bounds.y
    } else if bottom > bounds.y + bounds.height {
        bottom - bounds.y - bounds.height
    } else {
        0.0
    }
}
