//! The results of a search as data, from which another search may learn.

use std::sync::Arc;

use serde_json::Value;

use super::{CandidateScores, CvResults, Report, Results};
use crate::{
    model::Model,
    record::{Budget, MetricInfo},
};

/// The finalists of a search with their scores, for the [warm start](crate::search::Search::warm_start) of another one:
/// made of a [`Report`], its [`Results`] or a [`StudyFile`](crate::study::StudyFile).
#[derive(Debug, Clone, PartialEq)]
pub struct PriorResults {
    pub(crate) metrics: Vec<MetricInfo>,
    /// The weights of the folds.
    pub(crate) weights: Vec<f64>,
    pub(crate) candidates: Vec<PriorCandidate>,
}

/// A candidate of another search.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PriorCandidate {
    /// The hyperparameters by name.
    pub(crate) fields: Vec<(String, Value)>,
    /// The scores of each metric on the folds.
    pub(crate) scores: Vec<Vec<f64>>,
}

impl PriorCandidate {
    /// The hyperparameters that it has, as text.
    pub(crate) fn text(&self) -> String {
        let present = self.fields.iter().filter(|(_, value)| !value.is_null());
        present.map(|(name, value)| format!("{name:?}:{value}")).collect::<Vec<_>>().join(",")
    }
}

impl From<&CvResults> for PriorResults {
    fn from(results: &CvResults) -> Self {
        let is_whole = |it: &&Arc<CandidateScores>| it.is_finalist() && it.is_complete() && it.budget() == Budget::Full;
        let candidate = |candidate: &Arc<CandidateScores>| PriorCandidate {
            fields: candidate.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            scores: (0..results.metrics().len()).map(|metric| candidate.scores(metric)).collect(),
        };
        let mut candidates: Vec<PriorCandidate> = results.candidates().iter().filter(is_whole).map(candidate).collect();
        // A report and the file of its study have them in different orders.
        candidates.sort_by_cached_key(PriorCandidate::text);
        Self {
            metrics: results.metrics().to_vec(),
            weights: results.fold_infos().iter().map(|fold| fold.weight).collect(),
            candidates,
        }
    }
}

impl<P> From<&Results<P>> for PriorResults {
    fn from(results: &Results<P>) -> Self {
        (&**results).into()
    }
}

impl<M: Model, T, F> From<&Report<M, T, F>> for PriorResults {
    fn from(report: &Report<M, T, F>) -> Self {
        report.results().into()
    }
}

#[cfg(feature = "study")]
impl From<&crate::study::StudyFile> for PriorResults {
    fn from(study: &crate::study::StudyFile) -> Self {
        (&Results::of_study(study)).into()
    }
}
