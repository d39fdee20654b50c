//! The units of a search's work, and their outcomes.

mod budget;
mod constraint;
mod curve;
mod outcomes;
mod packed;

pub use budget::{Budget, ParseResourceError, Resource, Share};
pub use constraint::Constraint;
pub use curve::{Curve, Epoch};
pub use outcomes::Outcomes;
pub(crate) use outcomes::{CURVES, Counts, OutcomeSummary};

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    error::{Failure, bits},
    metric::{Direction, Warning},
};

/// One unit of work: train a candidate on a fold and score it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job<P> {
    /// Number of the candidate; in a grid, its index in the space.
    pub candidate: u64,
    /// The candidate's hyperparameters.
    pub params: P,
    /// The fold, from 0.
    pub fold: u32,
    /// The part of the whole training that the job gets.
    pub budget: Budget,
}

/// The outcome of a [`Job`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// Number of the candidate.
    pub candidate: u64,
    /// The fold, from 0.
    pub fold: u32,
    /// The part of the whole training that the job got.
    pub budget: Budget,
    /// The score of each metric, or why there is none.
    ///
    /// A score is NaN where the metric is undefined on the fold; its warning is then in `warnings`.
    pub outcome: Result<Vec<f64>, Failure>,
    /// The warnings about each score, in the order of the metrics; empty where the fit failed.
    pub warnings: Vec<Vec<Warning>>,
    /// The score of each metric on the rows trained on, where asked for and the fit did not fail.
    pub train_scores: Option<Vec<f64>>,
    /// Time of the training; of a failed fit, the time until it failed.
    pub fit_time: Duration,
    /// Time of the scoring.
    pub score_time: Duration,
    /// The epochs of the training; of a failed fit, those before the failure.
    pub curve: Curve,
    /// Facts about the fit beside its scores and times.
    pub details: Details,
}

impl Record {
    /// The record of a job with this outcome, which took no time: for tests of a strategy or a store.
    pub fn new<P>(job: &Job<P>, outcome: Result<Vec<f64>, Failure>) -> Self {
        let Job { candidate, fold, budget, .. } = *job;
        let (train_scores, warnings) = (None, vec![Vec::new(); outcome.as_ref().map_or(0, Vec::len)]);
        let (fit_time, score_time) = (Duration::ZERO, Duration::ZERO);
        let (curve, details) = (Curve::default(), Details::default());
        Self { candidate, fold, budget, outcome, warnings, train_scores, fit_time, score_time, curve, details }
    }

    /// The record of a job that failed after that time.
    pub(crate) fn failed<P>(job: &Job<P>, failure: Failure, fit_time: Duration) -> Self {
        Self { fit_time, ..Self::new(job, Err(failure)) }
    }

    /// True where a store replaces this record by another one of the same fit: this fit ran out of time, and the other
    /// has scores.
    pub(crate) fn gives_way_to(&self, other: &Self) -> bool {
        matches!(self.outcome, Err(Failure::TimedOut { .. })) && other.outcome.is_ok()
    }

    /// True where the fit ran out of less time than a fit has `now`; without a limit it has more than any.
    pub(crate) fn ran_out_of_less(&self, now: Option<Duration>) -> bool {
        match self.outcome {
            Err(Failure::TimedOut { limit, .. }) => now.is_none_or(|now| now > limit),
            _ => false,
        }
    }
}

/// Facts about a fit beside its scores and times. A field that a study's file lacks reads as the default.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Details {
    /// The epochs that it was trained for, where the training itself decided on them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<Epochs>,
    /// The rule of the search that ended the training, unless early stopping did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<String>,
    /// The settings of layers that are tied to hyperparameters, as they were evaluated: `late.p = 0.05`. A study knows
    /// by them whether the candidate is still the same network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tied: Option<String>,
    /// The spread of the passes with dropout on that were scored: the mean of their standard deviation over rows and
    /// outputs.
    #[serde(skip_serializing_if = "Option::is_none", with = "bits")]
    pub spread: Option<f64>,
    /// The failures of earlier attempts at the fit, the first one first; empty where the first attempt counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retried: Vec<Failure>,
    /// The predictions for the rows scored, row-major in the order of the fold, as metrics read them: probabilities or
    /// values. A whole training of a search that [corrects the bias of its choice](crate::search::Search::bbc_cv) has
    /// them.
    #[serde(skip_serializing_if = "Option::is_none", with = "packed")]
    pub predictions: Option<Arc<[f64]>>,
    /// A summary of the predictions for the rows scored, for pictures. A fit that did not fail has it, where the truth
    /// is a class or numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
    /// The number of the network's trainable parameters. A fit has it whose network was built, unless it panicked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<usize>,
}

