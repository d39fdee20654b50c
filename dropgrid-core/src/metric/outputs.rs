//! From a score for each output of a regression to one number.

use std::fmt;

use super::{
    Direction, Measured, Metric, Needs, Scored,
    scale::{exponent, shifted},
    sum::mean,
};
use crate::{
    data::Values,
    error::{Error, Result, ScoringError},
};

/// A metric of numbers that scores each output by itself. Its score is the mean over the outputs.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanAbsoluteError, Metric, PerOutput, Scored};
/// let scored = Scored::values(&[1.0, 10.0, 2.0, 20.0], &[1.0, 12.0, 3.0, 20.0], 2)?;
/// assert_eq!(MeanAbsoluteError.outputs(&scored), [0.5, 1.0]);
/// assert_eq!(MeanAbsoluteError.score(&scored)?.value, 0.75);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
pub trait PerOutput: Metric<Kind = Values> {
    /// The score of each output: scikit-learn's `multioutput='raw_values'`.
    fn outputs(&self, scored: &Scored<'_, Values>) -> Vec<f64>;
}

/// Refuses several outputs, for a metric that has no score for each of them.
///
/// # Errors
/// [`ScoringError::ManyOutputs`].
pub(super) fn check_single(metric: &impl Metric, outputs: usize) -> Result<()> {
    if outputs == 1 { Ok(()) } else { Err(ScoringError::ManyOutputs { metric: metric.name(), outputs }.into()) }
}

/// The mean over the outputs.
pub(super) fn uniform(outputs: &[f64]) -> Measured {
    mean(outputs.iter().copied(), None).into()
}

/// The mean over the outputs with a weight for each. A single output has nothing to weigh and is refused, as by
/// scikit-learn.
///
/// scikit-learn's `multioutput=[…]`, as in
/// [`mean_squared_error`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_squared_error.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{MeanAbsoluteError, Metric, OutputAverage, Scored};
/// let scored = Scored::values(&[1.0, 10.0, 2.0, 20.0], &[1.0, 12.0, 3.0, 20.0], 2)?;
/// assert_eq!(OutputAverage::new(MeanAbsoluteError, [3.0, 1.0]).score(&scored)?.value, 0.625);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OutputAverage<M> {
    metric: M,
    weights: Vec<f64>,
}

impl<M: PerOutput> OutputAverage<M> {
    /// `metric` with a weight for each output, none negative and not all 0.
    pub fn new(metric: M, weights: impl Into<Vec<f64>>) -> Self {
        Self { metric, weights: weights.into() }
    }

    fn suffix(&self) -> String {
        let weights = self.weights.iter().map(|weight| format!("_{weight}"));
        "_outputs".to_owned() + &weights.collect::<String>()
    }
}

impl<M: PerOutput> Metric for OutputAverage<M> {
    type Kind = Values;

    /// The metric's name and the weights: `r2_outputs_3_1`.
    fn name(&self) -> String {
        self.metric.name() + &self.suffix()
    }

    fn identity(&self) -> String {
        self.metric.identity() + &self.suffix()
    }

    fn direction(&self) -> Direction {
        self.metric.direction()
    }

    fn best(&self) -> Option<f64> {
        self.metric.best()
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn check(&self, outputs: usize) -> Result<()> {
        self.metric.check(outputs)?;
        if outputs == 1 {
            return Err(ScoringError::OneOutput { metric: self.metric.name() }.into());
        }
        let weights = self.weights.len();
        if weights != outputs {
            return Err(ScoringError::OutputWeights { metric: self.metric.name(), weights, outputs }.into());
        }
        let usable = self.weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
        if !usable || self.weights.iter().all(|&weight| weight == 0.0) {
            return Err(Error::Setting {
                setting: "the list of output weights",
                value: format!("{:?}", self.weights),
                expected: "finite numbers of at least 0, not all 0",
            });
        }
        Ok(())
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        let plain = self.metric.measure(scored)?;
        let value = mean(self.metric.outputs(scored).into_iter(), Some(&self.weights));
        Ok(Measured { value, warnings: plain.warnings })
    }
}

/// A metric that is 1 minus a fraction, what is unexplained of what there is to explain: [`R2`](super::R2) and
/// [`ExplainedVariance`](super::ExplainedVariance).
pub trait ExplainedFraction: PerOutput {
    /// The fraction of each output.
    fn fractions(&self, scored: &Scored<'_, Values>) -> Vec<Fraction>;
}

/// Two sums of squares: of the errors of a prediction, and of the deviations that there are to explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fraction {
    unexplained: f64,
    all: f64,
    /// Both are to be multiplied by 4 to this power.
    exponent: i32,
}

impl Fraction {
    /// A fraction of two numbers of at least 0.
    pub fn new(unexplained: f64, all: f64) -> Self {
        Self { unexplained, all, exponent: 0 }
    }

