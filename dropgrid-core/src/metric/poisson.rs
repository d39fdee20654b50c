//! Poisson deviance.

use super::{Direction, Measured, Metric, Needs, Scored, outputs::check_single, sum::mean};
use crate::{
    data::Values,
    error::{Result, ScoringError},
};

/// The deviance of counts from a predicted rate, 0 at best; of one output.
///
/// The mean of `2 (truth ln(truth / predicted) - truth + predicted)`, for truths of at least 0 and predictions above 0.
/// As scikit-learn's
/// [`mean_poisson_deviance`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_poisson_deviance.html),
/// which refuses several outputs, too.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanPoissonDeviance, Metric, Scored};
/// let score = MeanPoissonDeviance.score(&Scored::values(&[0.0, 2.0], &[0.5, 2.0], 1)?)?;
/// assert_eq!(score.value, 0.5);
/// let error = MeanPoissonDeviance.score(&Scored::values(&[0.0, 2.0], &[0.5, -1.0], 1)?).unwrap_err();
/// assert_eq!(error.to_string(), "mean_poisson_deviance: row 2, the prediction is -1, expected above 0");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanPoissonDeviance;

impl Metric for MeanPoissonDeviance {
    type Kind = Values;

    fn name(&self) -> String {
        "mean_poisson_deviance".to_owned()
    }

    fn direction(&self) -> Direction {
        Direction::Minimize
    }

    fn best(&self) -> Option<f64> {
        Some(0.0)
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn check(&self, outputs: usize) -> Result<()> {
        check_single(self, outputs)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        for (row, (truth, predicted)) in scored.output(0).enumerate() {
            let outside = |what, value, expected| {
                Err(ScoringError::Domain { metric: self.name(), what, row: row + 1, value, expected }.into())
            };
            if truth < 0.0 {
                return outside("truth", truth, "at least 0");
            }
            if predicted <= 0.0 {
                return outside("prediction", predicted, "above 0");
            }
        }
        Ok(mean(scored.output(0).map(deviance), scored.relative_weights()).into())
    }
}

/// `2 (t ln(t / p) - t + p)`, with all digits where the two are near each other.
pub(super) fn deviance((truth, predicted): (f64, f64)) -> f64 {
    if truth == 0.0 {
        return 2.0 * predicted;
    }
    let off = (predicted - truth) / truth;
    if off.abs() > NEAR {
        return 2.0 * (truth * libm::log(truth / predicted) - truth + predicted);
    }
    // `t (x - ln(1 + x))` with `x = off`, and ln(1 + x) = 2 (r + r³/3 + r⁵/5 + …) with r = x / (2 + x).
    let ratio = off / (2.0 + off);
    let square = ratio * ratio;
    let series = (1..TERMS).rev().fold(0.0, |sum, term| square * (sum + 1.0 / f64::from(2 * term + 1)));
    2.0 * truth * ratio * (off - 2.0 * series)
}

/// Relative differences up to which the logarithm is a series.
const NEAR: f64 = 0.3;

/// Terms of it: the next one is below 2^-53 of the first, since the ratio is at most 0.18 there.
const TERMS: u32 = 12;

#[cfg(test)]
mod tests {
    use super::deviance;

    #[test]
    fn near_numbers_keep_their_digits() {
        // From fractions of 60 digits: 2 (t ln(t / p) - t + p).
        for (truth, predicted, expected) in CASES {
            let ours = deviance((truth, predicted));
            assert!((ours - expected).abs() <= 4e-15 * expected, "{truth} and {predicted}: {ours} for {expected}");
        }
        assert_eq!(deviance((3.0, 3.0)), 0.0);
        assert_eq!(deviance((0.0, 0.25)), 0.5);
    }

    #[allow(clippy::unreadable_literal, reason = "as they were computed")]
    const CASES: [(f64, f64, f64); 6] = [
        (10000000000.0, 10000000001.0, 9.999999999333333e-11),
        (3.0, 3.000001, 3.333332593524631e-13),
        (7.0, 7.5, 0.03409979918267968),
        (2.0, 1.5, 0.15072828980712372),
        (5.0, 6.6, 0.42368263401720496),
        (0.001, 0.0010001, 9.99933338334066e-12),
    ];
}
