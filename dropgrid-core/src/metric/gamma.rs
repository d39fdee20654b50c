//! Gamma deviance.

use super::{Direction, Measured, Metric, Needs, Scored, outputs::check_single, poisson::deviance, sum::mean};
use crate::{
    data::Values,
    error::{Result, ScoringError},
};

/// The deviance of amounts whose spread grows with their size, such as claims and durations, from a prediction, 0 at
/// best; of one output.
///
/// The mean of `2 (ln(predicted / truth) + truth / predicted - 1)`, for truths and predictions above 0. It does not
/// depend on the unit. As scikit-learn's
/// [`mean_gamma_deviance`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_gamma_deviance.html),
/// which refuses several outputs, too.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanGammaDeviance, Metric, Scored};
/// let score = MeanGammaDeviance.score(&Scored::values(&[1.0, 2.0], &[1.0, 2.0], 1)?)?;
/// assert_eq!(score.value, 0.0);
/// let error = MeanGammaDeviance.score(&Scored::values(&[0.0, 2.0], &[0.5, 1.0], 1)?).unwrap_err();
/// assert_eq!(error.to_string(), "mean_gamma_deviance: row 1, the truth is 0, expected above 0");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanGammaDeviance;

impl Metric for MeanGammaDeviance {
    type Kind = Values;

    fn name(&self) -> String {
        "mean_gamma_deviance".to_owned()
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

    fn check(&self, outputs: usize) -> Result<()> {
        check_single(self, outputs)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        for (row, (truth, predicted)) in scored.output(0).enumerate() {
            for (what, value) in [("truth", truth), ("prediction", predicted)] {
                if value <= 0.0 {
                    let (metric, row) = (self.name(), row + 1);
                    return Err(ScoringError::Domain { metric, what, row, value, expected: "above 0" }.into());
                }
            }
        }
        // With truth and prediction exchanged, a Poisson deviance is 2 (p ln(p / t) - p + t).
        let gamma = |(truth, predicted): (f64, f64)| deviance((predicted, truth)) / predicted;
        Ok(mean(scored.output(0).map(gamma), scored.relative_weights()).into())
    }
}
