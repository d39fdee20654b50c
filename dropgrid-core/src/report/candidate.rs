//! One candidate and its scores.

use std::sync::Arc;

use super::metric_ref::MetricRef;
use crate::record::{MetricInfo, Record};

/// One candidate with its scores on every fold.
///
/// A metric is given by its position, as `0` for the deciding one, or by its [name](MetricRef):
/// `candidate.mean("log_loss")?`.
#[derive(Debug, Clone)]
pub struct Candidate<P> {
    pub(super) params: P,
    pub(super) records: Vec<Record>,
    pub(super) error_score: f64,
    pub(super) metrics: Arc<[MetricInfo]>,
    /// One a metric.
    pub(super) summaries: Vec<Summary>,
}

/// The scores of one metric over the folds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Summary {
    pub(super) mean: f64,
    pub(super) std: f64,
    pub(super) rank: usize,
    pub(super) train_mean: f64,
    pub(super) train_std: f64,
}

impl<P> Candidate<P> {
    /// The hyperparameters.
    pub fn params(&self) -> &P {
        &self.params
    }

    /// The record of each fold, in the order of the folds.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The score on each fold. A failed fit has the search's [error score](crate::search::Search::error_score), which is NaN
    /// by default.
    pub fn scores<R: MetricRef>(&self, metric: R) -> R::Value<Vec<f64>> {
        metric.pick(&self.metrics, |metric| {
            let score = |record: &Record| record.outcome.as_ref().map_or(self.error_score, |scores| scores[metric]);
            self.records.iter().map(score).collect()
        })
    }

    /// The score on the rows that each fold trains on. It is NaN unless the search asked for
    /// [train scores](crate::search::Search::train_scores); a failed fit has the error score.
    pub fn train_scores<R: MetricRef>(&self, metric: R) -> R::Value<Vec<f64>> {
        metric.pick(&self.metrics, |metric| {
            let score = |record: &Record| match (&record.outcome, &record.train_scores) {
                (Err(_), _) => self.error_score,
                (Ok(_), Some(scores)) => scores[metric],
                (Ok(_), None) => f64::NAN,
            };
            self.records.iter().map(score).collect()
        })
    }

    /// The mean score over the folds; NaN where a fit failed or the metric is undefined on a fold.
    ///
    /// The mean does not depend on the order of the folds: candidates with the same scores in another order tie.
    pub fn mean<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].mean)
    }

    /// The standard deviation of the scores over the folds (divided by the number of folds).
    pub fn std<R: MetricRef>(&self, metric: R) -> R::Value<f64> {
        metric.pick(&self.metrics, |metric| self.summaries[metric].std)
    }

    /// The rank: 1 is best, ties share the smallest rank, candidates without a mean come last.
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

    /// The epoch of each fold whose weights were scored. It is NaN where a training had a fixed number of epochs, or failed.
    pub fn epochs(&self) -> Vec<f64> {
        let scored = |record: &Record| record.details.epochs.map_or(f64::NAN, |epochs| f64::from(epochs.scored));
        self.records.iter().map(scored).collect()
    }

    /// The number of epochs trained on each fold; NaN where [`epochs`](Self::epochs) is.
    pub fn trained_epochs(&self) -> Vec<f64> {
        let trained = |record: &Record| record.details.epochs.map_or(f64::NAN, |epochs| f64::from(epochs.trained));
        self.records.iter().map(trained).collect()
    }

    /// The spread of the predictions of passes with dropout on, on each fold, where
    /// [they are scored](crate::search::Search::mc_scoring): the standard deviation over the passes, averaged over rows and
    /// outputs. NaN where dropout is off.
    pub fn spreads(&self) -> Vec<f64> {
        self.records.iter().map(|record| record.details.spread.unwrap_or(f64::NAN)).collect()
    }
}
