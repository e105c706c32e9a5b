//! Asks OpenJDK's own `java.util.Properties`, through `tests/java/Oracle.java`.

use std::path::Path;
use std::process::Command;

use provisioning_settings::provisioning::properties::Text;

/// Pairs of key and value.
pub(crate) type Pairs = Vec<(String, String)>;

/// What Java makes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// It threw: a malformed escape.
    pub(crate) refused: bool,
    /// Halves of surrogate pairs, each replaced by U+FFFD.
    pub(crate) halves: u32,
    /// Distinct keys: place of the first, value of the last.
    pub(crate) distinct: Pairs,
    /// All that was put, in order.
    pub(crate) puts: Pairs,
}

/// Requests, collected so that one JVM answers them all.
#[derive(Default)]
pub(crate) struct Requests(Vec<u8>);

impl Requests {
    /// `Properties.load`, from a stream or, if it is UTF-8, from a reader.
    pub(crate) fn load(&mut self, text: Text<'_>) {
        self.0.push(match text {
            Text::Latin1(_) => b'L',
            Text::Utf8(_) => b'R',
        });
        self.push(text.as_bytes());
    }

    /// `Properties.store(OutputStream, comment)`, with sorted keys.
    pub(crate) fn store(&mut self, comment: &str, entries: &Pairs) {
        self.0.push(b'S');
        self.push(comment.as_bytes());
        self.0.extend(length(entries.len()));
        for (key, value) in entries {
            self.push(key.as_bytes());
            self.push(value.as_bytes());
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.0.extend(length(bytes.len()));
        self.0.extend(bytes);
    }

    /// Java's answers, or `None` where there is no Java.
    pub(crate) fn ask(&self) -> Option<Answers> {
        let folder = tempfile::tempdir().unwrap();
        let (requests, answers) = (
            folder.path().join("requests"),
            folder.path().join("answers"),
        );
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/Oracle.java");
        let compiled = Command::new("javac")
            .arg("-d")
            .args([folder.path(), &source])
            .status()
            .ok()?;
        assert!(compiled.success(), "javac refuses Oracle.java");
        std::fs::write(&requests, &self.0).unwrap();
        let ran = Command::new("java")
            .args(["-Dline.separator=\n", "-cp"])
            .arg(folder.path())
            .arg("Oracle")
            .args([&requests, &answers])
            .status()
            .ok()?;
        assert!(ran.success(), "Oracle.java failed");
        let bytes = std::fs::read(&answers).unwrap();
        Some(Answers { bytes, at: 0 })
    }
}

fn length(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap().to_be_bytes()
}

/// Answers, to be taken in the order of the requests.
pub(crate) struct Answers {
    bytes: Vec<u8>,
    at: usize,
}

impl Answers {
    /// The answer to a `load_…`.
    pub(crate) fn loaded(&mut self) -> Loaded {
        Loaded {
            refused: self.number() == 1,
            halves: self.number(),
            distinct: self.pairs(),
            puts: self.pairs(),
        }
    }

    /// The answer to a `store`.
    pub(crate) fn stored(&mut self) -> Vec<u8> {
        let length = self.number() as usize;
        self.take(length).to_vec()
    }

    fn pairs(&mut self) -> Pairs {
        (0..self.number())
            .map(|_| (self.text(), self.text()))
            .collect()
    }

    fn text(&mut self) -> String {
        String::from_utf8(self.stored()).unwrap()
    }

    fn number(&mut self) -> u32 {
        u32::from_be_bytes(self.take(4).try_into().unwrap())
    }

    fn take(&mut self, length: usize) -> &[u8] {
        let piece = &self.bytes[self.at..self.at + length];
        self.at += length;
        piece
    }
}
