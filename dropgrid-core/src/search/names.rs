//! Candidates have names, by which studies and digests know them: the JSON of their values.

use super::plan::Plan;
use crate::{data::Truth, error::Result, model::Model, record::Job, space::Params, strategy::Strategy};

/// Candidates that are checked so often that an order by chance is found for certain. Of others, one or another is.
const THOROUGH: usize = 64;

/// How often the candidate of this number among those to be checked is read back and written again. In the first ones a set
/// of two whose order is chance is missed once in 2^64.
fn times(number: usize) -> usize {
    if number < THOROUGH { 64 } else { 2 }
}

/// Checks the names of candidates.
///
/// # Errors
/// [`NameError`](crate::error::NameError).
pub(super) fn check_all<'a, P: Params>(candidates: impl IntoIterator<Item = &'a P>) -> Result<()> {
    candidates.into_iter().enumerate().try_for_each(|(number, params)| params.check(times(number)))
}

impl<M: Model, S: Strategy<M::Space>, K: Truth> Plan<'_, M, S, K> {
    /// Checks the names of candidates that were not known before the search.
    ///
    /// # Errors
    /// [`NameError`](crate::error::NameError).
    pub(super) fn check_names(&self, jobs: &[Job<M::Params>]) -> Result<()> {
        if self.strategy.is_of_space() || !self.strategy.listed().is_empty() {
            return Ok(());
        }
        let candidates = jobs.chunk_by(|a, b| a.candidate == b.candidate).map(|jobs| &jobs[0].params);
        check_all(candidates)
    }
}
