//! The results of a search in the type of its model's hyperparameters.

use std::{fmt, ops::Deref, sync::Arc};

use super::{Fields, average::ErrorScore, candidate::Candidate, cv_results::CvResults, entry::Entry};
use crate::record::{FoldInfo, MetricInfo};

/// All candidates of a search in the order of the space, by all its metrics: their hyperparameters in the model's type,
/// and everything that [`CvResults`] has.
#[derive(Clone)]
pub struct Results<P> {
    candidates: Vec<Candidate<P>>,
    cv: CvResults,
}

impl<P: Fields> Results<P> {
    /// Results from the records of each candidate.
    pub(crate) fn new(
        entries: impl IntoIterator<Item: Into<Entry<P>>>,
        metrics: Vec<MetricInfo>,
        folds: Vec<FoldInfo>,
        error_score: ErrorScore,
    ) -> Self {
        let (mut names, mut params, mut scores): (Arc<[String]>, _, _) = (Arc::new([]), Vec::new(), Vec::new());
        for entry in entries {
            let entry: Entry<P> = entry.into();
            let fields = entry.params.fields();
            if names.is_empty() {
                names = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
            }
            let values = fields.into_iter().map(|(_, value)| value).collect();
            let (of_candidate, entry) = entry.with_values(values);
            params.push(of_candidate);
            scores.push(entry);
        }
        Self::of(params, CvResults::new(&names, scores, metrics, folds, error_score))
    }
}

impl<P> Results<P> {
    /// The results of candidates with these hyperparameters.
    fn of(params: impl IntoIterator<Item = P>, cv: CvResults) -> Self {
        let scores = cv.candidates().iter().cloned();
        let candidates = params.into_iter().zip(scores).map(|(params, scores)| Candidate { params, scores }).collect();
        Self { candidates, cv }
    }

    /// The same candidates, with results that `change` makes of theirs.
    pub(crate) fn map(self, change: impl FnOnce(CvResults) -> CvResults) -> Self {
        let Self { candidates, cv } = self;
        // The scores are changed in place where nothing else holds them.
        let params: Vec<P> = candidates.into_iter().map(|candidate| candidate.params).collect();
        Self::of(params, change(cv))
    }

    /// The candidates in the order of the space.
    pub fn candidates(&self) -> &[Candidate<P>] {
        &self.candidates
    }
}

impl<P> Deref for Results<P> {
    type Target = CvResults;

    fn deref(&self) -> &CvResults {
        &self.cv
    }
}

impl<P: fmt::Debug> fmt::Debug for Results<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.candidates).finish()
    }
}
