//! The paths of a study's file and of the files beside it, and a check that they still exist.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    path::{self, Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::explain::failed;
use crate::error::{Error, Result, StudyError};

/// How long a process waits at most for another one that opens or closes the file.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// The paths of a study that is open for writing.
pub(super) struct Place {
    /// The path as the user gave it.
    path: PathBuf,
    /// The absolute path, since the process may change its working directory.
    absolute: PathBuf,
    /// The path of the file itself, with links resolved.
    real: PathBuf,
    /// The paths of the study, its log and the log's index, and their identities when the study was opened.
    watched: Vec<(PathBuf, FileId)>,
}

impl Place {
    /// Returns the place of a path where a file exists or can be created.
    ///
    /// # Errors
    /// [`StudyError::Store`] if the path is not that of a file.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let absolute = path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let place = Self { path: path.to_owned(), real: real(&absolute), absolute, watched: Vec::new() };
        match fs::metadata(&place.real) {
            Ok(data) if data.is_dir() => Err(place.cannot("it is a folder; name a file")),
            Ok(data) if !data.is_file() => Err(place.cannot("it is a device, a pipe or a socket; name a file")),
            _ => Ok(place),
        }
    }

    /// Returns the absolute path of the file itself.
    pub(super) fn file(&self) -> &Path {
        &self.real
    }

    /// Takes the lock that lets only one process at a time open or close the file.
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

    /// Notes the identities of the files, which are now open.
    pub(super) fn watch(&mut self) {
        // The given path is used, since a link may be changed later.
        let files = [self.absolute.clone(), beside(&self.real, "-wal"), beside(&self.real, "-shm")];
        self.watched = files.into_iter().filter_map(|path| FileId::of(&path).ok().map(|id| (path, id))).collect();
    }

    /// Checks that the files still exist at their paths.
    ///
    /// # Errors
    /// [`StudyError::Lost`].
    pub(super) fn check(&self) -> Result<()> {
        for (path, id) in &self.watched {
            let fault = match FileId::of(path) {
                Ok(found) if found == *id => continue,
                Ok(_) => "replaced",
                Err(error) if error.kind() == ErrorKind::NotFound => "removed or renamed",
                // If the folder cannot be read at the moment, the file is assumed to exist.
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

/// The identity of a file among all others. It is valid while the file is open.
#[derive(PartialEq, Eq)]
struct FileId {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
}

impl FileId {
    /// Returns the identity of a file without opening it, since closing it would release SQLite's locks.
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;

        fs::metadata(path).map(|data| Self { device: data.dev(), inode: data.ino() })
    }

    /// On other systems, an open file cannot be removed or renamed.
    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self {})
    }
}

/// Returns the path of an existing or future file, with links resolved. All processes must find the same files beside
/// it, whatever path they use.
fn real(path: &Path) -> PathBuf {
    let in_its_folder = || Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(in_its_folder).unwrap_or_else(|| path.to_owned())
}

/// Returns the path of the file beside a study whose name has this `suffix`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
