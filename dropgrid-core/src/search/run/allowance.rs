//! The fits and epochs that a search may still spend, and the score that ends it.

use std::collections::HashMap;

use super::group::trajectory_fold;
use crate::{
    error::StopReason,
    limit::Limits,
    metric::Direction,
    search::{key::KeyedJob, states::TrajectoryFold},
};

/// The limits that end a search at a certain fit. That fit is the same for any number of workers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct FitLimits {
    /// The largest number of fits.
    fits: Option<usize>,
    /// The largest number of epochs of all fits together.
    epochs: Option<u64>,
    /// The mean score at which the search ends.
    pub(super) until: Option<f64>,
}

impl FitLimits {
    /// Returns true if the number of fits or epochs is limited.
    fn has_most(self) -> bool {
        self.fits.is_some() || self.epochs.is_some()
    }
}

/// The fits and epochs that jobs have spent. Jobs that already have a record count, too, so a search that resumes from
/// its study ends where an uninterrupted search would.
#[derive(Debug, Default)]
pub(super) struct Spent {
    fits: usize,
    epochs: u64,
    /// The largest number of epochs of each training so far. A larger budget continues from there, and only adds the
    /// difference.
    trained: HashMap<TrajectoryFold, u32>,
}

impl Spent {
    /// Counts a job. If the job would exceed a limit, returns the reason and does not count it.
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

/// The fits and epochs that a search may still spend. The report has the fits that one worker would run, which a replay
/// determines. Further jobs may begin ahead of these; all jobs together stay within the limits.
pub(super) struct Allowance {
    limits: FitLimits,
    /// The fits and epochs of all jobs so far.
    spent: Spent,
    /// True if no more jobs may begin ahead of those that one worker would run.
    pub(super) is_exhausted: bool,
    /// True if some candidate has a score at which the search ends.
    is_good: bool,
    /// The reason why the search ends at a fit; `None` while it has not ended.
    pub(super) end: Option<StopReason>,
}

impl Allowance {
    /// Makes the allowance of a search with these limits.
    pub(super) fn new(limits: &Limits) -> Self {
        let Limits { fits, epochs, until, .. } = *limits;
        let limits = FitLimits { fits, epochs, until };
        Self { limits, spent: Spent::default(), is_exhausted: false, is_good: false, end: None }
    }

    /// Makes an allowance without limits.
    pub(super) fn none() -> Self {
        Self::new(&Limits::default())
    }

    /// Returns the first of the jobs, as many as the limits allow to begin ahead of others.
    pub(super) fn take(&mut self, mut jobs: Vec<KeyedJob>) -> Vec<KeyedJob> {
        if self.limits.has_most() {
            let taken = jobs.iter().take_while(|job| self.spent.add(job, self.limits).is_ok()).count();
            self.is_exhausted |= taken < jobs.len();
            jobs.truncate(taken);
        }
        jobs
    }

    /// Notes the mean score of a candidate that has finished all folds.
    pub(super) fn scored(&mut self, score: f64, direction: Direction) {
        if let Some(until) = self.limits.until
            && direction.gain(until, score) >= 0.0
        {
            self.is_good = true;
        }
    }

    /// Returns the limits if the search may have reached one of them: if fits or epochs are limited, or if a candidate
    /// has a score that ends the search. That candidate may have run ahead of others that come before it. `None` if no
    /// limit can have been reached.
    pub(super) fn may_be_over(&self) -> Option<FitLimits> {
        (self.end.is_none() && (self.limits.has_most() || self.is_good)).then_some(self.limits)
    }
}
