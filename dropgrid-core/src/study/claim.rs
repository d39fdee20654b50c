//! Who runs what, where several processes work on one study.

use crate::record::Record;

/// The name of a fit in a study: its candidate's hyperparameters and its fold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FitName {
    /// The candidate: a JSON object of its hyperparameters in declaration order.
    pub params: String,
    /// The fold, from 0.
    pub fold: u32,
}

/// The standing of fits that a process asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// The caller now holds the claim.
    Claimed,
    /// The fits are finished: their records, in order.
    Kept(Vec<Record>),
    /// Another process holds the claim.
    Elsewhere {
        /// The process.
        process: i64,
    },
    /// No process holds the claim, and the call did not take it.
    Free {
        /// The number of processes that died by themselves over the fits; kills from outside do not count.
        deaths: u32,
    },
}

/// A fit in which so many processes died by themselves has failed.
pub(super) const DEATHS: u32 = 3;
