//! Where Tab stops, in its order.

/// When nothing is set up.
pub(crate) const FIRST: [&str; 6] = [
    "card-address",
    "card-network",
    "card-sample",
    "enable",
    "sent",
    "copy-uuid",
];
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
/// With a method that searches: the address is off.
pub(crate) const SEARCHING: [&str; 6] = ["enable", "dhcp", "sent", "copy-uuid", "preview", "run"];
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
