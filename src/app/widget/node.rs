//! A wrapper that gives any widget a role and a name, a place in the Tab
//! order, Space, Enter and arrows, a click, and a ring that shows the focus.

use iced::{
    Border, Color, Event, Length, Rectangle, Size, Theme, Vector,
    advanced::{
        Clipboard, Layout, Renderer as _, Shell, Widget, layout, mouse, overlay, renderer,
        widget::{Id, Operation, Tree, operation, tree},
    },
    keyboard::{self, Key, key::Named},
    touch,
};

use super::{Element, Meaning, Meta, Role};
use crate::app::painter::Painter as Renderer;
use crate::app::theme;

/// A control. See [`node`].
pub(in crate::app) struct Node<'a, Message> {
    id: Id,
    meaning: Meaning,
    content: Element<'a, Message>,
    on_activate: Option<Message>,
    on_arrows: Option<(Message, Message)>,
    /// Whether Tab stops here; in a radio group it does at one place only.
    tab_stop: bool,
    /// Whether the node itself hears the mouse (a button inside does it else).
    hears_mouse: bool,
}

/// Wraps `content` as a control with this identity, role and name.
pub(in crate::app) fn node<'a, Message>(
    id: &'static str,
    role: Role,
    name: impl Into<String>,
    content: impl Into<Element<'a, Message>>,
) -> Node<'a, Message> {
    Node {
        id: Id::new(id),
        meaning: Meaning::new(role, name.into()),
        content: content.into(),
        on_activate: None,
        on_arrows: None,
        tab_stop: true,
        hears_mouse: true,
    }
}

impl<Message> Node<'_, Message> {
    /// What it does when it is pressed; `None` switches it off.
    pub(in crate::app) fn on_activate(mut self, message: Option<Message>) -> Self {
        self.meaning.disabled = message.is_none();
        self.on_activate = message;
        self
    }

    /// What the arrows do while the focus is on it: back, forward.
    pub(in crate::app) fn on_arrows(mut self, messages: Option<(Message, Message)>) -> Self {
        self.on_arrows = messages;
        self
    }

    /// Whether Tab stops here.
    pub(in crate::app) fn tab_stop(mut self, stop: bool) -> Self {
        self.tab_stop = stop;
        self
    }

    /// Leaves the mouse to a button inside.
    pub(in crate::app) fn mouse_is_heard_inside(mut self) -> Self {
        self.hears_mouse = false;
        self
    }

    /// Says more about it.
    pub(in crate::app) fn meaning(mut self, change: impl FnOnce(&mut Meaning)) -> Self {
        change(&mut self.meaning);
        self
    }

    fn can_focus(&self) -> bool {
        !self.meaning.disabled && (self.on_activate.is_some() || self.on_arrows.is_some())
    }

    /// Enter is the default button's, but for buttons.
    fn is_pressed_by(&self, key: Named) -> bool {
        key == Named::Space || key == Named::Enter && self.meaning.role == Role::Button
    }
}

#[derive(Default)]
struct State {
    focused: bool,
    /// The keyboard brought the focus here; the mouse needs no ring.
    ring: bool,
    pressed: bool,
}

impl operation::Focusable for State {
    fn is_focused(&self) -> bool {
        self.focused
    }

    fn focus(&mut self) {
        self.focused = true;
        self.ring = true;
    }

    fn unfocus(&mut self) {
        self.focused = false;
        self.ring = false;
    }
}

