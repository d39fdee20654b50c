//! The facts of a run on fresh repeats.

use crate::study::Identity;

/// A run on fresh repeats. It is the last part of another search, whose study stores its records.
pub(super) struct FreshRun {
    /// The number that the study gives to the first fold of this run.
    pub(super) first_fold: u32,
    /// The identity of the study; `None` if there is no study.
    pub(super) identity: Option<Identity>,
}
