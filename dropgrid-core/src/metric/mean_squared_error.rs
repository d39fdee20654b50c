//! Mean squared error.

use super::{Direction, Measured, Metric, Needs, PerOutput, Scored, outputs::uniform, sum::mean};
use crate::{data::Values, error::Result};

/// The mean squared difference of truth and prediction, 0 at best; the mean over the outputs.
///
/// `Σ w (truth - predicted)² / Σ w`, as scikit-learn's
/// [`mean_squared_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_squared_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanSquaredError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(MeanSquaredError.score(&scored)?.value, 0.375);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanSquaredError;

impl Metric for MeanSquaredError {
    type Kind = Values;

    fn name(&self) -> String {
        "mean_squared_error".to_owned()
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

impl PerOutput for MeanSquaredError {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        let error = |output| {
            mean(scored.output(output).map(|(truth, predicted)| (truth - predicted).powi(2)), scored.relative_weights())
        };
        (0..scored.width()).map(error).collect()
    }
}
