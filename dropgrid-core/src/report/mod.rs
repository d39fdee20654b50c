//! The report of a search: its candidates, scores, ranks, the winner and its exports.

mod average;
mod bbc;
mod candidate;
mod columns;
mod compare;
mod digest;
mod effects;
mod error_report;
mod export;
mod feasibility;
mod fits;
mod fresh;
mod from_study;
mod lines;
mod metric_ref;
mod optuna;
mod overview;
mod pareto;
mod prior;
mod progress;
mod provenance;
mod ranks;
mod refit;
mod results;
mod selection;
mod table;
mod view;

pub(crate) use average::mean_and_std;
pub use average::{Average, ErrorScore};
pub use bbc::{BbcCv, BbcObstacle, BbcScore, BbcScores};
pub use candidate::Candidate;
pub(crate) use candidate::{Entry, WholeTraining};
pub use columns::Fields;
pub use compare::Comparison;
pub use effects::{EffectMethod, Effects, MainEffect, PairEffect, PairedDifference};
pub use export::{Column, FORMATS, Format, objects};
pub use fresh::{FIRST_FRESH_FOLD, FreshRepeats, FreshScore};
pub use lines::{UNKNOWN_WIDTH, line_width, wrap};
pub use metric_ref::MetricRef;
pub use optuna::write_optuna;
pub use overview::Overview;
pub use pareto::{Knee, Objective, ParetoFront};
pub use prior::PriorResults;
pub(crate) use progress::Progress;
pub(crate) use provenance::{Provenance, fact, machine};
pub use refit::{Best, BestPosteriorMean, FewestParameters, OneStandardDeviation, OneStandardError, Refit};
pub use results::Results;
pub use table::{Layout, grid, grid_width};
pub(crate) use view::axis;
pub use view::{view_of_study, write_plots};

pub use crate::record::{FoldInfo, MetricInfo};

use std::{fmt, marker::PhantomData, time::Duration};

use crate::{
    error::{Failure, Stopped},
    escape::escaped,
    model::Model,
    split::Warning,
    study::DamagedRecord,
    train::Fitted,
};

/// The level at which the report calls a difference one.
const LEVEL: f64 = 0.05;
/// The most damaged records that the report names.
const LISTED: usize = 10;
/// The report shows all candidates up to this number.
const ALL_SHOWN: usize = 20;
/// The number of candidates shown where there are more.
const SHOWN: usize = 12;

/// The outcome of a search: every score of every candidate, the best candidate, and its model trained on all rows. A
/// `Report<M, T, ()>` has no fitted model.
pub struct Report<M: Model, T, F = Fitted<M, T>> {
    results: Results<M::Params>,
    best: usize,
    fitted: F,
    warnings: Vec<Warning>,
    elapsed: Duration,
    stopped: Option<Stopped>,
    refit_failures: Vec<Failure>,
    damaged: Vec<DamagedRecord>,
    fresh_scores: Vec<FreshScore>,
    target: PhantomData<fn() -> T>,
}

impl<M: Model, T> Report<M, T> {
    /// The best candidate's model, trained on all rows.
    pub fn fitted(&self) -> &Fitted<M, T> {
        &self.fitted
    }

    /// The best candidate's model, trained on all rows, without the rest of the report.
    pub fn into_fitted(self) -> Fitted<M, T> {
        self.fitted
    }
}

impl<M: Model, T, F> Report<M, T, F> {
    pub(crate) fn new(
        results: Results<M::Params>,
        best: usize,
        fitted: F,
        warnings: Vec<Warning>,
        elapsed: Duration,
    ) -> Self {
        let (stopped, refit_failures, damaged) = (None, Vec::new(), Vec::new());
        let (fresh_scores, target) = (Vec::new(), PhantomData);
        Self { results, best, fitted, warnings, elapsed, stopped, refit_failures, damaged, fresh_scores, target }
    }

