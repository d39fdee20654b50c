//! A study on a network file system: a copy on this machine's own disk is worked on, and then takes its place as a whole.
//!
//! SQLite locks its files and shares memory through one of them, which network file systems do not do reliably.

use std::{
    env, fs,
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

/// Calls `work` with the study where no other machine can reach it: with a copy in the folder `scratch` where one is named, or
/// where the study is on a network file system. The copy takes the study's place when `work` is done.
///
/// # Errors
/// Those of `work`, and [`FileError`] where a copy cannot be made or brought back.
pub(super) fn with_study<R>(
    study: &Study,
    scratch: Option<&Path>,
    work: impl FnOnce(&Study) -> Result<R>,
) -> Result<R> {
    study.check()?;
    let place = fs::canonicalize(study.path()).unwrap_or_else(|_| whole(study.path()));
    let scratch = match scratch {
        Some(scratch) => scratch.to_owned(),
        None if is_shared(&place) => env::temp_dir(),
        None => return work(study),
    };
    let own = OwnFolder::new(&scratch)?;
    let name = study.path().file_name().unwrap_or_default();
    let copy = own.0.join(name);
    // With its log, where a process was cut off.
    let log = |path: &Path| {
        let mut path = path.as_os_str().to_owned();
        path.push("-wal");
        PathBuf::from(path)
    };
    for (from, to) in [(place.clone(), copy.clone()), (log(&place), log(&copy))] {
        if let Some(bytes) = folder::read(&from)? {
            file::write(to, bytes)?;
        }
    }
    let before = folder::read(&copy)?;
    let result = work(&study.clone().moved(copy.clone()))?;
    // SQLite has closed the copy, and all of it is in one file.
    match folder::read(&copy)? {
        Some(bytes) if Some(&bytes) != before.as_ref() => file::write(&place, bytes)?,
        _ => {}
    }
    let _ = fs::remove_file(log(&place));
    Ok(result)
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
        let path = scratch.join(format!("dropgrid-{}", std::process::id()));
        // One of that number was left by a process that has ended.
        let _ = fs::remove_dir_all(&path);
        let made = fs::create_dir(&path);
        made.map_err(|source| Error::File(FileError::Write { path: path.clone(), source }))?;
        Ok(Self(path))
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
