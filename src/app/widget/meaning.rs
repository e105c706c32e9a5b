//! What a control is, for whoever cannot see it: a screen reader, a test.

/// The kind of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Role {
    /// It does something.
    Button,
    /// It is on or off.
    CheckBox,
    /// One of several.
    Radio,
    /// A line of text to type.
    TextField,
    /// The same, hidden.
    PasswordField,
    /// Several controls with a name.
    Group,
    /// A line that changes by itself.
    Status,
    /// A window in front of all else.
    Dialog,
    /// How far a run is.
    Progress,
}

/// Role, name and state of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Meaning {
    /// Its kind.
    pub role: Role,
    /// Its name, as it is read out.
    pub name: String,
    /// More about it: what is wrong, why it is off.
    pub description: Option<String>,
    /// Its value: the text of a field, never a password.
    pub value: Option<String>,
    /// On or off, folded out or in.
    pub toggled: Option<bool>,
    /// Its place among how many.
    pub position: Option<(usize, usize)>,
    /// Whether it cannot be used.
    pub disabled: bool,
}

impl Meaning {
    pub(super) fn new(role: Role, name: String) -> Self {
        Self {
            role,
            name,
            description: None,
            value: None,
            toggled: None,
            position: None,
            disabled: false,
        }
    }
}

/// What a node hands to an operation that walks the widgets, just before it
/// hands over its place in the Tab order.
#[derive(Debug)]
pub(in crate::app) struct Meta {
    /// What it is.
    pub meaning: Meaning,
    /// Whether Tab stops at it.
    pub tab_stop: bool,
}
