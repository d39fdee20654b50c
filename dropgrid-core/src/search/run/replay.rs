//! The replay of a search as one worker would run it. It determines at which fit the search ends.

use std::collections::VecDeque;

use super::{
    allowance::{FitLimits, Spent},
    no_winner::Fault,
};
use crate::{
    error::StopReason,
    record::{Budget, Job},
    search::key::{AnyParams, KeyedJob},
    space::Params,
    strategy::Trials,
};

/// A search that runs the strategy's jobs one by one, in their order, and asks for more once it has the records of all.
/// It takes the records from the actual search, whatever order they arrive in, so the end is the same for any number of
/// workers.
#[derive(Debug)]
pub(super) struct Replay<P> {
    /// The records so far.
    pub(super) trials: Trials<P>,
    /// The proposed jobs without a record.
    jobs: VecDeque<KeyedJob>,
    /// The number of these jobs, from the first, that are within the limits and have been counted.
    counted: usize,
    /// The number of counted jobs, from the first, that [`Self::next`] has returned or found taken.
    taken: usize,
    spent: Spent,
    pub(super) end: Option<ReplayEnd>,
}

/// The end of a replay at a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ReplayEnd {
    pub(super) why: StopReason,
    /// The number of proposed jobs that were not run.
    pub(super) pending: usize,
}

impl ReplayEnd {
    /// Returns true if the strategy had nothing more to try.
    pub(super) fn is_whole(self) -> bool {
        self.pending == 0
    }
}

impl<P: Params> Replay<P> {
    /// Makes a replay that has run nothing.
    pub(super) fn new(trials: Trials<P>) -> Self {
        Self { trials, jobs: VecDeque::new(), counted: 0, taken: 0, spent: Spent::default(), end: None }
    }

    /// Replays as far as there are `records`. Returns the reason of the end once it is reached, and `None` before.
    /// `reaches` returns the score that ends the search if a candidate has it.
    ///
    /// # Errors
    /// Those of `propose`, which returns the jobs that the strategy newly proposes.
    pub(super) fn advance(
        &mut self,
        records: &Trials<P>,
        limits: FitLimits,
        propose: impl Fn(&Trials<P>) -> Result<Vec<KeyedJob>, Fault>,
        reaches: impl Fn(&Trials<P>, u64) -> Option<f64>,
    ) -> Result<Option<StopReason>, Fault> {
        while self.end.is_none() {
            if self.jobs.is_empty() {
                self.jobs.extend(propose(&self.trials)?);
            }
            let Some(keyed) = self.jobs.front() else { return Ok(None) };
            if self.counted == 0 {
                if let Err(why) = self.spent.add(keyed, limits) {
                    self.end = Some(ReplayEnd { why, pending: self.jobs.len() });
                    break;
                }
                self.counted = 1;
            }
            let Job { candidate, fold, budget, .. } = keyed.job;
            let known = records.get(candidate).and_then(|trial| trial.record(fold, budget));
            let Some(record) = known.cloned() else { return Ok(None) };
            self.trials.add(|| keyed.params::<P>().clone(), record);
            self.jobs.pop_front();
            self.counted -= 1;
            self.taken = self.taken.saturating_sub(1);
            if let Some(score) = reaches(&self.trials, candidate).filter(|_| budget == Budget::Full) {
                let pending = if self.jobs.is_empty() { propose(&self.trials)?.len() } else { self.jobs.len() };
                self.end = Some(ReplayEnd { why: StopReason::Reached { score }, pending });
            }
        }
        Ok(self.end.map(|end| end.why))
    }

    /// Returns the next known jobs within the limits. It omits jobs that it returned before and jobs for which
    /// `is_taken` returns true.
    pub(super) fn next(&mut self, limits: FitLimits, is_taken: impl Fn(&Job<AnyParams>) -> bool) -> Vec<KeyedJob> {
        let uncounted = self.jobs.iter().skip(self.counted);
        self.counted += uncounted.take_while(|job| self.spent.add(job, limits).is_ok()).count();
        let next = self.jobs.range(self.taken..self.counted).filter(|job| !is_taken(&job.job)).cloned().collect();
        self.taken = self.counted;
        next
    }

    /// Returns true if every proposed job has a record.
    pub(super) fn is_done(&self) -> bool {
        self.jobs.is_empty()
    }
}
