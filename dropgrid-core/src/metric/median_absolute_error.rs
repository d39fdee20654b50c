//! Median absolute error.

use super::{Direction, Measured, Metric, Needs, PerOutput, Scored, outputs::uniform, sum::Sum};
use crate::{data::Values, error::Result};

/// The median absolute difference of truth and prediction, 0 at best; the mean over the outputs.
///
/// Half of the weight has at most this error; where it falls between two errors, their mean. As scikit-learn's
/// [`median_absolute_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.median_absolute_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MedianAbsoluteError, Metric, Scored};
/// let scored = Scored::values(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1)?;
/// assert_eq!(MedianAbsoluteError.score(&scored)?.value, 0.5);
/// assert_eq!(MedianAbsoluteError.score(&scored.weighted(&[1.0, 1.0, 1.0, 9.0])?)?.value, 1.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MedianAbsoluteError;

impl Metric for MedianAbsoluteError {
    type Kind = Values;

    fn name(&self) -> String {
        "median_absolute_error".to_owned()
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

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        Ok(uniform(&self.outputs(scored)))
    }
}

impl PerOutput for MedianAbsoluteError {
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64> {
        let error = |(truth, predicted): (f64, f64)| (truth - predicted).abs();
        let errors = |output| scored.output(output).map(error);
        (0..scored.width()).map(|output| median(errors(output), scored.relative_weights())).collect()
    }
}

/// The median of values, of which there is one at least: half of the weight has at most that much.
pub(super) fn median(values: impl Iterator<Item = f64>, weights: Option<&[f64]>) -> f64 {
    match weights {
        None => plain_median(values.collect()),
        Some(weights) => weighted_quantile(values.zip(weights.iter().copied()).collect(), 0.5),
    }
}

fn plain_median(mut values: Vec<f64>) -> f64 {
    let (middle, is_odd) = (values.len() / 2, values.len() % 2 == 1);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if !is_odd => f64::midpoint(lower, upper),
        _ => upper,
    }
}

/// The value that a share of the weight is at or below, of values with their weights, of which one at least is
/// positive. Where the share ends between two values, it is their mean.
pub(super) fn weighted_quantile(mut values: Vec<(f64, f64)>, share: f64) -> f64 {
    values.retain(|&(_, weight)| weight > 0.0);
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut total = Sum::default();
    let cumulative: Vec<f64> = values
        .iter()
        .map(|&(_, weight)| {
            total.add(weight);
            total.value()
        })
        .collect();
    let wanted = share * total.value();
    // As scikit-learn, "exactly that share of the weight" forgives rounding: of the weights' own scale, which there is
    // 1.
    let rounding = f64::EPSILON * total.value();
    let at = cumulative.partition_point(|&below| below < wanted - rounding).min(values.len() - 1);
    if cumulative[at] - wanted > rounding {
        return values[at].0;
    }
    let next = values.get(at + 1).unwrap_or(&values[at]);
    f64::midpoint(values[at].0, next.0)
}
