//! A window of the same toolkit, with the same features and size and nothing
//! in it: what `benches/window.sh` compares the program's window with.

use iced::{Element, Size, Task, widget::Space, window};

#[derive(Debug, Clone, Copy)]
enum Message {}

fn update((): &mut (), message: Message) -> Task<Message> {
    match message {}
}

fn view((): &()) -> Element<'_, Message> {
    Space::new().into()
}

fn main() -> iced::Result {
    iced::application(|| (), update, view)
        .title("Empty")
        .window(window::Settings {
            size: Size::new(900.0, 640.0),
            ..window::Settings::default()
        })
        .run()
}
