//! Rules that prune a candidate by the values that its training monitors.

use std::fmt;

use super::others::Others;
use crate::{
    error::{Error, Result},
    record::MetricInfo,
};

/// The values that a rule decides on. Each is the mean over the folds of the
/// [monitored](crate::recipe::Train::monitor) quantity after an epoch, with the weights of the folds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Watched<'a> {
    /// The monitored quantity.
    pub monitored: &'a MetricInfo,
    /// The candidate's value after each of its epochs so far, the first epoch first.
    pub values: &'a [f64],
    /// The candidates that it is compared with.
    pub others: Others<'a>,
}

impl Watched<'_> {
    /// The best of these values in the direction of the quantity. NaN counts only where all are NaN.
    pub fn best(&self, values: &[f64]) -> f64 {
        let direction = self.monitored.direction;
        let numbers = values.iter().copied().filter(|value| !value.is_nan());
        numbers.min_by(|a, b| direction.compare(*a, *b)).unwrap_or(f64::NAN)
    }
}

/// A rule that prunes candidates: optuna's
/// [pruners](https://optuna.readthedocs.io/en/stable/reference/pruners.html).
///
/// A rule is a pure function of what it is given. [`Pruning`](super::Pruning) asks it, and tells its `Debug` text to
/// the report.
///
/// # Examples
/// No better than chance among ten classes after five epochs:
/// ```
/// use dropgrid_core::strategy::{Others, Pruner, Watched};
///
/// #[derive(Debug)]
/// struct Chance;
///
/// impl Pruner for Chance {
///     fn is_due(&self, epoch: u32, _others: Others<'_>) -> bool {
///         epoch == 5
///     }
///
///     fn prunes(&self, watched: &Watched<'_>) -> Option<String> {
///         let loss = watched.values[4];
///         (loss > 10_f64.ln()).then(|| format!("a loss of {loss:.3} is that of chance"))
///     }
/// }
/// ```
pub trait Pruner: fmt::Debug {
    /// Checks the settings of the rule, before any training.
    ///
    /// # Errors
    /// [`Error::Setting`].
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// True where the rule looks at a candidate after its epoch number `epoch`, from 1, which is not its last one.
    /// `others` are the candidates that it is [compared](Watched::others) with.
    fn is_due(&self, epoch: u32, others: Others<'_>) -> bool;

    /// True of a rule that compares a candidate with others: it waits for those.
    fn compares(&self) -> bool {
        false
    }

    /// The reason why the candidate is pruned after its last epoch so far; `None` where it goes on.
    fn prunes(&self, watched: &Watched<'_>) -> Option<String>;
}

/// The epochs after which a rule looks at a candidate: after `warmup` epochs, the next one and then each `interval`th.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Steps {
    pub(super) warmup: u32,
    pub(super) interval: u32,
}

impl Default for Steps {
    fn default() -> Self {
        Self { warmup: 0, interval: 1 }
    }
}

impl Steps {
    /// # Errors
    /// [`Error::Setting`] for an interval of 0.
    pub(super) fn check(self) -> Result<()> {
        if self.interval == 0 {
            return Err(Error::Setting { setting: "interval_steps", value: "0".to_owned(), expected: "at least 1" });
        }
        Ok(())
    }

    /// True after epoch number `epoch`, from 1.
    pub(super) fn has(self, epoch: u32) -> bool {
        epoch > self.warmup && (epoch - 1 - self.warmup).is_multiple_of(self.interval)
    }
}

/// Declares the methods of a rule that looks at candidates at `steps`.
macro_rules! steps {
    () => {
        /// The epochs of each candidate before the rule first looks at it: it does after the epoch behind them. The
        /// default is 0.
        pub fn n_warmup_steps(mut self, epochs: u32) -> Self {
            self.steps.warmup = epochs;
            self
        }

        /// The epochs from one look at a candidate to the next, at least 1. The default is 1. Each look stops the
        /// training, scores it and goes on from its state, which takes time where epochs are short.
        pub fn interval_steps(mut self, epochs: u32) -> Self {
            self.steps.interval = epochs;
            self
        }
    };
}
pub(super) use steps;
