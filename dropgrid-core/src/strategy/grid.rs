//! Exhaustive search.

use super::{
    Proposal, Strategy, View,
    missing::{CHUNK, Numbered, missing},
};
use crate::{
    error::{Error, Result, SpaceError},
    space::{Enumerable, Enumeration, FiniteSpace, Space},
};

/// Tries every candidate of a finite space on every fold. Candidates have the numbers that they have in the space.
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
        Ok(missing(view, &Enumeration::new(view.space), CHUNK))
    }
}

impl<S: Space> Numbered<S::Params> for Enumeration<'_, S> {
    fn len(&self) -> u64 {
        self.len().map_or(u64::MAX, |len| len as u64)
    }

    fn nth(&self, number: u64) -> Option<S::Params> {
        self.nth(usize::try_from(number).ok()?)
    }

    fn number_of(&self, params: &S::Params) -> Option<u64> {
        self.index_of(params).map(|index| index as u64)
    }
}
