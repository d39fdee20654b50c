//! Log loss.

use super::{Direction, Measured, Metric, Needs, Scored, Warning, sum::mean};
use crate::{data::Labels, error::Result};

/// The mean negative natural logarithm of the true class' probability: cross-entropy, in nats, 0 at best.
///
/// `-Σ w ln p(truth) / Σ w`, with probabilities clipped to `[eps, 1 - eps]` with the `eps` of `f64`, as scikit-learn's
/// [`log_loss`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html) with
/// `labels=range(classes)`. A warning names the first row whose probabilities do not sum to 1.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{LogLoss, Metric, Scored};
/// let score = LogLoss.score(&Scored::classes(&[0, 1], &[0.5, 0.5, 0.0, 1.0], 2)?)?;
/// assert!((score.value - 0.5 * 2.0_f64.ln()).abs() < 1e-15); // one rounding of ln and one of the mean
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLoss;

/// The distance from 1 that the sum of a row's probabilities may have without a warning: half the digits of `f64`.
pub(super) const SUM_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// The loss of a row whose class has this probability.
pub(super) fn surprise(probability: f64) -> f64 {
    -libm::log(probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON))
}

impl Metric for LogLoss {
    type Kind = Labels;

    fn name(&self) -> String {
        "log_loss".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn best(&self) -> Option<f64> {
        Some(0.0)
    }

    fn needs(&self) -> Needs {
        Needs::Probabilities
    }

    fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
        let probabilities = scored.probabilities()?;
        let losses = scored.truth().iter().enumerate().map(|(row, &class)| surprise(probabilities.get(row, class)));
        let odd = probabilities.bad_sum(SUM_TOLERANCE).map(|(row, sum)| Warning::RowSum { row: row + 1, sum });
        Ok(Measured { value: mean(losses, scored.relative_weights()), warnings: odd.into_iter().collect() })
    }
}
