//! Accuracy.

use super::{Direction, Metric, Scored};
use crate::{data::Labels, error::Result};

/// The share of rows whose most probable class is the true one, in [0, 1].
///
/// Agrees with scikit-learn's
/// [`accuracy_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Accuracy, Metric, Scored};
/// let probabilities = [0.7, 0.3, 0.4, 0.6, 0.9, 0.1];
/// let score = Accuracy.score(&Scored::classes(&[0, 1, 1], &probabilities, 2)?)?;
/// assert_eq!(score, 2.0 / 3.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accuracy;

impl Metric for Accuracy {
    type Kind = Labels;

    fn name(&self) -> String {
        "accuracy".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Maximize
    }

    fn score(&self, scored: &Scored<'_, Labels>) -> Result<f64> {
        let right = scored.truth().iter().zip(scored.predicted()).filter(|(truth, class)| *truth == class);
        Ok(right.count() as f64 / scored.len() as f64)
    }
}
