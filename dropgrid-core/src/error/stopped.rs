//! Searches that end before they are done.

use std::{fmt, time::Duration};

/// The reason why a search ended before it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// It was asked to, by a [`Stop`](crate::limit::Stop).
    Asked,
    /// Its time was over.
    OutOfTime {
        /// The time that it had.
        budget: Duration,
    },
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("stopped as asked"),
            Self::OutOfTime { budget } => write!(f, "stopped after {budget:?}"),
        }
    }
}

/// A search that ended before it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// The reason why it ended.
    pub why: StopReason,
    /// Fits that are done.
    pub done: usize,
    /// Fits that were planned.
    pub planned: usize,
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {} fits are done", self.why, self.done, self.planned)
    }
}
