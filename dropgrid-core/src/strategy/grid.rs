//! Exhaustive search.

use std::{error, ops::Range};

use super::{
    CandidateSource, Proposal, Strategy, View,
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
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        let (candidates, folds) = (len(view.space)?, view.folds.len());
        let jobs = candidates.checked_mul(folds);
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

/// The candidates of the space, in its order.
impl<S: FiniteSpace<Kind: Enumerable>> CandidateSource<S> for Grid {
    fn size(&self, space: &S) -> Result<Option<u64>> {
        len(space).map(|len| Some(len as u64))
    }

    fn candidates(
        &self,
        view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        Ok(Enumeration::new(view.space).all(numbers))
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// The number of candidates.
///
/// # Errors
/// [`SpaceError::TooLarge`], [`SpaceError::Empty`].
fn len<S: FiniteSpace<Kind: Enumerable>>(space: &S) -> Result<usize> {
    match space.try_len()? {
        0 => Err(Error::Space(SpaceError::Empty)),
        candidates => Ok(candidates),
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
