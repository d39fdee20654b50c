//! The proposals of a strategy, checked before they are run.

use std::collections::{HashMap, HashSet};

use crate::{
    engine,
    error::{Failure, StrategyError},
    record::{Job, Record},
    space::Space,
    strategy::Strategy,
};

/// The next jobs of a search with these sorted `records`, in which `known` gives the candidate of a number.
///
/// # Errors
/// [`StrategyError`] where the strategy panics or fails, or breaks the rules of [`Strategy::propose`].
pub(super) fn propose<S: Space>(
    strategy: &impl Strategy<S>,
    space: &S,
    folds: u32,
    records: &[Record],
    known: impl Fn(u64) -> Option<S::Params>,
) -> Result<Vec<Job<S::Params>>, StrategyError> {
    let proposal = engine::catch(|| Ok(strategy.propose(space, folds, records)));
    let jobs = match proposal {
        Ok(jobs) => jobs.map_err(StrategyError::Failed)?,
        Err(Failure::Panicked { message }) => return Err(StrategyError::Panicked { message }),
        Err(failure) => return Err(StrategyError::Failed(failure.into())),
    };
    let mut proposed = HashSet::with_capacity(jobs.len());
    let mut candidates: HashMap<u64, &S::Params> = HashMap::new();
    let mut earlier: HashMap<u64, Option<S::Params>> = HashMap::new();
    for Job { candidate, params, fold } in &jobs {
        let (candidate, fold) = (*candidate, *fold);
        if fold >= folds {
            return Err(StrategyError::NoSuchFold { candidate, fold, folds });
        }
        let is_done =
            records.binary_search_by_key(&(candidate, fold), |record| (record.candidate, record.fold)).is_ok();
        if is_done || !proposed.insert((candidate, fold)) {
            return Err(StrategyError::Twice { candidate, fold });
        }
        let earlier = earlier.entry(candidate).or_insert_with(|| known(candidate));
        let first = earlier.as_ref().unwrap_or(candidates.entry(candidate).or_insert(params));
        // A hyperparameter that is NaN is not equal to itself, and reads the same.
        if first != params && first.to_string() != params.to_string() {
            let (first, second) = (first.to_string(), params.to_string());
            return Err(StrategyError::TwoOfOneNumber { candidate, first, second });
        }
    }
    Ok(jobs)
}
