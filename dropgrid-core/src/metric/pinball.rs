//! Pinball loss.

use super::{Direction, Measured, Metric, Needs, PerOutput, Scored, outputs::uniform, sum::mean};
use crate::{
    data::Values,
    error::{Error, Result},
};

/// The loss of a prediction of the `alpha` quantile, 0 at best; the mean over the outputs.
///
/// The mean of `alpha max(truth - predicted, 0) + (1 - alpha) max(predicted - truth, 0)`: half the absolute error for
/// the median. As scikit-learn's
/// [`mean_pinball_loss`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_pinball_loss.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanPinballLoss, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(MeanPinballLoss::new(0.5).score(&scored)?.value, 0.25);
/// assert_eq!(MeanPinballLoss::new(0.75).score(&scored)?.value, 0.1875);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanPinballLoss {
    alpha: f64,
}

impl MeanPinballLoss {
    /// The loss of the quantile `alpha`, in [0, 1].
    pub const fn new(alpha: f64) -> Self {
        Self { alpha }
    }
}

impl Metric for MeanPinballLoss {
    type Kind = Values;

    fn name(&self) -> String {
        format!("mean_pinball_loss_{}", self.alpha)
    }

    fn identity(&self) -> String {
        self.name()
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

    fn check(&self, _outputs: usize) -> Result<()> {
        check_alpha(self.alpha)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        Ok(uniform(&self.outputs(scored)))
    }
}

impl PerOutput for MeanPinballLoss {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        (0..scored.width())
            .map(|output| mean(scored.output(output).map(|row| loss(self.alpha, row)), scored.relative_weights()))
            .collect()
    }
}

/// Refuses a quantile that is none.
pub(super) fn check_alpha(alpha: f64) -> Result<()> {
    if (0.0..=1.0).contains(&alpha) {
        return Ok(());
    }
    Err(Error::Setting { setting: "alpha", value: alpha.to_string(), expected: "a number in [0, 1]" })
}

/// The loss of one row.
pub(super) fn loss(alpha: f64, (truth, predicted): (f64, f64)) -> f64 {
    let off = truth - predicted;
    if off >= 0.0 { alpha * off } else { (alpha - 1.0) * off }
}
