//! Hamming loss.

use super::{Direction, Measured, Metric, Needs, Scored, sum::mean};
use crate::{data::Flags, error::Result};

/// The share of flags that are predicted wrong, in [0, 1].
///
/// `Σ w · (wrong flags of the row / flags) / Σ w`, as scikit-learn's
/// [`hamming_loss`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.hamming_loss.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{HammingLoss, Metric, Scored};
/// let scored = Scored::flags(&[true, false, true, true], &[true, false, false, true], 2)?;
/// assert_eq!(HammingLoss.score(&scored)?.value, 0.25);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HammingLoss;

impl Metric for HammingLoss {
    type Kind = Flags;

    fn name(&self) -> String {
        "hamming_loss".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn best(&self) -> Option<f64> {
        Some(0.0)
    }

    fn needs(&self) -> Needs {
        Needs::Labels
    }

    fn measure(&self, scored: &Scored<'_, Flags>) -> Result<Measured> {
        let width = scored.width();
        let (truth, predicted) = (scored.truth().chunks_exact(width), scored.predicted()?.chunks_exact(width));
        let wrong = truth.zip(predicted).map(|(truth, predicted)| {
            truth.iter().zip(predicted).filter(|(truth, predicted)| truth != predicted).count() as f64
        });
        Ok((mean(wrong, scored.relative_weights()) / width as f64).into())
    }
}
