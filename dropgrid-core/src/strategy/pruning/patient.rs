//! Pruning that waits for a candidate to improve.

use super::{
    others::Others,
    pruner::{Pruner, Watched},
};
use crate::{
    error::{Error, Result},
    metric::Direction,
};

/// Prunes a candidate that has not got better for a while, where another rule prunes it, too: optuna's
/// [`PatientPruner`](https://optuna.readthedocs.io/en/stable/reference/generated/optuna.pruners.PatientPruner.html),
/// rule for rule.
///
/// With a patience of `p`, the best of the last `p + 1` values is worse than the best of those before by more than
/// `min_delta`. [Early stopping](crate::recipe::EarlyStopping) by a patience ends a training, whose candidate still
/// competes; a pruned candidate does not.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, MedianPruner, PatientPruner, Pruning};
/// let alone = Pruning::new(Grid, PatientPruner::new(3));
/// let median = Pruning::new(Grid, PatientPruner::new(3).min_delta(0.01).of(MedianPruner::new()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatientPruner<R = AnyEpoch> {
    rule: R,
    patience: u32,
    min_delta: f64,
}

/// Prunes after any epoch: the rule of a [`PatientPruner`] that has no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyEpoch;

impl PatientPruner {
    /// Prunes by patience alone, after so many epochs behind the first without an improvement.
    pub fn new(patience: u32) -> Self {
        Self { rule: AnyEpoch, patience, min_delta: 0.0 }
    }

    /// Prunes where `rule` does, too.
    pub fn of<R: Pruner>(self, rule: R) -> PatientPruner<R> {
        let Self { patience, min_delta, .. } = self;
        PatientPruner { rule, patience, min_delta }
    }
}

impl<R> PatientPruner<R> {
    /// The difference to the best value before that counts as none, at least 0. The default is 0.
    pub fn min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }
}

impl Pruner for AnyEpoch {
    fn is_due(&self, _epoch: u32, _others: Others<'_>) -> bool {
        true
    }

    fn prunes(&self, _watched: &Watched<'_>) -> Option<String> {
        Some(String::new())
    }
}

impl<R: Pruner> Pruner for PatientPruner<R> {
    fn check(&self) -> Result<()> {
        if !(self.min_delta >= 0.0 && self.min_delta.is_finite()) {
            let (setting, value) = ("min_delta", self.min_delta.to_string());
            return Err(Error::Setting { setting, value, expected: "a number that is at least 0" });
        }
        self.rule.check()
    }

    fn is_due(&self, epoch: u32, others: Others<'_>) -> bool {
        epoch > self.patience.saturating_add(1) && self.rule.is_due(epoch, others)
    }

    fn compares(&self) -> bool {
        self.rule.compares()
    }

    fn prunes(&self, watched: &Watched<'_>) -> Option<String> {
        let values = watched.values;
        let before = values.len().checked_sub(self.patience as usize + 1).filter(|&before| before > 0)?;
        let (first, last) = (watched.best(&values[..before]), watched.best(&values[before..]));
        let is_worse = match watched.monitored.direction {
            Direction::Minimize => first + self.min_delta < last,
            Direction::Maximize => first - self.min_delta > last,
        };
        let reason = self.rule.prunes(watched).filter(|_| is_worse)?;
        let (name, patience) = (&watched.monitored.name, self.patience);
        let own = format!("best {name} {last:.6} of the last {} epochs, {first:.6} before", patience + 1);
        Some(if reason.is_empty() { own } else { format!("{own}; {reason}") })
    }
}
