//! Metrics of decisions at a threshold of their own.

use super::{Direction, Measured, Metric, Needs, Scored, Warning};
use crate::{
    data::{Flags, Labels, Truth},
    error::{Error, Result, ScoringError},
};

/// A metric of predicted labels, where class 1 of two, or a flag, is predicted above a threshold of its own.
///
/// The threshold is for this metric alone: the search's other metrics, and predictions of the winner, keep the
/// recipe's. Its name in results is the metric's with the threshold: `recall_at_0.3`. Scores with scikit-learn's
/// `metric(truth, probability > threshold)`.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{AtThreshold, Metric, Precision, Recall, Scored};
/// let scored = Scored::binary(&[0, 1, 0, 1], &[0.1, 0.3, 0.4, 0.9])?;
/// assert_eq!(AtThreshold::new(Recall, 0.2).score(&scored)?.value, 1.0);
/// assert_eq!(AtThreshold::new(Precision, 0.8).score(&scored)?.value, 1.0);
/// assert_eq!(AtThreshold::new(Recall, 0.2).name(), "recall_at_0.2");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtThreshold<M> {
    metric: M,
    threshold: f64,
}

impl<M: Metric<Kind: Thresholded>> AtThreshold<M> {
    /// `metric` of what is predicted above `threshold`, in [0, 1).
    pub const fn new(metric: M, threshold: f64) -> Self {
        Self { metric, threshold }
    }
}

/// Kinds of truth that a threshold can decide: [`Labels`] of two classes, and [`Flags`].
pub trait Thresholded: Truth + Sized + sealed::Sealed {
    /// The decisions above a threshold.
    #[doc(hidden)]
    fn decide(scored: &Scored<'_, Self>, threshold: f64) -> Result<Vec<Self::Item>>;

    /// The same rows with these decisions, without weights.
    #[doc(hidden)]
    fn decided<'a>(truth: &'a [Self::Item], decisions: &'a [Self::Item], width: usize) -> Result<Scored<'a, Self>>;

    /// Refuses truth that no threshold decides.
    #[doc(hidden)]
    fn check(metric: &impl Metric, width: usize) -> Result<()>;
}

mod sealed {
    #[allow(unnameable_types, reason = "so that nobody else implements it")]
    pub trait Sealed {}
    impl Sealed for super::Labels {}
    impl Sealed for super::Flags {}
}

impl Thresholded for Labels {
    fn decide(scored: &Scored<'_, Self>, threshold: f64) -> Result<Vec<usize>> {
        let probabilities = scored.probabilities()?;
        Ok((0..scored.len()).map(|row| usize::from(probabilities.get(row, 1) > threshold)).collect())
    }

    fn decided<'a>(truth: &'a [usize], decisions: &'a [usize], width: usize) -> Result<Scored<'a, Self>> {
        Scored::labels(truth, decisions, width)
    }

    fn check(metric: &impl Metric, width: usize) -> Result<()> {
        if width == 2 { Ok(()) } else { Err(ScoringError::NotBinary { metric: metric.name(), classes: width }.into()) }
    }
}

impl Thresholded for Flags {
    fn decide(scored: &Scored<'_, Self>, threshold: f64) -> Result<Vec<bool>> {
        Ok(scored.probabilities()?.as_slice().iter().map(|&probability| probability > threshold).collect())
    }

    fn decided<'a>(truth: &'a [bool], decisions: &'a [bool], width: usize) -> Result<Scored<'a, Self>> {
        Scored::flags(truth, decisions, width)
    }

    fn check(_metric: &impl Metric, _width: usize) -> Result<()> {
        Ok(())
    }
}

impl<M: Metric<Kind: Thresholded>> Metric for AtThreshold<M> {
    type Kind = M::Kind;

    fn name(&self) -> String {
        format!("{}_at_{}", self.metric.name(), self.threshold)
    }

    fn identity(&self) -> String {
        format!("{} at {}", self.metric.identity(), self.threshold)
    }

    fn direction(&self) -> Direction {
        self.metric.direction()
    }

    fn best(&self) -> Option<f64> {
        self.metric.best()
    }

    fn needs(&self) -> Needs {
        Needs::Probabilities
    }

    fn check(&self, width: usize) -> Result<()> {
        let setting = |setting, value: String, expected| Err(Error::Setting { setting, value, expected });
        if !(0.0..1.0).contains(&self.threshold) {
            return setting("threshold", self.threshold.to_string(), "a number in [0, 1)");
        }
        if self.metric.needs() != Needs::Labels {
            return setting("the metric at a threshold", self.metric.name(), "one of predicted labels");
        }
        <M::Kind as Thresholded>::check(self, width)?;
        self.metric.check(width)
    }

    fn undefined_for(&self, rows: &Scored<'_, Self::Kind>) -> Option<Warning> {
        self.metric.undefined_for(rows)
    }

    fn measure(&self, scored: &Scored<'_, Self::Kind>) -> Result<Measured> {
        let decisions = <M::Kind as Thresholded>::decide(scored, self.threshold)?;
        let decided = <M::Kind as Thresholded>::decided(scored.truth(), &decisions, scored.width())?;
        match scored.weights() {
            Some(weights) => self.metric.measure(&decided.weighted(weights)?),
            None => self.metric.measure(&decided),
        }
    }
}
