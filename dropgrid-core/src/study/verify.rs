//! What is wrong with a study's file.

use crate::error::worded::worded;

/// What [`Archive::verify`](super::Archive::verify) finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The file's format.
    pub format: i32,
    /// Fits that can be read.
    pub fits: usize,
    /// What is wrong; empty where nothing is.
    pub faults: Vec<Fault>,
}

worded! {
/// Something wrong with a study's file.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// SQLite's `integrity_check` complains.
    #[error("SQLite finds: {message}")]
    Page {
        /// In SQLite's words.
        message: String,
    },
    /// The end of the file is missing.
    #[error("{bytes} bytes are missing at its end")]
    Cut {
        /// How many.
        bytes: u64,
    },
    /// A row is not of the types of its table.
    #[error("a record cannot be read: {message}")]
    Row {
        /// What is wrong with it.
        message: String,
    },
    /// A record is not as any was written.
    #[error("the record of {params} on fold {fold} cannot be read")]
    Record {
        /// The candidate, as the file has it.
        params: String,
        /// The fold, from 0.
        fold: u32,
    },
    /// The hyperparameters of a record are no JSON object.
    #[error("the record of `{params}` on fold {fold} names no hyperparameters")]
    Params {
        /// What stands in their place.
        params: String,
        /// The fold, from 0.
        fold: u32,
    },
    /// The state of a training that has not ended is not as it was written. The fit begins anew.
    #[error("the checkpoint of {params} on fold {fold} after {epochs} epochs is damaged; the fit begins anew")]
    Checkpoint {
        /// The candidate, or one of those that are the training.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// Epochs trained.
        epochs: u32,
    },
    /// An end state is not as it was written. More epochs are trained without it.
    #[error("the end state of {training} on fold {fold} after {epochs} epochs is damaged; more are trained without it")]
    EndState {
        /// The training, as the file has it.
        training: String,
        /// The fold, from 0.
        fold: u32,
        /// Epochs trained.
        epochs: u32,
    },
    /// A record has more or fewer scores than the study has metrics.
    #[error("the record of {params} on fold {fold} has {found} scores, but the study has {metrics} metrics")]
    Scores {
        /// The candidate.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// Scores of the record.
        found: usize,
        /// Metrics of the study.
        metrics: usize,
    },
}
}
