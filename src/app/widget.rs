//! What iced 0.14 does not have: controls that the keyboard reaches and that
//! say what they are. Every control of the window is built on [`node`].

pub(super) mod controls;
pub(super) mod focus;
mod inert;
mod meaning;
mod node;
mod root;

pub(super) use inert::inert;
pub(super) use meaning::{Meaning, Meta, Role};
pub(super) use node::node;
pub(super) use root::{Keys, root};

/// An element of this window.
pub(super) type Element<'a, Message> =
    iced::Element<'a, Message, iced::Theme, super::painter::Painter>;

/// Elements below each other.
pub(super) type Column<'a, Message> =
    iced::widget::Column<'a, Message, iced::Theme, super::painter::Painter>;

/// Elements beside each other.
pub(super) type Row<'a, Message> =
    iced::widget::Row<'a, Message, iced::Theme, super::painter::Painter>;
