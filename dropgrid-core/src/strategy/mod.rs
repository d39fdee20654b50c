//! Search strategies: which candidates are tried on which folds.

mod grid;
mod only;
mod random;

pub use grid::Grid;
pub use only::{Candidates, Only};
pub use random::Random;

use std::fmt;

use crate::{
    error::Result,
    record::{Job, Record},
    space::Space,
};

/// Proposes work as a pure function of the space and the records so far.
///
/// It keeps no state, so a search resumes from its records, and it knows nothing of who runs the jobs.
pub trait Strategy<S: Space>: fmt::Debug {
    /// Checks that the strategy can search `space`, and says how many jobs that takes where it is known.
    ///
    /// # Errors
    /// [`Error::SpaceTooLarge`](crate::Error::SpaceTooLarge) for a grid that cannot be counted.
    fn plan(&self, space: &S, folds: u32) -> Result<Option<usize>>;

    /// The next jobs, given all `records` sorted by candidate and fold; none when the search is finished.
    fn propose(&self, space: &S, folds: u32, records: &[Record]) -> Vec<Job<S::Params>>;

    /// Whether every candidate is one of the space. The values of others are checked as they are proposed.
    fn is_of_space(&self) -> bool {
        false
    }

    /// Candidates that do not come from the axes: a search builds each of them once before any training, so that a
    /// value outside its layer's range is found early.
    fn listed(&self) -> &[S::Params] {
        &[]
    }
}
