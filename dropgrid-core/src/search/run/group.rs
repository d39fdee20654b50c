//! Jobs that share one training.

use crate::{
    record::Budget,
    search::{key::KeyedJob, states::TrajectoryFold},
    study::FitName,
};

/// Jobs on one fold that share one training.
#[derive(Debug)]
pub(super) struct Group(pub(super) Vec<KeyedJob>);

impl Group {
    /// Returns the names of the fits.
    pub(super) fn names(&self) -> Vec<FitName> {
        self.0.iter().map(|job| job.name.clone()).collect()
    }

    /// Returns the largest number of epochs after which the training leaves a state for a larger budget; `None` if
    /// there is no such state.
    pub(super) fn last_state(&self) -> Option<u32> {
        let parts = self.0.iter().filter(|job| matches!(job.job.budget, Budget::Epochs(_)));
        parts.map(|job| job.name.resource.epochs()).max()
    }
}

/// Returns the trajectory and fold of a job's training.
pub(super) fn trajectory_fold(job: &KeyedJob) -> TrajectoryFold {
    (job.trajectory.clone(), job.name.fold)
}
