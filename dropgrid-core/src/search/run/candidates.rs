//! The candidates of a search, and the strategy's decisions about them.

use std::collections::HashSet;

use super::{
    allowance::FitLimits,
    facts::Facts,
    no_winner::Fault,
    proposal::{guarded, propose, verdicts},
    queue::JobQueue,
    replay::{Replay, ReplayEnd},
};
use crate::{
    data::Truth,
    error::{Error, Result, StopReason, StrategyError},
    model::Model,
    record::{Budget, Job, Record},
    search::{
        bound::BoundSearch,
        fit::ShareCheck,
        key::{AnyParams, KeyedJob},
        outcome::Verdict,
    },
    strategy::{Trial, TrialRecords, Trials},
    study::{Judgement, Judgements},
};

/// The candidates with their records and their strategy, for a leader that does not know the type of their parameters.
/// So the code that leads a search is compiled once for all models. By default the strategy makes no decisions about
/// candidates, and no failed fit ends the search.
pub(super) trait Candidates {
    /// Returns the jobs that the strategy newly proposes. Jobs in the queue are not proposed again.
    fn propose(&mut self, queue: &JobQueue) -> Result<Vec<KeyedJob>, Fault>;

    /// Adds the record of a candidate. Returns true if the record is new.
    fn add(&mut self, params: &AnyParams, record: Record) -> bool;

    /// The number of candidates.
    fn len(&self) -> usize;

    /// Returns the records of a candidate; `None` if it has none.
    fn records(&self, candidate: u64) -> Option<&TrialRecords>;

    /// Tells hooks which candidates the strategy has pruned since the last call.
    ///
    /// # Errors
    /// [`Fault::Strategy`] if the strategy or a hook panics.
    fn tell_pruned(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    /// Returns the strategy's judgements of candidates, except those that follow from the records.
    ///
    /// # Errors
    /// [`Fault::Strategy`] if the strategy panics, [`Fault::Study`] if a candidate cannot be named in a study.
    fn judgements(&self) -> Result<Judgements, Fault> {
        Ok(Judgements::new())
    }

    /// Returns true if a candidate's records on all folds at a budget violate no constraint.
    fn is_feasible(&self, _candidate: u64, _budget: Budget) -> bool {
        true
    }

    /// Returns the reason why a search with one worker ends within these limits; `None` if it has not ended. The end is
    /// the same for any number of workers.
    ///
    /// # Errors
    /// [`Fault::Strategy`] if the strategy fails, [`Fault::Study`] if a candidate cannot be named in a study.
    fn end_of_one_worker(&mut self, _limits: FitLimits) -> Result<Option<StopReason>, Fault> {
        Ok(None)
    }

    /// Returns the next jobs that a search with one worker would run within these limits, as far as they are known. It
    /// omits jobs that have a record, are in the queue, or were returned before.
    ///
    /// # Errors
    /// Those of [`Self::end_of_one_worker`].
    fn next_of_one_worker(&mut self, _limits: FitLimits, _queue: &JobQueue) -> Result<Vec<KeyedJob>, Fault> {
        Ok(Vec::new())
    }

    /// Returns true if a search with one worker has run all jobs proposed so far.
    fn is_one_worker_done(&self) -> bool {
        true
    }

    /// Checks that no fit has failed.
    ///
    /// # Errors
    /// [`Error::FitFailed`] for the first one.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// The candidates of a search over `M`.
pub(super) struct ModelCandidates<'a, M: Model, K: Truth> {
    pub(super) search: &'a BoundSearch<'a, M, K>,
    pub(super) facts: &'a Facts<'a, M::Params>,
    pub(super) trials: Trials<M::Params>,
    pub(super) check_share: ShareCheck<'a, M::Params>,
    /// The pruned candidates that hooks were told of.
    pub(super) told: HashSet<u64>,
    /// The replay of the search with one worker; `None` until a limit needs it.
    pub(super) replay: Option<Replay<M::Params>>,
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Computes the keys of jobs.
    ///
    /// # Errors
    /// [`Fault::Study`] if a candidate cannot be named in a study.
    fn with_keys(&self, jobs: Vec<Job<M::Params>>) -> Result<Vec<KeyedJob>, Fault> {
        let keyed = jobs.into_iter().map(|job| KeyedJob::of::<M>(job, &self.settings.recipe, self.first_fold()));
        keyed.collect::<Result<_>>().map_err(Fault::Study)
    }
}

impl<M: Model, K: Truth> ModelCandidates<'_, M, K> {
    /// Returns the candidates with their records. If the search ended at a fit, these are the records up to that fit,
    /// with its end.
    pub(super) fn into_trials(self) -> (Trials<M::Params>, Option<ReplayEnd>) {
        match self.replay {
            Some(Replay { trials, end: Some(end), .. }) => (trials, Some(end)),
            _ => (self.trials, None),
        }
    }
}

