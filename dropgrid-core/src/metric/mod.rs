//! Metrics: what a trained network is worth on rows that it has not seen.

mod accuracy;
mod log_loss;
mod scored;
mod scoring;

pub use accuracy::Accuracy;
pub use log_loss::LogLoss;
pub use scored::Scored;
pub(crate) use scored::argmax;
pub use scoring::{Default, MetricOf, Scoring};

use std::{cmp::Ordering, fmt};

use crate::{data::Truth, error::Result};

/// Whether a higher or a lower value is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Maximize,
    /// Lower is better.
    Minimize,
}

impl Direction {
    /// Compares two values, the better one first; NaN compares equal to everything.
    pub fn compare(self, a: f64, b: f64) -> Ordering {
        let ascending = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
        match self {
            Self::Maximize => ascending.reverse(),
            Self::Minimize => ascending,
        }
    }
}

/// A score of predictions against the truth.
///
/// The kind of truth is a type, so that an accuracy of a regression does not compile.
pub trait Metric: fmt::Debug + Send + Sync + 'static {
    /// What it scores.
    type Kind: Truth;

    /// The name in results: `accuracy` in `mean_test_accuracy`.
    fn name(&self) -> String;

    /// Whether higher is better.
    fn direction(&self) -> Direction;

    /// The score.
    ///
    /// # Errors
    /// [`Error::Metric`](crate::Error::Metric) where the predictions lack what the metric needs.
    fn score(&self, scored: &Scored<'_, Self::Kind>) -> Result<f64>;
}
