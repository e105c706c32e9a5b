//! The password that nobody else has, and the search for it.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    time::{Duration, SystemTime},
};

use crate::lab::{Inside, program::Program, run::Run};

/// Folders in which programs leave things behind.
const SHARED: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// A password, and when the search for it began to matter.
pub(crate) struct Canary {
    password: String,
    /// What stands for the password in Digest (RFC 7616 section 3.4.2).
    hash: Option<String>,
    since: SystemTime,
}

impl Canary {
    /// One that was never used before. It is made up here so that no binary
    /// and no source file holds it.
    pub(crate) fn new() -> Self {
        let now = SystemTime::now();
        let nanos = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_nanos();
        Self::with(format!("Canary{}x{nanos}", process::id()))
    }

    /// The one that the lab's servers know.
    pub(crate) fn of(lab: &Inside) -> Self {
        let mut canary = Self::with(fs::read_to_string(lab.file("password")).unwrap());
        let digest = fs::read_to_string(lab.file("htdigest")).unwrap();
        canary.hash = digest.trim().rsplit(':').next().map(str::to_owned);
        canary
    }

    fn with(password: String) -> Self {
        // File systems keep time more coarsely than the clock.
        let since = SystemTime::now() - Duration::from_millis(100);
        Self {
            password,
            hash: None,
            since,
        }
    }

    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// The password in every form in which it could be written down.
    pub(crate) fn needles(&self) -> Vec<Vec<u8>> {
        let wide = |bytes: &str| bytes.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut needles = vec![self.password.clone().into_bytes(), wide(&self.password)];
        for before in ["alice:", "", "x", "xx"] {
            let code = base64(format!("{before}{}", self.password).as_bytes());
            // The ends depend on what stands around it.
            needles.push(code[4..code.len() - 4].to_vec());
        }
        needles.extend(self.hash.clone().map(String::into_bytes));
        needles
    }

    pub(crate) fn is_in(&self, bytes: &[u8]) -> bool {
        self.needles()
            .iter()
            .any(|needle| bytes.windows(needle.len()).any(|part| part == needle))
    }

    /// Fails if a file that `program` could have written, or what `runs` said, holds it.
    #[track_caller]
    pub(crate) fn is_nowhere(&self, program: &Program, runs: &[Run]) {
        assert!(!runs.is_empty());
        let found = self.found(program, runs);
        assert!(found.is_empty(), "the password is in {found:#?}");
    }

    /// Where it is.
    pub(crate) fn found(&self, program: &Program, runs: &[Run]) -> Vec<String> {
        let mut files = Vec::new();
        collect(program.root(), &mut files);
        for shared in SHARED {
            for entry in fs::read_dir(shared).into_iter().flatten().flatten() {
                let path = entry.path();
                if path != program.root() && self.is_new(&path) {
                    collect(&path, &mut files);
                }
            }
        }
        let in_file = |path: &PathBuf| {
            let is_small = fs::metadata(path).is_ok_and(|file| file.len() < 1 << 26);
            is_small && fs::read(path).is_ok_and(|bytes| self.is_in(&bytes))
        };
        let mut found: Vec<_> = files
            .iter()
            .filter(|path| in_file(path))
            .map(|path| path.display().to_string())
            .collect();
        for (number, run) in runs.iter().enumerate() {
            for (name, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
                if self.is_in(text.as_bytes()) {
                    found.push(format!("{name} of run {number}: {}", self.around(text)));
                }
            }
        }
        found
    }

    /// What stands around the password, if it stands there as it is.
    fn around(&self, text: &str) -> String {
        let (before, after) = text.split_once(&self.password).unwrap_or_default();
        let start = before.char_indices().rev().nth(80).map_or(0, |(at, _)| at);
        let after: String = after.chars().take(40).collect();
        format!("…{}PASSWORD{after}…", &before[start..])
    }

    fn is_new(&self, path: &Path) -> bool {
        let metadata = fs::symlink_metadata(path);
        metadata
            .and_then(|data| data.modified())
            .is_ok_and(|time| time >= self.since)
    }
}

/// All plain files at and below `path`; links are not followed.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return;
    };
    if metadata.is_file() {
        files.push(path.to_owned());
    } else if metadata.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), files);
        }
    }
}

/// RFC 4648 section 4.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut code = Vec::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| {
            bits << 8 | group.get(at).map_or(0, |&b| b.into())
        });
        for at in 0..4 {
            let is_padding = at > group.len();
            code.push(if is_padding {
                b'='
            } else {
                ALPHABET[bits >> (18 - 6 * at) & 63]
            });
        }
    }
    code
}