impl<M: Model, K: Truth> Candidates for ModelCandidates<'_, M, K> {
    fn propose(&mut self, queue: &JobQueue) -> Result<Vec<KeyedJob>, Fault> {
        let search = self.search;
        let view = self.facts.view(search.space, &self.trials);
        let pending = |candidate| queue.params(candidate).map(|params| params.get::<M::Params>().clone());
        let jobs = propose(search.strategy, &view, &pending, &|candidate, fold, budget: Budget| {
            queue.is_pending(candidate, fold, budget)
        })?;
        if let Some(fault) = jobs.iter().find_map(|job| (self.check_share)(job).err()) {
            return Err(Fault::Strategy(fault));
        }
        if let Err(error) = search.check_names(&jobs) {
            // Before the first record, the search has not begun, so the error is returned as it is.
            let of_strategy = |error| Fault::Strategy(StrategyError::Failed(Box::new(error)));
            return Err(if self.trials.is_empty() { Fault::Study(error) } else { of_strategy(error) });
        }
        search.with_keys(jobs)
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

    fn tell_pruned(&mut self) -> Result<(), Fault> {
        let (search, told) = (self.search, &mut self.told);
        let (strategy, hooks) = (search.strategy, &search.settings.hooks);
        if hooks.is_empty() || !strategy.watches() {
            return Ok(());
        }
        let view = self.facts.view(search.space, &self.trials);
        let tell = || {
            for pruned in strategy.eliminations(&view) {
                if told.insert(pruned.candidate) {
                    hooks.each(|hook| hook.pruned(pruned.candidate, &pruned.after, &pruned.reason));
                }
            }
        };
        guarded(tell).map_err(Fault::Strategy)
    }

    fn judgements(&self) -> Result<Judgements, Fault> {
        let search = self.search;
        let mut verdicts =
            verdicts(search.strategy, &self.facts.view(search.space, &self.trials)).map_err(Fault::Strategy)?;
        let mut all = Judgements::new();
        for trial in self.trials.iter() {
            let Verdict { is_finalist, elimination, iteration } = verdicts.take(trial.number);
            if is_finalist == trial.is_done(Budget::Full) && elimination.is_none() && iteration.is_none() {
                continue;
            }
            let elimination = elimination.map(|it| (it.after, it.reason));
            let job = Job { candidate: trial.number, params: trial.params.clone(), fold: 0, budget: Budget::Full };
            let keyed = KeyedJob::of::<M>(job, &search.settings.recipe, search.first_fold()).map_err(Fault::Study)?;
            let judgement = Judgement { is_finalist, elimination, iteration };
            // Two candidates with the same values are one candidate in a study.
            let known =
                all.entry((keyed.name.resource.whole(), keyed.name.params)).or_insert_with(|| judgement.clone());
            if judgement.is_finalist {
                *known = judgement;
            }
        }
        Ok(all)
    }

    fn is_feasible(&self, candidate: u64, budget: Budget) -> bool {
        let is_feasible = |trial: &Trial<M::Params>| self.facts.violation(trial.at(budget)) == 0.0;
        self.facts.constraints.is_empty() || self.trials.get(candidate).is_some_and(is_feasible)
    }

    fn end_of_one_worker(&mut self, limits: FitLimits) -> Result<Option<StopReason>, Fault> {
        let (search, facts) = (self.search, self.facts);
        let Self { trials, replay, .. } = self;
        let fresh = || Replay::new(Trials::new(&facts.folds, search.settings.error_score.value()));
        let proposed = |trials: &Trials<M::Params>| {
            let jobs = propose(search.strategy, &facts.view(search.space, trials), &|_| None, &|_, _, _| false)?;
            search.with_keys(jobs)
        };
        let direction = facts.metrics[0].direction;
        let reaches = |trials: &Trials<M::Params>, candidate| {
            let is_so = |trial: &&Trial<M::Params>| {
                let mean = trial.records.score(Budget::Full);
                let is_good = |score| mean.is_some_and(|mean| direction.gain(score, mean) >= 0.0);
                limits.until.is_some_and(is_good) && facts.violation(trial.at(Budget::Full)) == 0.0
            };
            trials.get(candidate).filter(is_so).and(limits.until)
        };
        replay.get_or_insert_with(fresh).advance(trials, limits, proposed, reaches)
    }

    fn next_of_one_worker(&mut self, limits: FitLimits, queue: &JobQueue) -> Result<Vec<KeyedJob>, Fault> {
        self.end_of_one_worker(limits)?;
        let Self { trials, replay, .. } = self;
        let is_taken = |job: &Job<AnyParams>| {
            let known = trials.get(job.candidate).and_then(|trial| trial.record(job.fold, job.budget));
            known.is_some() || queue.is_pending(job.candidate, job.fold, job.budget)
        };
        Ok(replay.as_mut().map(|replay| replay.next(limits, is_taken)).unwrap_or_default())
    }

    fn is_one_worker_done(&self) -> bool {
        self.replay.as_ref().is_none_or(Replay::is_done)
    }

    fn check(&self) -> Result<()> {
        let trials = self.replay.as_ref().filter(|replay| replay.end.is_some()).map_or(&self.trials, |it| &it.trials);
        for trial in trials.iter() {
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
