//! Whole files, written at once or not at all.

use std::{
    collections::hash_map::RandomState,
    fs::{self, File, Metadata, OpenOptions},
    hash::{BuildHasher, Hasher},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, FileError, Result},
    limit::outlive_size_limits,
};

/// Links that are followed to a file, as Linux does.
const LINKS: usize = 40;
/// Names that are tried for the file beside the target.
const NAMES: usize = 64;

/// Writes a whole file in one step: at any moment, also after a crash, the path has all of `contents` or its earlier
/// contents, and never a part.
///
/// The contents are written to a new file in the same folder, which takes the target's name when they are on the disk.
/// The file keeps its permissions, and its owner where this process may give files away; a new one has those that the
/// umask leaves. A symbolic link stays, and the file that it leads to is replaced. A hard link keeps the old contents.
/// A device or a named pipe, as `/dev/stdout` or `/dev/null`, is written to and never replaced.
///
/// # Errors
/// [`FileError::NotAFile`] where a folder, a socket or a disk stands there; [`FileError::Write`] where the system
/// refuses, as for a file that may not be written, a folder that may not get another file, or a full disk. The earlier
/// contents are then untouched, and no other file is left.
///
/// # Examples
/// ```
/// # fn main() -> dropgrid_core::Result<()> {
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let path = folder.path().join("winner.rs");
/// dropgrid_core::file::write(&path, "pub const LR: f64 = 0.001;\n")?;
/// # Ok(())
/// # }
/// ```
pub fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Result<()> {
    // Beyond the limit on the size of files, a write is an error and not the end of the process.
    outlive_size_limits();
    let (path, contents) = (path.as_ref(), contents.as_ref());
    let cannot = |source| Error::File(FileError::Write { path: path.to_owned(), source });
    match Target::of(path).map_err(cannot)? {
        Target::New(place) => replace(&place, None, contents).map_err(cannot),
        Target::File(place, known) => replace(&place, Some(&known), contents).map_err(cannot),
        Target::Stream => append(path, contents).map_err(cannot),
        Target::Other(kind) => Err(Error::File(FileError::NotAFile { path: path.to_owned(), kind })),
    }
}

/// Reads a whole file, or what a pipe gives.
///
/// # Errors
/// [`FileError::Read`] where it cannot be read, or is a device, which may have no end.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    let read = || {
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;

            let kind = fs::metadata(path)?.file_type();
            if kind.is_char_device() || kind.is_block_device() {
                return Err(io::Error::new(ErrorKind::InvalidInput, "a device stands there, expected a file"));
            }
        }
        fs::read(path)
    };
    read().map_err(|source| Error::File(FileError::Read { path: path.to_owned(), source }))
}

/// The thing at the path of a file to be written.
enum Target {
    /// A path without a file.
    New(PathBuf),
    /// A file, by its own path.
    File(PathBuf, Metadata),
    /// A device or a pipe, which takes bytes and is no file.
    Stream,
    /// A place that takes no bytes, as a folder.
    Other(&'static str),
}

impl Target {
    fn of(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        for _ in 0..LINKS {
            let Some(name) = path.file_name() else {
                // `..`, or the root.
                return fs::metadata(&path).map(|known| Self::kind(path, known));
            };
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = fs::canonicalize(folder)?;
            if is_of_descriptors(&folder) {
                return Ok(Self::Stream);
            }
            let place = folder.join(name);
            match fs::symlink_metadata(&place) {
                // A link's text goes on from the link's folder.
                Ok(known) if known.is_symlink() => path = folder.join(fs::read_link(&place)?),
                Ok(known) => return Ok(Self::kind(place, known)),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::New(place)),
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(ErrorKind::InvalidInput, "too many symbolic links lead from one to the next"))
    }

    fn kind(path: PathBuf, known: Metadata) -> Self {
        if known.is_file() {
            return Self::File(path, known);
        }
        if known.is_dir() {
            return Self::Other("a folder");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;

            let kind = known.file_type();
            if kind.is_char_device() || kind.is_fifo() {
                return Self::Stream;
            }
            if kind.is_block_device() {
                return Self::Other("a disk");
            }
            if kind.is_socket() {
                return Self::Other("a socket");
            }
        }
        Self::Other("no file")
    }
}

/// True where the links of a folder are a process's open files, as `/dev/stdout` is one: such a file has a reader who
/// would not see another one in its place.
fn is_of_descriptors(folder: &Path) -> bool {
    folder == Path::new("/dev/fd") || folder.starts_with("/proc")
}

/// Writes to what is there, after what it has.
fn append(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut stream = OpenOptions::new().append(true).open(path)?;
    stream.write_all(contents)?;
    stream.flush()
}

/// Writes beside the file, waits for the disk, and only then gives it the file's name.
fn replace(place: &Path, known: Option<&Metadata>, contents: &[u8]) -> io::Result<()> {
    if known.is_some() {
        // Who may not write to the file may not replace it either.
        OpenOptions::new().write(true).open(place)?;
    }
    let folder = place.parent().unwrap_or(Path::new("."));
    let (beside, mut file) = create(folder, known.is_some())?;
    let written = (|| {
        file.write_all(contents)?;
        if let Some(known) = known {
            keep(&file, known)?;
        }
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, place)
    })();
    if written.is_err() {
        // That it cannot be removed would hide why.
        let _ = fs::remove_file(&beside);
    }
    written?;
    sync_folder(folder)
}

/// A new file of a name that nothing has, which nobody else may read while it is `private`.
fn create(folder: &Path, private: bool) -> io::Result<(PathBuf, File)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    let mut taken = None;
    for _ in 0..NAMES {
        // The standard library's own random keys.
        let beside = folder.join(format!(".dropgrid-{:016x}.tmp", RandomState::new().build_hasher().finish()));
        match options.open(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => taken = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(taken.unwrap_or_else(|| ErrorKind::AlreadyExists.into()))
}

/// Gives a file the owner, the group and the permissions of another.
#[cfg(unix)]
fn keep(file: &File, known: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let own = file.metadata()?;
    let mut mode = known.mode() & 0o777;
    if own.uid() != known.uid() {
        // Only the superuser gives files away; anybody else's are those of the writer from now on.
        let _ = fchown(file, Some(known.uid()), None);
    }
    if own.gid() != known.gid() && fchown(file, None, Some(known.gid())).is_err() {
        // What the group might do is not for another one: it may do what everybody may.
        mode = mode & 0o707 | (mode & 0o007) << 3;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep(file: &File, known: &Metadata) -> io::Result<()> {
    file.set_permissions(known.permissions())
}

/// Waits until the folder knows the file's new name, where folders can be waited for.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    // A folder that may be written and not read cannot be opened.
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Err(error),
        _ => Ok(()),
    }
}

/// Elsewhere a folder is no file, and renaming waits by itself.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
