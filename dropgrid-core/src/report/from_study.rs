//! The results of a study's file.

use super::{ErrorScore, Results};
use crate::study::{Archive, Untyped};

impl Results<Untyped> {
    /// The results of the candidates of a study that are done on all folds, in the order of their values; none where no
    /// search has begun.
    pub fn of_study(study: &Archive) -> Self {
        let Some(legend) = study.legend() else {
            return Self::new([], Vec::new(), Vec::new(), ErrorScore::Nan);
        };
        let candidates = study.tried().iter().filter(|tried| study.is_done(tried)).map(|tried| {
            // Folds of an earlier, larger search stay in the file.
            (tried.params.clone(), tried.records.iter().take(legend.folds.len()).cloned().collect())
        });
        let error_score = legend.error_score.map_or(ErrorScore::Nan, ErrorScore::Value);
        Self::new(candidates, legend.metrics.clone(), legend.folds.clone(), error_score)
    }
}
