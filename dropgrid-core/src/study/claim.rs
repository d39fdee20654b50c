//! The status of fits where several processes work on one study.

use crate::record::Record;

/// The status of fits that a process asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimStatus {
    /// The caller now holds the claim.
    Claimed,
    /// Some of the fits are finished, and the caller now holds the claim of the others: for each fit its record, where it has
    /// one, in order.
    Partly(Vec<Option<Record>>),
    /// The fits are finished: their records, in order.
    Finished(Vec<Record>),
    /// Another process holds the claim.
    Elsewhere {
        /// The process.
        process: i64,
    },
    /// No process holds the claim, and the call did not take it.
    Free {
        /// The number of processes that crashed over the fits; kills from outside do not count.
        crashes: u32,
    },
}

impl ClaimStatus {
    /// The status of fits of which some may have `records`. `claim` gives the status of those that have none.
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

/// The number of crashes after which a fit has failed.
pub(crate) const CRASHES: u32 = 3;

/// The number of crashes after which a fit runs alone in its process.
pub(super) const SUSPECT: u32 = CRASHES - 1;
