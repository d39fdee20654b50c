//! The search as it runs one fit after the other, which decides where a score ends it.

use std::collections::VecDeque;

use crate::{
    error::StrategyError,
    record::{Budget, Job},
    strategy::Trials,
};

/// A search that takes the strategy's jobs in their order, one by one, and asks for more once it has the records of all.
/// Its records are those of the search, which has them earlier or later: so it ends at the same fit for any number of workers.
#[derive(Debug)]
pub(super) struct Replay<P> {
    /// The records so far.
    pub(super) trials: Trials<P>,
    /// The proposed jobs without a record.
    jobs: VecDeque<Job<P>>,
    pub(super) end: Option<ReplayEnd>,
}

/// The end of a replay at a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReplayEnd {
    /// The proposed jobs that were not run.
    pub(super) pending: usize,
}

impl ReplayEnd {
    /// True where the strategy had nothing more to try.
    pub(super) fn is_whole(self) -> bool {
        self.pending == 0
    }
}

impl<P: Clone> Replay<P> {
    /// A replay from the beginning.
    pub(super) fn new(trials: Trials<P>) -> Self {
        Self { trials, jobs: VecDeque::new(), end: None }
    }

    /// Goes on as far as there are `records`. Returns true once the candidate of a job `is_reached`.
    ///
    /// # Errors
    /// Those of `propose`, which gives the jobs that the strategy newly wants.
    pub(super) fn advance(
        &mut self,
        records: &Trials<P>,
        propose: impl Fn(&Trials<P>) -> Result<Vec<Job<P>>, StrategyError>,
        is_reached: impl Fn(&Trials<P>, u64) -> bool,
    ) -> Result<bool, StrategyError> {
        while self.end.is_none() {
            if self.jobs.is_empty() {
                self.jobs.extend(propose(&self.trials)?);
            }
            let Some(job) = self.jobs.front() else { return Ok(false) };
            let known = records.get(job.candidate).and_then(|trial| trial.record(job.fold, job.budget));
            let (Some(record), candidate, budget) = (known.cloned(), job.candidate, job.budget) else {
                return Ok(false);
            };
            let Some(job) = self.jobs.pop_front() else { return Ok(false) };
            self.trials.add(|| job.params, record);
            if budget == Budget::Full && is_reached(&self.trials, candidate) {
                let pending = if self.jobs.is_empty() { propose(&self.trials)?.len() } else { self.jobs.len() };
                self.end = Some(ReplayEnd { pending });
            }
        }
        Ok(true)
    }
}
