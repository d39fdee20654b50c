//! The file of a study, and how a search opens it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::error::{Error, Result, StudyError};

/// The bytes that passing states may take where nothing else is said.
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
}

impl Study {
    /// A study in a file. The search makes the file where there is none, and refuses names that are none of a file, like
    /// `:memory:`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            extends: false,
            retries_failed: false,
            forgets_final_checkpoints: false,
            most_checkpoint_bytes: STATE_BYTES,
            lease: LEASE,
        }
    }

    /// Lets the search be larger than the one that the study remembers: other values on an axis, or more folds after the
    /// same ones. Fits that both have are reused. Folds are refused with which the known ones would set other rows aside for
    /// [validation](crate::recipe::Train::validation_fraction).
    ///
    /// More epochs need no leave: a search of 40 epochs goes on where one of 20 has ended, from its
    /// [final checkpoints](crate::search::Search::keep_final_checkpoints) if it kept them.
    pub fn extend(self) -> Self {
        Self { extends: true, ..self }
    }

    /// Lets the search run failed fits again, those too over which processes crashed three times.
    pub fn retry_failed(self) -> Self {
        Self { retries_failed: true, ..self }
    }

    /// Removes all checkpoints of the study as the search begins, and gives their space back. Records stay; a search of more
    /// epochs trains from the first one on. SQLite writes the file anew for that, and needs room for a second one beside it.
    pub fn forget_final_checkpoints(self) -> Self {
        Self { forgets_final_checkpoints: true, ..self }
    }

    /// Bounds the bytes of the checkpoints that later jobs of this search may go on from; a GiB by default. Beyond it, those
    /// of trainings that no job waits for are removed, the oldest first: a strategy may have dropped their candidates. A
    /// training without its checkpoint begins anew, and comes to the same bits. [Final
    /// checkpoints](crate::search::Search::keep_final_checkpoints) are not among them.
    pub fn checkpoints_within(self, bytes: u64) -> Self {
        Self { most_checkpoint_bytes: bytes, ..self }
    }

    /// Sets the time for which a process that lives but does not move, as one that was stopped, keeps its fits; a minute by
    /// default. The fits of a process that has ended are free at once.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The same study, opened once more by one search: failed fits and checkpoints stay.
    pub(crate) fn reopened(self) -> Self {
        Self { retries_failed: false, forgets_final_checkpoints: false, ..self }
    }

    /// The same study in another file.
    pub(crate) fn moved(self, path: PathBuf) -> Self {
        Self { path, ..self }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that the path names a file.
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

    /// The study of one of several searches, in a file beside this one: `digits.study` becomes `digits.study.0`.
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
