//! The end of a search for its study, by which the page of the study is that of the report.

use super::{Report, conclusion::Conclusion};
use crate::{error::group, model::Model, study::SearchEnd};

impl Conclusion {
    /// Warnings about the study and about the training on all rows, each a sentence.
    pub(super) fn warnings_of_end(&self) -> Vec<String> {
        let damaged = self.damaged.len();
        let were = if damaged == 1 { "record of the study was" } else { "records of the study were" };
        let of_study = (damaged > 0).then(|| format!("{damaged} damaged {were} not used"));
        let attempts = (!self.refit_failures.is_empty())
            .then(|| format!("attempts at training the best on all rows failed: {}", group(&self.refit_failures)));
        let refit = self
            .refit_failure
            .as_ref()
            .map(|failure| format!("the training of the best on all rows failed: {failure}"));
        [of_study, attempts, refit].into_iter().flatten().collect()
    }
}

impl<M: Model, T, F> Report<M, T, F> {
    /// The sentence on the choice of a refit rule; `None` if there is nothing to say of it.
    pub(super) fn choice(&self) -> Option<String> {
        self.conclusion.fresh_sentence(&self.results.candidates()[self.conclusion.best])
    }

    /// The end of the search, for its study. Only the search knows by which name the study has the best candidate.
    pub(crate) fn search_end(&self) -> SearchEnd {
        let conclusion = &self.conclusion;
        SearchEnd {
            digest: self.digest(),
            seconds: conclusion.searched.as_secs_f64(),
            stopped: conclusion.stopped.map(|stopped| stopped.to_string()),
            planned: conclusion.stopped.map(|stopped| stopped.planned),
            correction: self.results.correction(),
            warnings: conclusion.warnings_of_end(),
            chosen: None,
            choice: self.choice(),
        }
    }
}
