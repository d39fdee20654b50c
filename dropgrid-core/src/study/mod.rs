//! A study survives: where a search keeps what it has finished.
//!
//! A fit counts as finished once its record is durable. A search that was killed, at any moment, continues with the
//! same call: finished fits are read, the others run, and the report has the bits of a search that was never
//! interrupted, because every draw is keyed by what it is for and not by what ran before it.

mod archive;
mod encode;
mod identity;
mod legend;
mod memory;
mod sqlite;
mod untyped;
mod verify;

pub use archive::{Archive, ArchivedMetric, Tried};
pub use identity::{Difference, Identity};
pub use legend::Legend;
pub use memory::Memory;
pub use sqlite::Sqlite;
pub use untyped::Untyped;
pub use verify::{Fault, Verdict};

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{error::Result, record::Record};

/// What a store keeps of one fit. It is known by its candidate's hyperparameters and its fold, not by the candidate's
/// number, which changes when an axis gets more values.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The candidate: a JSON object of its hyperparameters in declaration order.
    pub params: String,
    /// What came of the fit. Its candidate number is that of the search that ran it.
    pub record: Record,
}

/// The state of a training between two of its epochs, from which it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The candidate whose fit it is a part of, as in [`Kept`].
    pub params: String,
    /// The fold, from 0.
    pub fold: u32,
    /// Epochs trained.
    pub epochs: u32,
    /// The state, in the words of who trains.
    pub state: Vec<u8>,
}

/// A place that keeps finished fits, and the states of those that are not.
///
/// Every store passes the same suite, `tests/stores.rs`.
pub trait Store: fmt::Debug + Send {
    /// What the study is of; nothing yet where it is new.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn identity(&mut self) -> Result<Option<Identity>>;

    /// Writes down what the study is of.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn identify(&mut self, identity: &Identity) -> Result<()>;

    /// By what the scores are read; nothing where no search has said so yet.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn legend(&mut self) -> Result<Option<Legend>>;

    /// Writes down by what the scores are read, in place of what was said before.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn explain(&mut self, legend: &Legend) -> Result<()>;

    /// Every fit kept, in no particular order.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn kept(&mut self) -> Result<Vec<Kept>>;

    /// Keeps finished fits, all or none of them; when it returns, they are durable. A fit that is already kept stays as
    /// it is. The checkpoints of these fits go.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn keep(&mut self, fits: &[Kept]) -> Result<()>;

    /// The checkpoint of a fit, where there is one.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn checkpoint(&mut self, params: &str, fold: u32) -> Result<Option<Checkpoint>>;

    /// Keeps a checkpoint, in place of the fit's earlier one.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn save(&mut self, checkpoint: &Checkpoint) -> Result<()>;

    /// Lets the checkpoint of a fit go, where there is one.
    ///
    /// # Errors
    /// Where the store cannot be written.
    fn forget(&mut self, params: &str, fold: u32) -> Result<()>;
}

/// The file of a study, for [`Search::study`](crate::search::Search::study).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    path: PathBuf,
    extends: bool,
}

impl Study {
    /// A study in a file, which is made where there is none.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), extends: false }
    }

    /// Lets the search be larger than the one that the study remembers, where that is sound: other values on an axis,
    /// more folds after the same ones. What both have in common is reused.
    pub fn extend(self) -> Self {
        Self { extends: true, ..self }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
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
}

impl<P: Into<PathBuf>> From<P> for Study {
    fn from(path: P) -> Self {
        Self::at(path)
    }
}
