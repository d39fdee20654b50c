//! The file that a process locks as long as it lives, in which it leaves signs of a crash.
//!
//! A crash is a reason to suspect the fits that the process had; a kill from outside and a power cut are none. The file
//! tells them apart. A process that aborts appends a mark to it. The file begins with the counts of kills for memory that the
//! process saw last; where they have grown since, the kernel killed it. A death without either sign came from outside.

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

/// The bytes of the counts, with spaces behind them: they are overwritten in place, before any marks.
const COUNTS: usize = 128;
/// The age at which the counts are written anew. A process that dies within this time after a kill for memory counts as
/// killed by it.
const OLD: Duration = Duration::from_secs(1);

/// The locked file of this process.
pub(super) struct Lock {
    file: File,
    written_at: Option<Instant>,
    #[cfg(unix)]
    _mark: Option<AbortMark>,
}

impl Lock {
    /// Makes the file and locks it; nothing where another process has locked it.
    ///
    /// # Errors
    /// Where it cannot be made, written or locked.
    pub(super) fn new(path: &Path) -> io::Result<Option<Self>> {
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // It may have the signs of another process, which died before any could see its row.
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

    /// Writes the counts of now, where the last ones are old.
    ///
    /// # Errors
    /// Where the file cannot be written.
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

    /// Only Linux counts kills for memory.
    #[cfg(not(unix))]
    fn write(&self, _: &[u8]) -> io::Result<()> {
        self.file.metadata().map(drop)
    }
}

/// True where the process that has left its file crashed. Outside Unix nothing tells, and any death is taken for a crash.
#[cfg(unix)]
pub(super) fn crashed(left: &File) -> bool {
    has_signs(left, OomKills::now())
}

/// True of a file that has a mark, or was written when kills for memory were fewer than `now`.
#[cfg(unix)]
fn has_signs(left: &File, now: Option<OomKills>) -> bool {
    let mut bytes = Vec::new();
    // Marks are single bytes; there are not many.
    if left.take(2 * COUNTS as u64).read_to_end(&mut bytes).is_err() {
        return false;
    }
    if bytes.contains(&AbortMark::BYTE) {
        return true;
    }
    let before = str::from_utf8(&bytes).ok().and_then(OomKills::from_text);
    before.zip(now).is_some_and(|(before, now)| now.have_grown_since(&before))
}

/// True where the process that has left its file crashed. Outside Unix nothing tells, and any death is taken for a crash.
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

        // The counts that come later leave the mark.
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
