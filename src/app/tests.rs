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
