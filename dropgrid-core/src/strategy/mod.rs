//! Search strategies: which candidates are tried on which folds.

mod grid;
mod only;
mod random;

pub use grid::Grid;
pub use only::{Candidates, Only};
pub use random::Random;

use std::{error::Error, fmt};

use crate::{
    error::Result,
    record::{Job, Record},
    space::Space,
};

/// The next jobs of a search, or why there are none to be had.
pub type Proposal<P> = Result<Vec<Job<P>>, Box<dyn Error + Send + Sync>>;

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
    ///
    /// A job is a fit that has no record, on one of `folds` folds, and a candidate has one number. The candidates that are
    /// to be ranked are proposed on every fold.
    ///
    /// # Errors
    /// Whatever keeps the strategy from going on. The search then ends with [`Error::Strategy`](crate::Error::Strategy),
    /// as it does where the strategy panics or breaks the rules above; the error has the report of what was done before.
    fn propose(&self, space: &S, folds: u32, records: &[Record]) -> Proposal<S::Params>;

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
