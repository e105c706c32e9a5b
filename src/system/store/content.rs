//! From the bytes of the files to what they mean, and back.

use std::fs::Metadata;
use std::path::Path;

use jiff::ZonedDateTime;

use super::disk;
use super::home::{Home, Part, unreadable};
use crate::provisioning::failure::Failure;
use crate::provisioning::plan::Settings;
use crate::provisioning::properties::{self, Document, Text};
use crate::provisioning::trust::Servers;

/// A file as it was read, `None` if there is none.
pub(super) type Bytes = Option<Vec<u8>>;

/// The bytes of all files of the store.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) store: Bytes,
    pub(super) system: Bytes,
    pub(super) servers: Bytes,
}

impl Raw {
    /// Reads all of them; the caller holds the lock.
    pub(super) fn read(home: &Home) -> Result<Self, Failure> {
        let bytes = |part| Ok::<_, Failure>(read(home, part)?.map(|(bytes, _)| bytes));
        Ok(Self {
            store: bytes(Part::Store)?,
            system: bytes(Part::System)?,
            servers: bytes(Part::Servers)?,
        })
    }

    pub(super) fn of(&self, part: Part) -> &Bytes {
        match part {
            Part::Store => &self.store,
            Part::System => &self.system,
            Part::Servers => &self.servers,
        }
    }
}

/// One file with what the system says about it.
pub(super) fn read(home: &Home, part: Part) -> Result<Option<(Vec<u8>, Metadata)>, Failure> {
    let path = home.file(part);
    disk::read(&path).map_err(|error| unreadable(&path, None, error.to_string()))
}

/// A properties file as the store is read: ISO-8859-1, a missing one is empty.
pub(super) fn document<'a>(bytes: &'a Bytes, path: &Path) -> Result<Document<'a>, Failure> {
    let bytes = bytes.as_deref().unwrap_or_default();
    properties::read(Text::Latin1(bytes))
        .map_err(|error| unreadable(path, Some(error.line), error.to_string()))
}

/// The entries of a document, by key.
pub(super) fn settings(document: &Document<'_>) -> Settings {
    let entries = document.entries.iter();
    entries
        .map(|entry| (entry.key.to_string(), entry.value.to_string()))
        .collect()
}

/// Whether a document says the same as `settings`.
pub(super) fn says(document: &Document<'_>, settings: &Settings) -> bool {
    if document.entries.len() != settings.len() {
        return false;
    }
    // A file that this program wrote is sorted, so that no key is looked for.
    let mut pairs = document.entries.iter().zip(settings);
    pairs.all(|(entry, (key, value))| entry.key == *key && entry.value == *value)
        || document
            .entries
            .iter()
            .all(|entry| settings.get(&*entry.key).is_some_and(|v| entry.value == *v))
}

/// The file for `settings`.
pub(super) fn write(settings: &Settings, now: &ZonedDateTime) -> Vec<u8> {
    let entries = settings.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    properties::write(entries, &java_date(now))
}

/// As `java.util.Date.toString` writes it, the comment of a stored file.
fn java_date(time: &ZonedDateTime) -> String {
    time.strftime("%a %b %d %H:%M:%S %Z %Y").to_string()
}

/// `servers.toml`, a missing one is empty.
pub(super) fn servers(bytes: &Bytes, path: &Path) -> Result<Servers, Failure> {
    let Some(bytes) = bytes else {
        return Ok(Servers::default());
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = line_at(bytes, error.valid_up_to());
        unreadable(path, Some(line), "it is not UTF-8")
    })?;
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_at(bytes, span.start));
        unreadable(path, line, error.message())
    })
}

/// The file for `servers`.
pub(super) fn write_servers(servers: &Servers, path: &Path) -> Result<Vec<u8>, Failure> {
    match toml::to_string(servers) {
        Ok(text) => Ok(text.into_bytes()),
        Err(error) => Err(super::home::unwritable(path, &std::io::Error::other(error))),
    }
}

/// The line, from 1, of the byte at `offset`.
fn line_at(bytes: &[u8], offset: usize) -> u32 {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let breaks = memchr::memchr_iter(b'\n', before).count();
    u32::try_from(breaks + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_is_javas_date() {
        let time: ZonedDateTime = "2026-11-03T03:02:01+00:00[UTC]".parse().unwrap();
        assert_eq!(java_date(&time), "Tue Nov 03 03:02:01 UTC 2026");
        let time: ZonedDateTime = "2026-07-23T13:02:01+02:00[Europe/Berlin]".parse().unwrap();
        assert_eq!(java_date(&time), "Thu Jul 23 13:02:01 CEST 2026");
    }

    #[test]
    fn a_document_says_the_same_in_any_order() {
        let same = |text: &str, pairs: &[(&str, &str)]| {
            let bytes = Some(text.as_bytes().to_vec());
            let document = document(&bytes, Path::new("f")).unwrap();
            let pairs = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into()));
            says(&document, &pairs.collect())
        };
        assert!(same("a=1\nb=2\n", &[("a", "1"), ("b", "2")]));
        assert!(same("b = 2\na : 1", &[("a", "1"), ("b", "2")]));
        assert!(same("", &[]));
        assert!(!same("a=1", &[]));
        assert!(!same("a=1", &[("a", "2")]));
        assert!(!same("a=1\nb=2", &[("a", "1"), ("c", "2")]));
        assert!(!same("a=1", &[("a", "1"), ("b", "2")]));
    }

    #[test]
    fn lines_are_counted_from_one() {
        for (offset, line) in [(0, 1), (1, 1), (2, 2), (4, 3), (99, 3)] {
            assert_eq!(line_at(b"a\nb\nc", offset), line, "{offset}");
        }
    }
}
