//! What a search does, and what came of it.

use std::time::Duration;

use crate::{error::Failure, metric::Warning};

/// One unit of work: train a candidate on a fold and score it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job<P> {
    /// Number of the candidate; in a grid, its index in the space.
    pub candidate: u64,
    /// The candidate's hyperparameters.
    pub params: P,
    /// The fold, from 0.
    pub fold: u32,
}

/// What came of a [`Job`].
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Number of the candidate.
    pub candidate: u64,
    /// The fold, from 0.
    pub fold: u32,
    /// The score of each metric, or why there is none.
    ///
    /// A score is NaN where the metric is undefined on the fold; its warning is then in `warnings`.
    pub outcome: Result<Vec<f64>, Failure>,
    /// What is odd about each score, in the order of the metrics; empty where the fit failed.
    pub warnings: Vec<Vec<Warning>>,
    /// The score of each metric on the rows trained on, where asked for and the fit did not fail.
    pub train_scores: Option<Vec<f64>>,
    /// Time of the training; of a failed fit, the time until it failed.
    pub fit_time: Duration,
    /// Time of the scoring.
    pub score_time: Duration,
}
