//! The trainings that a search would run next.

use std::time::Instant;

use super::{
    group::Group,
    leader::{Leader, LeaderEnd},
    no_winner::NoWinner,
    setup::FinishedRun,
};
use crate::{
    data::{Dataset, Truth},
    error::{Result, Stopped},
    model::Model,
    search::{
        bound::BoundSearch,
        key::KeyedJob,
        unit::{PlannedFit, PlannedTraining},
    },
    split::Folds,
    strategy::Trials,
    study::StateName,
    train::TrainTarget,
};

/// The trainings that a search would run next, given the records of its study.
#[derive(Debug)]
pub(crate) struct NextTrainings {
    /// The trainings. Empty if the strategy has nothing more to try.
    pub(crate) trainings: Vec<PlannedTraining>,
    /// The number of fits that have a record.
    pub(crate) done: usize,
    /// The number of fits of the whole search; `None` if the strategy does not know it.
    pub(crate) planned: Option<usize>,
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Returns the trainings that this search would run next.
    ///
    /// # Errors
    /// Those of the study and the strategy, [`Error::FitFailed`] if a failed fit ends the search, and
    /// [`Error::Setting`] if the search or its fits have a time limit.
    pub(in crate::search) fn next_trainings<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        mut folds: Folds,
    ) -> Result<NextTrainings> {
        self.refuse_times()?;
        let count = folds.splits.len() as u32;
        let start = Instant::now();
        let led = self.with_leader(data, &mut folds, (start, true), |leader, _, _| {
            let states = leader.states;
            let (groups, end) = leader.plan();
            let training = |Group(jobs): &Group| {
                let begins_at = jobs.first().and_then(|first| {
                    let least = jobs.iter().map(|job| job.name.resource.epochs()).min()?;
                    let (trajectory, fold) = (first.trajectory.clone(), first.name.fold);
                    let of = (trajectory.clone(), fold);
                    let epochs = Some(states.longest(&of, least)).filter(|&epochs| epochs > 0)?;
                    Some(StateName { trajectory, fold, epochs })
                });
                PlannedTraining { fits: jobs.iter().map(fit).collect(), begins_at }
            };
            Ok((groups.iter().map(training).collect::<Vec<_>>(), end))
        })?;
        let FinishedRun { outcome: (trainings, end), trials, planned, .. } = led;
        let done = trials.record_count();
        let LeaderEnd { fault, proposed, ended, .. } = end;
        if fault.is_some() {
            let failures = Trials::records(&trials).filter_map(|record| record.outcome.clone().err()).collect();
            let strategy = format!("{:?}", self.strategy);
            let stopped = ended.map(|why| Stopped { why, done, planned: planned.unwrap_or(done) });
            let end = NoWinner { fault, undecided: None, stopped, strategy, folds: count, proposed, done, failures };
            return Err(end.error(None));
        }
        Ok(NextTrainings { trainings, done, planned })
    }
}

impl Leader<'_> {
    /// Asks the strategy for all that it proposes next, without running any job. Returns the jobs that have no record,
    /// and the end of the search.
    fn plan(mut self) -> (Vec<Group>, LeaderEnd) {
        let mut ended = self.reached();
        while self.goes_on(ended) && self.has_news() {
            self.propose();
            ended = self.reached();
        }
        let groups = if self.goes_on(ended) { self.queue.take_open() } else { Vec::new() };
        (groups, self.end(ended))
    }
}

fn fit(job: &KeyedJob) -> PlannedFit {
    PlannedFit { candidate: job.job.candidate, name: job.name.clone() }
}
