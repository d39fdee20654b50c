//! Exhaustive search.

use super::{Strategy, missing};
use crate::{
    error::{Error, Result},
    record::{Job, Record},
    space::{Enumerable, Enumeration, FiniteSpace},
};

/// Tries every candidate of a finite space on every fold, in the order of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid;

impl<S: FiniteSpace<Kind: Enumerable>> Strategy<S> for Grid {
    fn plan(&self, space: &S, folds: u32) -> Result<Option<usize>> {
        let candidates = space.try_len()?;
        if candidates == 0 {
            return Err(Error::EmptySpace);
        }
        let jobs = candidates.checked_mul(folds as usize);
        jobs.map(Some).ok_or_else(|| Error::SpaceTooLarge { axes: format!("{candidates} candidates on {folds} folds") })
    }

    fn propose(&self, space: &S, folds: u32, records: &[Record]) -> Vec<Job<S::Params>> {
        let space = Enumeration::new(space);
        missing(space.len().unwrap_or(usize::MAX), folds, records, |candidate| space.nth(candidate))
    }
}
