//! Mean absolute percentage error.

use super::{Direction, Measured, Metric, Needs, PerOutput, Scored, outputs::uniform, sum::mean};
use crate::{data::Values, error::Result};

/// The mean absolute difference relative to the truth, 0 at best, 1 for a hundred percent; the mean over the outputs.
///
/// `Σ w |truth - predicted| / max(|truth|, eps) / Σ w` with the `eps` of `f64`: a truth of 0 makes it huge, not
/// infinite. As scikit-learn's
/// [`mean_absolute_percentage_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_absolute_percentage_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanAbsolutePercentageError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// let score = MeanAbsolutePercentageError.score(&scored)?;
/// assert!((score.value - 0.327_380_952_380_952_3).abs() < 1e-15); // quotients are rounded
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanAbsolutePercentageError;

impl Metric for MeanAbsolutePercentageError {
    type Kind = Values;

    fn name(&self) -> String {
        "mean_absolute_percentage_error".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn best(&self) -> Option<f64> {
        Some(0.0)
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        Ok(uniform(&self.outputs(scored)))
    }
}

impl PerOutput for MeanAbsolutePercentageError {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        let error = |output| {
            mean(
                scored
                    .output(output)
                    .map(|(truth, predicted)| (predicted - truth).abs() / truth.abs().max(f64::EPSILON)),
                scored.relative_weights(),
            )
        };
        (0..scored.width()).map(error).collect()
    }
}
