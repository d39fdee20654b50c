//! The proposals of a strategy, and their checks.

use crate::{
    data::Truth,
    engine,
    error::{Failure, Result, StrategyError},
    model::Model,
    record::{Budget, Job},
    search::{bound::BoundSearch, names::check_all, outcome::Verdicts},
    space::Space,
    strategy::{Strategy, View, check},
};

/// Returns the jobs that a strategy newly proposes. `pending` returns the parameters of a candidate that has pending
/// jobs, and `is_pending` tells whether a job is pending.
///
/// # Errors
/// [`StrategyError`] if the strategy panics, fails, or breaks the rules of [`Strategy::propose`].
pub(in crate::search) fn propose<S: Space>(
    strategy: &dyn Strategy<S>,
    view: &View<'_, S>,
    pending: &dyn Fn(u64) -> Option<S::Params>,
    is_pending: &dyn Fn(u64, u32, Budget) -> bool,
) -> Result<Vec<Job<S::Params>>, StrategyError> {
    let mut jobs = guarded(|| strategy.propose(view))?.map_err(StrategyError::Failed)?;
    check(view, &jobs, pending)?;
    jobs.retain(|job| {
        let is_done = view.trials.get(job.candidate).is_some_and(|trial| trial.record(job.fold, job.budget).is_some());
        !is_done && !is_pending(job.candidate, job.fold, job.budget)
    });
    Ok(jobs)
}

/// Calls the strategy, and turns a panic into an error.
pub(super) fn guarded<R>(call: impl FnOnce() -> R) -> Result<R, StrategyError> {
    engine::catch(|| Ok(call())).map_err(|failure| match failure {
        Failure::Panicked { message } => StrategyError::Panicked { message },
        failure => StrategyError::Failed(failure.into()),
    })
}

/// Returns the strategy's verdicts on the candidates.
///
/// # Errors
/// [`StrategyError`] if the strategy panics.
pub(in crate::search) fn verdicts<S: Space>(
    strategy: &dyn Strategy<S>,
    view: &View<'_, S>,
) -> Result<Verdicts, StrategyError> {
    guarded(|| Verdicts::new(strategy, view))
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
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
