//! The place of a study's file and of the files beside it, and a check that they are still there.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    path::{self, Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::explain::failed;
use crate::error::{Error, Result, StudyError};

/// The longest time that a process waits for another one that opens or closes the file.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// The place of a study that is open to write.
pub(super) struct Place {
    /// The path as it was given.
    path: PathBuf,
    /// The path from the root, since the process may change its folder.
    absolute: PathBuf,
    /// The path of the file itself, if a link leads to it.
    real: PathBuf,
    /// The study, its log and the log's index, by their paths, as they were when the study was opened.
    watched: Vec<(PathBuf, FileId)>,
}

impl Place {
    /// The place of that name, at which a file is or may be made.
    ///
    /// # Errors
    /// [`StudyError::Store`] where something else is there.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let absolute = path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let place = Self { path: path.to_owned(), real: real(&absolute), absolute, watched: Vec::new() };
        match fs::metadata(&place.real) {
            Ok(data) if data.is_dir() => Err(place.cannot("it is a folder; name a file")),
            Ok(data) if !data.is_file() => Err(place.cannot("it is a device, a pipe or a socket; name a file")),
            _ => Ok(place),
        }
    }

    /// The file itself, from the root.
    pub(super) fn file(&self) -> &Path {
        &self.real
    }

    /// Lets one process at a time open or close the file.
    pub(super) fn opening_lock(&self) -> Result<File> {
        let beside = beside(&self.real, "-lock");
        let folder = beside.parent().unwrap_or(&self.path).display();
        let store = |error: io::Error| {
            self.cannot(match error.kind() {
                ErrorKind::NotFound => format!("there is no folder {folder}; make it, or name a file in another one"),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    format!(
                        "nothing may be written in {folder}, where a search has files beside it; name a file in another one"
                    )
                }
                _ => format!("{}: {error}", beside.display()),
            })
        };
        let file = File::options().create(true).append(true).open(&beside).map_err(store)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if start.elapsed() >= LONGEST_WAIT => {
                    return Err(Error::Study(StudyError::InUse { path: self.path.clone(), waited: LONGEST_WAIT }));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(store(error)),
            }
        }
    }

    /// Remembers the files, which are now open.
    pub(super) fn watch(&mut self) {
        // The path as it was given: a link may come to lead elsewhere.
        let files = [self.absolute.clone(), beside(&self.real, "-wal"), beside(&self.real, "-shm")];
        self.watched = files.into_iter().filter_map(|path| FileId::of(&path).ok().map(|id| (path, id))).collect();
    }

    /// Checks that the files are still where they were.
    ///
    /// # Errors
    /// [`StudyError::Lost`].
    pub(super) fn check(&self) -> Result<()> {
        for (path, id) in &self.watched {
            let fault = match FileId::of(path) {
                Ok(found) if found == *id => continue,
                Ok(_) => "replaced",
                Err(error) if error.kind() == ErrorKind::NotFound => "removed or renamed",
                // A folder that cannot be read for the moment keeps the file.
                Err(_) => continue,
            };
            return Err(Error::Study(StudyError::Lost {
                path: self.path.clone(),
                file: path.clone(),
                fault,
                report: None,
            }));
        }
        Ok(())
    }

    fn cannot(&self, message: impl Into<String>) -> Error {
        failed(&self.path, "open", message)
    }
}

/// A file's identity among all others, as long as it is open.
#[derive(PartialEq, Eq)]
struct FileId {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileId {
    /// The identity of a file, which is not opened for it: closing it again would give up SQLite's locks.
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;

        fs::metadata(path).map(|data| Self { device: data.dev(), inode: data.ino() })
    }

    /// A file that is open cannot be removed or renamed there.
    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self {})
    }
}

/// The path of a file that is there or will be, with links resolved. All processes must find the same files beside it,
/// under whatever name they know it.
fn real(path: &Path) -> PathBuf {
    let in_its_folder = || Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(in_its_folder).unwrap_or_else(|| path.to_owned())
}

/// The file beside a study whose name ends with `suffix` more.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
