//! The outermost widget: the keys that work everywhere, heard before a text
//! field captures them.

use iced::{
    Event, Length, Rectangle, Size, Theme, Vector,
    advanced::{
        Clipboard, Layout, Shell, Widget, layout, mouse, overlay, renderer,
        widget::{Operation, Tree, operation::Outcome, tree},
    },
    keyboard::{self, Key, Modifiers, key::Named},
};

use super::{
    Element,
    focus::{self, Way},
};
use crate::app::painter::Painter as Renderer;

/// What the keys of the window do at this moment.
#[derive(Debug, Clone)]
pub(in crate::app) struct Keys<Message> {
    /// Esc, also while a text field has the focus.
    pub escape: Option<Message>,
    /// Enter, unless a button has the focus or a text field wants it.
    pub enter: Option<Message>,
    /// F1.
    pub help: Option<Message>,
    /// Ctrl+C outside of a text field.
    pub copy: Option<Message>,
    /// Page Up and Page Down.
    pub pages: Option<(Message, Message)>,
}

struct Root<'a, Message> {
    content: Element<'a, Message>,
    keys: Keys<Message>,
}

/// Puts `keys` around the whole window.
pub(in crate::app) fn root<'a, Message: Clone + 'a>(
    content: impl Into<Element<'a, Message>>,
    keys: Keys<Message>,
) -> Element<'a, Message> {
    Element::new(Root {
        content: content.into(),
        keys,
    })
}

impl<Message: Clone> Root<'_, Message> {
    fn walk(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: impl Operation + 'static,
    ) {
        let mut next: Option<Box<dyn Operation>> = Some(Box::new(operation));
        while let Some(mut operation) = next.take() {
            let content = self.content.as_widget_mut();
            content.operate(&mut tree.children[0], layout, renderer, operation.as_mut());
            if let Outcome::Chain(chained) = operation.finish() {
                next = Some(chained);
            }
        }
    }

    /// What a key does before anything inside hears of it.
    fn first(&self, key: &Key) -> Option<Message> {
        match key {
            Key::Named(Named::Escape) => self.keys.escape.clone(),
            Key::Named(Named::F1) => self.keys.help.clone(),
            _ => None,
        }
    }

    /// What a key does if nothing inside wanted it.
    fn last(&self, key: &Key, modifiers: Modifiers) -> Option<Message> {
        match key {
            Key::Named(Named::Enter) => self.keys.enter.clone(),
            Key::Named(Named::PageUp) => self.keys.pages.clone().map(|(up, _)| up),
            Key::Named(Named::PageDown) => self.keys.pages.clone().map(|(_, down)| down),
            Key::Character(c) if c.as_str() == "c" && modifiers.command() => self.keys.copy.clone(),
            _ => None,
        }
    }
}

fn is_tab(key: &Key, modifiers: Modifiers) -> bool {
    *key == Key::Named(Named::Tab) && !modifiers.control() && !modifiers.alt()
}

impl<Message: Clone> Widget<Message, Theme, Renderer> for Root<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::stateless()
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
        let content = self.content.as_widget_mut();
        content.operate(&mut tree.children[0], layout, renderer, operation);
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
        let pressed = match event {
            Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, .. }) => {
                Some((key.clone(), *modifiers))
            }
            _ => None,
        };
        if let Some((key, modifiers)) = &pressed {
            if is_tab(key, *modifiers) {
                let way = if modifiers.shift() {
                    Way::Back
                } else {
                    Way::Forward
                };
                self.walk(tree, layout, renderer, focus::cycle(way));
                self.walk(tree, layout, renderer, focus::reveal());
                shell.capture_event();
                shell.request_redraw();
                return;
            }
            if let Some(message) = self.first(key) {
                shell.publish(message);
                shell.capture_event();
                return;
            }
        }
        let content = self.content.as_widget_mut();
        let inside = &mut tree.children[0];
        content.update(
            inside, event, layout, cursor, renderer, clipboard, shell, viewport,
        );
        if let Some((key, modifiers)) = &pressed
            && !shell.is_event_captured()
            && let Some(message) = self.last(key, *modifiers)
        {
            shell.publish(message);
            shell.capture_event();
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
        content.draw(
            &tree.children[0],
            renderer,
            theme,
            style,
            layout,
            cursor,
            viewport,
        );
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
        content.mouse_interaction(&tree.children[0], layout, cursor, viewport, renderer)
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
