//! Every colour, size and distance of the window. A view names a role and
//! never a number.

use std::sync::LazyLock;

use iced::{
    Background, Border, Color, Font, Theme,
    advanced::graphics::text::font_system,
    border, font,
    theme::{Base as _, Mode, Palette},
    widget::{button as iced_button, container, progress_bar, text, text_input},
};

/// The text of the window.
pub(super) const REGULAR: Font = Font::with_name("Inter");
/// Headings and what counts.
pub(super) const STRONG: Font = Font {
    weight: font::Weight::Semibold,
    ..REGULAR
};
/// Check marks, triangles, the padlock.
pub(super) const SYMBOLS: Font = Font::with_name("Provisioning Symbols");

/// The fonts that the program brings along.
/// The toolkit tells them apart by their place.
pub(super) static FONTS: [&[u8]; 3] = [
    include_bytes!("../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
    include_bytes!("../../assets/fonts/Symbols.ttf"),
];

/// Reads the fonts of the system and of the program. The window would do it
/// when it draws for the first time.
pub(super) fn read_fonts() {
    if let Ok(mut system) = font_system().write() {
        for font in FONTS {
            system.load_font(font.into());
        }
    }
}

/// Sizes of text, in logical pixels.
pub(super) mod size {
    /// Everything that is read.
    pub(in crate::app) const TEXT: f32 = 14.0;
    /// Hints and times.
    pub(in crate::app) const SMALL: f32 = 12.5;
    /// Headings of dialogs and pages.
    pub(in crate::app) const TITLE: f32 = 18.0;
}

/// Distances, in logical pixels.
pub(super) mod space {
    /// Between a sign and its word.
    pub(in crate::app) const XS: f32 = 4.0;
    /// Between lines that belong together.
    pub(in crate::app) const S: f32 = 8.0;
    /// Inside of boxes.
    pub(in crate::app) const M: f32 = 12.0;
    /// Between parts.
    pub(in crate::app) const L: f32 = 16.0;
    /// Around a pane.
    pub(in crate::app) const XL: f32 = 24.0;
}

/// Widths, in logical pixels.
pub(super) mod width {
    /// The list of panes.
    pub(in crate::app) const SIDEBAR: f32 = 176.0;
    /// The text column of a pane; longer lines are hard to read.
    pub(in crate::app) const PANE: f32 = 720.0;
    /// A dialog with a question.
    pub(in crate::app) const DIALOG: f32 = 440.0;
    /// A dialog with a list.
    pub(in crate::app) const WIDE_DIALOG: f32 = 760.0;
    /// The words before a field.
    pub(in crate::app) const LABEL: f32 = 80.0;
    /// A note beside buttons.
    pub(in crate::app) const NOTE: f32 = 300.0;
    /// From this on, a line of text has room beside the buttons of the pane.
    pub(in crate::app) const BESIDE: f32 = 620.0;
    /// Below this, there is no list of panes.
    pub(in crate::app) const NARROW: f32 = 600.0;
    /// Below this, what stands side by side stands below each other.
    pub(in crate::app) const VERY_NARROW: f32 = 480.0;
}

/// Height of one row of the change list, which is drawn only as far as it is seen.
pub(super) const ROW: f32 = 46.0;

const RADIUS: f32 = 6.0;
/// How far the focus ring stands off, and how thick it is.
pub(super) const RING: (f32, f32) = (2.0, 2.0);

/// The colours that are beyond iced's palette.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    /// Boxes that stand out from the background.
    surface: Color,
    /// Lines around boxes.
    line: Color,
    /// The edge of what can be used: 3:1 against what is behind it.
    edge: Color,
    muted: Color,
    accent: Color,
    primary: Color,
    primary_hover: Color,
    on_primary: Color,
    good: Color,
    bad: Color,
    warn: Color,
    hover: Color,
    selected: Color,
}

const fn rgb(r: u8, g: u8, b: u8) -> Color {
    Color::from_rgb8(r, g, b)
}

const LIGHT: Colours = Colours {
    surface: rgb(0xff, 0xff, 0xff),
    line: rgb(0xd5, 0xda, 0xe1),
    edge: rgb(0x7d, 0x85, 0x90),
    muted: rgb(0x57, 0x60, 0x6a),
    accent: rgb(0x0b, 0x57, 0xd0),
    primary: rgb(0x0b, 0x57, 0xd0),
    primary_hover: rgb(0x0a, 0x4a, 0xb3),
    on_primary: rgb(0xff, 0xff, 0xff),
    good: rgb(0x19, 0x70, 0x3a),
    bad: rgb(0xb4, 0x23, 0x18),
    warn: rgb(0x83, 0x53, 0x00),
    hover: rgb(0xea, 0xee, 0xf3),
    selected: rgb(0xdf, 0xe8, 0xf8),
};

