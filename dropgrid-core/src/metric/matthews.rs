//! Matthews' correlation coefficient.

use super::{
    ConfusionMatrix, Direction, Measured, Metric, Needs, Scored,
    contingency::ContingencyTables,
    scale::geometric_mean,
    sum::{sum, sums_without_each},
};
use crate::{data::Labels, error::Result};

/// The correlation of truth and prediction, in [-1, 1], for any number of classes.
///
/// `(c s - Σ t_k p_k) / sqrt((s² - Σ p_k²)(s² - Σ t_k²))` with `c` the rows predicted right, `s` all rows, `t_k` the
/// rows of class k and `p_k` those predicted as k; 0 where the truth or the prediction is one class. The differences
/// are computed without cancellation, so uneven weights cost no digits. As scikit-learn's
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

    fn best(&self) -> Option<f64> {
        Some(1.0)
    }

    fn needs(&self) -> Needs {
        Needs::Labels
    }

    fn measure(&self, scored: &Scored<'_, Labels>) -> Result<Measured> {
        let matrix = ConfusionMatrix::relative(scored)?;
        let classes = 0..scored.width();
        // Each class beside those that are not it: 0 for a single class, however weights round.
        let outside = |sums: &[f64]| sum(sums.iter().zip(sums_without_each(sums)).map(|(own, others)| own * others));
        let spread = geometric_mean(outside(&matrix.true_sums()), outside(&matrix.predicted_sums()));
        if spread == 0.0 {
            return Ok(0.0.into());
        }
        if matrix.is_diagonal() {
            return Ok(1.0.into());
        }
        let tables = ContingencyTables::of(&matrix);
        let covariance = sum(classes.map(|class| tables.around(class, class).beyond_chance()));
        Ok((covariance / spread).clamp(-1.0, 1.0).into())
    }
}
