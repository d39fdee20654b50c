//! All candidates of a search, ranked, without the type of their hyperparameters.

use std::sync::Arc;

use dropgrid_view::{Front, Predictions};
use serde_json::Value;

use super::{
    average::ErrorScore,
    bbc::{BbcObstacle, BbcScores},
    candidate::{CandidateScores, Summary},
    entry::Entry,
    provenance::Provenance,
    ranks::{RankClass, ranks},
};
use crate::{
    error::Failure,
    metric::Warning,
    record::{Budget, Constraint, FoldInfo, MetricInfo, Record},
};

/// All candidates of a search in the order of the space, by all its metrics, without the type of their hyperparameters:
/// scikit-learn's `cv_results_`. [`Results`](super::Results) has them with it.
#[derive(Debug, Clone)]
pub struct CvResults {
    pub(super) candidates: Vec<Arc<CandidateScores>>,
    metrics: Arc<[MetricInfo]>,
    folds: Vec<FoldInfo>,
    classes: Vec<String>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) provenance: Provenance,
    bbc: Result<BbcScores, BbcObstacle>,
}

impl CvResults {
    /// Results from the records of each candidate.
    pub(super) fn new(
        names: &Arc<[String]>,
        entries: Vec<Entry<Vec<Value>>>,
        metrics: Vec<MetricInfo>,
        folds: Vec<FoldInfo>,
        error_score: ErrorScore,
    ) -> Self {
        let metrics: Arc<[MetricInfo]> = metrics.into();
        let error_score = error_score.value();
        let mut budgets: Vec<Budget> = entries.iter().map(|entry| entry.budget).collect();
        let others = entries.iter().flat_map(|entry| &entry.others).map(|record| record.budget);
        budgets.extend(others);
        budgets.sort_unstable();
        budgets.dedup();
        let candidate = |entry: Entry<Vec<Value>>| {
            let Entry { params: values, records, others, budget, whole, is_finalist, elimination, iteration } = entry;
            let iteration = iteration.unwrap_or_else(|| budgets.binary_search(&budget).unwrap_or(0));
            let (folds, summaries) = (folds.len(), Vec::new());
            Arc::new(CandidateScores {
                names: names.clone(),
                values,
                records,
                others,
                budget,
                iteration,
                whole,
                is_finalist,
                elimination,
                folds,
                error_score,
                metrics: metrics.clone(),
                violation: 0.0,
                summaries,
            })
        };
        let mut candidates: Vec<Arc<CandidateScores>> = entries.into_iter().map(candidate).collect();
        let weights: Vec<f64> = folds.iter().map(|fold| fold.weight).collect();
        let folds_of_one = folds.iter().filter(|fold| fold.repeat == 0).count();
        for at in 0..metrics.len() {
            for candidate in &mut candidates {
                let (mean, std) = candidate.summary(&candidate.scores(at), &weights);
                let (train_mean, train_std) = candidate.summary(&candidate.train_scores(at), &weights);
                let deviations = candidate.deviations(&candidate.scores(at), &weights, folds_of_one);
                Arc::make_mut(candidate).summaries.push(Summary {
                    mean,
                    std,
                    deviations,
                    rank: 0,
                    train_mean,
                    train_std,
                });
            }
        }
        let (classes, constraints) = (Vec::new(), Vec::new());
        let (bbc, provenance) = (Err(BbcObstacle::NotKept), Provenance::default());
        let mut results = Self { candidates, metrics, folds, classes, constraints, provenance, bbc };
        results.rank();
        results
    }

    /// Ranks the candidates by each metric.
    pub(super) fn rank(&mut self) {
        let Self { candidates, metrics, .. } = self;
        let classes: Vec<RankClass> = candidates.iter().map(|candidate| RankClass::of(candidate)).collect();
        for (at, metric) in metrics.iter().enumerate() {
            let means: Vec<f64> = candidates.iter().map(|candidate| candidate.mean(at)).collect();
            for (candidate, rank) in candidates.iter_mut().zip(ranks(&classes, &means, metric.direction)) {
                Arc::make_mut(candidate).summaries[at].rank = rank;
            }
        }
    }

    /// The results with the scores that are corrected for the choice of the best, or the reason why there are none.
    pub(crate) fn with_bbc(self, bbc: Result<BbcScores, BbcObstacle>) -> Self {
        Self { bbc, ..self }
    }

    /// The results with the names of the classes or flags.
    pub(crate) fn with_classes(self, names: &[String]) -> Self {
        Self { classes: names.to_vec(), ..self }
    }

    /// The results with what is known of the search beside them.
    pub(crate) fn with_provenance(self, provenance: Provenance) -> Self {
        Self { provenance, ..self }
    }

    /// The results with the out-of-fold predictions of the best candidate.
    pub(super) fn with_predictions(mut self, predictions: Predictions) -> Self {
        self.provenance.predictions = Some(predictions);
        self
    }

    /// The results with the candidates by chosen objectives.
    pub(super) fn with_front(mut self, front: Front) -> Self {
        self.provenance.front = Some(front);
        self
    }

