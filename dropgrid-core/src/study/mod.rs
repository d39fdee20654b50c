//! A study survives: where a search keeps what it has finished.
//!
//! A fit counts as finished once its record is durable. A search that was killed, at any moment, continues with the
//! same call: finished fits are read, the others run, and the report has the bits of a search that was never
//! interrupted, because every draw is keyed by what it is for and not by what ran before it.

mod apart;
mod archive;
mod claim;
mod encode;
mod identity;
mod kept;
mod legend;
mod memory;
mod sqlite;
mod untyped;
mod verify;
mod watched;

pub use archive::{About, Archive, EndStates, Running, Tried};
pub use claim::{FitName, Standing};
pub use identity::{Difference, Identity};
pub use kept::{Damaged, Kept};
pub use legend::Legend;
pub use memory::Memory;
pub use sqlite::Sqlite;
pub use untyped::Untyped;
pub use verify::{Fault, Verdict};

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::error::{Error, Result, StudyError};

/// The state of a training between two of its epochs, from which it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The candidate of a fit that can go on from it, as in [`Kept`].
    pub params: String,
    /// The fold, from 0.
    pub fold: u32,
    /// Epochs trained.
    pub epochs: u32,
    /// The state, in the words of who trains.
    pub state: Vec<u8>,
}

/// The state of a training at its end, from which one of more epochs goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndState {
    /// The training: a text that is the same for every candidate that is this training until it ends.
    pub training: String,
    /// The fold, from 0.
    pub fold: u32,
    /// Epochs trained.
    pub epochs: u32,
    /// The state, in the words of who trains.
    pub state: Vec<u8>,
}

/// A place that keeps finished fits, the states of those that are not, and end states where a search asks for that.
///
/// Every store passes the same suite, `tests/stores/`.
pub trait Store: fmt::Debug + Send {
    /// The identity of the study: everything that its scores depend on. `None` where the study is new.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn identity(&mut self) -> Result<Option<Identity>>;

    /// Writes the identity in place of `was`, which the caller has read; `false` where it has changed since.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn identify(&mut self, was: Option<&Identity>, identity: &Identity) -> Result<bool>;

    /// The names and directions of the metrics and the weights of the folds; `None` where no search has written them yet.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn legend(&mut self) -> Result<Option<Legend>>;

    /// Writes the legend in place of an earlier one.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn explain(&mut self, legend: &Legend) -> Result<()>;

    /// Removes damaged records, so that their fits are run again, and returns their names.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    fn drop_damaged(&mut self) -> Result<Vec<Damaged>>;

    /// Every fit kept, in no particular order; those whose records are damaged are none.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn kept(&mut self) -> Result<Vec<Kept>>;

    /// Claims fits for the caller, so that no other process runs them, until they are kept, are given back or the process
    /// ends: at most `most` of the `wanted` groups. Returns the standing of each group. A call without any is a
    /// heartbeat of the caller.
    ///
    /// A fit over which a process died by itself is claimed only to begin at once, never `ahead` of its time. After the
    /// second such death it is claimed alone, so that a third one is surely caused by this fit.
    ///
    /// The caller has [read](Self::kept) the records and does not ask for their fits: only records that others have added
    /// since then are looked for.
    ///
    /// A record may be kept without a claim: it is the same whoever has run the fit.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<Standing>>;

    /// True where a fit that another process had when the caller last asked for it may have another standing by now. The
    /// answer stays true until the caller has asked for that fit again.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn has_news(&mut self) -> Result<bool>;

    /// Gives back claims of fits that are not run after all, so that other processes may run them.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn give_back(&mut self, fits: &[FitName]) -> Result<()>;

    /// Notes that the process was asked to end: a death of the process from now on counts against none of its fits.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn leave(&mut self) -> Result<()>;

    /// Removes the records of these fits, so that they are run again.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn let_go(&mut self, fits: &[FitName]) -> Result<()>;

    /// Removes the records of failed fits, so that they are run again.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn retry_failed(&mut self) -> Result<()>;

