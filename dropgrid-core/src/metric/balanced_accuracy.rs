//! Balanced accuracy.

use super::{ConfusionMatrix, Direction, Measured, Metric, Needs, Scored, Warning, sum::sum};
use crate::{data::Labels, error::Result};

/// The mean of the classes' recalls, in [0, 1]: accuracy where every class counts the same.
///
/// Classes that no row is of are left out; a warning says so where one is predicted. As scikit-learn's
/// [`balanced_accuracy_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.balanced_accuracy_score.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{BalancedAccuracy, Metric, Scored};
/// let scored = Scored::labels(&[0, 0, 0, 0, 1], &[0, 0, 0, 0, 0], 2)?;
/// assert_eq!(BalancedAccuracy.score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalancedAccuracy;

impl Metric for BalancedAccuracy {
    type Kind = Labels;

    fn name(&self) -> String {
        "balanced_accuracy".to_owned()
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
        let (mut recalls, mut warnings) = (Vec::new(), Vec::new());
        for class in 0..scored.width() {
            let rows = sum(matrix.row(class).iter().copied());
            if rows > 0.0 {
                recalls.push(matrix.get(class, class) / rows);
            } else if scored.predicted()?.contains(&class) || scored.truth().contains(&class) {
                warnings.push(Warning::LeftOut { class });
            }
        }
        let classes = recalls.len() as f64;
        Ok(Measured { value: sum(recalls) / classes, warnings })
    }
}