/// The epochs of a fit, where the training itself decided on them. Epochs are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Epochs {
    /// The epochs trained.
    pub trained: u32,
    /// The epoch after which the network was as it was scored.
    pub scored: u32,
    /// True where early stopping or a rule of the search ended the training, be it with its very last epoch: more
    /// epochs would change nothing.
    pub by_rule: bool,
}

impl Epochs {
    /// So many epochs trained, of which one was scored, and whether a rule ended the training.
    pub fn new(trained: u32, scored: u32, by_rule: bool) -> Self {
        Self { trained, scored, by_rule }
    }
}

/// The sizes of a fold, and its weight in means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FoldInfo {
    /// The [repeat](crate::search::Search::repeats) of the cross-validation, from 0. Folds of another repeat have the
    /// same rows in the same order, and other draws.
    pub repeat: u32,
    /// Rows of the training part. Where the recipe watches something, some of them are set aside for validation.
    pub train: usize,
    /// Rows scored.
    pub test: usize,
    /// Weight in a candidate's mean.
    #[serde(with = "bits")]
    pub weight: f64,
}

impl FoldInfo {
    /// A fold of the first repeat that trains on `train` rows and scores `test`, of weight 1.
    pub fn new(train: usize, test: usize) -> Self {
        Self { repeat: 0, train, test, weight: 1.0 }
    }

    /// The same fold with another weight.
    #[must_use]
    pub fn with_weight(self, weight: f64) -> Self {
        Self { weight, ..self }
    }
}

/// The weighted mean and standard deviation (ddof 0), independent of the order of the values.
pub(crate) fn mean_and_std(values: &[f64], weights: &[f64]) -> (f64, f64) {
    let sum = |terms: &mut dyn Iterator<Item = f64>| {
        let mut terms: Vec<f64> = terms.collect();
        terms.sort_by(f64::total_cmp);
        terms.iter().sum::<f64>()
    };
    let total = sum(&mut weights.iter().copied());
    let pairs = || values.iter().zip(weights);
    let mean = sum(&mut pairs().map(|(value, weight)| value * weight)) / total;
    let variance = sum(&mut pairs().map(|(value, weight)| weight * (value - mean).powi(2))) / total;
    (mean, variance.sqrt())
}

/// The parts of the variance of a candidate's scores, as standard deviations (ddof 0). Their squares sum to the square
/// of the standard deviation of all scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Deviations {
    /// Of the folds' means over their repeats.
    pub(crate) folds: f64,
    /// Of the repeats about the mean of their fold.
    pub(crate) seeds: f64,
}

impl Deviations {
    /// Of weighted `values` of the same number of `folds` in each repeat; a value's fold is in `fold_of`.
    pub(crate) fn of(values: &[f64], weights: &[f64], fold_of: &[usize], folds: usize) -> Self {
        let (mut means, mut inner, mut totals) = (Vec::new(), Vec::new(), Vec::new());
        for fold in 0..folds {
            let of_fold = |all: &[f64]| -> Vec<f64> {
                fold_of.iter().zip(all).filter(|&(&of, _)| of == fold).map(|(_, &number)| number).collect()
            };
            let (values, weights) = (of_fold(values), of_fold(weights));
            if !values.is_empty() {
                // Of one value exactly: a mean may round.
                let of_one = |value: &f64| (*value, 0.0);
                let several = || mean_and_std(&values, &weights);
                let (mean, deviation) = values.first().filter(|_| values.len() == 1).map_or_else(several, of_one);
                means.push(mean);
                inner.push(deviation.powi(2));
                totals.push(weights.iter().sum());
            }
        }
        Self { folds: mean_and_std(&means, &totals).1, seeds: mean_and_std(&inner, &totals).0.sqrt() }
    }
}

/// A metric's name and direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MetricInfo {
    /// The name in results.
    pub name: String,
    /// The direction in which scores are better.
    pub direction: Direction,
}

impl MetricInfo {
    /// The metric of this name.
    pub fn new(name: impl Into<String>, direction: Direction) -> Self {
        Self { name: name.into(), direction }
    }
}
