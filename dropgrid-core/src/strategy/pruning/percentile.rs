//! Pruning by the values of other candidates at the same epoch.

use super::{
    others::Others,
    pruner::{Pruner, Steps, Watched, steps},
};
use crate::{
    error::{Error, Result},
    metric::Direction,
};

/// Prunes a candidate whose best value so far is not among the best `percentile` percent of the other candidates'
/// values at the same epoch: optuna's
/// [`PercentilePruner`](https://optuna.readthedocs.io/en/stable/reference/generated/optuna.pruners.PercentilePruner.html),
/// rule for rule. The others are earlier candidates that had their whole training.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, PercentilePruner, Pruning};
/// let best_quarter = Pruning::new(Grid, PercentilePruner::new(25.0).n_warmup_steps(2).interval_steps(3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PercentilePruner {
    percentile: f64,
    n_startup_trials: usize,
    n_min_trials: usize,
    steps: Steps,
}

impl PercentilePruner {
    /// Keeps so many percent, from 0 to 100.
    pub fn new(percentile: f64) -> Self {
        Self { percentile, n_startup_trials: 5, n_min_trials: 1, steps: Steps::default() }
    }

    /// The candidates with their whole training that there must be before a candidate is pruned. The default is 5.
    pub fn n_startup_trials(self, candidates: usize) -> Self {
        Self { n_startup_trials: candidates, ..self }
    }

    /// The candidates that must have a value at the epoch before a candidate is pruned there, at least 1. The default
    /// is 1.
    pub fn n_min_trials(self, candidates: usize) -> Self {
        Self { n_min_trials: candidates, ..self }
    }

    steps!();
}

impl Pruner for PercentilePruner {
    fn check(&self) -> Result<()> {
        if !(0.0..=100.0).contains(&self.percentile) {
            let (setting, value) = ("percentile", self.percentile.to_string());
            return Err(Error::Setting { setting, value, expected: "a number from 0 to 100" });
        }
        if self.n_min_trials == 0 {
            return Err(Error::Setting { setting: "n_min_trials", value: "0".to_owned(), expected: "at least 1" });
        }
        self.steps.check()
    }

    fn is_due(&self, epoch: u32, others: Others<'_>) -> bool {
        !others.is_empty() && others.len() >= self.n_startup_trials && self.steps.has(epoch)
    }

    fn compares(&self) -> bool {
        true
    }

    fn prunes(&self, watched: &Watched<'_>) -> Option<String> {
        let Watched { monitored, values, others } = watched;
        let (name, best) = (&monitored.name, watched.best(values));
        if best.is_nan() {
            return Some(format!("{name} is NaN"));
        }
        let percentile = match monitored.direction {
            Direction::Minimize => self.percentile,
            Direction::Maximize => 100.0 - self.percentile,
        };
        let (count, limit) = others.percentile(values.len() as u32, percentile);
        let limit = limit.filter(|_| count >= self.n_min_trials)?;
        let is_worse = match monitored.direction {
            Direction::Minimize => best > limit,
            Direction::Maximize => best < limit,
        };
        let kept = self.percentile;
        is_worse.then(|| format!("best {name} {best:.6}, {limit:.6} bounds the best {kept} % of {count} candidates"))
    }
}

/// Prunes a candidate whose best value so far is worse than the median of the other candidates' values at the same
/// epoch: optuna's
/// [`MedianPruner`](https://optuna.readthedocs.io/en/stable/reference/generated/optuna.pruners.MedianPruner.html), rule
/// for rule. It is the [`PercentilePruner`] of 50 percent.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{MedianPruner, Pruning, Random};
/// let pruning = Pruning::new(Random::new(50), MedianPruner::new().n_startup_trials(10).n_warmup_steps(3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedianPruner {
    n_startup_trials: usize,
    n_min_trials: usize,
    steps: Steps,
}

impl Default for MedianPruner {
    fn default() -> Self {
        Self { n_startup_trials: 5, n_min_trials: 1, steps: Steps::default() }
    }
}

impl MedianPruner {
    /// The rule with optuna's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The candidates with their whole training that there must be before a candidate is pruned. The default is 5.
    pub fn n_startup_trials(self, candidates: usize) -> Self {
        Self { n_startup_trials: candidates, ..self }
    }

    /// The candidates that must have a value at the epoch before a candidate is pruned there, at least 1. The default
    /// is 1.
    pub fn n_min_trials(self, candidates: usize) -> Self {
        Self { n_min_trials: candidates, ..self }
    }

    steps!();

    fn percentile(self) -> PercentilePruner {
        let Self { n_startup_trials, n_min_trials, steps } = self;
        PercentilePruner { percentile: 50.0, n_startup_trials, n_min_trials, steps }
    }
}

impl Pruner for MedianPruner {
    fn check(&self) -> Result<()> {
        self.percentile().check()
    }

    fn is_due(&self, epoch: u32, others: Others<'_>) -> bool {
        self.percentile().is_due(epoch, others)
    }

    fn compares(&self) -> bool {
        true
    }

    fn prunes(&self, watched: &Watched<'_>) -> Option<String> {
        self.percentile().prunes(watched)
    }
}
