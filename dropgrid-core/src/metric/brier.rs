//! Brier score.

use super::{Direction, Measured, Metric, Needs, Scored, Warning, log_loss::SUM_TOLERANCE, sum::mean};
use crate::{data::Labels, error::Result};

/// The mean squared distance of the probabilities from the truth, 0 at best.
///
/// `Σ w Σ_c ([truth = c] - p_c)² / Σ w`, halved for two classes, where it is `(truth - p)²`, so at most 1 there and at
/// most 2 else. As scikit-learn's
/// [`brier_score_loss`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.brier_score_loss.html). A
/// warning names the first row whose probabilities do not sum to 1.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{BrierScore, Metric, Scored};
/// assert_eq!(BrierScore.score(&Scored::binary(&[0, 1], &[0.5, 1.0])?)?.value, 0.125);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrierScore;

impl Metric for BrierScore {
    type Kind = Labels;

    fn name(&self) -> String {
        "brier_score".to_owned()
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
        let (probabilities, classes) = (scored.probabilities()?, scored.width());
        let distances = scored.truth().iter().enumerate().map(|(row, &truth)| {
            let off = |class| f64::from(u8::from(class == truth)) - probabilities.get(row, class);
            (0..classes).map(|class| off(class).powi(2)).sum::<f64>()
        });
        let value = mean(distances, scored.relative_weights()) * if classes == 2 { 0.5 } else { 1.0 };
        let odd = probabilities.bad_sum(SUM_TOLERANCE).map(|(row, sum)| Warning::RowSum { row: row + 1, sum });
        Ok(Measured { value, warnings: odd.into_iter().collect() })
    }
}
