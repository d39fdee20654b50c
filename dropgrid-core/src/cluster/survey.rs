//! The results of a round: present, missing or faulty.

use super::{
    attempt,
    folder::Folder,
    plan::Plan,
    ranges,
    unit_file::{ResultFault, read_checkpoint, read_result},
};
use crate::{error::Result, study::bundle::Bundle};

/// The units of a round by status. Each list is ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Survey {
    /// The number of units with a valid result.
    pub(super) done: usize,
    /// Units without a result, or with a faulty one.
    pub(super) missing: Vec<usize>,
    /// Missing units with a faulty result.
    pub(super) faulty: Vec<(usize, ResultFault)>,
    /// Missing units that were interrupted and continue from a checkpoint.
    pub(super) begun: Vec<usize>,
    /// The progress of the missing units.
    pub(super) progress: UnitProgress,
    /// Missing units that processes are running, or in which processes died.
    pub(super) attempted: Vec<usize>,
}

/// The progress of units by their checkpoints and by the processes that died in them. A death is progress, since a fit
/// in which three processes died counts as failed and no longer blocks the other fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct UnitProgress {
    /// The number of finished fits.
    pub(super) fits: usize,
    /// The sum of the epochs of all states.
    pub(super) epochs: u64,
    /// The number of processes that run fits or died in them.
    pub(super) attempts: usize,
}

impl UnitProgress {
    /// Returns true if there is no progress since `before`.
    pub(super) fn is_within(self, before: Self) -> bool {
        (self.fits, self.epochs) <= (before.fits, before.epochs) && self.attempts <= before.attempts
    }
}

impl Survey {
    /// Reads all results of a round, one after the other, and passes each valid one to `take`.
    ///
    /// # Errors
    /// The errors of `take`.
    pub(super) fn of(folder: &Folder, plan: &Plan, mut take: impl FnMut(usize, Bundle) -> Result<()>) -> Result<Self> {
        let mut survey = Self::default();
        for unit in 0..plan.units.len() {
            match read_result(folder, plan, unit) {
                Some(Ok(bundle)) => {
                    take(unit, bundle)?;
                    survey.done += 1;
                    continue;
                }
                Some(Err(fault)) => survey.faulty.push((unit, fault)),
                None => {}
            }
            survey.missing.push(unit);
            let attempts = attempt::count(&folder.attempts(plan.round, unit));
            if attempts > 0 {
                survey.progress.attempts += attempts;
                survey.attempted.push(unit);
            }
            if folder.checkpoint(plan.round, unit).exists() {
                survey.begun.push(unit);
                let Bundle { records, states, .. } = read_checkpoint(folder, plan, unit).unwrap_or_default();
                survey.progress.fits += records.len();
                survey.progress.epochs += states.iter().map(|state| u64::from(state.epochs)).sum::<u64>();
            }
        }
        Ok(survey)
    }

    /// Returns the missing units as text, like `1-3,7`.
    pub(super) fn missing_text(&self) -> String {
        ranges::to_text(&self.missing)
    }
}
