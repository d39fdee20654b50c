//! Poisson deviance.

use super::{Direction, Measured, Metric, Needs, Scored, outputs::check_single, sum::mean};
use crate::{
    data::Values,
    error::{Result, ScoringError},
};

/// The deviance of counts from a predicted rate, 0 at best; of one output.
///
/// The mean of `2 (truth ln(truth / predicted) - truth + predicted)`, for truths of at least 0 and predictions above 0.
/// As scikit-learn's
/// [`mean_poisson_deviance`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_poisson_deviance.html),
/// which refuses several outputs, too.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanPoissonDeviance, Metric, Scored};
/// let score = MeanPoissonDeviance.score(&Scored::values(&[0.0, 2.0], &[0.5, 2.0], 1)?)?;
/// assert_eq!(score.value, 0.5);
/// let error = MeanPoissonDeviance.score(&Scored::values(&[0.0, 2.0], &[0.5, -1.0], 1)?).unwrap_err();
/// assert_eq!(error.to_string(), "mean_poisson_deviance: row 2, the prediction is -1, expected above 0");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanPoissonDeviance;

impl Metric for MeanPoissonDeviance {
    type Kind = Values;

    fn name(&self) -> String {
        "mean_poisson_deviance".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn check(&self, outputs: usize) -> Result<()> {
        check_single(self, outputs)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        for (row, (truth, predicted)) in scored.output(0).enumerate() {
            let outside = |what, value, expected| {
                Err(ScoringError::Domain { metric: self.name(), what, row: row + 1, value, expected }.into())
            };
            if truth < 0.0 {
                return outside("truth", truth, "at least 0");
            }
            if predicted <= 0.0 {
                return outside("prediction", predicted, "above 0");
            }
        }
        let deviance = |(truth, predicted): (f64, f64)| {
            let relative = if truth == 0.0 { 0.0 } else { truth * (truth / predicted).ln() };
            2.0 * (relative - truth + predicted)
        };
        Ok(mean(scored.output(0).map(deviance), scored.weights()).into())
    }
}
