//! A study on a network file system. It is copied to a local disk, and the modified copy then replaces the study
//! atomically.
//!
//! SQLite needs file locks and shared memory, which network file systems do not provide reliably.

use std::{
    cell::RefCell,
    env, fs,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    path::{Path, PathBuf},
};

use super::folder;
use crate::{
    error::{Error, FileError, Result},
    file,
    study::Study,
};

/// The kinds of file systems that several machines can share, by their names on Linux.
const SHARED: [&str; 20] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "efs",
    "fuse.ceph",
    "fuse.glusterfs",
    "fuse.sshfs",
    "gfs2",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "panfs",
    "smb3",
    "smbfs",
    "virtiofs",
];

/// A study that no other machine can reach: a copy in the folder `scratch` if that is given or the study is on a
/// network file system, else the study itself.
pub(super) struct WorkingStudy {
    study: Study,
    copy: Option<Copy>,
}

/// A copy of a study on a local disk.
struct Copy {
    /// The path of the study itself.
    place: PathBuf,
    path: PathBuf,
    /// The bytes of the study at its path; `None` if there is no study.
    kept: RefCell<Option<Vec<u8>>>,
    _folder: OwnFolder,
}

/// Calls `work` with the study, or with a copy that replaces the study afterwards. The copy replaces it even if `work`
/// fails, since what `work` has added is complete.
///
/// # Errors
/// The errors of `work`, and [`FileError`] if a copy cannot be made or put back.
pub(super) fn with_study<R>(
    study: &Study,
    scratch: Option<&Path>,
    work: impl FnOnce(&WorkingStudy) -> Result<R>,
) -> Result<R> {
    let working = WorkingStudy::open(study, scratch)?;
    let result = work(&working);
    let back = working.put_back();
    result.and_then(|result| back.map(|()| result))
}

impl WorkingStudy {
    fn open(study: &Study, scratch: Option<&Path>) -> Result<Self> {
        study.check()?;
        let place = fs::canonicalize(study.path()).unwrap_or_else(|_| whole(study.path()));
        let scratch = match scratch {
            Some(scratch) => scratch.to_owned(),
            None if is_shared(&place) => env::temp_dir(),
            None => return Ok(Self { study: study.clone(), copy: None }),
        };
        let folder = OwnFolder::new(&scratch)?;
        let path = folder.0.join(study.path().file_name().unwrap_or_default());
        // The log is copied, too, in case a process was interrupted.
        for (from, to) in [(place.clone(), path.clone()), (log(&place, "-wal"), log(&path, "-wal"))] {
            if let Some(bytes) = folder::read(&from)? {
                file::write(to, bytes)?;
            }
        }
        let kept = RefCell::new(folder::read(&path)?);
        Ok(Self { study: study.clone().moved(path.clone()), copy: Some(Copy { place, path, kept, _folder: folder }) })
    }

    /// Returns the study to work on.
    pub(super) fn study(&self) -> &Study {
        &self.study
    }

    /// Replaces the study by the copy if the copy has changed. The copy must not be open.
    ///
    /// # Errors
    /// [`FileError`] if it cannot be read or written.
    pub(super) fn put_back(&self) -> Result<()> {
        let Some(Copy { place, path, kept, .. }) = &self.copy else { return Ok(()) };
        // SQLite has closed the copy, so all of it is in one file.
        let bytes = folder::read(path)?.filter(|bytes| kept.borrow().as_ref() != Some(bytes));
        let Some(bytes) = bytes else { return Ok(()) };
        // The copy contains the log of an interrupted process. Beside the new file, SQLite would apply that log again.
        let (before, aside) = (log(place, "-wal"), log(place, "-wal.before"));
        let is_aside = fs::rename(&before, &aside).is_ok();
        if let Err(error) = file::write(place, &bytes) {
            if is_aside {
                let _ = fs::rename(&aside, &before);
            }
            return Err(error);
        }
        let _ = fs::remove_file(&aside);
        kept.replace(Some(bytes));
        Ok(())
    }
}

/// Returns the path of a file that SQLite or this module keeps beside a study.
fn log(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Returns the absolute path of a file that need not exist.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}

/// Returns true if a path is on a file system that several machines share, as far as the system tells.
fn is_shared(path: &Path) -> bool {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    kind_of(&mounts, path).is_some_and(|kind| SHARED.contains(&kind))
}

/// Returns the kind of file system that a path is on, by the table of mounts; `None` if no mount matches.
fn kind_of<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let (mount, system) = line.split_once(" - ")?;
        // Spaces in names are written in octal.
        let point = mount.split(' ').nth(4)?.replace("\\040", " ");
        path.starts_with(&point).then_some((point.len(), system.split(' ').next()?))
    };
    // Of several mounts at one place, the last one counts.
    mounts.lines().filter_map(mount).max_by_key(|(len, _)| *len).map(|(_, kind)| kind)
}

/// A new folder of this process. Dropping it removes the folder.
struct OwnFolder(PathBuf);

impl OwnFolder {
    fn new(scratch: &Path) -> Result<Self> {
        loop {
            let path = scratch.join(format!("dropgrid-{:016x}", RandomState::new().build_hasher().finish()));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                // Another process uses this name.
                Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(Error::File(FileError::Write { path, source })),
            }
        }
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_system_of_a_path_is_that_of_the_longest_mount_above_it() {
        let mounts = "22 1 254:1 / / rw - ext4 /dev/a rw\n\
                      30 22 0:5 / /home rw,relatime shared:7 - nfs4 server:/home rw\n\
                      31 30 0:6 / /home/a\\040b rw - tmpfs none rw\n";
        let kind = |path: &str| kind_of(mounts, Path::new(path));
        assert_eq!(kind("/home/me/x.study"), Some("nfs4"));
        assert_eq!(kind("/home/a b/x.study"), Some("tmpfs"));
        assert_eq!(kind("/homes/x.study"), Some("ext4"));
        assert_eq!(kind_of("", Path::new("/x")), None);
        assert!(SHARED.contains(&"nfs4") && !SHARED.contains(&"ext4"));
    }
}
