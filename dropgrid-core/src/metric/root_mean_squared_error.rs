//! Root mean squared error.

use super::{
    Direction, Measured, Metric, Needs, PerOutput, Scored,
    outputs::uniform,
    scale::{shifted, unit},
    sum::mean,
};
use crate::{data::Values, error::Result};

/// The root of the mean squared difference of truth and prediction, in the unit of the truth, 0 at best; the mean over
/// the outputs.
///
/// `sqrt(Σ w (truth - predicted)² / Σ w)`, as scikit-learn's
/// [`root_mean_squared_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.root_mean_squared_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{RootMeanSquaredError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(RootMeanSquaredError.score(&scored)?.value, 0.375_f64.sqrt());
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootMeanSquaredError;

impl Metric for RootMeanSquaredError {
    type Kind = Values;

    fn name(&self) -> String {
        "root_mean_squared_error".to_owned()
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

impl PerOutput for RootMeanSquaredError {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        let error = |output| {
            let errors = scored.output(output).map(|(truth, predicted)| truth - predicted);
            // Squares leave the range of `f64` where their root is within it.
            let unit = unit(errors.clone());
            let squares = errors.map(|error| shifted(error, -unit).powi(2));
            shifted(mean(squares, scored.relative_weights()).sqrt(), unit)
        };
        (0..scored.width()).map(error).collect()
    }
}
