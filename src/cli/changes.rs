//! The change list for people: a word, a colour, the key, old and new value.

use anstyle::Style;

use super::out::{CYAN, DIM, GREEN, Out, RED, YELLOW, plain};
use crate::provisioning::report::{Action, Change};

const IN_KEYRING: &str = " (in the keyring)";

/// Prints each change on a line of its own.
pub(super) fn print(out: &mut Out, changes: &[Change]) {
    for change in changes {
        out.line(line(change));
    }
}

fn line(change: &Change) -> String {
    let style = style(change.action);
    let word = change.action.as_str();
    let key = plain(&change.key);
    let value = |value: &Option<String>| value.as_deref().map(plain).unwrap_or_default();
    let (old, new) = (value(&change.old), value(&change.new));
    let rest = match change.action {
        Action::Added | Action::Changed if change.new.is_none() => IN_KEYRING.to_owned(),
        Action::Added => format!(" = {new}"),
        Action::Changed => format!(" = {DIM}{old}{DIM:#} \u{2192} {new}"),
        Action::Removed if change.old.is_some() => format!(" {DIM}(was {old}){DIM:#}"),
        Action::Refused if change.new.is_some() => format!(" {DIM}(not set to {new}){DIM:#}"),
        Action::Secret => IN_KEYRING.to_owned(),
        _ => String::new(),
    };
    format!("{style}{word:<8}{style:#} {key}{rest}")
}

fn style(action: Action) -> Style {
    match action {
        Action::Added => GREEN,
        Action::Changed => YELLOW,
        Action::Removed | Action::Refused => RED,
        Action::Kept | Action::Secret => CYAN,
    }
}
