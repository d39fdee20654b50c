//! One candidate and its scores.

use std::{ops::Deref, sync::Arc};

use serde_json::Value;

use super::{entry::WholeTraining, metric_ref::MetricRef};
use crate::{
    record::{Budget, Deviations, MetricInfo, Record, mean_and_std},
    strategy::Elimination,
};

/// One candidate with its scores on every fold: those of [`CandidateScores`], and its hyperparameters in the model's
/// type.
///
/// A metric is given by its position, as `0` for the deciding one, or by its [name](MetricRef):
/// `candidate.mean("log_loss")?`.
#[derive(Debug, Clone)]
pub struct Candidate<P> {
    pub(super) params: P,
    pub(super) scores: Arc<CandidateScores>,
}

impl<P> Candidate<P> {
    /// The hyperparameters.
    pub fn params(&self) -> &P {
        &self.params
    }
}

impl<P> Deref for Candidate<P> {
    type Target = CandidateScores;

    fn deref(&self) -> &CandidateScores {
        &self.scores
    }
}

/// The scores of one candidate on every fold, without the type of its hyperparameters.
#[derive(Debug, Clone)]
pub struct CandidateScores {
    /// The names of the hyperparameters, which all candidates share.
    pub(super) names: Arc<[String]>,
    /// Their values, null where the candidate has no such hyperparameter.
    pub(super) values: Vec<Value>,
    pub(super) records: Vec<Record>,
    pub(super) others: Vec<Record>,
    pub(super) budget: Budget,
    pub(super) iteration: usize,
    pub(super) whole: WholeTraining,
    pub(super) is_finalist: bool,
    pub(super) elimination: Option<Elimination>,
    /// The number of folds of the search.
    pub(super) folds: usize,
    pub(super) error_score: f64,
    pub(super) metrics: Arc<[MetricInfo]>,
    /// The sum of its violations of constraints.
    pub(super) violation: f64,
    /// One entry a metric.
    pub(super) summaries: Vec<Summary>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Summary {
    pub(super) mean: f64,
    pub(super) std: f64,
    pub(super) deviations: Deviations,
    pub(super) rank: usize,
    pub(super) train_mean: f64,
    pub(super) train_std: f64,
}

impl CandidateScores {
    /// The names and values of the hyperparameters, in the order of declaration. A value is null where the candidate
    /// has no such hyperparameter.
    pub fn fields(&self) -> Vec<(&str, Value)> {
        self.names.iter().map(String::as_str).zip(self.values.iter().cloned()).collect()
    }

    /// The records by which the candidate is judged, by fold: those at its [budget](Self::budget). A strategy or the
    /// end of the search may have left the candidate on some folds, which then have no record.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The records at other budgets, the smallest budget first.
    pub fn other_records(&self) -> &[Record] {
        &self.others
    }

    /// The number of the network's trainable parameters, as its records have it; `None` where no network was built.
    pub fn parameters(&self) -> Option<usize> {
        self.records.iter().chain(&self.others).find_map(|record| record.details.parameters)
    }

    /// True of a candidate that competes for the first rank: the strategy gave it the whole training on every fold, or
    /// says so itself. All others rank behind.
    pub fn is_finalist(&self) -> bool {
        self.is_finalist
    }

    /// The budget by which the candidate is judged: the largest at which it has a record on every fold; where it has
    /// none, the one with the most folds.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// The reason why the strategy trained the candidate no further, where it did not.
    pub fn elimination(&self) -> Option<&Elimination> {
        self.elimination.as_ref()
    }

    /// The number of smaller budgets in the search, or the last [iteration](crate::strategy::Strategy::iterations)
    /// where the strategy counts them: scikit-learn's `iter` of a successive halving.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// The epochs of the budget, or its share of the rows of the data where budgets are shares of them: scikit-learn's
    /// `n_resources`.
    pub fn resources(&self) -> usize {
        self.whole.resources(self.budget)
    }

    /// True where every fold has a record.
    pub fn is_complete(&self) -> bool {
        self.records.len() == self.folds
    }

    /// A number of each fold; NaN for a fold without a record.
    fn by_fold(&self, number: impl Fn(&Record) -> f64) -> Vec<f64> {
        let mut numbers = vec![f64::NAN; self.folds];
        for record in &self.records {
            numbers[record.fold as usize] = number(record);
        }
        numbers
    }

