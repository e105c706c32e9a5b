//! Files and folders of the store, each call one step on the disk.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Links are followed by hand up to this many times, as the kernel does.
const MAX_LINKS: usize = 40;

/// The whole of a regular file with what the system says about it, `None` if
/// there is nothing. A folder, pipe or device is an error: it could block.
pub(super) fn read(path: &Path) -> io::Result<Option<(Vec<u8>, Metadata)>> {
    let known = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // Windows says the same of a folder that is a file.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return match path.parent() {
                Some(folder) if folder.is_file() => Err(ErrorKind::NotADirectory.into()),
                _ => Ok(None),
            };
        }
        Err(error) => return Err(error),
    };
    if !known.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // Of the open file, as another one may have taken its place since.
    let metadata = file.metadata()?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)?;
    Ok(Some((bytes, metadata)))
}

/// A new file that only its owner can read, on the disk when this returns.
/// What stood there is removed first; a link is not followed.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Like [`write`], for what may be lost when the power fails.
pub(super) fn write_soon(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create(path)?.write_all(bytes)
}

fn create(path: &Path) -> io::Result<File> {
    remove(path)?;
    let mut options = OpenOptions::new();
    private(options.write(true).create_new(true)).open(path)
}

/// The file that holds the lock, made if it is not there.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    private(options.write(true).create(true).truncate(false)).open(path)
}

/// Removes a file or link; that it was not there is no error.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Renames over what is there. On Windows a file that another program has
/// open cannot be replaced; virus scanners let go of it soon.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut tries = if cfg!(windows) { 20 } else { 0 };
    loop {
        match fs::rename(from, to) {
            Err(error) if tries > 0 && error.kind() == ErrorKind::PermissionDenied => {
                tries -= 1;
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            other => return other,
        }
    }
}

/// Whether there is anything, a dangling link too.
pub(super) fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Makes a folder that only its owner can enter, and those above it. One that
/// is there stays as it is. Gives whether it made one: its name may still be
/// lost when the power fails.
pub(super) fn create_folder(path: &Path) -> io::Result<bool> {
    if path.is_dir() {
        return Ok(false);
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map(|()| true)
}

/// Writes the names in a folder through to the disk. Windows does that itself.
pub(super) fn flush(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    // The parent of a relative name.
    let here = folder.as_os_str().is_empty();
    File::open(if here { Path::new(".") } else { folder })?.sync_all()
}

/// The path of what is there, without links. Not as Windows has it, with
/// `\\?\` in front: people read it.
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    dunce::canonicalize(path)
}

/// The path of what is there, without links, as the system compares it.
pub(super) fn exact(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// Where writing to `path` ends up when links are followed; the last part need
/// not exist.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            break;
        };
        let folder = real(folder)?;
        let real = folder.join(name);
        match fs::read_link(&real) {
            Ok(target) => path = folder.join(target),
            // Not a link, or nothing there.
            Err(_) => return Ok(real),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Whether `path` is still the file that `known` was read from.
pub(super) fn is_same(path: &Path, known: Option<&Metadata>) -> bool {
    match (fs::metadata(path), known) {
        (Ok(now), Some(known)) => identity(&now) == identity(known),
        (Err(error), None) => error.kind() == ErrorKind::NotFound,
        _ => false,
    }
}

/// What no two files share; the number of a removed file is given out again,
/// so the time is looked at too.
fn identity(metadata: &Metadata) -> (u64, Option<SystemTime>, u64, u64) {
    #[cfg(unix)]
    let (device, number) = {
        use std::os::unix::fs::MetadataExt;
        (metadata.dev(), metadata.ino())
    };
    #[cfg(not(unix))]
    let (device, number) = (0, 0);
    (metadata.len(), metadata.modified().ok(), device, number)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
