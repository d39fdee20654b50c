//! All candidates of a search, ranked.

use std::{cmp::Ordering, sync::Arc};

use super::{
    average::{ErrorScore, mean_and_std},
    candidate::{Candidate, Summary},
};
use crate::{
    error::Failure,
    metric::{Direction, Warning},
    record::{FoldInfo, MetricInfo, Record},
};

/// All candidates of a search in the order of the space, by all its metrics.
#[derive(Debug, Clone)]
pub struct Results<P> {
    candidates: Vec<Candidate<P>>,
    metrics: Arc<[MetricInfo]>,
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
        let metrics: Arc<[MetricInfo]> = metrics.into();
        let error_score = error_score.value();
        let mut candidates: Vec<Candidate<P>> = candidates
            .into_iter()
            .map(|(params, records)| Candidate {
                params,
                records,
                error_score,
                metrics: metrics.clone(),
                summaries: Vec::new(),
            })
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
}
