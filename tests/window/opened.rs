//! The program's window, seen from outside.

use std::{
    fs::{self, File},
    os::unix::process::ExitStatusExt,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use crate::{
    desktop::{Desktop, Picture},
    lab::{keyring, program::Program},
};

/// The file of the settings.
pub(crate) const STORE: &str = "sip-communicator.properties";

/// A picture that stays so long is whole; a text cursor blinks more slowly.
const STAYS: Duration = Duration::from_millis(200);

/// A window that is open. Where the focus is, is kept account of: nothing
/// outside of the window can be asked for it.
pub(crate) struct Opened<'a> {
    desktop: &'a Desktop,
    child: Child,
    id: String,
    place: Place,
    focus: Option<&'static str>,
}

/// Where the window is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl<'a> Opened<'a> {
    /// Opens it, and waits until it can be used. What it says goes to a file
    /// of the program's folder.
    #[track_caller]
    pub(crate) fn open(desktop: &'a Desktop, program: &Program) -> Self {
        let output = |name: &str| {
            let file = program.root().join(name);
            File::options()
                .create(true)
                .append(true)
                .open(file)
                .unwrap()
        };
        let child = program
            .command(&[])
            .env("DISPLAY", desktop.display())
            .env("RUST_BACKTRACE", "full")
            .stdin(Stdio::null())
            .stdout(output("stdout"))
            .stderr(output("stderr"))
            .spawn()
            .unwrap();
        let mut id = String::new();
        desktop.until("the window", || {
            let name = "Provisioning Settings$";
            let arguments = ["search", "--onlyvisible", "--name", name];
            desktop
                .ask("xdotool", &arguments)
                .trim()
                .clone_into(&mut id);
            !id.is_empty()
        });
        desktop.until("the focus", || {
            desktop.ask("xdotool", &["getwindowfocus"]).trim() == id
        });
        let mut opened = Self {
            desktop,
            child,
            place: place(desktop, &id),
            id,
            focus: None,
        };
        desktop.until("a picture", || opened.pane_is_painted());
        opened.place = place(desktop, &opened.id);
        opened
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Everything that the X server keeps of it.
    pub(crate) fn properties(&self) -> String {
        let root = self.desktop.ask("xprop", &["-root"]);
        let own = self.desktop.ask("xprop", &["-id", &self.id]);
        let tree = self.desktop.ask("xwininfo", &["-root", "-tree"]);
        format!("{root}\n{own}\n{tree}")
    }

    /// The buttons at the bottom are painted when the store was read.
    fn pane_is_painted(&self) -> bool {
        let picture = self.desktop.picture();
        let Place {
            x,
            y,
            width,
            height,
        } = self.place;
        let (right, bottom) = (x + width, y + height);
        let empty = picture.row(right - 240, bottom - 6, 200);
        (bottom - 60..bottom - 20).any(|y| picture.row(right - 240, y, 200) != empty)
    }

    /// Whether a dialog is in front: what is behind is darkened.
    pub(crate) fn has_dialog(&self) -> bool {
        self.is_darkened(&self.desktop.picture())
    }

    fn is_darkened(&self, picture: &Picture) -> bool {
        let y = self.place.y + self.place.height - 20;
        picture.at(self.place.x + 20, y)[0] < 0xa0
    }

    /// Waits for a dialog that does not look like `before`, and gives its look.
    #[track_caller]
    pub(crate) fn dialog_after(&mut self, before: Look, focus: &'static str) -> Look {
        let mut last = Look::default();
        let mut since = Instant::now();
        self.desktop.until("the next dialog", || {
            let picture = self.desktop.picture();
            let look = Look::of(&picture, self.place);
            if !self.is_darkened(&picture) || look == before || look != last {
                (last, since) = (look, Instant::now());
                return false;
            }
            since.elapsed() > STAYS
        });
        self.focus = Some(focus);
        last
    }

    /// Waits for a dialog.
    #[track_caller]
    pub(crate) fn dialog(&mut self, focus: &'static str) -> Look {
        self.dialog_after(Look::default(), focus)
    }

    /// Waits until no dialog is open, and the focus is nowhere.
    #[track_caller]
    pub(crate) fn no_dialog(&mut self) {
        self.desktop.until("no dialog", || !self.has_dialog());
        self.focus = None;
    }

    /// Waits for the list of changes, in which rows are dark on white up to
    /// its edges: it is wider than the other dialogs.
    #[track_caller]
    pub(crate) fn changes_after(&mut self, before: Look) {
        self.desktop.until("the changes", || {
            let picture = self.desktop.picture();
            let Place {
                x,
                y,
                width,
                height,
            } = self.place;
            let beside = picture.at(x + width / 2 - 300, y + height / 2);
            self.is_darkened(&picture) && beside[0] > 0xe0
        });
        self.dialog_after(before, "filter");
    }

    /// The middle of what is blue between two lines of the screen.
    #[track_caller]
    pub(crate) fn blue(&self, from: u32, to: u32) -> (u32, u32) {
        let picture = self.desktop.picture();
        let Place { x, width, .. } = self.place;
        // Right of the list of panes, in which the chosen one has a blue sign.
        let columns = x + 200..x + width;
        let blue = |x, y| picture.at(x, y) == [0x0b, 0x57, 0xd0];
        let places: Vec<_> = (from..to)
            .flat_map(|y| columns.clone().map(move |x| (x, y)))
            .filter(|(x, y)| blue(*x, *y))
            .collect();
        assert!(!places.is_empty(), "nothing is blue");
        let first = places.first().unwrap();
        let last = places.last().unwrap();
        (first.0 + 40, u32::midpoint(first.1, last.1))
    }

    /// Makes it larger or smaller, as a person does by its edge.
    #[track_caller]
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let (wide, high) = (width.to_string(), height.to_string());
        let arguments = ["windowsize", &self.id, &wide, &high];
        self.desktop.ask("xdotool", &arguments);
        self.desktop.until("the other size", || {
            self.place = place(self.desktop, &self.id);
            (self.place.width, self.place.height) == (width, height)
        });
        self.settled();
    }

    /// Whether something is in the colour of what went wrong.
    pub(crate) fn has_red(&self) -> bool {
        let picture = self.desktop.picture();
        let Place {
            x,
            y,
            width,
            height,
        } = self.place;
        let red = |pixel: &&[u8]| pixel[2] > 0x90 && pixel[1] < 0x50 && pixel[0] < 0x50;
        let in_row = |y| picture.row(x, y, width).chunks(4).filter(red).count();
        (y..y + height).map(in_row).sum::<usize>() > 10
    }

    /// What it looks like now.
    pub(crate) fn look(&self) -> Look {
        Look::of(&self.desktop.picture(), self.place)
    }

    /// Whether *Provision now* is there and can be pressed: it is blue, and
    /// wider than *Cancel*.
    pub(crate) fn can_run(&self) -> bool {
        let picture = self.desktop.picture();
        let Place {
            x,
            y,
            width,
            height,
        } = self.place;
        let blue = |pixel: &&[u8]| pixel.starts_with(&[0xd0, 0x57, 0x0b]);
        let in_row = |y| {
            picture
                .row(x + width / 2, y, width / 2)
                .chunks(4)
                .filter(blue)
                .count()
        };
        (y + height - 60..y + height).any(|y| in_row(y) > 100)
    }

    /// What it looks like, once it does not change any more.
    #[track_caller]
    pub(crate) fn settled(&self) -> Look {
        let mut last = Look::default();
        let mut since = Instant::now();
        self.desktop.until("a picture that stays", || {
            let look = Look::of(&self.desktop.picture(), self.place);
            if look != last {
                (last, since) = (look, Instant::now());
            }
            since.elapsed() > STAYS
        });
        last
    }

    /// Goes to `control` by Tab, in a window with these Tab stops.
    #[track_caller]
    pub(crate) fn go(&mut self, stops: &[&'static str], control: &'static str) {
        let at = |name| {
            let place = stops.iter().position(|stop| *stop == name);
            place.unwrap_or_else(|| panic!("{name} is not in {stops:?}"))
        };
        let to = at(control);
        let from = self.focus.map(at);
        let forward = match from {
            Some(from) => (to + stops.len() - from) % stops.len(),
            None => to + 1,
        };
        let back = match from {
            Some(from) => (from + stops.len() - to) % stops.len(),
            None => stops.len() - to,
        };
        if forward <= back {
            self.desktop.keys(&vec!["Tab"; forward]);
        } else {
            self.desktop.keys(&vec!["shift+Tab"; back]);
        }
        self.focus = Some(control);
    }

    /// The focus is here now, or nowhere.
    pub(crate) fn focus_is(&mut self, control: Option<&'static str>) {
        self.focus = control;
    }

    /// What Ctrl+C copies, once it says `words`. The focus is in no field.
    #[track_caller]
    pub(crate) fn status(&self, words: &str) -> String {
        let mut last = String::new();
        let mut found = String::new();
        self.desktop
            .until(&format!("\u{201c}{words}\u{201d} in the status"), || {
                let copied = self.desktop.copied_soon(|| self.desktop.keys(&["ctrl+c"]));
                let Some(status) = copied else { return false };
                if status != last {
                    println!("status: {status}");
                    last.clone_from(&status);
                }
                found = status;
                found.contains(words)
            });
        found
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        keyring::signal(&self.child, name);
    }

    /// Closes it by the keyboard and waits until the process has ended well.
    #[track_caller]
    pub(crate) fn close(self) -> Duration {
        self.desktop.keys(&["alt+F4"]);
        self.ended()
    }

    /// Waits until the process has ended well, and says how long that took.
    #[track_caller]
    pub(crate) fn ended(mut self) -> Duration {
        let began = Instant::now();
        let mut status = None;
        self.desktop.until("the end", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let status = status.unwrap();
        assert_eq!((status.code(), status.signal()), (Some(0), None));
        began.elapsed()
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn place(desktop: &Desktop, id: &str) -> Place {
    let text = desktop.ask("xwininfo", &["-id", id]);
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
        line.trim().parse().unwrap()
    };
    Place {
        x: number("Absolute upper-left X:"),
        y: number("Absolute upper-left Y:"),
        width: number("Width:"),
        height: number("Height:"),
    }
}

/// What the middle of a window looks like, in a number. Below it, a clock may
/// go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Look(u64);

impl Look {
    fn of(picture: &Picture, place: Place) -> Self {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        let (x, y) = (place.x + place.width / 4, place.y + place.height / 4);
        for y in y..y + place.height / 2 {
            picture.row(x, y, place.width / 2).hash(&mut hasher);
        }
        Self(hasher.finish())
    }
}

/// A file of the home folder as text; empty if it is not there.
pub(crate) fn kept(program: &Program, name: &str) -> String {
    fs::read_to_string(program.home().join(name)).unwrap_or_default()
}