    /// Adds the model of the winner, which was trained by the time `elapsed`, after these failed attempts.
    pub(crate) fn fitted_with<G>(self, fitted: G, refit_failures: Vec<Failure>, elapsed: Duration) -> Report<M, T, G> {
        let Self { results, best, warnings, stopped, damaged, fresh_scores, target, .. } = self;
        Report { results, best, fitted, warnings, elapsed, stopped, refit_failures, damaged, fresh_scores, target }
    }

    /// The report without the model.
    pub(crate) fn without_fitted(self) -> Report<M, T, ()> {
        let Self { results, best, warnings, elapsed, stopped, refit_failures, damaged, fresh_scores, target, .. } =
            self;
        let fitted = ();
        Report { results, best, fitted, warnings, elapsed, stopped, refit_failures, damaged, fresh_scores, target }
    }

    /// The report with the candidate at that place of the results as its best.
    pub(crate) fn with_best(self, best: usize) -> Self {
        Self { best, ..self }
    }

    /// The report with the scores of its first candidates on fresh repeats.
    pub(crate) fn with_fresh_scores(self, fresh_scores: Vec<FreshScore>) -> Self {
        Self { fresh_scores, ..self }
    }

    /// The scores of the first candidates on fresh repeats, in the order of the space, where the search chose its best by
    /// [`FreshRepeats`]; else none.
    pub fn fresh_scores(&self) -> &[FreshScore] {
        &self.fresh_scores
    }

    /// One sentence about the choice by fresh repeats, where that was the rule.
    fn fresh_sentence(&self) -> Option<String> {
        let chosen = self.fresh_scores.iter().find(|score| score.candidate == self.best)?;
        let (raced, mean, before) = (self.fresh_scores.len(), chosen.mean, self.best_score());
        Some(format!(
            "Chosen among the first {raced} on fresh repeats of the folds, where it has {mean:.6}: {}. In the search it had \
             {before:.6}.",
            escaped(&self.best_params().to_string())
        ))
    }

    /// The place of the best candidate in the results.
    pub(crate) fn best_position(&self) -> usize {
        self.best
    }

    /// The report of a search that ended early.
    pub(crate) fn stopped_by(self, stopped: Option<Stopped>) -> Self {
        Self { stopped, ..self }
    }

    /// The report of a search whose study had these damaged records.
    pub(crate) fn without(self, damaged: Vec<DamagedRecord>) -> Self {
        Self { damaged, ..self }
    }

    /// Damaged records of the search's study, as the file had them. Their fits were trained anew.
    pub fn damaged(&self) -> &[DamagedRecord] {
        &self.damaged
    }

    /// The reason why the search ended before it was done, where it did. Candidates that are not done on all folds then rank
    /// last.
    pub fn stopped(&self) -> Option<Stopped> {
        self.stopped
    }

    /// The reasons why attempts at training the winner on all rows failed, where [retries](crate::search::Retry) let another
    /// one follow.
    pub fn refit_failures(&self) -> &[Failure] {
        &self.refit_failures
    }

    /// The best candidate: the first of rank 1 by the deciding metric, or the one that the search's
    /// [refit rule](Refit) chose.
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

    /// Every candidate with its scores, in the order of the space.
    pub fn results(&self) -> &Results<M::Params> {
        &self.results
    }

    /// Warnings about the data and its folds. Warnings about scores are among the [`results`](Results::warnings).
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The time from the call to the report.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// A digest of every candidate and score, in hexadecimal. It is equal for any number of workers and for every run with
    /// the same seed.
    pub fn digest(&self) -> String {
        digest::of(&self.results)
    }
}

impl<M: Model, T, F> fmt::Debug for Report<M, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("results", &self.results)
            .field("best", &self.best)
            .field("warnings", &self.warnings)
            .field("elapsed", &self.elapsed)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

