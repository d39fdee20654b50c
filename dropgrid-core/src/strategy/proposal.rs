//! The rules of a proposal.

use std::collections::{HashMap, HashSet};

use super::View;
use crate::{
    error::StrategyError,
    record::{Budget, Job},
    space::Space,
};

/// Checks the jobs of a proposal. `pending` gives the parameters of a candidate that has jobs under way.
///
/// # Errors
/// [`StrategyError`] where they break the rules of [`Strategy::propose`](super::Strategy::propose).
pub(crate) fn check<S: Space>(
    view: &View<'_, S>,
    jobs: &[Job<S::Params>],
    pending: impl Fn(u64) -> Option<S::Params>,
) -> Result<(), StrategyError> {
    let folds = view.fold_count();
    let mut proposed = HashSet::with_capacity(jobs.len());
    let mut candidates: HashMap<u64, &S::Params> = HashMap::new();
    let mut earlier: HashMap<u64, Option<S::Params>> = HashMap::new();
    for Job { candidate, params, fold, budget } in jobs {
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
        // As many epochs as the candidate has would be the whole training under another name.
        if let Budget::Epochs(epochs) = budget {
            let (epochs, whole) = (epochs.get(), (view.epochs)(params));
            if epochs >= whole {
                return Err(StrategyError::WholeBudget { candidate, epochs, whole });
            }
        }
    }
    Ok(())
}
