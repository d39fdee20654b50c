//! Matthews' correlation coefficient.

use super::{ConfusionMatrix, Direction, Measured, Metric, Needs, Scored, sum::sum};
use crate::{data::Labels, error::Result};

/// The correlation of truth and prediction, in [-1, 1], for any number of classes.
///
/// `(c s - Σ t_k p_k) / sqrt((s² - Σ p_k²)(s² - Σ t_k²))` with `c` the rows predicted right, `s` all rows, `t_k` the
/// rows of class k and `p_k` those predicted as k; 0 where the truth or the prediction is one class. As scikit-learn's
/// [`matthews_corrcoef`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.matthews_corrcoef.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MatthewsCorrcoef, Metric, Scored};
/// let scored = Scored::labels(&[0, 1, 2, 2, 1, 0, 2], &[0, 2, 2, 2, 1, 0, 1], 3)?;
/// assert_eq!(MatthewsCorrcoef.score(&scored)?.value, 0.5625);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatthewsCorrcoef;

impl Metric for MatthewsCorrcoef {
    type Kind = Labels;

    fn name(&self) -> String {
        "matthews_corrcoef".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Maximize
    }

    fn needs(&self) -> Needs {
        Needs::Labels
    }

    fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
        let matrix = ConfusionMatrix::of(scored)?;
        let (truths, predictions) = (matrix.true_sums(), matrix.predicted_sums());
        let all = sum(predictions.iter().copied());
        let right = sum((0..scored.width()).map(|class| matrix.get(class, class)));
        let dot = |a: &[f64], b: &[f64]| sum(a.iter().zip(b).map(|(a, b)| a * b));
        let covariance = right * all - dot(&truths, &predictions);
        // scikit-learn takes the squares of each from the square of all; this is 0 for a single class however weights round.
        let outside = |classes: &[f64]| {
            let all = sum(classes.iter().copied());
            sum(classes.iter().map(|class| class * (all - class)))
        };
        let spread = outside(&predictions) * outside(&truths);
        Ok(if spread == 0.0 { 0.0 } else { covariance / spread.sqrt() }.into())
    }
}
