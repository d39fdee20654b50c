//! What a search does, what came of it, and by what it is measured.

use std::time::Duration;

use crate::{
    error::Failure,
    metric::{Direction, Warning},
};

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

/// The sizes of a fold, and its weight in means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldInfo {
    /// Rows trained on.
    pub train: usize,
    /// Rows scored.
    pub test: usize,
    /// Weight in a candidate's mean.
    pub weight: f64,
}

/// A metric's name and direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricInfo {
    /// The name in results.
    pub name: String,
    /// Whether higher is better.
    pub direction: Direction,
}
