//! The window without a window: the same program, driven by keys and clicks,
//! its tasks carried out, its states photographed.

mod desk;
mod dialogs;
mod keyboard;
mod meanwhile;
mod network;
mod painter;
mod pictures;
mod runs;
mod scenes;
mod settings;
mod walk;

/// The program's own fonts, so that pictures are the same everywhere.
fn load_fonts() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let empty: iced_test::Simulator<'_, ()> =
            iced_test::Simulator::with_settings(super::start::settings(), iced::widget::text(""));
        drop(empty);
    });
}
