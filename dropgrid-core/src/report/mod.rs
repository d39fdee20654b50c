//! What a search found.

mod digest;
mod progress;
mod results;
mod table;

pub(crate) use progress::Progress;
pub use results::{Average, Candidate, MetricInfo, Results};

use std::{fmt, time::Duration};

use crate::{model::Model, split::Warning, train::Fitted};

/// The outcome of a search: every score of every candidate, the best one, and its model trained on all rows.
pub struct Report<M: Model, T> {
    results: Results<M::Params>,
    best: usize,
    fitted: Fitted<M, T>,
    warnings: Vec<Warning>,
    elapsed: Duration,
}

impl<M: Model, T> Report<M, T> {
    pub(crate) fn new(
        results: Results<M::Params>,
        best: usize,
        fitted: Fitted<M, T>,
        warnings: Vec<Warning>,
        elapsed: Duration,
    ) -> Self {
        Self { results, best, fitted, warnings, elapsed }
    }

    /// The best candidate: the first of rank 1 by the deciding metric.
    pub fn best(&self) -> &Candidate<M::Params> {
        &self.results.candidates()[self.best]
    }

    /// The mean score of the best candidate, by the deciding metric.
    pub fn best_score(&self) -> f64 {
        self.best().mean(0)
    }

    /// The hyperparameters of the best candidate.
    pub fn best_params(&self) -> &M::Params {
        self.best().params()
    }

    /// The best candidate's model, trained on all rows.
    pub fn fitted(&self) -> &Fitted<M, T> {
        &self.fitted
    }

    /// The best candidate's model, trained on all rows, without the rest of the report.
    pub fn into_fitted(self) -> Fitted<M, T> {
        self.fitted
    }

    /// Every candidate with its scores, in the order of the space.
    pub fn results(&self) -> &Results<M::Params> {
        &self.results
    }

    /// What was odd about the data. What was odd about scores is among the [`results`](Results::warnings).
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Time from the call to the report.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// A fingerprint of every candidate and score, in hexadecimal: equal for any number of workers and for every run
    /// with the same seed.
    pub fn digest(&self) -> String {
        digest::of(&self.results)
    }
}

impl<M: Model, T> fmt::Debug for Report<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("results", &self.results)
            .field("best", &self.best)
            .field("warnings", &self.warnings)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

impl<M: Model, T> fmt::Display for Report<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", table::render(&self.results))?;
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for (at, metric) in self.results.metrics().iter().enumerate() {
            let warnings: Vec<_> = self.results.warnings().filter(|&(of, _)| of == at).collect();
            if !warnings.is_empty() {
                let reasons = crate::error::group(warnings.into_iter().map(|(_, warning)| warning));
                writeln!(f, "warning: {}: {reasons}", metric.name)?;
            }
        }
        let (fits, failed) = (self.results.fits(), self.results.failures().count());
        if failed > 0 {
            let reasons = crate::error::group(self.results.failures());
            writeln!(f, "warning: {failed} of {fits} fits failed: {reasons}")?;
        }
        let candidates = self.results.candidates().len();
        write!(
            f,
            "{candidates} candidates x {} folds = {fits} fits in {:.2} s, digest {}",
            self.results.folds(),
            self.elapsed.as_secs_f64(),
            &self.digest()[..16],
        )
    }
}
