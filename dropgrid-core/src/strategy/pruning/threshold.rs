//! Pruning by bounds.

use super::{
    others::Others,
    pruner::{Pruner, Steps, Watched, steps},
};
use crate::error::{Error, Result};

/// Prunes a candidate whose latest value is below `lower`, above `upper`, or NaN: optuna's
/// [`ThresholdPruner`](https://optuna.readthedocs.io/en/stable/reference/generated/optuna.pruners.ThresholdPruner.html),
/// rule for rule.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, Pruning, ThresholdPruner};
/// let pruning = Pruning::new(Grid, ThresholdPruner::upper(2.3).n_warmup_steps(4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdPruner {
    lower: f64,
    upper: f64,
    steps: Steps,
}

impl ThresholdPruner {
    /// Prunes below this value.
    pub fn lower(lower: f64) -> Self {
        Self::between(lower, f64::INFINITY)
    }

    /// Prunes above this value.
    pub fn upper(upper: f64) -> Self {
        Self::between(f64::NEG_INFINITY, upper)
    }

    /// Prunes below the one value, and above the other.
    pub fn between(lower: f64, upper: f64) -> Self {
        Self { lower, upper, steps: Steps::default() }
    }

    steps!();
}

impl Pruner for ThresholdPruner {
    fn check(&self) -> Result<()> {
        let Self { lower, upper, steps } = self;
        if lower.partial_cmp(upper).is_none_or(std::cmp::Ordering::is_gt) {
            let (setting, value) = ("bounds of ThresholdPruner", format!("{lower} and {upper}"));
            return Err(Error::Setting {
                setting,
                value,
                expected: "numbers of which the lower is not above the upper",
            });
        }
        steps.check()
    }

    fn is_due(&self, epoch: u32, _others: Others<'_>) -> bool {
        self.steps.has(epoch)
    }

    fn prunes(&self, watched: &Watched<'_>) -> Option<String> {
        let (name, value) = (&watched.monitored.name, *watched.values.last()?);
        if value.is_nan() {
            Some(format!("{name} is NaN"))
        } else if value < self.lower {
            Some(format!("{name} {value:.6} is below {}", self.lower))
        } else if value > self.upper {
            Some(format!("{name} {value:.6} is above {}", self.upper))
        } else {
            None
        }
    }
}
