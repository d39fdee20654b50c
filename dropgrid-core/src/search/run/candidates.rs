//! The candidates of a search, and what its strategy makes of them.

use super::{facts::Facts, no_winner::Fault, proposal::propose, queue::JobQueue};
use crate::{
    data::Truth,
    error::{Error, Result, StrategyError},
    model::Model,
    record::{Budget, Record},
    search::{
        bound::BoundSearch,
        fit::ShareCheck,
        key::{AnyParams, KeyedJob},
    },
    strategy::{TrialRecords, Trials},
};

/// The candidates that have records, and their strategy, for a leader who does not know the type of their parameters: what
/// leads a search is compiled once for all models.
pub(super) trait Candidates {
    /// The jobs that the strategy newly wants, beside those of the queue.
    fn propose(&mut self, queue: &JobQueue) -> Result<Vec<KeyedJob>, Fault>;

    /// Adds the record of a candidate, and returns whether it is new.
    fn add(&mut self, params: &AnyParams, record: Record) -> bool;

    /// The number of candidates.
    fn len(&self) -> usize;

    /// The records of a candidate; none where it has none.
    fn records(&self, candidate: u64) -> Option<&TrialRecords>;

    /// Checks that no fit has failed.
    ///
    /// # Errors
    /// [`Error::FitFailed`] for the first one.
    fn check(&self) -> Result<()>;
}

/// The candidates of a search over `M`.
pub(super) struct ModelCandidates<'a, M: Model, K: Truth> {
    pub(super) search: &'a BoundSearch<'a, M, K>,
    pub(super) facts: &'a Facts,
    pub(super) trials: Trials<M::Params>,
    pub(super) check_share: ShareCheck<'a, M::Params>,
}

impl<M: Model, K: Truth> ModelCandidates<'_, M, K> {
    /// The candidates with their records.
    pub(super) fn into_trials(self) -> Trials<M::Params> {
        self.trials
    }
}

impl<M: Model, K: Truth> Candidates for ModelCandidates<'_, M, K> {
    fn propose(&mut self, queue: &JobQueue) -> Result<Vec<KeyedJob>, Fault> {
        let search = self.search;
        let epochs = |params: &M::Params| search.epochs(params);
        let view = search.view(self.facts, &epochs, &self.trials);
        let pending = |candidate| queue.params(candidate).map(|params| params.get::<M::Params>().clone());
        let jobs = propose(search.strategy, &view, &pending, &|candidate, fold, budget: Budget| {
            queue.is_pending(candidate, fold, budget)
        })?;
        if let Some(fault) = jobs.iter().find_map(|job| (self.check_share)(job).err()) {
            return Err(Fault::Strategy(fault));
        }
        if let Err(error) = search.check_names(&jobs) {
            // Before the first record the search has not begun.
            let of_strategy = |error| Fault::Strategy(StrategyError::Failed(Box::new(error)));
            return Err(if self.trials.is_empty() { Fault::Study(error) } else { of_strategy(error) });
        }
        let keyed = jobs.into_iter().map(|job| KeyedJob::of::<M>(job, &search.settings.recipe, search.first_fold()));
        keyed.collect::<Result<_>>().map_err(Fault::Study)
    }

    fn add(&mut self, params: &AnyParams, record: Record) -> bool {
        self.trials.add(|| params.get::<M::Params>().clone(), record)
    }

    fn len(&self) -> usize {
        self.trials.len()
    }

    fn records(&self, candidate: u64) -> Option<&TrialRecords> {
        self.trials.get(candidate).map(|trial| &trial.records)
    }

    fn check(&self) -> Result<()> {
        for trial in self.trials.iter() {
            for record in trial.records() {
                if let Err(failure) = &record.outcome {
                    let (params, fold) = (trial.params.to_string(), record.fold);
                    return Err(Error::FitFailed { params, fold, failure: failure.clone() });
                }
            }
        }
        Ok(())
    }
}
