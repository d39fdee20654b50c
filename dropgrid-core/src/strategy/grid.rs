//! Exhaustive search.

use super::{Proposal, Strategy, View, missing};
use crate::{
    error::{Error, Result, SpaceError},
    space::{Enumerable, Enumeration, FiniteSpace},
};

/// Tries every candidate of a finite space on every fold, in the order of the space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid;

impl<S: FiniteSpace<Kind: Enumerable>> Strategy<S> for Grid {
    fn count(&self, space: &S, folds: u32) -> Result<Option<usize>> {
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

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        let space = Enumeration::new(view.space);
        Ok(missing(view, space.len().unwrap_or(usize::MAX), |candidate| space.nth(candidate)))
    }
}
