//! What would change: a list to look through, then *Apply* or *Discard*. Only
//! the rows that are seen are made, so that 100,000 are no burden.

use iced::{
    Length, Size,
    widget::{Space, column, container, row, scrollable, text},
};

use super::{
    Message,
    frame::{Button, dialog},
};
use crate::{
    app::{
        text as words,
        theme::{self, Tone, size, space, width},
        widget::{
            Element, Role,
            controls::{field, hint},
            node,
        },
    },
    provisioning::{
        report::{Action, Change, Report},
        summary,
    },
};

/// Identity of the list that scrolls.
pub(in crate::app) const LIST: &str = "changes";
/// What the title, the filter and the buttons need of the window.
const FURNITURE: f32 = 280.0;
const LEAST: f32 = 96.0;
const MOST: f32 = 420.0;
/// Rows that are made above and below those that are seen.
const SPARE: usize = 4;

/// The dialog.
#[derive(Debug)]
pub(in crate::app) struct Preview {
    report: Report,
    filter: String,
    /// The places of the changes that match.
    matching: Vec<usize>,
    scrolled: f32,
}

impl Preview {
    pub(super) fn new(report: Report) -> Self {
        let matching = (0..report.changes.len()).collect();
        Self {
            report,
            filter: String::new(),
            matching,
            scrolled: 0.0,
        }
    }

    /// Shows only changes with these words in them.
    pub(in crate::app) fn filter(&mut self, filter: String) {
        let wanted = filter.trim().to_lowercase();
        let matches = |change: &Change| {
            let values = [&change.old, &change.new];
            wanted.is_empty()
                || words::action(change.action).to_lowercase() == wanted
                || change.key.to_lowercase().contains(&wanted)
                || values
                    .into_iter()
                    .flatten()
                    .any(|value| value.to_lowercase().contains(&wanted))
        };
        let changes = self.report.changes.iter().enumerate();
        self.matching = changes
            .filter(|(_, change)| matches(change))
            .map(|(place, _)| place)
            .collect();
        self.filter = filter;
        self.scrolled = 0.0;
    }

    /// Whether only some of the changes are listed.
    pub(in crate::app) fn is_filtered(&self) -> bool {
        !self.filter.trim().is_empty()
    }

    /// The list was scrolled to here.
    pub(in crate::app) fn scrolled(&mut self, to: f32) {
        self.scrolled = to.max(0.0);
    }

    pub(super) fn view(&self, window: Size) -> Element<'_, Message> {
        let filter = field(
            "filter",
            words::FILTER,
            &self.filter,
            words::FILTER,
            None,
            Some(Message::Filter),
        );
        let content = column![
            text(summary::headline(&self.report))
                .size(size::TEXT)
                .font(theme::STRONG),
            hint(self.counts(), Tone::Calm),
            filter,
            self.list(window),
        ]
        .spacing(space::S);
        dialog(
            words::PREVIEW_TITLE,
            content,
            Some(Button {
                label: words::DISCARD,
                on_press: Some(Message::Discard),
            }),
            Button {
                label: words::APPLY,
                on_press: Some(Message::Apply),
            },
            (width::WIDE_DIALOG, window),
        )
    }

    fn counts(&self) -> String {
        let of = |action| {
            let changes = self.report.changes.iter();
            changes.filter(|change| change.action == action).count()
        };
        let counted = [
            Action::Added,
            Action::Changed,
            Action::Removed,
            Action::Secret,
            Action::Refused,
            Action::Kept,
        ];
        let parts: Vec<String> = counted
            .into_iter()
            .map(|action| (action, of(action)))
            .filter(|(_, count)| *count > 0)
            .map(|(action, count)| format!("{count} {}", words::action(action).to_lowercase()))
            .collect();
        let shown = if self.matching.len() == self.report.changes.len() {
            String::new()
        } else {
            format!(
                " \u{2013} {} shown, Apply takes the others too",
                self.matching.len()
            )
        };
        format!("{}{shown}", parts.join(", "))
    }

    fn list(&self, window: Size) -> Element<'_, Message> {
        let height = (window.height - FURNITURE).clamp(LEAST, MOST);
        if self.matching.is_empty() {
            let words = if self.report.changes.is_empty() {
                words::NO_CHANGES
            } else {
                words::NO_MATCH
            };
            return container(hint(words, Tone::Calm))
                .center_x(Length::Fill)
                .center_y(height)
                .style(theme::group)
                .into();
        }
        let total = self.matching.len();
        let (first, last) = visible(self.scrolled, height, total);
        let above = height_of(first);
        let below = height_of(total - last);
        let mut rows = column![Space::new().height(above)];
        for place in &self.matching[first..last] {
            if let Some(change) = self.report.changes.get(*place) {
                rows = rows.push(change_row(change));
            }
        }
        rows = rows.push(Space::new().height(below));
        let seen = scrollable(rows)
            .id(LIST)
            .height(height)
            .on_scroll(|viewport| Message::Scrolled(viewport.absolute_offset().y));
        let seen = container(seen).style(theme::group).padding(1);
        let step = theme::ROW;
        node("change-list", Role::Group, words::PREVIEW_TITLE, seen)
            .on_arrows(Some((Message::ScrollBy(-step), Message::ScrollBy(step))))
            .into()
    }
}

/// The rows to make, from the first to before the last.
fn visible(scrolled: f32, height: f32, total: usize) -> (usize, usize) {
    let first = row_at(scrolled).saturating_sub(SPARE).min(total);
    let last = (row_at(scrolled + height) + 1 + SPARE).min(total);
    (first.min(last), last)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes an index: negative ones are 0, large ones the largest"
)]
fn row_at(pixels: f32) -> usize {
    (pixels / theme::ROW) as usize
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a list has at most a million rows, and a pixel more or less is not seen"
)]
fn height_of(rows: usize) -> f32 {
    theme::ROW * rows as f32
}

fn change_row(change: &Change) -> Element<'_, Message> {
    let tone = match change.action {
        Action::Added | Action::Secret => Tone::Good,
        Action::Changed | Action::Kept => Tone::Calm,
        Action::Removed => Tone::Bad,
        Action::Refused => Tone::Warn,
    };
    let action = text(words::action(change.action))
        .size(size::SMALL)
        .font(theme::STRONG)
        .style(tone.text())
        .width(width::LABEL - space::M);
    let line = |words: String| text(words).size(size::SMALL).wrapping(text::Wrapping::None);
    let values = column![
        line(change.key.clone()).font(theme::STRONG),
        line(words::values(change)).style(theme::muted),
    ];
    container(row![action, container(values).width(Length::Fill).clip(true)].spacing(space::S))
        .padding([space::XS, space::S])
        .height(theme::ROW)
        .width(Length::Fill)
        .clip(true)
        .into()
}
