//! Searches that end before they are done.

use std::{fmt, time::Duration};

/// The reason why a search ended before it was done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StopReason {
    /// It was asked to, by a [`Stop`](crate::limit::Stop).
    Asked,
    /// Its time was over.
    OutOfTime {
        /// The time that it had.
        budget: Duration,
    },
    /// It had as many [fits](crate::search::Search::max_fits) as it may have.
    FitsSpent {
        /// The fits that it may have.
        fits: usize,
    },
    /// Another fit would have passed the [epochs](crate::search::Search::max_epochs) that it may have.
    EpochsSpent {
        /// The epochs that it may have.
        epochs: u64,
    },
    /// A candidate reached the score at which it [ends](crate::search::Search::until).
    Reached {
        /// The score.
        score: f64,
    },
}

impl StopReason {
    /// The setting that lets the search go further.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Asked | Self::OutOfTime { .. } => "give the search more time, or call it again on its study",
            Self::FitsSpent { .. } => "allow it more fits",
            Self::EpochsSpent { .. } => "allow it more epochs",
            Self::Reached { .. } => "ask for a better score",
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("stopped as asked"),
            Self::OutOfTime { budget } => write!(f, "stopped after {budget:?}"),
            Self::FitsSpent { fits: 1 } => f.write_str("stopped after 1 fit"),
            Self::FitsSpent { fits } => write!(f, "stopped after {fits} fits"),
            Self::EpochsSpent { epochs: 1 } => f.write_str("stopped after 1 epoch"),
            Self::EpochsSpent { epochs } => write!(f, "stopped after {epochs} epochs"),
            Self::Reached { score } => write!(f, "stopped at the score {score}"),
        }
    }
}

/// A search that ended before it was done.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
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
