//! Mean absolute error.

use super::{Direction, Measured, Metric, Needs, PerOutput, Scored, outputs::uniform, sum::mean};
use crate::{data::Values, error::Result};

/// The mean absolute difference of truth and prediction, 0 at best; the mean over the outputs.
///
/// `Σ w |truth - predicted| / Σ w`, as scikit-learn's
/// [`mean_absolute_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_absolute_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanAbsoluteError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(MeanAbsoluteError.score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanAbsoluteError;

impl Metric for MeanAbsoluteError {
    type Kind = Values;

    fn name(&self) -> String {
        "mean_absolute_error".to_owned()
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

impl PerOutput for MeanAbsoluteError {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        let error = |output| {
            mean(scored.output(output).map(|(truth, predicted)| (truth - predicted).abs()), scored.relative_weights())
        };
        (0..scored.width()).map(error).collect()
    }
}
