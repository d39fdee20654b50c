//! The contents of a study file except its records.

use super::{Identity, Metadata};

/// The contents of a study file except its records.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StudyInfo {
    /// The file's format.
    pub format: i32,
    /// The identity of the study. It has no parts if no search has written any.
    pub identity: Identity,
    /// The metadata; `None` if no search has written any and the file has no records.
    pub metadata: Option<Metadata>,
    /// The processes of this machine that work on the study.
    pub running: RunningFits,
    /// The states of trainings.
    pub states: SavedStates,
}

/// The processes that worked on a study at the time of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RunningFits {
    /// The number of processes.
    pub processes: usize,
    /// The number of fits that they are running or have claimed.
    pub fits: usize,
    /// The number of fits that they run at once.
    pub workers: usize,
}

/// The number and size of the states in a study, from which trainings can continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SavedStates {
    /// The number of states.
    pub count: usize,
    /// The number of states that remain after their training has finished, see
    /// [`keep_final_checkpoints`](crate::search::Search::keep_final_checkpoints).
    pub lasting: usize,
    /// The total size of the states in bytes.
    pub bytes: u64,
}
