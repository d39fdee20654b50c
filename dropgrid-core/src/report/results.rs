//! Candidates and their scores.

use std::cmp::Ordering;

use crate::{
    error::Failure,
    metric::{Direction, Warning},
    record::{FoldInfo, MetricInfo, Record, mean_and_std},
};

/// How a candidate's scores of several folds become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Average {
    /// Every fold counts the same: the mean of the folds' scores, as in scikit-learn.
    #[default]
    Folds,
    /// Every row counts the same: a fold counts by the rows it scores. For an accuracy this is the share of all
    /// scored rows, scikit-learn's `iid=True` of before version 0.24.
    Rows,
}

impl Average {
    /// The weight of a fold that scores so many rows.
    pub(crate) fn weight(self, rows: usize) -> f64 {
        match self {
            Self::Folds => 1.0,
            Self::Rows => rows as f64,
        }
    }
}

/// What a failed fit counts as.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ErrorScore {
    /// No number: the candidate's mean is NaN, and it ranks last. The report groups the reasons.
    #[default]
    Nan,
    /// This number, as the score of every metric. Where every fit failed, there is an error nevertheless.
    Value(f64),
    /// The end of the search: an error that names the candidate, the fold and the reason. Fits that run beside it are
    /// finished first, others are not begun.
    Raise,
}

/// One candidate with its scores on every fold.
#[derive(Debug, Clone)]
pub struct Candidate<P> {
    params: P,
    records: Vec<Record>,
    error_score: f64,
    summaries: Vec<Summary>,
}

#[derive(Debug, Clone, Copy)]
struct Summary {
    mean: f64,
    std: f64,
    rank: usize,
    train_mean: f64,
    train_std: f64,
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

/// All candidates of a search in the order of the space, by all its metrics.
#[derive(Debug, Clone)]
pub struct Results<P> {
    candidates: Vec<Candidate<P>>,
    metrics: Vec<MetricInfo>,
    folds: Vec<FoldInfo>,
}

impl<P> Results<P> {
    /// Results from the hyperparameters of each candidate and its records in the order of the folds.
    pub(crate) fn new(
        candidates: impl IntoIterator<Item = (P, Vec<Record>)>,
        metrics: Vec<MetricInfo>,
        folds: Vec<FoldInfo>,
        error_score: ErrorScore,
    ) -> Self {
        let error_score = if let ErrorScore::Value(score) = error_score { score } else { f64::NAN };
        let mut candidates: Vec<Candidate<P>> = candidates
            .into_iter()
            .map(|(params, records)| Candidate { params, records, error_score, summaries: Vec::new() })
            .collect();
        let weights: Vec<f64> = folds.iter().map(|fold| fold.weight).collect();
        for (at, metric) in metrics.iter().enumerate() {
            for candidate in &mut candidates {
                let (mean, std) = mean_and_std(&candidate.scores(at), &weights);
                let (train_mean, train_std) = mean_and_std(&candidate.train_scores(at), &weights);
                candidate.summaries.push(Summary { mean, std, rank: 0, train_mean, train_std });
            }
            let means: Vec<f64> = candidates.iter().map(|candidate| candidate.mean(at)).collect();
            for (candidate, rank) in candidates.iter_mut().zip(ranks(&means, metric.direction)) {
                candidate.summaries[at].rank = rank;
            }
        }
        Self { candidates, metrics, folds }
    }

    /// The candidates in the order of the space.
    pub fn candidates(&self) -> &[Candidate<P>] {
        &self.candidates
    }

    /// The metrics, the deciding one first.
    pub fn metrics(&self) -> &[MetricInfo] {
        &self.metrics
    }

    /// Number of folds.
    pub fn folds(&self) -> usize {
        self.folds.len()
    }

    /// The sizes of each fold.
    pub fn fold_infos(&self) -> &[FoldInfo] {
        &self.folds
    }

