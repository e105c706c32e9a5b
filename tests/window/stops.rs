//! Where Tab stops, in its order.

/// When nothing is set up.
pub(crate) const FIRST: [&str; 5] = ["card-address", "card-sample", "enable", "sent", "copy-uuid"];
/// With an address, before the first run.
pub(crate) const FRESH: [&str; 7] = [
    "enable",
    "manual",
    "uri",
    "sent",
    "copy-uuid",
    "preview",
    "run",
];
/// After a run that can be undone, with a password that is remembered.
pub(crate) const AFTER: [&str; 11] = [
    "enable",
    "manual",
    "uri",
    "sent",
    "copy-uuid",
    "forget",
    "details",
    "copy-report",
    "undo",
    "preview",
    "run",
];
/// After a run that changed nothing.
pub(crate) const CANCELLED: [&str; 9] = [
    "enable",
    "manual",
    "uri",
    "sent",
    "copy-uuid",
    "details",
    "copy-report",
    "preview",
    "run",
];
/// After an undo: no password is remembered any more.
pub(crate) const UNDONE: [&str; 10] = [
    "enable",
    "manual",
    "uri",
    "sent",
    "copy-uuid",
    "details",
    "copy-report",
    "undo",
    "preview",
    "run",
];
/// In the dialog with user name and password.
pub(crate) const SIGN_IN: [&str; 6] = [
    "username",
    "password",
    "show",
    "remember",
    "dialog-cancel",
    "dialog-default",
];
/// In a question of which *no* is the default.
pub(crate) const QUESTION: [&str; 2] = ["dialog-yes", "dialog-cancel"];
