//! A desktop of the test's own: the lab's display with a window manager on it,
//! a keyboard, a mouse, the clipboard, and a look at the picture.

use std::{
    cell::Cell,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::lab::Inside;

/// The programs that it takes, beside the lab's `display`.
pub(crate) const PROGRAMS: [&str; 6] = [
    "openbox", "xdotool", "xclip", "xprop", "xwininfo", "timeout",
];

/// However slow the machine is, nothing takes longer.
const LIMIT: Duration = Duration::from_mins(1);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// A display with a window manager; it ends with the lab.
pub(crate) struct Desktop {
    display: String,
    screen: PathBuf,
    manager: Child,
    marks: Cell<u32>,
}

impl Desktop {
    /// Starts the window manager on the lab's display.
    pub(crate) fn start(lab: &Inside) -> Self {
        let number = fs::read_to_string(lab.file("display")).unwrap();
        let display = format!(":{}", number.trim());
        let manager = Command::new("openbox")
            .arg("--sm-disable")
            .env("DISPLAY", &display)
            .env("HOME", lab.file(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let desktop = Self {
            display,
            screen: lab.file("screen/Xvfb_screen0"),
            manager,
            marks: Cell::new(0),
        };
        desktop.until("the window manager", || {
            let answer = desktop.ask("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
            answer.contains("window id")
        });
        // The first key of another keyboard has the window manager take its
        // own keys anew; what is pressed meanwhile is lost.
        desktop.keys(&["Shift_L"]);
        desktop
    }

    /// What `DISPLAY` is.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env("DISPLAY", &self.display);
        command
    }

    /// What a program says on standard output.
    pub(crate) fn ask(&self, program: &str, arguments: &[&str]) -> String {
        text(&self.tool(program, arguments).output().unwrap())
    }

    /// Presses these keys one after the other.
    pub(crate) fn keys(&self, keys: &[&str]) {
        if keys.is_empty() {
            return;
        }
        let mut command = self.tool("xdotool", &["key", "--delay", "20"]);
        assert!(command.args(keys).status().unwrap().success(), "{keys:?}");
    }

    /// Types on the keyboard. The text is in no argument, where others see it.
    pub(crate) fn write(&self, words: &str) {
        let arguments = ["type", "--delay", "15", "--file", "-"];
        let mut typing = self
            .tool("xdotool", &arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut to = typing.stdin.take().unwrap();
        to.write_all(words.as_bytes()).unwrap();
        drop(to);
        assert!(typing.wait().unwrap().success());
    }

    /// Clicks at a place of the screen.
    pub(crate) fn click(&self, x: u32, y: u32) {
        let (x, y) = (x.to_string(), y.to_string());
        let arguments = ["mousemove", "--sync", &x, &y, "click", "1"];
        let mut command = self.tool("xdotool", &arguments);
        assert!(command.status().unwrap().success());
    }

    /// What can be pasted.
    pub(crate) fn clipboard(&self) -> String {
        self.selection("clipboard")
    }

    /// What is in this selection of the X server.
    pub(crate) fn selection(&self, name: &str) -> String {
        // Its owner may be gone, or busy for ever.
        let arguments = ["5", "xclip", "-o", "-selection", name, "-t", "UTF8_STRING"];
        text(&self.tool("timeout", &arguments).output().unwrap())
    }

    /// What the window copies when `copy` is done.
    #[track_caller]
    pub(crate) fn copied(&self, copy: impl Fn()) -> String {
        let mark = self.mark();
        copy();
        let mut copied = String::new();
        self.until("something to paste", || {
            copied = self.clipboard();
            !copied.is_empty() && copied != mark
        });
        copied
    }

    /// What the window copies when `copy` is done, if it does so soon.
    pub(crate) fn copied_soon(&self, copy: impl Fn()) -> Option<String> {
        let mark = self.mark();
        copy();
        let began = Instant::now();
        loop {
            let copied = self.clipboard();
            if !copied.is_empty() && copied != mark {
                return Some(copied);
            }
            if began.elapsed() > Duration::from_millis(500) {
                return None;
            }
            thread::sleep(LOOK);
        }
    }

    /// Puts something on the clipboard that nothing else puts there.
    fn mark(&self) -> String {
        self.marks.set(self.marks.get() + 1);
        let mark = format!("nothing copied {}", self.marks.get());
        let mut command = self.tool("xclip", &["-i", "-selection", "clipboard"]);
        // It stays behind to hand the text out.
        let mut marking = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut to = marking.stdin.take().unwrap();
        to.write_all(mark.as_bytes()).unwrap();
        drop(to);
        marking.wait().unwrap();
        self.until("the mark", || self.clipboard() == mark);
        mark
    }

    /// The picture on the screen.
    pub(crate) fn picture(&self) -> Picture {
        Picture::read(&self.screen)
    }

    /// Keeps the picture for a person to look at, where that is possible.
    pub(crate) fn keep(&self, name: &str) {
        let folder = Path::new(env!("CARGO_BIN_EXE_provisioning-settings"));
        let folder = folder.parent().unwrap().parent().unwrap().join("walk");
        let _ = fs::create_dir_all(&folder);
        let from = format!("xwd:{}", self.screen.display());
        let to = folder.join(format!("{name}.png"));
        let _ = Command::new("convert").arg(from).arg(to).output();
    }

    /// Waits until something is so.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let began = Instant::now();
        while !is_so() {
            if began.elapsed() > LIMIT {
                let name = thread::current().name().unwrap_or("test").to_owned();
                self.keep(&format!("failed-{name}"));
                panic!("waited {LIMIT:?} for {what}");
            }
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.manager.kill();
        let _ = self.manager.wait();
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is on the screen at one moment.
pub(crate) struct Picture {
    pixels: Vec<u8>,
    line: usize,
}

impl Picture {
    /// From the server's frame buffer, an XWD file: a header of big-endian
    /// numbers, the colours, then four bytes for each pixel, blue first.
    pub(crate) fn read(file: &Path) -> Self {
        let bytes = fs::read(file).unwrap();
        let number = |at: usize| {
            let bytes = bytes[at * 4..at * 4 + 4].try_into().unwrap();
            usize::try_from(u32::from_be_bytes(bytes)).unwrap()
        };
        let (header, line, colours) = (number(0), number(12), number(19));
        assert_eq!(number(11), 32, "bits for a pixel");
        Self {
            line,
            pixels: bytes[header + colours * 12..].to_vec(),
        }
    }

    /// Red, green and blue.
    pub(crate) fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let pixel = self.row(x, y, 1);
        [pixel[2], pixel[1], pixel[0]]
    }

    /// The bytes of some pixels that are side by side.
    pub(crate) fn row(&self, x: u32, y: u32, width: u32) -> &[u8] {
        let [x, y, width] = [x, y, width].map(|at| usize::try_from(at).unwrap());
        let at = y * self.line + x * 4;
        &self.pixels[at..at + width * 4]
    }
}
