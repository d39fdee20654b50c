//! The folder through which the machines of a search share plans, units and results.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::error::{Error, FileError, Result};

/// The folder of a search's units. Each file in it is written atomically, and none is ever locked.
///
/// ```text
/// digits.study.units/
///   plan.json                   the units of the current round
///   round-1/units/7.result      the result of unit 7
///   round-1/units/7.times       the times of its fits, and its machine
///   round-1/units/7.checkpoint  its checkpoint, if it was interrupted
///   round-1/units/7.attempts/   the fits that each process is running, or died in
///   round-1/states/7            the states from which its trainings continue
/// ```
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Returns the folder beside a study.
    pub(super) fn beside(study: &Path) -> Self {
        let mut path = study.as_os_str().to_owned();
        path.push(".units");
        Self(path.into())
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn plan(&self) -> PathBuf {
        self.0.join("plan.json")
    }

    pub(super) fn result(&self, round: u32, unit: usize) -> PathBuf {
        self.unit(round, unit, "result")
    }

    /// Returns the path of a result that differs from another machine's.
    pub(super) fn other_result(&self, round: u32, unit: usize) -> PathBuf {
        self.unit(round, unit, "other-result")
    }

    pub(super) fn times(&self, round: u32, unit: usize) -> PathBuf {
        self.unit(round, unit, "times")
    }

    pub(super) fn checkpoint(&self, round: u32, unit: usize) -> PathBuf {
        self.unit(round, unit, "checkpoint")
    }

    /// Returns the folder of the attempts at a unit.
    pub(super) fn attempts(&self, round: u32, unit: usize) -> PathBuf {
        self.unit(round, unit, "attempts")
    }

    /// Returns the folder of the attempts at fits that are run to measure their time.
    pub(super) fn trial(&self) -> PathBuf {
        self.0.join("trial")
    }

    pub(super) fn states(&self, round: u32, unit: usize) -> PathBuf {
        self.round(round).join("states").join(unit.to_string())
    }

    fn unit(&self, round: u32, unit: usize, what: &str) -> PathBuf {
        self.round(round).join("units").join(format!("{unit}.{what}"))
    }

    fn round(&self, round: u32) -> PathBuf {
        self.0.join(format!("round-{round}"))
    }

    /// Creates the folders of a round.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub(super) fn make(&self, round: u32) -> Result<()> {
        ["units", "states"].into_iter().try_for_each(|name| make(&self.round(round).join(name)))
    }

    /// Returns the last round that has a folder; 0 if there is none.
    pub(super) fn last_round(&self) -> u32 {
        self.rounds().into_iter().max().unwrap_or(0)
    }

    /// Removes the folders of rounds before `round`. Folders that cannot be removed remain.
    pub(super) fn forget_before(&self, round: u32) {
        for old in self.rounds().into_iter().filter(|&old| old < round) {
            let _ = fs::remove_dir_all(self.round(old));
        }
    }

    fn rounds(&self) -> Vec<u32> {
        let names = fs::read_dir(&self.0).into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| name.to_str()?.strip_prefix("round-")?.parse().ok()).collect()
    }
}

/// Creates a folder and its parents.
///
/// # Errors
/// [`FileError::Write`].
pub(super) fn make(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|source| FileError::Write { path: path.to_owned(), source }.into())
}

/// Reads a file; `None` if it does not exist.
///
/// # Errors
/// [`FileError::Read`].
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File(FileError::Read { path: path.to_owned(), source })),
    }
}
