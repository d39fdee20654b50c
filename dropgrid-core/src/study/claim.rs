//! Who runs what, where several processes work on one study.

use crate::record::Record;

/// By what a study knows a fit: its candidate's hyperparameters and its fold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FitName {
    /// The candidate: a JSON object of its hyperparameters in declaration order.
    pub params: String,
    /// The fold, from 0.
    pub fold: u32,
}

/// How wanted fits stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// They are whose who asked.
    Claimed,
    /// They are kept: what came of them, in order.
    Kept(Vec<Record>),
    /// Another process has them.
    Elsewhere {
        /// The process.
        process: i64,
    },
    /// Nobody has them, and they were not claimed.
    Free {
        /// Processes that died by themselves while they had them, not killed from outside.
        deaths: u32,
    },
}

/// A fit in which so many processes died by themselves has failed.
pub(super) const DEATHS: u32 = 3;
