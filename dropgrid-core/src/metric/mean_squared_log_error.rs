//! Squared errors of logarithms.

use super::{Direction, Measured, Metric, Needs, PerOutput, Scored, outputs::uniform, sum::mean};
use crate::{
    data::Values,
    error::{Result, ScoringError},
};

/// The mean squared difference of ln(1 + truth) and ln(1 + prediction), 0 at best; the mean over the outputs.
///
/// `Σ w (ln(1 + truth) - ln(1 + predicted))² / Σ w`, for numbers above -1: an error counts by its ratio. As
/// scikit-learn's
/// [`mean_squared_log_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_squared_log_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanSquaredLogError, Metric, Scored};
/// let score = MeanSquaredLogError.score(&Scored::values(&[0.0, 3.0], &[1.0, 1.0], 1)?)?;
/// assert!((score.value - std::f64::consts::LN_2.powi(2)).abs() < 1e-15); // logarithms are rounded
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanSquaredLogError;

/// The root of the [`MeanSquaredLogError`], of each output before their mean is taken.
///
/// As scikit-learn's
/// [`root_mean_squared_log_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.root_mean_squared_log_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, RootMeanSquaredLogError, Scored};
/// let score = RootMeanSquaredLogError.score(&Scored::values(&[0.0, 3.0], &[1.0, 1.0], 1)?)?;
/// assert!((score.value - std::f64::consts::LN_2).abs() < 1e-15); // logarithms are rounded
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootMeanSquaredLogError;

/// Refuses numbers of at most -1, which have no logarithm here.
fn check_domain(metric: &impl Metric, scored: &Scored<'_, Values>) -> Result<()> {
    for output in 0..scored.width() {
        for (row, (truth, predicted)) in scored.output(output).enumerate() {
            for (what, value) in [("truth", truth), ("prediction", predicted)] {
                if value <= -1.0 {
                    let (metric, row) = (metric.name(), row + 1);
                    return Err(ScoringError::Domain { metric, what, row, value, expected: "above -1" }.into());
                }
            }
        }
    }
    Ok(())
}

/// The mean of each output.
fn means(scored: &Scored<'_, Values>) -> Vec<f64> {
    let square = |(truth, predicted): (f64, f64)| (libm::log1p(truth) - libm::log1p(predicted)).powi(2);
    (0..scored.width()).map(|output| mean(scored.output(output).map(square), scored.relative_weights())).collect()
}

/// Implements a metric of squared errors of logarithms, given the function of the mean of an output.
macro_rules! log_error {
    ($metric:ident, $name:literal, $of:expr) => {
        impl Metric for $metric {
            type Kind = Values;

            fn name(&self) -> String {
                $name.to_owned()
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
                check_domain(self, scored)?;
                Ok(uniform(&self.outputs(scored)))
            }
        }

        impl PerOutput for $metric {
            fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
                means(scored).into_iter().map($of).collect()
            }
        }
    };
}

log_error!(MeanSquaredLogError, "mean_squared_log_error", |mean| mean);
log_error!(RootMeanSquaredLogError, "root_mean_squared_log_error", f64::sqrt);
