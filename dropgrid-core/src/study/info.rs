//! Facts about a study's file beside its records.

use super::{Identity, Metadata};

/// The contents of a study's file beside its records.
#[derive(Debug, Clone)]
pub struct StudyInfo {
    /// The file's format.
    pub format: i32,
    /// The identity of the study; without parts where no search has written any.
    pub identity: Identity,
    /// The metadata; `None` where no search has written any and the file has no records.
    pub metadata: Option<Metadata>,
    /// The processes of this machine that work on the study.
    pub running: RunningFits,
    /// The states of trainings.
    pub states: SavedStates,
}

/// The processes that worked on a study when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunningFits {
    /// Processes that work on the study.
    pub processes: usize,
    /// Fits that they have begun, or will begin next.
    pub fits: usize,
}

/// The number and size of the states that trainings of a study go on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SavedStates {
    /// Their number.
    pub count: usize,
    /// Those of them that stay after their training is done, see
    /// [`keep_final_checkpoints`](crate::search::Search::keep_final_checkpoints).
    pub lasting: usize,
    /// The size of all of them in bytes.
    pub bytes: u64,
}