impl<Message: Clone> Node<'_, Message> {
    fn on_mouse(
        &self,
        state: &mut State,
        event: &Event,
        over: bool,
        shell: &mut Shell<'_, Message>,
    ) {
        match event {
            Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerPressed { .. }) => {
                // Before the captured check: a button inside captures the
                // press, and still has to take the focus.
                let focused = over && self.can_focus();
                if focused != state.focused || state.ring {
                    shell.request_redraw();
                }
                state.focused = focused;
                state.ring = false;
                if focused && self.hears_mouse && !shell.is_event_captured() {
                    state.pressed = true;
                    shell.capture_event();
                }
            }
            Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
            | Event::Touch(touch::Event::FingerLifted { .. }) => {
                if std::mem::take(&mut state.pressed)
                    && over
                    && let Some(message) = &self.on_activate
                {
                    shell.publish(message.clone());
                    shell.capture_event();
                }
            }
            _ => {}
        }
    }

    fn on_key(&self, key: Named, shell: &mut Shell<'_, Message>, repeat: bool) {
        let message = match key {
            _ if self.is_pressed_by(key) => self.on_activate.clone().filter(|_| !repeat),
            Named::ArrowUp | Named::ArrowLeft => self.on_arrows.clone().map(|(back, _)| back),
            Named::ArrowDown | Named::ArrowRight => {
                self.on_arrows.clone().map(|(_, forward)| forward)
            }
            _ => return,
        };
        if let Some(message) = message {
            shell.publish(message);
            shell.capture_event();
        } else if self.is_pressed_by(key) {
            shell.capture_event();
        }
    }
}

impl<Message: Clone> Widget<Message, Theme, Renderer> for Node<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.content)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(std::slice::from_ref(&self.content));
    }

    fn size(&self) -> Size<Length> {
        self.content.as_widget().size()
    }

    fn size_hint(&self) -> Size<Length> {
        self.content.as_widget().size_hint()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        let content = self.content.as_widget_mut();
        content.layout(&mut tree.children[0], renderer, limits)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        let can_focus = self.can_focus();
        let state = tree.state.downcast_mut::<State>();
        let mut meta = Meta {
            meaning: self.meaning.clone(),
            tab_stop: self.tab_stop,
        };
        operation.custom(Some(&self.id), layout.bounds(), &mut meta);
        let (id, content, children) = (&self.id, &mut self.content, &mut tree.children);
        operation.traverse(&mut |operation| {
            if can_focus {
                operation.focusable(Some(id), layout.bounds(), state);
            }
            let content = content.as_widget_mut();
            content.operate(&mut children[0], layout, renderer, operation);
        });
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let content = self.content.as_widget_mut();
        let inside = &mut tree.children[0];
        content.update(
            inside, event, layout, cursor, renderer, clipboard, shell, viewport,
        );
        let state = tree.state.downcast_mut::<State>();
        if !self.can_focus() {
            // It was switched off while the focus was on it.
            *state = State::default();
            return;
        }
        self.on_mouse(state, event, cursor.is_over(layout.bounds()), shell);
        if let Event::Keyboard(keyboard::Event::KeyPressed {
            key: Key::Named(key),
            repeat,
            modifiers,
            ..
        }) = event
            && state.focused
            && !shell.is_event_captured()
            && !modifiers.control()
            && !modifiers.alt()
        {
            self.on_key(*key, shell, *repeat);
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let content = self.content.as_widget();
        let inside = &tree.children[0];
        content.draw(inside, renderer, theme, style, layout, cursor, viewport);
        let state = tree.state.downcast_ref::<State>();
        if state.focused
            && state.ring
            && let Some(color) = theme::ring(theme)
        {
            let (distance, width) = theme::RING;
            renderer.fill_quad(
                renderer::Quad {
                    bounds: layout.bounds().expand(distance + width),
                    border: Border {
                        color,
                        width,
                        radius: 8.0.into(),
                    },
                    ..renderer::Quad::default()
                },
                Color::TRANSPARENT,
            );
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        let content = self.content.as_widget();
        let inside =
            content.mouse_interaction(&tree.children[0], layout, cursor, viewport, renderer);
        let clickable = self.on_activate.is_some() && self.can_focus();
        let over = self.hears_mouse && clickable && cursor.is_over(layout.bounds());
        if inside == mouse::Interaction::None && over {
            mouse::Interaction::Pointer
        } else {
            inside
        }
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        let content = self.content.as_widget_mut();
        content.overlay(
            &mut tree.children[0],
            layout,
            renderer,
            viewport,
            translation,
        )
    }
}

impl<'a, Message: Clone + 'a> From<Node<'a, Message>> for Element<'a, Message> {
    fn from(node: Node<'a, Message>) -> Self {
        Self::new(node)
    }
}