    /// A fraction of sums of squares of numbers that were multiplied by 2 to the power `-exponent`.
    pub(super) fn scaled(unexplained: f64, all: f64, exponent: i32) -> Self {
        Self { unexplained, all, exponent }
    }

    /// `1 - unexplained / all`: 1 where there is nothing to explain and nothing unexplained, 0 where only the first.
    pub(super) fn explained(self) -> f64 {
        match (self.unexplained == 0.0, self.all == 0.0) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => 1.0 - self.unexplained / self.all,
        }
    }
}

/// `Σ w (v - mean)²` of values that are each a number and what its rounding took; exactly 0 where all values of
/// positive weight are equal.
///
/// The mean of equal numbers is often not that number in `f64`; what is left of it would count as something to explain.
/// Beside a large mean its rounding would count, too, so it is found in two passes: the rounded mean, then the mean of
/// the differences from it.
pub(super) fn spread(values: impl ExactSizeIterator<Item = (f64, f64)> + Clone, weights: Option<&[f64]>) -> f64 {
    let counts = |row: usize| weights.is_none_or(|weights| weights[row] > 0.0);
    let mut counted = values.clone().enumerate().filter(|&(row, _)| counts(row)).map(|(_, value)| value);
    let first = counted.next();
    if counted.all(|value| Some(value) == first) {
        return 0.0;
    }
    let center = mean(values.clone().map(|(high, _)| high), weights);
    let off = values.map(|(high, low)| (high - center) + low);
    let rest = mean(off.clone(), weights);
    weighted_sum(off.map(|off| (off - rest).powi(2)), weights)
}

/// `Σ w v`.
pub(super) fn weighted_sum(values: impl Iterator<Item = f64>, weights: Option<&[f64]>) -> f64 {
    match weights {
        None => super::sum::sum(values),
        Some(weights) => super::sum::sum(values.zip(weights).map(|(value, weight)| value * weight)),
    }
}

/// The mean over the outputs, each weighted by its variance: scikit-learn's `multioutput='variance_weighted'`.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{Metric, R2, Scored, VarianceWeighted};
/// let scored = Scored::values(&[0.0, 0.0, 1.0, 3.0], &[0.0, 0.0, 0.0, 3.0], 2)?;
/// assert_eq!(R2.score(&scored)?.value, 0.0);
/// assert_eq!(VarianceWeighted::new(R2).score(&scored)?.value, 0.8);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VarianceWeighted<M> {
    metric: M,
}

impl<M: ExplainedFraction + fmt::Debug> VarianceWeighted<M> {
    /// `metric` with each output weighted by its variance.
    pub const fn new(metric: M) -> Self {
        Self { metric }
    }
}

impl<M: ExplainedFraction> Metric for VarianceWeighted<M> {
    type Kind = Values;

    fn name(&self) -> String {
        format!("{}_variance_weighted", self.metric.name())
    }

    fn identity(&self) -> String {
        format!("{}_variance_weighted", self.metric.identity())
    }

    fn direction(&self) -> Direction {
        self.metric.direction()
    }

    fn best(&self) -> Option<f64> {
        self.metric.best()
    }

    fn needs(&self) -> Needs {
        Needs::Values
    }

    fn check(&self, outputs: usize) -> Result<()> {
        self.metric.check(outputs)
    }

    fn measure(&self, scored: &Scored<'_, Values>) -> Result<Measured> {
        let plain = self.metric.measure(scored)?;
        let fractions = self.metric.fractions(scored);
        // On one scale, on which the largest variance is in range.
        let is_there = |fraction: &&Fraction| fraction.all > 0.0;
        let size = |fraction: &Fraction| exponent(fraction.all) + 2 * fraction.exponent;
        let largest = fractions.iter().filter(is_there).map(size).max().unwrap_or(0);
        let variance = |fraction: &Fraction| shifted(fraction.all, 2 * fraction.exponent - largest);
        let variances: Vec<f64> = fractions.iter().map(variance).collect();
        if plain.value.is_nan() || variances.iter().all(|&variance| variance == 0.0) {
            return Ok(plain);
        }
        Ok(Measured { value: mean(fractions.into_iter().map(Fraction::explained), Some(&variances)), ..plain })
    }
}