    /// Whether rows trained on were scored, too.
    pub fn has_train_scores(&self) -> bool {
        let mut records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records.any(|record| record.train_scores.is_some())
    }

    /// Whether trainings ended by themselves.
    pub fn has_epochs(&self) -> bool {
        let mut records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records.any(|record| record.details.epochs.is_some())
    }

    /// Whether passes with dropout on were scored.
    pub fn has_spreads(&self) -> bool {
        let mut records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records.any(|record| record.details.spread.is_some())
    }

    /// The rules of the search that ended trainings, in the order of the space.
    pub fn stopped(&self) -> impl Iterator<Item = &str> {
        let records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records.filter_map(|record| record.details.stopped_by.as_deref())
    }

    /// Number of fits: candidates times folds.
    pub fn fits(&self) -> usize {
        self.candidates.iter().map(|candidate| candidate.records.len()).sum()
    }

    /// Why fits failed, in the order of the space.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        let records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records.filter_map(|record| record.outcome.as_ref().err())
    }

    /// Why each attempt failed that was followed by another one, of all fits.
    pub fn retried(&self) -> impl Iterator<Item = &Failure> {
        let records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records.flat_map(|record| &record.details.retried)
    }

    /// What was odd about scores: the number of the metric and its warning, in the order of the space.
    pub fn warnings(&self) -> impl Iterator<Item = (usize, &Warning)> {
        let records = self.candidates.iter().flat_map(|candidate| &candidate.records);
        records
            .flat_map(|record| record.warnings.iter().enumerate())
            .flat_map(|(metric, warnings)| warnings.iter().map(move |warning| (metric, warning)))
    }

    /// The first candidate of rank 1 by the deciding metric, where any finished all its folds, or counts as a number
    /// where it failed.
    pub fn best(&self) -> Option<usize> {
        if self.failures().count() == self.fits() {
            return None;
        }
        self.candidates.iter().position(|candidate| candidate.rank(0) == 1 && !candidate.mean(0).is_nan())
    }
}

/// Ranks from 1, best first: ties share the smallest rank, NaN comes last.
fn ranks(means: &[f64], direction: Direction) -> Vec<usize> {
    let better = |a: f64, b: f64| match (a.is_nan(), b.is_nan()) {
        (false, false) => direction.compare(a, b) == Ordering::Less,
        (a_failed, b_failed) => !a_failed && b_failed,
    };
    let mut order: Vec<f64> = means.to_vec();
    order.sort_by(|&a, &b| match (better(a, b), better(b, a)) {
        (true, _) => Ordering::Less,
        (_, true) => Ordering::Greater,
        _ => Ordering::Equal,
    });
    means.iter().map(|&mean| 1 + order.partition_point(|&other| better(other, mean))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_as_scikit_learn_gives_them() {
        let means = [0.9, 0.9, f64::NAN, 0.8, 0.9, f64::NAN];
        assert_eq!(ranks(&means, Direction::Maximize), [1, 1, 5, 4, 1, 5]);
        assert_eq!(ranks(&means, Direction::Minimize), [2, 2, 5, 1, 2, 5]);
        assert_eq!(ranks(&[0.0, -0.0], Direction::Maximize), [1, 1]);
    }

    #[test]
    fn the_mean_does_not_depend_on_the_order_of_folds() {
        let equal = [1.0; 3];
        let (up, down) = ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]);
        assert_eq!(mean_and_std(&up, &equal), mean_and_std(&down, &equal));
        let (mean, std) = mean_and_std(&[1.0, 2.0, 3.0, 4.0], &[1.0; 4]);
        assert!((mean - 2.5).abs() < 1e-15 && (std - 1.25_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn rows_weigh_folds_by_their_size() {
        let (mean, _) = mean_and_std(&[4.0 / 34.0, 5.0 / 33.0, 3.0 / 33.0], &[34.0, 33.0, 33.0]);
        assert!((mean - 0.12).abs() < 1e-15);
    }
}
