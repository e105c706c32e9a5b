//! Walks over the widgets of a window that nobody sees.

use std::any::Any;

use iced::{
    Rectangle,
    advanced::widget::{Id, Operation},
};
use iced_test::core::widget::operation;

use crate::app::{
    pane::provisioning::SCROLL,
    widget::{Meaning, Meta},
};

/// A control as a walk over the widgets finds it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) id: Id,
    pub(super) meaning: Meaning,
    pub(super) bounds: Rectangle,
}

/// The texts, in the order of the widgets.
pub(super) struct Texts(pub(super) Vec<String>);

impl Operation for Texts {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn text(&mut self, _: Option<&Id>, _: Rectangle, text: &str) {
        self.0.push(text.to_owned());
    }
}

/// What has the keyboard.
pub(super) struct Focused(pub(super) Option<Id>);

impl Operation for Focused {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn focusable(&mut self, id: Option<&Id>, _: Rectangle, state: &mut dyn operation::Focusable) {
        if state.is_focused() {
            self.0 = id.cloned();
        }
    }
}

/// How far the pane is scrolled.
pub(super) struct Scrolled(pub(super) f32);

impl Operation for Scrolled {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn scrollable(
        &mut self,
        id: Option<&Id>,
        _: Rectangle,
        _: Rectangle,
        translation: iced::Vector,
        _: &mut dyn operation::Scrollable,
    ) {
        if id == Some(&Id::new(SCROLL)) {
            self.0 = translation.y;
        }
    }
}

/// The controls, in the order of the widgets.
#[derive(Default)]
pub(super) struct Collect {
    pub(super) seen: Vec<Seen>,
}

impl Operation for Collect {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn custom(&mut self, id: Option<&Id>, bounds: Rectangle, state: &mut dyn Any) {
        if let (Some(id), Some(meta)) = (id, state.downcast_ref::<Meta>()) {
            self.seen.push(Seen {
                id: id.clone(),
                meaning: meta.meaning.clone(),
                bounds,
            });
        }
    }
}