const DARK: Colours = Colours {
    surface: rgb(0x20, 0x25, 0x2b),
    line: rgb(0x3a, 0x42, 0x4c),
    edge: rgb(0x81, 0x8b, 0x97),
    muted: rgb(0xa9, 0xb3, 0xbe),
    accent: rgb(0x8a, 0xb4, 0xf8),
    primary: rgb(0x2a, 0x66, 0xd4),
    primary_hover: rgb(0x3b, 0x78, 0xe7),
    on_primary: rgb(0xff, 0xff, 0xff),
    good: rgb(0x63, 0xcf, 0x86),
    bad: rgb(0xff, 0x8f, 0x85),
    warn: rgb(0xf2, 0xbd, 0x55),
    hover: rgb(0x2c, 0x33, 0x3b),
    selected: rgb(0x2b, 0x3d, 0x5c),
};

/// The theme for the system's mode.
pub(super) fn theme(mode: Mode) -> Theme {
    // Its palette takes a while to work out, and it is wanted for each frame.
    static LIGHT: LazyLock<Theme> = LazyLock::new(|| make(Mode::Light, "Light"));
    static DARK: LazyLock<Theme> = LazyLock::new(|| make(Mode::Dark, "Dark"));
    match mode {
        Mode::Dark => DARK.clone(),
        Mode::Light | Mode::None => LIGHT.clone(),
    }
}

/// The name of a theme in which nothing has a ring because of the keyboard.
const BEHIND: &str = "Behind a dialog";

/// The same theme for what lies behind a dialog, to which the keyboard belongs.
pub(super) fn behind(theme: &Theme) -> Theme {
    static LIGHT: LazyLock<Theme> = LazyLock::new(|| make(Mode::Light, BEHIND));
    static DARK: LazyLock<Theme> = LazyLock::new(|| make(Mode::Dark, BEHIND));
    if theme.extended_palette().is_dark {
        DARK.clone()
    } else {
        LIGHT.clone()
    }
}

fn make(mode: Mode, name: &str) -> Theme {
    let (background, text, colours) = match mode {
        Mode::Dark => (rgb(0x17, 0x1b, 0x20), rgb(0xe7, 0xeb, 0xf0), DARK),
        Mode::Light | Mode::None => (rgb(0xf6, 0xf7, 0xf9), rgb(0x1b, 0x1f, 0x24), LIGHT),
    };
    Theme::custom(
        name.to_owned(),
        Palette {
            background,
            text,
            primary: colours.primary,
            success: colours.good,
            warning: colours.warn,
            danger: colours.bad,
        },
    )
}

fn colours(theme: &Theme) -> Colours {
    if theme.extended_palette().is_dark {
        DARK
    } else {
        LIGHT
    }
}

fn with_alpha(color: Color, a: f32) -> Color {
    Color { a, ..color }
}

/// The ring around what has the keyboard; none behind a dialog.
pub(super) fn ring(theme: &Theme) -> Option<Color> {
    (theme.name() != BEHIND).then_some(colours(theme).accent)
}

fn coloured(color: Color) -> text::Style {
    text::Style { color: Some(color) }
}

/// What is simply read.
pub(super) fn plain(theme: &Theme) -> text::Style {
    coloured(theme.palette().text)
}

/// Hints, times, what cannot be used.
pub(super) fn muted(theme: &Theme) -> text::Style {
    coloured(colours(theme).muted)
}

/// What went well.
pub(super) fn good(theme: &Theme) -> text::Style {
    coloured(colours(theme).good)
}

/// What went wrong.
pub(super) fn bad(theme: &Theme) -> text::Style {
    coloured(colours(theme).bad)
}

/// What to look at.
pub(super) fn warn(theme: &Theme) -> text::Style {
    coloured(colours(theme).warn)
}

/// What can be followed or unfolded.
pub(super) fn accent(theme: &Theme) -> text::Style {
    coloured(colours(theme).accent)
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The one that Enter presses.
    Primary,
    /// Any other.
    Plain,
}

/// The style of a button.
pub(super) fn button(kind: Kind) -> impl Fn(&Theme, iced_button::Status) -> iced_button::Style {
    move |theme, status| {
        let c = colours(theme);
        let off = status == iced_button::Status::Disabled;
        let over = matches!(
            status,
            iced_button::Status::Hovered | iced_button::Status::Pressed
        );
        let (background, text_color, edge) = match kind {
            _ if off => (c.surface, with_alpha(c.muted, 0.75), c.line),
            Kind::Primary if over => (c.primary_hover, c.on_primary, c.primary_hover),
            Kind::Primary => (c.primary, c.on_primary, c.primary),
            Kind::Plain if over => (c.hover, theme.palette().text, c.edge),
            Kind::Plain => (c.surface, theme.palette().text, c.edge),
        };
        iced_button::Style {
            background: Some(background.into()),
            text_color,
            border: border::rounded(RADIUS).color(edge).width(1),
            ..iced_button::Style::default()
        }
    }
}

