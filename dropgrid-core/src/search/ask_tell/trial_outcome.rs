//! The outcome of a job of an ask-and-tell loop.

use crate::{
    error::Failure,
    record::{Curve, Epoch},
};

/// The outcome of a job: one score per metric, or a failure. A single number stands for a list of one.
///
/// # Examples
/// ```
/// # use dropgrid_core::search::TrialOutcome;
/// let _: [TrialOutcome; 3] = [
///     TrialOutcome::from(0.97),
///     TrialOutcome::from([0.97, 0.12]),
///     TrialOutcome::failed("no convergence"),
/// ];
/// // The monitored value after each epoch, for a pruning strategy.
/// let pruned = TrialOutcome::from(0.97).monitored([0.9, 0.4, 0.3]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TrialOutcome {
    pub(super) outcome: Result<Vec<f64>, Failure>,
    pub(super) curve: Curve,
}

impl TrialOutcome {
    /// Makes the outcome of a job that failed for this reason.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self { outcome: Err(Failure::Build { message: reason.into() }), curve: Curve::default() }
    }

    /// Adds the monitored values on which [pruning](crate::strategy::Pruning) decides: one per epoch, up to the job's
    /// budget.
    pub fn monitored(self, values: impl IntoIterator<Item = f64>) -> Self {
        let epoch = |(number, value)| Epoch { number, monitored: Some(value), ..Epoch::default() };
        Self { curve: Curve { epochs: (1..).zip(values).map(epoch).collect() }, ..self }
    }
}

impl From<f64> for TrialOutcome {
    fn from(score: f64) -> Self {
        vec![score].into()
    }
}

impl From<Vec<f64>> for TrialOutcome {
    fn from(scores: Vec<f64>) -> Self {
        Self { outcome: Ok(scores), curve: Curve::default() }
    }
}

impl<const N: usize> From<[f64; N]> for TrialOutcome {
    fn from(scores: [f64; N]) -> Self {
        scores.to_vec().into()
    }
}