    /// The names of the classes or flags, in the order of their numbers; none where they have numbers only.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The score of the search by each metric, corrected for the choice of the best candidate: it needs
    /// [`Search::bbc_cv`](crate::search::Search::bbc_cv).
    ///
    /// # Errors
    /// [`BbcObstacle`] says why there is none, and which setting gives one.
    pub fn bbc(&self) -> Result<&BbcScores, BbcObstacle> {
        self.bbc.as_ref().map_err(|obstacle| *obstacle)
    }

    /// The candidates in the order of the space.
    pub fn candidates(&self) -> &[Arc<CandidateScores>] {
        &self.candidates
    }

    /// The metrics, the deciding one first.
    pub fn metrics(&self) -> &[MetricInfo] {
        &self.metrics
    }

    /// Number of folds of all repeats.
    pub fn folds(&self) -> usize {
        self.folds.len()
    }

    /// Number of [repeats](crate::search::Search::repeats) of the cross-validation.
    pub fn repeats(&self) -> usize {
        self.folds.last().map_or(1, |fold| fold.repeat as usize + 1)
    }

    /// Number of folds of one repeat.
    pub(super) fn folds_of_one(&self) -> usize {
        self.folds() / self.repeats()
    }

    /// The sizes of each fold.
    pub fn fold_infos(&self) -> &[FoldInfo] {
        &self.folds
    }

    /// True where the rows trained on were scored, too.
    pub fn has_train_scores(&self) -> bool {
        let mut records = self.records();
        records.any(|record| record.train_scores.is_some())
    }

    /// True where trainings ended early, by early stopping or by a rule.
    pub fn has_epochs(&self) -> bool {
        let mut records = self.records();
        records.any(|record| record.details.epochs.is_some())
    }

    /// True where passes with dropout on were scored.
    pub fn has_spreads(&self) -> bool {
        let mut records = self.records();
        records.any(|record| record.details.spread.is_some())
    }

    /// The names of the rules that ended trainings, in the order of the space.
    pub fn stopped(&self) -> impl Iterator<Item = &str> {
        let records = self.records();
        records.filter_map(|record| record.details.stopped_by.as_deref())
    }

    /// The number of fits of all candidates.
    pub fn fits(&self) -> usize {
        self.records().count()
    }

    /// The records of all candidates, in the order of the space.
    fn records(&self) -> impl Iterator<Item = &Record> {
        self.candidates.iter().flat_map(|candidate| candidate.others.iter().chain(&candidate.records))
    }

    /// The reasons of failed fits, in the order of the space.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        let records = self.records();
        records.filter_map(|record| record.outcome.as_ref().err())
    }

    /// The reasons of failed attempts that another attempt followed, of all fits.
    pub fn retried(&self) -> impl Iterator<Item = &Failure> {
        let records = self.records();
        records.flat_map(|record| &record.details.retried)
    }

    /// Warnings about scores, each with the position of its metric, in the order of the space.
    pub fn warnings(&self) -> impl Iterator<Item = (usize, &Warning)> {
        let records = self.records();
        records
            .flat_map(|record| record.warnings.iter().enumerate())
            .flat_map(|(metric, warnings)| warnings.iter().map(move |warning| (metric, warning)))
    }

    /// True where candidates are judged by different budgets.
    pub fn has_budgets(&self) -> bool {
        self.candidates.iter().any(|candidate| candidate.budget != self.candidates[0].budget)
    }

    /// The numbers of candidates that the strategy eliminated, by the stage after which it did, in the order of the
    /// search.
    pub(super) fn eliminations(&self) -> Vec<(&str, usize)> {
        let mut stages: Vec<(Budget, usize, &str)> = self
            .candidates
            .iter()
            .filter_map(|it| Some((it.budget, it.records.len(), it.elimination.as_ref()?.after.as_str())))
            .collect();
        stages.sort_unstable();
        let by_stage = stages.chunk_by(|a, b| a.2 == b.2);
        by_stage.map(|same| (same[0].2, same.len())).collect()
    }

    /// True where the strategy eliminated candidates.
    pub fn has_eliminations(&self) -> bool {
        self.candidates.iter().any(|candidate| candidate.elimination.is_some())
    }

    /// True where a candidate has no record on some fold.
    pub fn has_gaps(&self) -> bool {
        self.candidates.iter().any(|candidate| !candidate.is_complete())
    }

    /// The place of a candidate among all of them, best first.
    pub(super) fn position(&self, number: usize) -> usize {
        let rank = |at: usize| (self.candidates[at].rank(0), at);
        (0..self.candidates.len()).filter(|&at| rank(at) < rank(number)).count()
    }

    /// The first finalist of rank 1 by the deciding metric, where any finished all its folds, or counts as a number
    /// where it failed.
    pub fn best(&self) -> Option<usize> {
        if self.failures().count() == self.fits() {
            return None;
        }
        let is_best = |it: &Arc<CandidateScores>| it.is_finalist && it.rank(0) == 1 && !it.mean(0).is_nan();
        self.candidates.iter().position(is_best)
    }
}
