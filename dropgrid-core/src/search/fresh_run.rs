//! The facts of a run on fresh repeats.

use crate::study::Identity;

/// A run on fresh repeats: no search of its own, but the end of another one, whose study keeps its records.
pub(super) struct FreshRun {
    /// The number of its first fold in the study.
    pub(super) first_fold: u32,
    /// The identity of the study, where there is one.
    pub(super) identity: Option<Identity>,
}
