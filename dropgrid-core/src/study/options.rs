//! The file of a study, and the options with which a search opens it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::error::{Error, Result, StudyError};

/// The default limit on the total size of passing states, in bytes.
pub(crate) const STATE_BYTES: u64 = 1 << 30;
/// The default lease of a process.
const LEASE: Duration = Duration::from_mins(1);

/// The file of a study, for [`Search::study`](crate::search::Search::study).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    path: PathBuf,
    pub(crate) extends: bool,
    pub(crate) retries_failed: bool,
    pub(crate) forgets_final_checkpoints: bool,
    pub(crate) most_checkpoint_bytes: u64,
    pub(crate) lease: Duration,
    /// The number of fits that the process runs at once.
    pub(crate) workers: usize,
}

impl Study {
    /// Makes a study in a file. The search creates the file if it does not exist. It refuses names that do not denote a
    /// file, like `:memory:`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            extends: false,
            retries_failed: false,
            forgets_final_checkpoints: false,
            most_checkpoint_bytes: STATE_BYTES,
            lease: LEASE,
            workers: 1,
        }
    }

    /// Lets the search be larger than the one in the study: it may have other values on an axis, or more folds after
    /// the known ones. Fits that both searches have are reused. Added folds are refused if they would change the rows
    /// that known folds set aside for [validation](crate::recipe::Train::validation_fraction).
    ///
    /// More epochs do not need this option: a search of 40 epochs continues where one of 20 has ended, from its [final
    /// checkpoints](crate::search::Search::keep_final_checkpoints) if it kept them.
    pub fn extend(self) -> Self {
        Self { extends: true, ..self }
    }

    /// Runs failed fits again, including fits in which processes crashed three times.
    pub fn retry_failed(self) -> Self {
        Self { retries_failed: true, ..self }
    }

    /// Removes all checkpoints of the study when the search begins, and frees their disk space. Records stay. A search
    /// with more epochs then trains from the first epoch on. SQLite rewrites the file for that, and needs disk space
    /// for a second copy of it.
    pub fn forget_final_checkpoints(self) -> Self {
        Self { forgets_final_checkpoints: true, ..self }
    }

    /// Limits the total size, in bytes, of the checkpoints from which later jobs of this search may continue. The
    /// default is 1 GiB. Beyond the limit, checkpoints of trainings that no job waits for are removed, the oldest
    /// first, since the strategy may have dropped their candidates. A training without its checkpoint starts again and
    /// reaches the same bits. [Final checkpoints](crate::search::Search::keep_final_checkpoints) do not count.
    pub fn checkpoints_within(self, bytes: u64) -> Self {
        Self { most_checkpoint_bytes: bytes, ..self }
    }

    /// Sets how long a process that is alive but makes no progress (a stopped one, for example) keeps its claims. The
    /// default is one minute. The claims of a process that has ended are free at once.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Sets the number of fits that the process runs at once, which it tells whoever reads the study.
    pub(crate) fn worked_on_by(self, workers: usize) -> Self {
        Self { workers, ..self }
    }

    /// Returns the study for a second opening within one search: failed fits and checkpoints are kept.
    pub(crate) fn reopened(self) -> Self {
        Self { retries_failed: false, forgets_final_checkpoints: false, ..self }
    }

    /// Returns the same study in another file.
    pub(crate) fn moved(self, path: PathBuf) -> Self {
        Self { path, ..self }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that the path denotes a file.
    ///
    /// # Errors
    /// [`StudyError::Name`](crate::error::StudyError::Name).
    pub(crate) fn check(&self) -> Result<()> {
        let name = self.path.as_os_str().as_encoded_bytes();
        let is_separator = |&byte: &u8| std::path::is_separator(char::from(byte));
        let fault = match name {
            b"" => "it is empty",
            b":memory:" => "SQLite takes it for a database in memory, which lasts no longer than the search",
            _ if name.starts_with(b"file:") => "it is an address; write the path, or `./` before a name that begins so",
            _ if name.last().is_some_and(is_separator) => "it ends as a folder does",
            _ if self.path.file_name().is_none() => "it is a folder",
            _ => return Ok(()),
        };
        Err(Error::Study(StudyError::Name { name: self.path.clone(), fault }))
    }

    /// Returns the study of one of several searches, in a file beside this one: `digits.study` becomes
    /// `digits.study.0`.
    pub(crate) fn numbered(self, number: u32) -> Self {
        let mut path = self.path.into_os_string();
        path.push(format!(".{number}"));
        Self { path: path.into(), ..self }
    }
}

impl<P: Into<PathBuf>> From<P> for Study {
    fn from(path: P) -> Self {
        Self::at(path)
    }
}
