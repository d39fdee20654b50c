//! The explained share of absolute errors.

use super::{
    Direction, Fraction, Measured, Metric, Needs, PerOutput, Scored, Warning,
    median_absolute_error::median,
    outputs::{uniform, weighted_sum},
    r2::scaled_output,
};
use crate::{data::Values, error::Result};

/// The share of the truth's absolute deviations from its median that is predicted: 1 at best, 0 for a constant guess of
/// the median, or below; the mean over the outputs. Outliers count less than in [`R2`](super::R2).
///
/// `1 - Σ w |truth - predicted| / Σ w |truth - median|`. Where the truth is constant: 1 if the prediction is perfect,
/// else 0. NaN with a warning for a single row. As scikit-learn's
/// [`d2_absolute_error_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.d2_absolute_error_score.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{D2AbsoluteError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(D2AbsoluteError.score(&scored)?.value, 1.0 - 2.0 / 8.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct D2AbsoluteError;

impl Metric for D2AbsoluteError {
    type Kind = Values;

    fn name(&self) -> String {
        "d2_absolute_error".to_owned()
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

impl PerOutput for D2AbsoluteError {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        if scored.len() < 2 {
            return vec![f64::NAN; scored.width()];
        }
        let weights = scored.relative_weights();
        let explained = |output| {
            let (_, rows) = scaled_output(scored, output);
            let middle = median(rows.clone().map(|(truth, _)| truth), weights);
            let errors = rows.clone().map(|(truth, predicted)| (truth - predicted).abs());
            let all = rows.map(|(truth, _)| (truth - middle).abs());
            Fraction::new(weighted_sum(errors, weights), weighted_sum(all, weights)).explained()
        };
        (0..scored.width()).map(explained).collect()
    }
}
