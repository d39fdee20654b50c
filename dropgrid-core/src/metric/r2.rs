//! Coefficient of determination.

use super::{
    Direction, ExplainedFraction, Fraction, Measured, Metric, Needs, PerOutput, Scored, Warning,
    outputs::{spread, uniform, weighted_sum},
    scale::{shifted, unit},
};
use crate::{data::Values, error::Result};

/// The share of the truth's variation that is predicted: 1 at best, 0 for a constant guess of the mean, or below; the
/// mean over the outputs.
///
/// `1 - Σ w (truth - predicted)² / Σ w (truth - mean)²`. Where the truth is constant: 1 if the prediction is perfect,
/// else 0. NaN with a warning for a single row. As scikit-learn's
/// [`r2_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html), but a constant truth
/// is recognised as one whether or not its mean is rounded.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, R2, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert!((R2.score(&scored)?.value - 0.948_608_137_044_967_9).abs() < 1e-15); // the quotient is rounded
/// assert_eq!(R2.score(&Scored::values(&[0.1, 0.1, 0.1], &[0.1, 0.1, 0.2], 1)?)?.value, 0.0);
/// assert!(R2.score(&Scored::values(&[3.0], &[2.5], 1)?)?.value.is_nan());
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct R2;

impl Metric for R2 {
    type Kind = Values;

    fn name(&self) -> String {
        "r2".to_owned()
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

    fn undefined_for(&self, rows: &Scored<'_, Values>) -> Option<Warning> {
        self.measure(rows).ok()?.reason()
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        if scored.len() < 2 {
            return Ok(Measured::undefined(Warning::TooFewRows { rows: scored.len(), needed: 2 }));
        }
        Ok(uniform(&self.outputs(scored)))
    }
}

impl PerOutput for R2 {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        if scored.len() < 2 {
            return vec![f64::NAN; scored.width()];
        }
        self.fractions(scored).into_iter().map(Fraction::explained).collect()
    }
}

impl ExplainedFraction for R2 {
    fn fractions(&self, scored: &Scored<'_, Values>) -> Vec<Fraction> {
        let weights = scored.relative_weights();
        let fraction = |output| {
            let (unit, rows) = scaled_output(scored, output);
            let errors = rows.clone().map(|(truth, predicted)| (truth - predicted).powi(2));
            let all = spread(rows.map(|(truth, _)| (truth, 0.0)), weights);
            Fraction::scaled(weighted_sum(errors, weights), all, unit)
        };
        (0..scored.width()).map(fraction).collect()
    }
}

/// Each row's truth and prediction for one output, multiplied by 2 to the power `-unit` where their squares would leave
/// the range of `f64`, and the `unit`.
pub(super) fn scaled_output<'a>(
    scored: &'a Scored<'_, Values>,
    output: usize,
) -> (i32, impl ExactSizeIterator<Item = (f64, f64)> + Clone + 'a) {
    let unit = unit(scored.output(output).flat_map(|(truth, predicted)| [truth, predicted]));
    (unit, scored.output(output).map(move |(truth, predicted)| (shifted(truth, -unit), shifted(predicted, -unit))))
}
