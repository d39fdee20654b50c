//! Subset accuracy.

use super::{Direction, Measured, Metric, Needs, Scored, sum::share};
use crate::{data::Flags, error::Result};

/// The share of rows whose flags are all predicted right, in [0, 1].
///
/// `Σ w [every predicted flag = the true one] / Σ w`: what scikit-learn's
/// [`accuracy_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html) gives for
/// multi-label targets.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, Scored, SubsetAccuracy};
/// let scored = Scored::flags(&[true, false, true, true], &[true, false, false, true], 2)?;
/// assert_eq!(SubsetAccuracy.score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubsetAccuracy;

impl Metric for SubsetAccuracy {
    type Kind = Flags;

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

    fn measure(&self, scored: &Scored<'_, Flags>) -> Result<Measured> {
        let width = scored.width();
        let (truth, predicted) = (scored.truth().chunks_exact(width), scored.predicted()?.chunks_exact(width));
        Ok(share(truth.zip(predicted).map(|(truth, predicted)| truth == predicted), scored.relative_weights()).into())
    }
}
