//! The report of a search: its candidates, scores, ranks, the winner and its exports.

mod average;
mod bbc;
mod best_probability;
mod candidate;
mod columns;
mod compare;
mod conclusion;
mod cv_results;
mod digest;
mod display;
mod effects;
mod end;
mod entry;
mod error_report;
mod export;
mod feasibility;
mod fits;
mod fresh;
#[cfg(feature = "study")]
mod from_study;
mod lines;
mod metric_ref;
mod mlflow;
#[cfg(not(feature = "study"))]
mod no_optuna;
#[cfg(feature = "study")]
mod optuna;
#[cfg(feature = "study")]
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
pub use candidate::{Candidate, CandidateScores};
pub use columns::Fields;
pub use compare::Comparison;
pub use cv_results::CvResults;
pub use effects::{EffectMethod, Effects, MainEffect, PairEffect, PairedDifference};
pub(crate) use entry::{Entry, WholeTraining};
pub use export::{Column, FORMATS, Format, objects};
pub use fresh::{FIRST_FRESH_FOLD, FreshRepeats, FreshScore};
pub use lines::{UNKNOWN_WIDTH, line_width, text_width, wrap};
pub use metric_ref::MetricRef;
pub use mlflow::write_mlflow;
#[cfg(feature = "study")]
pub use optuna::write_optuna;
#[cfg(feature = "study")]
pub use overview::Overview;
pub use pareto::{Knee, Objective, ParetoFront, ParetoRanking};
pub use prior::PriorResults;
#[cfg(feature = "study")]
pub use progress::SearchPace;
pub use progress::{BestSoFar, SearchProgress};
pub(crate) use progress::{FinishedFit, Progress, ProgressHook, ProgressOf};
pub(crate) use provenance::{Provenance, fact, machine};
pub use refit::{Best, BestPosteriorMean, FewestParameters, OneStandardDeviation, OneStandardError, Refit};
pub use results::Results;
pub use table::{Layout, grid, grid_width};
pub(crate) use view::axis;
pub use view::write_plots;
#[cfg(feature = "study")]
pub use view::{front_of_study, view_of_study};

pub use crate::record::{FoldInfo, MetricInfo};

use conclusion::Conclusion;

use std::{fmt, marker::PhantomData, time::Duration};

use crate::{
    error::{Failure, Stopped},
    model::Model,
    split::Warning,
    study::DamagedRecord,
    train::Fitted,
};

/// The level at which the report calls a difference one.
const LEVEL: f64 = 0.05;

/// The outcome of a search: every score of every candidate, the best candidate, and its model trained on all rows. A
/// `Report<M, T, ()>` has no fitted model.
pub struct Report<M: Model, T, F = Fitted<M, T>> {
    results: Results<M::Params>,
    conclusion: Conclusion,
    fitted: F,
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
        let conclusion = Conclusion { warnings, elapsed, searched: elapsed, ..Conclusion::default() };
        Self { results, conclusion, fitted, target: PhantomData }.with_best(best)
    }

    /// Adds the model of the winner, which was trained by the time `elapsed`, after these failed attempts.
    pub(crate) fn fitted_with<G>(self, fitted: G, refit_failures: Vec<Failure>, elapsed: Duration) -> Report<M, T, G> {
        let conclusion = Conclusion { elapsed, refit_failures, ..self.conclusion };
        Report { results: self.results, conclusion, fitted, target: PhantomData }
    }

    /// The report of a search whose training of the best on all rows failed.
    pub(crate) fn failed_by(mut self, failure: Failure) -> Self {
        self.conclusion.refit_failure = Some(failure);
        self
    }

    /// The report without the model.
    pub(crate) fn without_fitted(self) -> Report<M, T, ()> {
        Report { results: self.results, conclusion: self.conclusion, fitted: (), target: PhantomData }
    }

    /// The report with the candidate at that place of the results as its best.
    pub(crate) fn with_best(mut self, best: usize) -> Self {
        self.conclusion.best_params = self.results.candidates()[best].params().to_string();
        self.conclusion.best = best;
        self
    }

    /// The report with the scores of its first candidates on fresh repeats.
    pub(crate) fn with_fresh_scores(mut self, fresh_scores: Vec<FreshScore>) -> Self {
        self.conclusion.fresh_scores = fresh_scores;
        self
    }

    /// The scores of the first candidates on fresh repeats, in the order of the space, where the search chose its best
    /// by [`FreshRepeats`]; else none.
    pub fn fresh_scores(&self) -> &[FreshScore] {
        &self.conclusion.fresh_scores
    }

    /// The place of the best candidate in the results.
    pub(crate) fn best_position(&self) -> usize {
        self.conclusion.best
    }

    /// The report of a search that ended early.
    pub(crate) fn stopped_by(mut self, stopped: Option<Stopped>) -> Self {
        self.conclusion.stopped = stopped;
        self
    }

    /// The report of a search whose study had these damaged records.
    pub(crate) fn without(mut self, damaged: Vec<DamagedRecord>) -> Self {
        self.conclusion.damaged = damaged;
        self
    }

    /// Damaged records of the search's study, as the file had them. Their fits were trained anew.
    pub fn damaged(&self) -> &[DamagedRecord] {
        &self.conclusion.damaged
    }

    /// The reason why the search ended before it was done, where it did. Candidates that are not done on all folds then
    /// rank last.
    pub fn stopped(&self) -> Option<Stopped> {
        self.conclusion.stopped
    }

    /// The reasons why attempts at training the winner on all rows failed, where [retries](crate::search::Retry) let
    /// another one follow.
    pub fn refit_failures(&self) -> &[Failure] {
        &self.conclusion.refit_failures
    }

    /// The best candidate: the first of rank 1 by the deciding metric, or the one that the search's
    /// [refit rule](Refit) chose.
    pub fn best(&self) -> &Candidate<M::Params> {
        &self.results.candidates()[self.conclusion.best]
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

    /// Warnings about the data and its folds. Warnings about scores are among the [`results`](CvResults::warnings).
    pub fn warnings(&self) -> &[Warning] {
        &self.conclusion.warnings
    }

    /// The time from the call to the report.
    pub fn elapsed(&self) -> Duration {
        self.conclusion.elapsed
    }

    /// A digest of every candidate and score, in hexadecimal. It is equal for any number of workers and for every run
    /// with the same seed.
    pub fn digest(&self) -> String {
        digest::of(&self.results)
    }
}

impl<M: Model, T, F> fmt::Debug for Report<M, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("results", &self.results)
            .field("conclusion", &self.conclusion)
            .finish_non_exhaustive()
    }
}
