//! The results of a round: which are there, which are missing, and which are not to be taken.

use super::{
    attempt,
    folder::Folder,
    plan::Plan,
    ranges,
    unit_file::{ResultFault, read_checkpoint, read_result},
};
use crate::{error::Result, study::bundle::Bundle};

/// The units of a round by what became of them, each list ascending.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Survey {
    /// Units whose results are there.
    pub(super) done: usize,
    /// Units that have no result, or one that is not to be taken.
    pub(super) missing: Vec<usize>,
    /// Those of them that have a result which is not to be taken.
    pub(super) faulty: Vec<(usize, ResultFault)>,
    /// Those of them that were cut off and go on from a checkpoint.
    pub(super) begun: Vec<usize>,
    /// The content of these checkpoints.
    pub(super) progress: UnitProgress,
    /// Those of them that processes have under way, or died in.
    pub(super) attempted: Vec<usize>,
}

/// The content of checkpoints, and the traces of processes that died: more than before is progress, since a fit in which three
/// died has failed, and lets the others go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct UnitProgress {
    /// Finished fits.
    pub(super) fits: usize,
    /// The epochs that their states have come to, all added up.
    pub(super) epochs: u64,
    /// Processes that have fits under way, or died in them.
    pub(super) attempts: usize,
}

impl UnitProgress {
    /// True where nothing has come to what was there `before`.
    pub(super) fn is_within(self, before: Self) -> bool {
        (self.fits, self.epochs) <= (before.fits, before.epochs) && self.attempts <= before.attempts
    }
}

impl Survey {
    /// Reads all results of a round, one after the other, and gives each that is to be taken to `take`.
    ///
    /// # Errors
    /// Those of `take`.
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

    /// The missing units, as `1-3,7`.
    pub(super) fn missing_text(&self) -> String {
        ranges::to_text(&self.missing)
    }
}
