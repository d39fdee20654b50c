//! Exhaustive search.

use super::{Proposal, Strategy, missing};
use crate::{
    error::{Error, Result, SpaceError},
    record::Record,
    space::{Enumerable, Enumeration, FiniteSpace},
};

/// Tries every candidate of a finite space on every fold, in the order of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid;

impl<S: FiniteSpace<Kind: Enumerable>> Strategy<S> for Grid {
    fn plan(&self, space: &S, folds: u32) -> Result<Option<usize>> {
        let candidates = space.try_len()?;
        if candidates == 0 {
            return Err(Error::Space(SpaceError::Empty));
        }
        let jobs = candidates.checked_mul(folds as usize);
        jobs.map(Some).ok_or_else(|| {
            Error::Space(SpaceError::TooLarge { axes: format!("{candidates} candidates on {folds} folds") })
        })
    }

    fn is_of_space(&self) -> bool {
        true
    }

    fn propose(&self, space: &S, folds: u32, records: &[Record]) -> Proposal<S::Params> {
        let space = Enumeration::new(space);
        Ok(missing(space.len().unwrap_or(usize::MAX), folds, records, |candidate| space.nth(candidate)))
    }
}
