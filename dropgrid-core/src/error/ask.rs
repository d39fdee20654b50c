//! Faults of a loop of one's own.

use super::worded::worded;
use crate::escape::escaped;

worded! {
/// The reason why a loop cannot be told of a job.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// The loop has not asked for the job, or was told of it before.
    #[error(
        "candidate {candidate} on fold {fold} for the budget `{budget}` was not asked for, or told before: tell each job that \
         `ask` gives once"
    )]
    NotPending {
        /// The candidate's number.
        candidate: u64,
        /// The fold, from 0.
        fold: u32,
        /// The budget in words.
        budget: String,
    },
    /// The job has another number of scores than there are metrics.
    #[error("got {found} scores, expected {}: one for each of {}", metrics.len(), escaped(&metrics.join(", ")))]
    Scores {
        /// The number of scores.
        found: usize,
        /// The metrics.
        metrics: Vec<String>,
    },
}
}