    /// The mean and the standard deviation of one number a fold over the folds that have a record, with these weights.
    pub(super) fn summary(&self, numbers: &[f64], weights: &[f64]) -> (f64, f64) {
        let of = |all: &[f64]| self.records.iter().map(|record| all[record.fold as usize]).collect::<Vec<f64>>();
        mean_and_std(&of(numbers), &of(weights))
    }

    /// The deviations of the folds and of the repeats, of one number a fold, where a repeat has so many `folds`.
    pub(super) fn deviations(&self, numbers: &[f64], weights: &[f64], folds: usize) -> Deviations {
        let of = |all: &[f64]| self.records.iter().map(|record| all[record.fold as usize]).collect::<Vec<f64>>();
        let fold_of: Vec<usize> = self.records.iter().map(|record| record.fold as usize % folds).collect();
        Deviations::of(&of(numbers), &of(weights), &fold_of, folds)
    }

    /// The score on each fold. A failed fit has the search's [error score](crate::search::Search::error_score), which
    /// is NaN by default; a fold without a record has NaN.
    pub fn scores<R: MetricRef>(&self, metric: R) -> R::Value<Vec<f64>> {
        metric.pick(&self.metrics, |metric| {
            self.by_fold(|record| record.outcome.as_ref().map_or(self.error_score, |scores| scores[metric]))
        })
    }

    /// The score on the rows that each fold trains on. It is NaN unless the search asked for
    /// [train scores](crate::search::Search::train_scores); a failed fit has the error score.
    pub fn train_scores<R: MetricRef>(&self, metric: R) -> R::Value<Vec<f64>> {
        metric.pick(&self.metrics, |metric| {
            self.by_fold(|record| match (&record.outcome, &record.train_scores) {
                (Err(_), _) => self.error_score,
                (Ok(_), Some(scores)) => scores[metric],
                (Ok(_), None) => f64::NAN,
            })
        })
    }

    /// The mean score over the folds that have a record; NaN where a fit failed or the metric is undefined on a fold.
    ///
    /// The mean does not depend on the order of the folds: candidates with the same scores in another order tie.
    pub fn mean<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].mean)
    }

    /// The standard deviation of the scores over the folds (divided by the number of folds).
    pub fn std<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].std)
    }

    /// The standard deviation of the folds' mean scores over the [repeats](crate::search::Search::repeats) (divided by
    /// the number of folds): the part of [`std`](Self::std) that comes from the rows of the folds. Without repeats it
    /// is all of it.
    pub fn fold_std<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].deviations.folds)
    }

    /// The standard deviation of the scores of one fold over the [repeats](crate::search::Search::repeats), as the root
    /// of the mean variance of the folds (divided by the number of repeats): the part of [`std`](Self::std) that comes
    /// from initial weights and other draws of a training. It is 0 without repeats. `std² = fold_std² + seed_std²`.
    pub fn seed_std<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].deviations.seeds)
    }

    /// The rank: 1 is best, ties share the smallest rank, candidates without a mean come last. Candidates that are no
    /// [finalists](Self::is_finalist) come behind all that are: larger budgets first, then more folds.
    pub fn rank<R: MetricRef>(&self, metric: R) -> R::Value<usize> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].rank)
    }

    /// The mean of the [`train_scores`](Self::train_scores).
    pub fn train_mean<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].train_mean)
    }

    /// The standard deviation of the [`train_scores`](Self::train_scores) (divided by the number of folds).
    pub fn train_std<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].train_std)
    }

    /// The epoch of each fold whose weights were scored, where early stopping or a rule ended trainings; NaN elsewhere.
    pub fn epochs(&self) -> Vec<f64> {
        self.by_fold(|record| record.details.epochs.map_or(f64::NAN, |epochs| f64::from(epochs.scored)))
    }

    /// The number of epochs that each fold was trained, where early stopping or a rule ended trainings; NaN elsewhere.
    pub fn trained_epochs(&self) -> Vec<f64> {
        self.by_fold(|record| record.details.epochs.map_or(f64::NAN, |epochs| f64::from(epochs.trained)))
    }

    /// The spread of the passes with dropout on, by fold, where [they are scored](crate::search::Search::mc_scoring):
    /// the mean, over rows and outputs, of the standard deviation of their predictions. NaN where dropout is off.
    pub fn spreads(&self) -> Vec<f64> {
        self.by_fold(|record| record.details.spread.unwrap_or(f64::NAN))
    }
}
