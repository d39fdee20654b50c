//! The file that a process locks while it is alive, and in which it leaves signs of a crash.
//!
//! A crash makes the fits of the process suspect. A kill from outside or a power cut does not. The file tells them
//! apart. A process that aborts appends a mark. The file begins with the numbers of out-of-memory kills when the
//! process last looked: if they have grown since, the kernel killed it. A death without either sign came from outside.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    time::{Duration, Instant},
};
#[cfg(unix)]
use std::{io::Read, os::unix::fs::FileExt};

use super::oom::OomKills;
#[cfg(unix)]
use crate::limit::AbortMark;

/// The length in bytes of the counts, padded with spaces. They are overwritten in place, before any marks.
const COUNTS: usize = 128;
/// The age after which the counts are written again. A process that dies within this time after an out-of-memory kill
/// counts as killed by it.
const OLD: Duration = Duration::from_secs(1);

/// The locked file of this process.
pub(super) struct Lock {
    file: File,
    written_at: Option<Instant>,
    #[cfg(unix)]
    _mark: Option<AbortMark>,
}

impl Lock {
    /// Creates and locks the file; `None` if another process has locked it.
    ///
    /// # Errors
    /// An error if the file cannot be created, written or locked.
    pub(super) fn new(path: &Path) -> io::Result<Option<Self>> {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The file may have the signs of a process that died before its row became visible.
        file.set_len(0)?;
        #[cfg(unix)]
        let mark = AbortMark::new(File::options().append(true).open(path)?)?;
        let mut lock = Self {
            file,
            written_at: None,
            #[cfg(unix)]
            _mark: mark,
        };
        lock.write_counts()?;
        Ok(Some(lock))
    }

    /// Writes the current counts if the last ones are old.
    ///
    /// # Errors
    /// An error if the file cannot be written.
    pub(super) fn write_counts(&mut self) -> io::Result<()> {
        if self.written_at.is_some_and(|written_at| written_at.elapsed() < OLD) {
            return Ok(());
        }
        self.written_at = Some(Instant::now());
        let Some(counts) = OomKills::now() else { return Ok(()) };
        let mut bytes = counts.to_text().into_bytes();
        bytes.resize(COUNTS, b' ');
        self.write(&bytes)
    }

    #[cfg(unix)]
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, 0)
    }

    /// Only Linux counts out-of-memory kills.
    #[cfg(not(unix))]
    fn write(&self, _: &[u8]) -> io::Result<()> {
        self.file.metadata().map(drop)
    }
}

/// Returns true if the process that left this file crashed. Outside Unix there are no signs, so any death counts as a
/// crash.
#[cfg(unix)]
pub(super) fn crashed(left: &File) -> bool {
    has_signs(left, OomKills::now())
}

/// Returns true if the file has a mark, or was written when there were fewer out-of-memory kills than `now`.
#[cfg(unix)]
fn has_signs(left: &File, now: Option<OomKills>) -> bool {
    let mut bytes = Vec::new();
    // A mark is one byte, and there are few of them.
    if left.take(2 * COUNTS as u64).read_to_end(&mut bytes).is_err() {
        return false;
    }
    if bytes.contains(&AbortMark::BYTE) {
        return true;
    }
    let before = str::from_utf8(&bytes).ok().and_then(OomKills::from_text);
    before.zip(now).is_some_and(|(before, now)| now.have_grown_since(&before))
}

/// Returns true if the process that left this file crashed. Outside Unix there are no signs, so any death counts as a
/// crash.
#[cfg(not(unix))]
pub(super) fn crashed(_: &File) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_tells_an_abort_and_a_kill_for_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let left = || File::open(&path).expect("a file");
        let mut lock = Lock::new(&path).expect("a file").expect("nobody has it");
        assert!(Lock::new(&path).expect("a file").is_none(), "it is locked");
        let has_signs = |now: &str| has_signs(&left(), OomKills::from_text(now));
        lock.write(format!("{:1$}", "boot 3 7 1", COUNTS).as_bytes()).expect("written");
        assert!(!has_signs("boot 3 7 1"));
        assert!(has_signs("boot 4 7 2"));
        assert!(!has_signs("other 4 7 2"), "the power was cut");
        assert!(!has_signs(""), "nothing tells");

        // Counts that are written later keep the mark.
        let mut mark = File::options().append(true).open(&path).expect("a file");
        mark.write_all(&[AbortMark::BYTE]).expect("written");
        lock.written_at = None;
        lock.write_counts().expect("written");
        assert!(has_signs("boot 3 7 1") && has_signs(""));
        drop(lock);
        let lock = Lock::new(&path).expect("a file").expect("nobody has it");
        assert!(!has_signs("boot 0"), "it was another's");
        drop(lock);
    }
}
