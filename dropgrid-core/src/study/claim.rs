//! The status of fits where several processes work on one study.

use crate::record::Record;

/// The status of fits that a process asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimStatus {
    /// The caller now holds the claim.
    Claimed,
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

/// The number of crashes after which a fit has failed.
pub(super) const CRASHES: u32 = 3;
