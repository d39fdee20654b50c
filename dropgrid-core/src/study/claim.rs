//! The status of fits where several processes work on one study.

use crate::record::Record;

/// The status of a group of fits for a process that tries to claim them.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimStatus {
    /// The caller now holds the claim.
    Claimed,
    /// Some of the fits are finished, and the caller now holds the claim of the others. The list has the record of each
    /// finished fit and `None` for the others, in the order of the fits.
    Partly(Vec<Option<Record>>),
    /// All fits are finished. The list has their records, in the order of the fits.
    Finished(Vec<Record>),
    /// Another process holds the claim.
    Elsewhere {
        /// The number of the process.
        process: i64,
    },
    /// No process holds the claim, and the call did not claim the fits.
    Free {
        /// The number of processes that crashed while running the fits. Kills from outside do not count.
        crashes: u32,
    },
}

impl ClaimStatus {
    /// Returns the status of fits with these `records`. `claim` returns the status of the fits without a record.
    pub(super) fn of(records: Vec<Option<Record>>, claim: impl FnOnce() -> Self) -> Self {
        let has_some = records.iter().any(Option::is_some);
        if !records.iter().all(Option::is_some) {
            return match claim() {
                Self::Claimed if has_some => Self::Partly(records),
                status => status,
            };
        }
        Self::Finished(records.into_iter().flatten().collect())
    }
}

/// Returns true if a process may claim fits in which others crashed so often. A fit with a crash is never claimed `ahead`
/// of its time. A suspect runs alone, so that a crash can only be its own: not if the process `runs` other fits, and
/// nothing is claimed beside the `suspects` that it runs.
pub(super) fn may_claim(crashes: u32, ahead: bool, runs: usize, suspects: usize) -> bool {
    let must_wait = crashes > 0 && ahead || crashes >= SUSPECT && runs > 0 || suspects > 0;
    !must_wait
}

/// The number of crashes after which a fit counts as failed.
pub(crate) const CRASHES: u32 = 3;

/// The number of crashes after which a fit runs alone in its process.
pub(super) const SUSPECT: u32 = CRASHES - 1;
