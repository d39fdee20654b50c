//! The parts of a search that other processes run.

use std::collections::HashSet;

use crate::study::{FitName, StateName};

/// A fit that a process is to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedFit {
    /// The number of the candidate, for hooks.
    pub(crate) candidate: u64,
    pub(crate) name: FitName,
}

/// Fits on one fold that share one training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedTraining {
    pub(crate) fits: Vec<PlannedFit>,
    /// The state in the study from which the training continues; `None` if it starts from the beginning.
    pub(crate) begins_at: Option<StateName>,
}

impl PlannedTraining {
    /// Returns the number of epochs to train, and the share of the rows.
    pub(crate) fn epochs(&self) -> (u32, f64) {
        let most = self.fits.iter().map(|fit| fit.name.resource.epochs()).max().unwrap_or(0);
        let before = self.begins_at.as_ref().map_or(0, |state| state.epochs);
        (most.saturating_sub(before), self.fits.first().map_or(1.0, |fit| fit.name.resource.rows().get()))
    }
}

/// Returns the names of fits.
pub(crate) fn names(fits: &[PlannedFit]) -> HashSet<&FitName> {
    fits.iter().map(|fit| &fit.name).collect()
}