/// Writes the best candidates as a table, then warnings, then a sentence about the significance of the ranking.
///
/// The table is no wider than `COLUMNS`, or else the terminal, or else 120 characters; `{report:160}` allows 160. Numbers
/// have as many digits as tell the rows apart: [`results`](Report::results) has all of them.
impl<M: Model, T, F> fmt::Display for Report<M, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let candidates = self.results.candidates().len();
        let layout = Layout {
            width: f.width().or_else(line_width).unwrap_or(UNKNOWN_WIDTH),
            shown: if candidates > ALL_SHOWN { SHOWN } else { ALL_SHOWN },
            candidates: "`report.results().write(\"results.csv\")` writes all of them",
            columns: "`report.results().write(\"results.csv\")`",
        };
        writeln!(f, "{}", self.results.table(&layout))?;
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for (at, metric) in self.results.metrics().iter().enumerate() {
            let warnings: Vec<_> = self.results.warnings().filter(|&(of, _)| of == at).collect();
            if !warnings.is_empty() {
                let classes = self.results.classes();
                let named: Vec<_> = warnings.into_iter().map(|(_, warning)| warning.with_names(classes)).collect();
                let reasons = crate::error::group(&named);
                writeln!(f, "warning: {}: {reasons}", escaped(&metric.name))?;
            }
        }
        let (fits, failed) = (self.results.fits(), self.results.failures().count());
        if failed > 0 {
            let reasons = crate::error::group(self.results.failures());
            writeln!(f, "warning: {failed} of {fits} fits failed: {reasons}")?;
        }
        let ended = self.results.stopped().count();
        if ended > 0 {
            let rules = crate::error::group(self.results.stopped().collect::<Vec<_>>().iter());
            writeln!(f, "{ended} of {fits} fits were ended by rules: {rules}")?;
        }
        let spreads = self.best().spreads();
        let (spread, _) = mean_and_std(&spreads, &vec![1.0; spreads.len()]);
        if !spread.is_nan() {
            writeln!(
                f,
                "scores are those of the mean of passes with dropout on, which spread by {spread:.6} in the best"
            )?;
        }
        let retried = self.results.retried().count();
        if retried > 0 {
            let reasons = crate::error::group(self.results.retried());
            writeln!(f, "warning: {retried} failed attempts were followed by others: {reasons}")?;
        }
        if !self.refit_failures.is_empty() {
            let (failed, reasons) = (self.refit_failures.len(), crate::error::group(&self.refit_failures));
            writeln!(f, "warning: {failed} attempts at training the best on all rows failed: {reasons}")?;
        }
        if !self.damaged.is_empty() {
            let mut records: Vec<String> = self.damaged.iter().take(LISTED).map(ToString::to_string).collect();
            if self.damaged.len() > LISTED {
                records.push(format!("and {} more", self.damaged.len() - LISTED));
            }
            let (count, records) = (self.damaged.len(), records.join("; "));
            let were = if count == 1 { "record of the study was" } else { "records of the study were" };
            writeln!(f, "warning: {count} damaged {were} not used: {records}")?;
        }
        let eliminations = self.results.eliminations();
        if !eliminations.is_empty() {
            let stages: Vec<String> =
                eliminations.iter().map(|(after, count)| format!("{count} after {}", escaped(after))).collect();
            writeln!(f, "candidates eliminated: {}", stages.join(", "))?;
        }
        if let Some(sentence) = self.results.feasibility(self.best()) {
            writeln!(f, "{sentence}")?;
        }
        if let Some(stopped) = self.stopped {
            writeln!(f, "warning: {stopped}; candidates that are not done on all folds rank last")?;
        }
        let sentences = [
            self.results.comparison(LEVEL),
            self.results.selection(),
            self.results.correction(),
            self.fresh_sentence(),
            self.results.effects_sentence(),
            self.results.differences_sentence(),
        ];
        for sentence in sentences.into_iter().flatten() {
            for line in wrap(&sentence, f.width().or_else(line_width).unwrap_or(usize::MAX)) {
                writeln!(f, "{line}")?;
            }
        }
        let folds = match self.results.repeats() {
            1 => format!("{} folds", self.results.folds()),
            repeats => format!("{} folds x {repeats} repeats", self.results.folds_of_one()),
        };
        let count = if fits == candidates * self.results.folds() {
            format!("{candidates} candidates x {folds} = {fits} fits")
        } else {
            format!("{candidates} candidates, {fits} fits on {folds}")
        };
        write!(f, "{count} in {:.2} s, digest {}", self.elapsed.as_secs_f64(), &self.digest()[..16])
    }
}
