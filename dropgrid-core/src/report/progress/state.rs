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

/// The best candidate so far: that of the best mean score at the largest budget at which a candidate has a score on
/// every fold.
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
    /// Takes the numbers of another state, without a copy of texts that are the same.
    pub(super) fn copy_from(&mut self, other: &Self) {
        if self.best != other.best {
            self.best.clone_from(&other.best);
        }
        for (budget, fits) in &other.by_budget {
            *self.by_budget.entry(*budget).or_default() = *fits;
        }
        let Self { done, known, planned, failed, rate, seconds_left, waiting, .. } = *other;
        (self.done, self.known, self.planned, self.failed) = (done, known, planned, failed);
        (self.rate, self.seconds_left, self.waiting) = (rate, seconds_left, waiting);
    }

    /// The failures and the fits waited for, as text behind a comma.
    pub(super) fn troubles(&self) -> String {
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        let waiting = match self.waiting {
            (0, _) => String::new(),
            (fits, 1) => format!(", waiting for {fits} of another process"),
            (fits, processes) => format!(", waiting for {fits} of {processes} other processes"),
        };
        failed + &waiting
    }

    /// The best score with its hyperparameters, as text: empty while there is none.
    pub(super) fn best_words(&self, metric: &str) -> String {
        let Some(best) = &self.best else { return String::new() };
        let part = match best.budget {
            Budget::Full => String::new(),
            Budget::Epochs(_) => format!(" after {}", best.budget),
            Budget::Rows(_) => format!(" on {}", best.budget),
        };
        let params = if best.params.is_empty() { String::new() } else { format!(" ({})", best.params) };
        format!("best {metric} {:.4}{part}{params}", best.score)
    }

    /// The fits at the largest budgets, as text: empty where every fit has the whole training.
    pub(super) fn rungs(&self) -> String {
        if self.by_budget.keys().all(|budget| *budget == Budget::Full) {
            return String::new();
        }
        let last = self.by_budget.len().saturating_sub(BUDGETS);
        let fits = |count: usize| if count == 1 { "fit" } else { "fits" };
        let part = |budget: &Budget| match budget {
            Budget::Full => "of the whole training".to_owned(),
            Budget::Epochs(_) => format!("of {budget}"),
            Budget::Rows(_) => format!("on {budget}"),
        };
        let counts = self.by_budget.iter().skip(last);
        counts
            .map(|(budget, &count)| format!("{count} {} {}", fits(count), part(budget)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The best score, the failures, the fits waited for and the budgets, as text behind a comma.
    pub(super) fn words(&self, metric: &str) -> String {
        let behind = |text: String| if text.is_empty() { text } else { format!(", {text}") };
        self.troubles() + &behind(self.best_words(metric)) + &behind(self.rungs())
    }

    /// The time that is left, as text behind a comma: empty where nothing is left.
    pub(super) fn left(&self) -> String {
        self.seconds_left
            .filter(|seconds| *seconds > 0.0)
            .map(|seconds| format!(", {}", left_words(seconds)))
            .unwrap_or_default()
    }

    /// The rate of fits, as text behind a comma.
    #[cfg(any(feature = "progress", test))]
    pub(super) fn speed(&self) -> String {
        rate_words(self.rate).map(|words| format!(", {words}")).unwrap_or_default()
    }
}

/// The time that is left, as text.
pub(super) fn left_words(seconds: f64) -> String {
    match seconds {
        ..90.0 => format!("about {:.0} s left", seconds.max(1.0)),
        ..5400.0 => format!("about {:.0} min left", seconds / 60.0),
        _ => format!("about {:.1} h left", seconds / 3600.0),
    }
}

/// A rate of fits, as text; `None` of one that is no rate.
#[cfg(any(feature = "progress", feature = "study", test))]
pub(super) fn rate_words(rate: f64) -> Option<String> {
    match rate {
        rate if rate <= 0.0 || !rate.is_finite() => None,
        rate @ 10.0.. => Some(format!("{rate:.0} fits/s")),
        rate @ 1.0.. => Some(format!("{rate:.1} fits/s")),
        rate => Some(format!("{:.1} s/fit", 1.0 / rate)),
    }
}
