//! The outcome of a search.

use crate::{
    error::{self, Error, Stopped},
    report::Results,
    split::Folds,
    study::Damaged,
};

/// The outcome of a search that has a best candidate.
pub(super) struct SearchOutcome<P> {
    pub(super) results: Results<P>,
    /// The place of the best candidate in the results.
    pub(super) best: usize,
    pub(super) folds: Folds,
    pub(super) stopped: Option<Stopped>,
    /// Records of the study that were damaged.
    pub(super) damaged: Vec<Damaged>,
}

/// The error of a search in which no finalist has a mean score.
pub(super) fn nothing_finished<P>(results: &Results<P>) -> Error {
    let (fits, failed) = (results.fits(), results.failures().count());
    let reasons = error::group(results.failures());
    if failed == 0 {
        let reasons = error::group(results.warnings().filter(|&(metric, _)| metric == 0).map(|(_, warning)| warning));
        Error::UndefinedScores { metric: results.metrics()[0].name.clone(), reasons }
    } else if failed == fits {
        Error::AllFitsFailed { fits, reasons }
    } else {
        Error::NoCandidateFinished { failed, fits, reasons }
    }
}
