//! What a search does, and what came of it.

use std::time::Duration;

use crate::error::Failure;

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
    pub outcome: Result<Vec<f64>, Failure>,
    /// Time of the training.
    pub fit_time: Duration,
    /// Time of the scoring.
    pub score_time: Duration,
}
