//! Log loss.

use super::{Direction, Metric, Scored};
use crate::{data::Labels, error::Result};

/// The mean negative natural logarithm of the true class' probability: cross-entropy, in nats, 0 at best.
///
/// Probabilities are clipped to `[eps, 1 - eps]` with the `eps` of `f64`, as in scikit-learn's
/// [`log_loss`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{LogLoss, Metric, Scored};
/// let score = LogLoss.score(&Scored::classes(&[0, 1], &[0.5, 0.5, 0.0, 1.0], 2)?)?;
/// assert!((score - 0.5 * 2.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLoss;

impl Metric for LogLoss {
    type Kind = Labels;

    fn name(&self) -> String {
        "log_loss".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn score(&self, scored: &Scored<'_, Labels>) -> Result<f64> {
        let losses = scored
            .truth()
            .iter()
            .zip(scored.probabilities())
            .map(|(&truth, row)| -row[truth].clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln());
        Ok(losses.sum::<f64>() / scored.len() as f64)
    }
}
