//! Explained variance.

use super::{
    Direction, ExplainedFraction, Fraction, Measured, Metric, Needs, PerOutput, Scored,
    outputs::{spread, uniform},
    r2::scaled_output,
    sum::difference,
};
use crate::{data::Values, error::Result};

/// The share of the truth's variance that is predicted, a constant offset forgiven: 1 at best; the mean over the
/// outputs.
///
/// `1 - Var(truth - predicted) / Var(truth)`, weighted. Where the truth is constant: 1 if the error is constant, too,
/// else 0. As scikit-learn's
/// [`explained_variance_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.explained_variance_score.html),
/// but a constant is recognised as one whether or not its mean is rounded.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{ExplainedVariance, Metric, Scored};
/// let scored = Scored::values(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0], 1)?;
/// assert_eq!(ExplainedVariance.score(&scored)?.value, 1.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplainedVariance;

impl Metric for ExplainedVariance {
    type Kind = Values;

    fn name(&self) -> String {
        "explained_variance".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Maximize
    }

    fn best(&self) -> Option<f64> {
        Some(1.0)
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        Ok(uniform(&self.outputs(scored)))
    }
}

impl PerOutput for ExplainedVariance {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        self.fractions(scored).into_iter().map(Fraction::explained).collect()
    }
}

impl ExplainedFraction for ExplainedVariance {
    fn fractions(&self, scored: &Scored<'_, Values>) -> Vec<Fraction> {
        let weights = scored.relative_weights();
        let fraction = |output| {
            let (unit, rows) = scaled_output(scored, output);
            let errors = spread(rows.clone().map(|(truth, predicted)| difference(truth, predicted)), weights);
            Fraction::scaled(errors, spread(rows.map(|(truth, _)| (truth, 0.0)), weights), unit)
        };
        (0..scored.width()).map(fraction).collect()
    }
}
