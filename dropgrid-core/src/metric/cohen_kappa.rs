//! Cohen's kappa.

use super::{
    ConfusionMatrix, Direction, Measured, Metric, Needs, Scored, Warning, contingency::ContingencyTables, sum::sum,
};
use crate::{data::Labels, error::Result};

/// Agreement beyond chance, in [-1, 1]: `1 - Σ v_ij C_ij / Σ v_ij E_ij`.
///
/// `C` is the confusion matrix, `E_ij = C_i. C_.j / C_..` what chance would give, `v_ij` the cost of taking class i for
/// class j: 1, `|i - j|` or `(i - j)²`. NaN with a warning where truth and prediction are one and the same class. As
/// scikit-learn's
/// [`cohen_kappa_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.cohen_kappa_score.html) with
/// `labels=range(classes)`: the distance of two classes does not depend on which others are there.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{CohenKappa, Metric, Scored};
/// let scored = Scored::labels(&[0, 1, 2, 2, 1, 0, 2], &[0, 2, 2, 2, 1, 0, 1], 3)?;
/// assert_eq!(CohenKappa::new().score(&scored)?.value, 0.5625);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohenKappa {
    cost: Cost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cost {
    Equal,
    Linear,
    Quadratic,
}

impl CohenKappa {
    /// Every mistake costs the same.
    #[allow(clippy::new_without_default, reason = "`Default` is a scoring here")]
    pub const fn new() -> Self {
        Self { cost: Cost::Equal }
    }

    /// A mistake costs the distance of the two classes.
    pub const fn linear() -> Self {
        Self { cost: Cost::Linear }
    }

    /// A mistake costs the squared distance of the two classes.
    pub const fn quadratic() -> Self {
        Self { cost: Cost::Quadratic }
    }
}

impl Metric for CohenKappa {
    type Kind = Labels;

    fn name(&self) -> String {
        match self.cost {
            Cost::Equal => "cohen_kappa",
            Cost::Linear => "cohen_kappa_linear",
            Cost::Quadratic => "cohen_kappa_quadratic",
        }
        .to_owned()
    }

    fn identity(&self) -> String {
        self.name()
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
        let (truths, predictions) = (matrix.true_sums(), matrix.predicted_sums());
        let cost = |i: usize, j: usize| match self.cost {
            Cost::Equal => f64::from(u8::from(i != j)),
            Cost::Linear => i.abs_diff(j) as f64,
            Cost::Quadratic => (i.abs_diff(j) as f64).powi(2),
        };
        let pairs = || (0..scored.width()).flat_map(|i| (0..scored.width()).map(move |j| (i, j)));
        let chance = sum(pairs().map(|(i, j)| cost(i, j) * (truths[i] * predictions[j])));
        if chance == 0.0 {
            return Ok(Measured::undefined(Warning::OneLabel));
        }
        if matrix.is_diagonal() {
            return Ok(1.0.into());
        }
        // The disagreement found is not subtracted from that of chance: both may be large, and nearly equal.
        let tables = ContingencyTables::of(&matrix);
        let beyond = sum(pairs().map(|(i, j)| -cost(i, j) * tables.around(i, j).beyond_chance()));
        Ok((beyond / chance).clamp(-1.0, 1.0).into())
    }
}
