//! The fits and epochs that a search may still have, and the score that ends it.

use std::collections::HashMap;

use super::group::trajectory_fold;
use crate::{
    error::StopReason,
    limit::Limits,
    metric::Direction,
    search::{key::KeyedJob, state_index::TrajectoryFold},
};

/// What a search may still spend. Jobs are counted as they are proposed, those with a record too, so that a search that goes on
/// from its study ends where it would have ended.
pub(super) struct Allowance {
    fits: Option<usize>,
    epochs: Option<u64>,
    until: Option<f64>,
    /// True where a candidate has a score that is good enough.
    is_good: bool,
    /// The fits and epochs so far.
    spent: (usize, u64),
    /// The most epochs of each training so far: a larger budget goes on from there.
    trained: HashMap<TrajectoryFold, u32>,
    /// The reason why no more jobs are taken.
    pub(super) end: Option<StopReason>,
}

impl Allowance {
    /// The allowance of a search with these limits.
    pub(super) fn new(limits: &Limits) -> Self {
        let Limits { fits, epochs, until, .. } = *limits;
        Self { fits, epochs, until, is_good: false, spent: (0, 0), trained: HashMap::new(), end: None }
    }

    /// An allowance without end.
    pub(super) fn none() -> Self {
        Self::new(&Limits::default())
    }

    /// The first of the jobs, as many as there may be.
    pub(super) fn take(&mut self, mut jobs: Vec<KeyedJob>) -> Vec<KeyedJob> {
        if self.fits.is_none() && self.epochs.is_none() {
            return jobs;
        }
        let taken = jobs.iter().take_while(|job| self.takes(job)).count();
        jobs.truncate(taken);
        jobs
    }

    fn takes(&mut self, job: &KeyedJob) -> bool {
        let epochs = job.name.resource.epochs();
        let trained = self.trained.entry(trajectory_fold(job)).or_default();
        let cost = u64::from(epochs.saturating_sub(*trained));
        let (fits, sum) = (self.spent.0 + 1, self.spent.1 + cost);
        self.end = match (self.fits, self.epochs) {
            (Some(most), _) if fits > most => Some(StopReason::FitsSpent { fits: most }),
            (_, Some(most)) if sum > most => Some(StopReason::EpochsSpent { epochs: most }),
            _ => None,
        };
        if self.end.is_none() {
            *trained = epochs.max(*trained);
            self.spent = (fits, sum);
        }
        self.end.is_none()
    }

    /// Notes the mean score of a candidate that is done on all folds.
    pub(super) fn scored(&mut self, score: f64, direction: Direction) {
        if let Some(until) = self.until
            && direction.gain(until, score) >= 0.0
        {
            self.is_good = true;
        }
    }

    /// The score that may have ended the search: a candidate has it, perhaps ahead of others that come first.
    pub(super) fn may_be_reached(&self) -> Option<f64> {
        self.until.filter(|_| self.is_good && !self.is_reached())
    }

    /// Ends the search at its score.
    pub(super) fn reach(&mut self) {
        self.end = self.until.map(|score| StopReason::Reached { score });
    }

    /// True where a job was not taken.
    pub(super) fn has_refused(&self) -> bool {
        matches!(self.end, Some(StopReason::FitsSpent { .. } | StopReason::EpochsSpent { .. }))
    }

    /// True where a score has ended the search: what is queued is not begun.
    pub(super) fn is_reached(&self) -> bool {
        matches!(self.end, Some(StopReason::Reached { .. }))
    }
}
