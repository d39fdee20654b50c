//! A study on a network file system: a copy on this machine's own disk is worked on, and then takes its place as a whole.
//!
//! SQLite locks its files and shares memory through one of them, which network file systems do not do reliably.

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

/// Kinds of file systems, as Linux names them, which several machines share.
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

/// A study where no other machine can reach it: a copy in the folder `scratch` where one is named, or where the study is on a
/// network file system; else the study itself.
pub(super) struct WorkingStudy {
    study: Study,
    copy: Option<Copy>,
}

/// A copy of a study on this machine's own disk.
struct Copy {
    /// The place of the study itself.
    place: PathBuf,
    path: PathBuf,
    /// The bytes that stand in the study's place.
    kept: RefCell<Option<Vec<u8>>>,
    _folder: OwnFolder,
}

/// Calls `work` with the study, or with a copy of it that takes the study's place when `work` is done, also where it fails: what it
/// has added by then is whole.
///
/// # Errors
/// Those of `work`, and [`FileError`] where a copy cannot be made or brought back.
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
        // With its log, where a process was cut off.
        for (from, to) in [(place.clone(), path.clone()), (log(&place, "-wal"), log(&path, "-wal"))] {
            if let Some(bytes) = folder::read(&from)? {
                file::write(to, bytes)?;
            }
        }
        let kept = RefCell::new(folder::read(&path)?);
        Ok(Self { study: study.clone().moved(path.clone()), copy: Some(Copy { place, path, kept, _folder: folder }) })
    }

    /// The study to work on.
    pub(super) fn study(&self) -> &Study {
        &self.study
    }

    /// Puts the copy in the study's place, where something is new in it. Nobody has the copy open.
    ///
    /// # Errors
    /// [`FileError`] where it cannot be read or written.
    pub(super) fn put_back(&self) -> Result<()> {
        let Some(Copy { place, path, kept, .. }) = &self.copy else { return Ok(()) };
        // SQLite has closed the copy, and all of it is in one file.
        let bytes = folder::read(path)?.filter(|bytes| kept.borrow().as_ref() != Some(bytes));
        let Some(bytes) = bytes else { return Ok(()) };
        // The log of a process that was cut off is in the copy. Beside the new file SQLite would read it once more.
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

/// The file that SQLite, or this module, keeps beside a study.
fn log(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// The whole path of a file that is not there.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder.join(path.file_name().unwrap_or_default())
}

/// True where a path is on a file system that several machines share, as far as the system tells.
fn is_shared(path: &Path) -> bool {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    kind_of(&mounts, path).is_some_and(|kind| SHARED.contains(&kind))
}

/// The kind of the file system that a path is on, by the table of mounts.
fn kind_of<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let (mount, system) = line.split_once(" - ")?;
        // Spaces in names are written in octal.
        let point = mount.split(' ').nth(4)?.replace("\\040", " ");
        path.starts_with(&point).then_some((point.len(), system.split(' ').next()?))
    };
    // Of several mounts on one place the last one counts.
    mounts.lines().filter_map(mount).max_by_key(|(len, _)| *len).map(|(_, kind)| kind)
}

/// A new folder of this process, which goes with it.
struct OwnFolder(PathBuf);

impl OwnFolder {
    fn new(scratch: &Path) -> Result<Self> {
        loop {
            let path = scratch.join(format!("dropgrid-{:016x}", RandomState::new().build_hasher().finish()));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                // Another process has it.
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
