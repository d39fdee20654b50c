//! Jobs that are one training.

use crate::{
    record::Budget,
    search::{key::KeyedJob, states::TrajectoryFold},
    study::FitName,
};

/// Jobs on one fold that are one training.
#[derive(Debug)]
pub(super) struct Group(pub(super) Vec<KeyedJob>);

impl Group {
    /// The names of the fits.
    pub(super) fn names(&self) -> Vec<FitName> {
        self.0.iter().map(|job| job.name.clone()).collect()
    }

    /// The most epochs after which the training leaves a state that a larger budget may go on from.
    pub(super) fn last_state(&self) -> Option<u32> {
        let parts = self.0.iter().filter(|job| matches!(job.job.budget, Budget::Epochs(_)));
        parts.map(|job| job.name.resource.epochs()).max()
    }
}

/// The training of a job.
pub(super) fn trajectory_fold(job: &KeyedJob) -> TrajectoryFold {
    (job.trajectory.clone(), job.name.fold)
}
