//! The fits and epochs that a search may still have, and the score that ends it.

use std::collections::HashMap;

use super::group::trajectory_fold;
use crate::{
    error::StopReason,
    limit::Limits,
    metric::Direction,
    search::{key::KeyedJob, states::TrajectoryFold},
};

/// The limits that end a search at a fit, which is the same one for any number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct FitLimits {
    /// The most fits.
    fits: Option<usize>,
    /// The most epochs of all fits.
    epochs: Option<u64>,
    /// The mean score that is good enough.
    pub(super) until: Option<f64>,
}

impl FitLimits {
    /// True where fits or epochs are limited.
    fn has_most(self) -> bool {
        self.fits.is_some() || self.epochs.is_some()
    }
}

/// The fits and epochs that jobs have taken. A job counts whether it has a record or not, so that a search that goes on from
/// its study ends where it would have ended.
#[derive(Debug, Default)]
pub(super) struct Spent {
    fits: usize,
    epochs: u64,
    /// The most epochs of each training so far: a larger budget goes on from there.
    trained: HashMap<TrajectoryFold, u32>,
}

impl Spent {
    /// Counts a job. Where it would pass a limit, it is not counted, and the reason is returned.
    pub(super) fn add(&mut self, job: &KeyedJob, limits: FitLimits) -> Result<(), StopReason> {
        let epochs = job.name.resource.epochs();
        let trained = self.trained.entry(trajectory_fold(job)).or_default();
        let (fits, sum) = (self.fits + 1, self.epochs + u64::from(epochs.saturating_sub(*trained)));
        if let Some(most) = limits.fits.filter(|&most| fits > most) {
            return Err(StopReason::FitsSpent { fits: most });
        }
        if let Some(most) = limits.epochs.filter(|&most| sum > most) {
            return Err(StopReason::EpochsSpent { epochs: most });
        }
        *trained = epochs.max(*trained);
        (self.fits, self.epochs) = (fits, sum);
        Ok(())
    }
}

/// The fits and epochs that a search may still spend. The fits that its report has are those of one worker, which a replay finds; others begin ahead
/// of them, together no more than the limits allow.
pub(super) struct Allowance {
    limits: FitLimits,
    /// The fits and epochs of all jobs so far.
    spent: Spent,
    /// True where no job may begin ahead of those that one worker would run.
    pub(super) is_exhausted: bool,
    /// True where a candidate has a score that is good enough.
    is_good: bool,
    /// The reason why the search ends at a fit.
    pub(super) end: Option<StopReason>,
}

impl Allowance {
    /// The allowance of a search with these limits.
    pub(super) fn new(limits: &Limits) -> Self {
        let Limits { fits, epochs, until, .. } = *limits;
        let limits = FitLimits { fits, epochs, until };
        Self { limits, spent: Spent::default(), is_exhausted: false, is_good: false, end: None }
    }

    /// An allowance without end.
    pub(super) fn none() -> Self {
        Self::new(&Limits::default())
    }

    /// The first of the jobs, as many as may begin ahead of others.
    pub(super) fn take(&mut self, mut jobs: Vec<KeyedJob>) -> Vec<KeyedJob> {
        if self.limits.has_most() {
            let taken = jobs.iter().take_while(|job| self.spent.add(job, self.limits).is_ok()).count();
            self.is_exhausted |= taken < jobs.len();
            jobs.truncate(taken);
        }
        jobs
    }

    /// Notes the mean score of a candidate that is done on all folds.
    pub(super) fn scored(&mut self, score: f64, direction: Direction) {
        if let Some(until) = self.limits.until
            && direction.gain(until, score) >= 0.0
        {
            self.is_good = true;
        }
    }

    /// The limits at which the search may have ended: those of fits and epochs, and a score that a candidate has, perhaps ahead
    /// of others that come first.
    pub(super) fn may_be_over(&self) -> Option<FitLimits> {
        (self.end.is_none() && (self.limits.has_most() || self.is_good)).then_some(self.limits)
    }
}
