//! Which file a path means. Nothing outside the folder, nothing hidden, and
//! nothing but regular files is ever opened.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Component, Path, PathBuf},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Content, ENTRY, error::ServeError, sample::FILES};
use crate::provisioning::exchange::MAX_BODY;

/// What ends the names of the files that are served.
const ENDING: &str = ".properties";
/// Endings in an address that mean the same file: the names of scripts.
const ENDINGS: [&str; 2] = [ENDING, ".php"];
/// How many names a listing has at most.
const MAX_NAMES: usize = 100;
/// How many files and folders it looks at for them, and how deep: somebody
/// may serve a whole disk.
const MAX_SEEN: usize = 5000;
const MAX_DEPTH: usize = 4;
/// What a path keeps as it is (RFC 3986 section 2.3, and the separator).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A file, with its name below the folder and what is in it.
    File(String, Vec<u8>),
    /// Nothing that may be served, and perhaps why, for the administrator's eyes.
    Nothing(Option<String>),
    /// A file that cannot be read, and why.
    Unreadable(String, String),
}

/// Whether `dir` can be served.
pub(super) fn check(dir: &Path) -> Result<(), ServeError> {
    let failed = |source| ServeError::folder(dir.to_owned(), source);
    if !fs::metadata(dir).map_err(failed)?.is_dir() {
        return Err(ServeError::NotAFolder(dir.to_owned()));
    }
    fs::read_dir(dir).map_err(failed)?;
    if names_in(dir).is_empty() {
        return Err(ServeError::NothingToServe(dir.to_owned()));
    }
    Ok(())
}

/// The path of a file by its name without the ending, percent-encoded.
pub(super) fn path_of(name: &str) -> String {
    format!("/{}", utf8_percent_encode(name, PATH))
}

/// The name of the file that `/` means: `provisioning`, else the only one
/// that there is at the top.
pub(super) fn entry(content: &Content) -> Option<String> {
    let usual = match content {
        Content::BuiltIn => true,
        Content::Dir(dir) => {
            let file = format!("{ENTRY}{ENDING}");
            matches!(resolve(dir, Path::new(&file)), Ok(Ok(_)))
        }
    };
    if usual {
        return Some(ENTRY.to_owned());
    }
    let names = names(content);
    let mut top = names.into_iter().filter(|name| !name.contains('/'));
    top.next().filter(|_| top.next().is_none())
}

/// The names of all files without the ending, sorted.
pub(super) fn names(content: &Content) -> Vec<String> {
    match content {
        Content::BuiltIn => FILES.map(|(name, _)| name.to_owned()).into(),
        Content::Dir(dir) => names_in(dir),
    }
}

/// Looks up what the still encoded `path` means.
pub(super) fn find(content: &Content, path: &str) -> Found {
    let Some(mut name) = name_of(path) else {
        return Found::Nothing(None);
    };
    if name.is_empty() {
        match entry(content) {
            Some(entry) => name = entry,
            None => return Found::Nothing(None),
        }
    }
    match content {
        Content::BuiltIn => FILES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(Found::Nothing(None), |(_, text)| {
                Found::File(format!("{name}{ENDING}"), text.as_bytes().to_vec())
            }),
        Content::Dir(dir) => read(dir, format!("{name}{ENDING}")),
    }
}

/// The name that a path means, without the ending; empty for `/`. `None` if
/// it has a part that no file may have: `..` and hidden ones, separators and
/// drive letters of other systems, control characters.
fn name_of(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    // Doubled slashes are common where addresses are glued together.
    for part in path.split('/').filter(|part| !part.is_empty()) {
        let part = percent_decode_str(part).decode_utf8().ok()?;
        let harmless = |c: char| !matches!(c, '/' | '\\' | ':') && !c.is_control();
        if part.starts_with('.') || !part.chars().all(harmless) {
            return None;
        }
        parts.push(part);
    }
    let name = parts.join("/");
    let bare = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    Some(bare.unwrap_or(&name).to_owned())
}

/// Reads `name` below `dir`.
fn read(dir: &Path, name: String) -> Found {
    let file = match resolve(dir, Path::new(&name)) {
        Ok(Ok(file)) => file,
        Ok(Err(why)) => return Found::Nothing(Some(format!("{name} is not served: {why}"))),
        Err(e) if leads_nowhere(&e) => return Found::Nothing(None),
        Err(e) => return Found::Unreadable(name, e.to_string()),
    };
    match read_whole(&file) {
        Ok(bytes) => Found::File(name, bytes),
        Err(e) => Found::Unreadable(name, e.to_string()),
    }
}

/// Whether it is the path's fault: nothing there, a path that goes on behind a
/// file, or a name that no file can have.
fn leads_nowhere(error: &io::Error) -> bool {
    use ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidFilename)
}

/// The real place of `name` below `dir`, or why it is not for serving. The
/// folder is resolved each time: it may be a link that moves to a new release.
fn resolve(dir: &Path, name: &Path) -> io::Result<Result<PathBuf, &'static str>> {
    let root = fs::canonicalize(dir)?;
    let file = fs::canonicalize(root.join(name))?;
    let Ok(below) = file.strip_prefix(&root) else {
        return Ok(Err("it is a link that leaves the folder"));
    };
    let hidden = |part: Component| part.as_os_str().as_encoded_bytes().starts_with(b".");
    if below.components().any(hidden) {
        return Ok(Err("it is a link to a hidden file"));
    }
    // Before it is opened: opening a pipe would wait for its other end.
    if !fs::metadata(&file)?.is_file() {
        return Ok(Err("it is not a file"));
    }
    Ok(Ok(file))
}

/// What is in `file`, if that is not more than any client takes.
fn read_whole(file: &Path) -> io::Result<Vec<u8>> {
    let most = MAX_BODY as u64;
    let mut bytes = Vec::new();
    File::open(file)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_BODY {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// The names below `dir` that can be served. What cannot be read is left out.
fn names_in(dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut left = MAX_SEEN;
    collect(dir, "", MAX_DEPTH, &mut left, &mut names);
    names.sort();
    names.truncate(MAX_NAMES);
    names
}

/// Adds the names in the folder `below` of `dir`, while there is `left` to see.
fn collect(dir: &Path, below: &str, depth: usize, left: &mut usize, names: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(dir.join(below)) else {
        return;
    };
    let mut folders = Vec::new();
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{below}{name}");
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            folders.push(format!("{name}/"));
        } else if let Some(bare) = name.strip_suffix(ENDING)
            && matches!(resolve(dir, Path::new(&name)), Ok(Ok(_)))
        {
            names.push(bare.to_owned());
        }
    }
    // After the files, so that a deep folder does not hide what is at the top.
    for folder in folders.iter().take_while(|_| depth > 0) {
        collect(dir, folder, depth - 1, left, names);
    }
}

#[cfg(test)]
mod tests;
