//! The explained share of pinball losses.

use super::{
    Direction, Fraction, Measured, Metric, Needs, PerOutput, Scored, Warning,
    median_absolute_error::weighted_quantile,
    outputs::{uniform, weighted_sum},
    pinball::{check_alpha, loss},
    r2::scaled_output,
};
use crate::{data::Values, error::Result};

/// The share of the [pinball loss](super::MeanPinballLoss) of a constant guess that predictions save: 1 at best, 0 for
/// a guess of the truth's `alpha` quantile, or below; the mean over the outputs.
///
/// `1 - L(truth, predicted) / L(truth, quantile)`. Where the truth is constant: 1 if the prediction is perfect, else 0.
/// NaN with a warning for a single row. As scikit-learn's
/// [`d2_pinball_score`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.d2_pinball_score.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{D2Pinball, Metric, Scored};
/// let scored = Scored::values(&[1.0, 2.0, 3.0], &[1.0, 3.0, 3.0], 1)?;
/// assert_eq!(D2Pinball::new(0.5).score(&scored)?.value, 0.5);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct D2Pinball {
    alpha: f64,
}

impl D2Pinball {
    /// The explained share of the loss of the quantile `alpha`, in [0, 1].
    pub const fn new(alpha: f64) -> Self {
        Self { alpha }
    }
}

impl Metric for D2Pinball {
    type Kind = Values;

    fn name(&self) -> String {
        format!("d2_pinball_{}", self.alpha)
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
        Needs::Values
    }

    fn check(&self, _outputs: usize) -> Result<()> {
        check_alpha(self.alpha)
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

impl PerOutput for D2Pinball {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        if scored.len() < 2 {
            return vec![f64::NAN; scored.width()];
        }
        let weights = scored.relative_weights();
        let explained = |output| {
            let (_, rows) = scaled_output(scored, output);
            let truth = rows.clone().enumerate().map(|(row, (truth, _))| (truth, scored.weight(row)));
            let quantile = weighted_quantile(truth.collect(), self.alpha);
            let losses = rows.clone().map(|row| loss(self.alpha, row));
            let all = rows.map(|(truth, _)| loss(self.alpha, (truth, quantile)));
            Fraction::new(weighted_sum(losses, weights), weighted_sum(all, weights)).explained()
        };
        (0..scored.width()).map(explained).collect()
    }
}
