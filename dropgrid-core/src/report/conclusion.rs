//! The end of a search: its best candidate, and everything that happened beside the scores.

use std::time::Duration;

use crate::{
    error::{Failure, Stopped},
    split::Warning,
    study::DamagedRecord,
};

use super::FreshScore;

/// The part of a report that depends neither on the type of the model nor on that of its hyperparameters, beside the
/// results.
#[derive(Debug, Clone, Default)]
pub(super) struct Conclusion {
    /// The place of the best candidate in the results.
    pub(super) best: usize,
    /// The hyperparameters of the best candidate as text.
    pub(super) best_params: String,
    /// Warnings about the data and its folds.
    pub(super) warnings: Vec<Warning>,
    /// The time from the call to the report.
    pub(super) elapsed: Duration,
    /// The time from the call to the end of the last fit of the search, without the training on all rows.
    pub(super) searched: Duration,
    /// The reason why the search ended early, where it did.
    pub(super) stopped: Option<Stopped>,
    /// The reasons why attempts at training the best candidate on all rows failed.
    pub(super) refit_failures: Vec<Failure>,
    /// The reason why the last attempt failed, where no other one followed.
    pub(super) refit_failure: Option<Failure>,
    pub(super) damaged: Vec<DamagedRecord>,
    pub(super) fresh_scores: Vec<FreshScore>,
}
