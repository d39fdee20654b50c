//! Candidates that a strategy left early.

use std::fmt;

/// The elimination of a candidate: the strategy trained it no further, for this reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Elimination {
    /// The candidate's number.
    pub candidate: u64,
    /// The stage of the search, such as `fold 2 of 5` or `3 epochs`. The report counts eliminations by it.
    pub after: String,
    /// The reason, with the numbers that decided.
    pub reason: String,
}

impl Elimination {
    /// The elimination of a candidate after a stage of the search, for this reason.
    pub fn new(candidate: u64, after: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { candidate, after: after.into(), reason: reason.into() }
    }
}

impl fmt::Display for Elimination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {}: {}", self.after, self.reason)
    }
}
