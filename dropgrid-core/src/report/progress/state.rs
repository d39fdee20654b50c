//! The progress of a search as numbers.

use std::collections::BTreeMap;

use crate::record::Budget;

/// The progress of a search, as [`Search::on_progress`](crate::search::Search::on_progress) gives it.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct SearchProgress {
    /// Number of finished fits.
    pub done: usize,
    /// Number of them that an earlier search finished.
    pub known: usize,
    /// Number of fits of the whole search, where its strategy knows it.
    pub planned: Option<usize>,
    /// Number of finished fits that failed.
    pub failed: usize,
    /// The best candidate so far.
    pub best: Option<BestSoFar>,
    /// Finished fits by budget.
    pub by_budget: BTreeMap<Budget, usize>,
    /// Fits of this search a second, since it began.
    pub rate: f64,
    /// The seconds that are left if fits of each architecture go on to take as long as they did.
    pub seconds_left: Option<f64>,
    /// Number of fits of other processes that this one waits for, and number of those processes.
    pub waiting: (usize, usize),
}

/// The best candidate so far: that of the best mean score at the largest budget at which a candidate has a score on every fold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BestSoFar {
    /// The budget.
    pub budget: Budget,
    /// The mean score by the deciding metric.
    pub score: f64,
    /// The hyperparameters: `dropout 0.2, lr 0.003`.
    pub params: String,
}

/// The budgets whose fits are counted in words.
const BUDGETS: usize = 4;

impl SearchProgress {
    /// The best score, the failures, the rungs and the fits waited for, as text.
    pub(super) fn words(&self, metric: &str) -> String {
        let mut words = Vec::new();
        if let Some(best) = &self.best {
            let part = match best.budget {
                Budget::Full => String::new(),
                Budget::Epochs(_) => format!(" after {}", best.budget),
                Budget::Rows(_) => format!(" on {}", best.budget),
            };
            let params = if best.params.is_empty() { String::new() } else { format!(" ({})", best.params) };
            words.push(format!("best {metric} {:.4}{part}{params}", best.score));
        }
        if self.failed > 0 {
            words.push(format!("{} failed", self.failed));
        }
        if self.by_budget.keys().any(|budget| *budget != Budget::Full) {
            let last = self.by_budget.len().saturating_sub(BUDGETS);
            let counts = self.by_budget.iter().skip(last).map(|(budget, fits)| format!("{fits} of {budget}"));
            words.push(counts.collect::<Vec<_>>().join(", "));
        }
        match self.waiting {
            (0, _) => {}
            (fits, 1) => words.push(format!("waiting for {fits} of another process")),
            (fits, processes) => words.push(format!("waiting for {fits} of {processes} other processes")),
        }
        if words.is_empty() { String::new() } else { format!(", {}", words.join(", ")) }
    }

    /// The time that is left, as text.
    pub(super) fn left(&self) -> String {
        match self.seconds_left {
            None => String::new(),
            Some(seconds @ ..90.0) => format!(", about {seconds:.0} s left"),
            Some(seconds @ ..5400.0) => format!(", about {:.0} min left", seconds / 60.0),
            Some(seconds) => format!(", about {:.1} h left", seconds / 3600.0),
        }
    }

    /// The rate of fits, as text.
    pub(super) fn speed(&self) -> String {
        match self.rate {
            rate if rate <= 0.0 || !rate.is_finite() => String::new(),
            rate @ 10.0.. => format!(", {rate:.0} fits/s"),
            rate @ 1.0.. => format!(", {rate:.1} fits/s"),
            rate => format!(", {:.1} s/fit", 1.0 / rate),
        }
    }
}