/// The style of a text field; `wrong` marks what cannot be used as it is.
pub(super) fn field(wrong: bool) -> impl Fn(&Theme, text_input::Status) -> text_input::Style {
    move |theme, status| {
        let c = colours(theme);
        let text = theme.palette().text;
        let focused = matches!(status, text_input::Status::Focused { .. });
        let off = status == text_input::Status::Disabled;
        let color = match status {
            _ if focused => c.accent,
            _ if wrong => c.bad,
            text_input::Status::Disabled => c.line,
            _ => c.edge,
        };
        text_input::Style {
            background: Background::Color(if off {
                theme.palette().background
            } else {
                c.surface
            }),
            border: border::rounded(RADIUS)
                .color(color)
                .width(if focused { 2 } else { 1 }),
            icon: c.muted,
            placeholder: with_alpha(c.muted, 0.8),
            value: if off { c.muted } else { text },
            selection: with_alpha(c.accent, 0.35),
        }
    }
}

/// A box around controls that belong together.
pub(super) fn group(theme: &Theme) -> container::Style {
    let c = colours(theme);
    container::Style {
        background: Some(c.surface.into()),
        border: border::rounded(RADIUS).color(c.line).width(1),
        ..container::Style::default()
    }
}

/// A banner: something to know, with a stripe of `tone`'s colour.
pub(super) fn banner(tone: Tone) -> impl Fn(&Theme) -> container::Style {
    move |theme| {
        let c = colours(theme);
        let color = match tone {
            Tone::Good => c.good,
            Tone::Bad => c.bad,
            Tone::Warn => c.warn,
            Tone::Calm => c.edge,
        };
        container::Style {
            background: Some(c.surface.into()),
            border: border::rounded(RADIUS).color(color).width(1),
            ..container::Style::default()
        }
    }
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
    /// It needs a look.
    Warn,
    /// It is only said.
    Calm,
}

impl Tone {
    /// The style of its text.
    pub(super) fn text(self) -> fn(&Theme) -> text::Style {
        match self {
            Self::Good => good,
            Self::Bad => bad,
            Self::Warn => warn,
            Self::Calm => muted,
        }
    }
}

/// The line with the way to this pane, and the list of panes.
pub(super) fn frame(theme: &Theme) -> container::Style {
    let c = colours(theme);
    container::Style {
        background: Some(c.surface.into()),
        ..container::Style::default()
    }
}

/// The chosen pane in the list.
pub(super) fn selected(theme: &Theme) -> container::Style {
    let c = colours(theme);
    container::Style {
        background: Some(c.selected.into()),
        border: border::rounded(RADIUS),
        ..container::Style::default()
    }
}

/// A line between parts.
pub(super) fn line(theme: &Theme) -> container::Style {
    container::Style {
        background: Some(colours(theme).line.into()),
        ..container::Style::default()
    }
}

/// What lies behind a dialog.
pub(super) fn backdrop(_: &Theme) -> container::Style {
    container::Style {
        background: Some(with_alpha(Color::BLACK, 0.5).into()),
        ..container::Style::default()
    }
}

/// A dialog.
pub(super) fn dialog(theme: &Theme) -> container::Style {
    let c = colours(theme);
    container::Style {
        background: Some(theme.palette().background.into()),
        // No shadow: drawn bit by bit, it would darken the dialog each time.
        border: border::rounded(RADIUS + 4.0).color(c.edge).width(1),
        ..container::Style::default()
    }
}

/// The square of a check box or the circle of a radio button.
pub(super) fn mark(on: bool, off: bool, round: bool) -> impl Fn(&Theme) -> container::Style {
    move |theme| {
        let c = colours(theme);
        let edge = if off { c.line } else { c.edge };
        let (background, color) = match (on, off) {
            (true, false) => (c.primary, c.primary),
            (true, true) => (c.line, c.line),
            (false, _) => (c.surface, edge),
        };
        container::Style {
            background: Some(background.into()),
            border: Border {
                color,
                width: 1.5,
                radius: if round { 9.0 } else { 4.0 }.into(),
            },
            ..container::Style::default()
        }
    }
}

/// The dot of a chosen radio button, and the check mark of a check box.
pub(super) fn dot(theme: &Theme) -> container::Style {
    container::Style {
        background: Some(colours(theme).on_primary.into()),
        border: border::rounded(4.0),
        ..container::Style::default()
    }
}

/// The text on a filled mark.
pub(super) fn on_primary(theme: &Theme) -> text::Style {
    coloured(colours(theme).on_primary)
}

/// How far a run is.
pub(super) fn progress(theme: &Theme) -> progress_bar::Style {
    let c = colours(theme);
    progress_bar::Style {
        background: c.hover.into(),
        bar: c.primary.into(),
        border: border::rounded(3.0),
    }
}
