//! The proposals of a strategy, checked before they are run.

use std::collections::{HashMap, HashSet};

use crate::{
    data::Truth,
    engine,
    error::{Failure, Result, StrategyError},
    model::Model,
    record::{Budget, Job},
    search::{bound::BoundSearch, names::check_all},
    space::Space,
    strategy::{Strategy, View},
};

/// The jobs that a strategy newly wants. `pending` gives the parameters of a candidate that has jobs under way and `is_pending`
/// says whether a job is among them.
///
/// # Errors
/// [`StrategyError`] where the strategy panics or fails, or breaks the rules of [`Strategy::propose`].
pub(super) fn propose<S: Space>(
    strategy: &impl Strategy<S>,
    view: &View<'_, S>,
    pending: impl Fn(u64) -> Option<S::Params>,
    is_pending: impl Fn(u64, u32, Budget) -> bool,
) -> Result<Vec<Job<S::Params>>, StrategyError> {
    let proposal = engine::catch(|| Ok(strategy.propose(view)));
    let mut jobs = match proposal {
        Ok(jobs) => jobs.map_err(StrategyError::Failed)?,
        Err(Failure::Panicked { message }) => return Err(StrategyError::Panicked { message }),
        Err(failure) => return Err(StrategyError::Failed(failure.into())),
    };
    let folds = view.fold_count();
    let mut proposed = HashSet::with_capacity(jobs.len());
    let mut candidates: HashMap<u64, &S::Params> = HashMap::new();
    let mut earlier: HashMap<u64, Option<S::Params>> = HashMap::new();
    for Job { candidate, params, fold, budget } in &jobs {
        let (candidate, fold) = (*candidate, *fold);
        if fold >= folds {
            return Err(StrategyError::NoSuchFold { candidate, fold, folds });
        }
        if !proposed.insert((candidate, fold, *budget)) {
            return Err(StrategyError::Twice { candidate, fold });
        }
        let known = || view.trials.get(candidate).map(|trial| trial.params.clone()).or_else(|| pending(candidate));
        let earlier = earlier.entry(candidate).or_insert_with(known);
        let first = earlier.as_ref().unwrap_or(candidates.entry(candidate).or_insert(params));
        // A hyperparameter that is NaN is not equal to itself, and reads the same.
        if first != params && first.to_string() != params.to_string() {
            let (first, second) = (first.to_string(), params.to_string());
            return Err(StrategyError::TwoOfOneNumber { candidate, first, second });
        }
    }
    jobs.retain(|job| {
        let is_done = view.trials.get(job.candidate).is_some_and(|trial| trial.record(job.fold, job.budget).is_some());
        !is_done && !is_pending(job.candidate, job.fold, job.budget)
    });
    Ok(jobs)
}

impl<M: Model, S: Strategy<M::Space>, K: Truth> BoundSearch<'_, M, S, K> {
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
