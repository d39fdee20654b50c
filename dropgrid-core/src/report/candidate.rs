//! One candidate and its scores.

use crate::record::Record;

/// One candidate with its scores on every fold.
#[derive(Debug, Clone)]
pub struct Candidate<P> {
    pub(super) params: P,
    pub(super) records: Vec<Record>,
    pub(super) error_score: f64,
    pub(super) summaries: Vec<Summary>,
}

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

    /// What came of each fold, in the order of the folds.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The score of metric number `metric` on each fold; the error score for a failed one, NaN unless the search says
    /// otherwise.
    pub fn scores(&self, metric: usize) -> Vec<f64> {
        let score = |record: &Record| record.outcome.as_ref().map_or(self.error_score, |scores| scores[metric]);
        self.records.iter().map(score).collect()
    }

    /// The score of metric number `metric` on the rows that each fold trains on; NaN where train scores were not asked
    /// for, the error score for a failed fold.
    pub fn train_scores(&self, metric: usize) -> Vec<f64> {
        let score = |record: &Record| match (&record.outcome, &record.train_scores) {
            (Err(_), _) => self.error_score,
            (Ok(_), Some(scores)) => scores[metric],
            (Ok(_), None) => f64::NAN,
        };
        self.records.iter().map(score).collect()
    }

    /// The mean of the [`train_scores`](Self::train_scores).
    pub fn train_mean(&self, metric: usize) -> f64 {
        self.summaries[metric].train_mean
    }

    /// The standard deviation of the [`train_scores`](Self::train_scores) (divided by the number of folds).
    pub fn train_std(&self, metric: usize) -> f64 {
        self.summaries[metric].train_std
    }

    /// The epoch of each fold after which the network was as it was scored, where the trainings ended by themselves; NaN
    /// where that is not told.
    pub fn epochs(&self) -> Vec<f64> {
        let scored = |record: &Record| record.details.epochs.map_or(f64::NAN, |epochs| f64::from(epochs.scored));
        self.records.iter().map(scored).collect()
    }

    /// The epochs that each fold was trained, as [`epochs`](Self::epochs).
    pub fn trained_epochs(&self) -> Vec<f64> {
        let trained = |record: &Record| record.details.epochs.map_or(f64::NAN, |epochs| f64::from(epochs.trained));
        self.records.iter().map(trained).collect()
    }

    /// How far passes with dropout on are apart on each fold, where [they are scored](crate::search::Search::mc_scoring):
    /// the mean, over rows and outputs, of the standard deviation of what is predicted. NaN where dropout is off.
    pub fn spreads(&self) -> Vec<f64> {
        self.records.iter().map(|record| record.details.spread.unwrap_or(f64::NAN)).collect()
    }

    /// The mean score by metric number `metric`; NaN where a fold failed or the metric is undefined on one.
    ///
    /// The mean does not depend on the order of the folds: candidates with the same scores in another order tie.
    pub fn mean(&self, metric: usize) -> f64 {
        self.summaries[metric].mean
    }

    /// The standard deviation of the folds' scores (divided by the number of folds).
    pub fn std(&self, metric: usize) -> f64 {
        self.summaries[metric].std
    }

    /// The rank by metric number `metric`: 1 is best, ties share the smallest rank, failed candidates come last.
    pub fn rank(&self, metric: usize) -> usize {
        self.summaries[metric].rank
    }
}
