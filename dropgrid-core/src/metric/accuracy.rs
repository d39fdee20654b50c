//! Accuracy.

use super::{Direction, Measured, Metric, Needs, Scored, sum::share};
use crate::{data::Labels, error::Result};

/// The share of rows whose predicted class is the true one, in [0, 1].
///
/// `accuracy = Σ w [predicted = truth] / Σ w`, as scikit-learn's
/// [`accuracy_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Accuracy, Metric, Scored};
/// let probabilities = [0.7, 0.3, 0.4, 0.6, 0.9, 0.1];
/// let scored = Scored::classes(&[0, 1, 1], &probabilities, 2)?;
/// assert_eq!(Accuracy.score(&scored)?.value, 2.0 / 3.0);
/// assert_eq!(Accuracy.score(&scored.weighted(&[1.0, 1.0, 2.0])?)?.value, 0.5);
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

    fn best(&self) -> Option<f64> {
        Some(1.0)
    }

    fn needs(&self) -> Needs {
        Needs::Labels
    }

    fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
        let hits = scored.truth().iter().zip(scored.predicted()?).map(|(truth, predicted)| truth == predicted);
        Ok(share(hits, scored.relative_weights()).into())
    }
}