    /// Keeps finished fits, all or none of them; when it returns, they are durable. A fit that is already kept stays as
    /// it is. These fits need no checkpoints any more; others that can go on from the same states keep them.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn keep(&mut self, fits: &[Kept]) -> Result<()>;

    /// The checkpoint of a fit, where there is one.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn checkpoint(&mut self, params: &str, fold: u32) -> Result<Option<Checkpoint>>;

    /// Keeps a checkpoint for its fit and for those that it is `of` besides, in place of their earlier ones: the fits of
    /// one training that go on. Each finds it under its own name, and it lasts until the last of them needs it no more.
    /// These fits have got further than before, so deaths of processes over them count no more.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn save(&mut self, checkpoint: &Checkpoint, of: &[FitName]) -> Result<()>;

    /// Removes the checkpoint of a fit, where there is one; other fits that can go on from it keep it.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn forget(&mut self, params: &str, fold: u32) -> Result<()>;

    /// The end states that are kept: the training, the fold and the epochs of each, in no particular order.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn end_states(&mut self) -> Result<Vec<(String, u32, u32)>>;

    /// The end state of a training on a fold with the most epochs, but not more than `most`, where there is one.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn end_state(&mut self, training: &str, fold: u32, most: u32) -> Result<Option<EndState>>;

    /// Keeps an end state, in place of that training's earlier one after as many epochs. It is durable once a fit that is
    /// kept later is durable.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn save_end(&mut self, end: &EndState) -> Result<()>;

    /// Removes all end states, and gives their space back.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn forget_ends(&mut self) -> Result<()>;
}

/// How long a process that stands still keeps its claims, where nobody says otherwise.
const LEASE: Duration = Duration::from_mins(1);

/// The file of a study, for [`Search::study`](crate::search::Search::study).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    path: PathBuf,
    extends: bool,
    retries_failed: bool,
    forgets_end_states: bool,
    lease: Duration,
}

impl Study {
    /// A study in a file, which is made where there is none. The file is where the path leads, whatever its name: a search
    /// refuses names that SQLite takes for something else, like `:memory:`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), extends: false, retries_failed: false, forgets_end_states: false, lease: LEASE }
    }

    /// Lets the search be larger than the one that the study remembers, where that is sound: other values on an axis,
    /// more folds after the same ones. What both have in common is reused. Fits of more epochs go on from those of fewer
    /// where [their states are kept](crate::search::Search::keep_end_states). Folds after which other rows would be
    /// [watched](crate::recipe::Train::validation_fraction) on the known ones are refused.
    pub fn extend(self) -> Self {
        Self { extends: true, ..self }
    }

    /// Lets the search run failed fits again, those too over which processes died by themselves three times.
    pub fn retry_failed(self) -> Self {
        Self { retries_failed: true, ..self }
    }

    /// Lets the [end states](crate::search::Search::keep_end_states) go that the study has, as the search begins, and
    /// gives their space back. What is finished stays; more epochs are then trained from the first one on. SQLite
    /// writes the file anew for that, and needs room for what stays beside it.
    pub fn forget_end_states(self) -> Self {
        Self { forgets_end_states: true, ..self }
    }

    /// How long other processes on the study leave this one its fits while it lives but does not move, as one that was
    /// stopped; a minute by default. The fits of a process that has ended are free at once.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks that the path names a file.
    ///
    /// # Errors
    /// [`StudyError::Name`].
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

    /// The same beside it, for one of several searches: `digits.study` becomes `digits.study.0`.
    pub(crate) fn numbered(self, number: u32) -> Self {
        let mut path = self.path.into_os_string();
        path.push(format!(".{number}"));
        Self { path: path.into(), ..self }
    }

    pub(crate) fn extends(&self) -> bool {
        self.extends
    }

    pub(crate) fn retries_failed(&self) -> bool {
        self.retries_failed
    }

    pub(crate) fn forgets_end_states(&self) -> bool {
        self.forgets_end_states
    }

    pub(crate) fn lease_time(&self) -> Duration {
        self.lease
    }
}

impl<P: Into<PathBuf>> From<P> for Study {
    fn from(path: P) -> Self {
        Self::at(path)
    }
}
