//! Candidates that the user lists.

use std::{error, ops::Range};

use super::{
    CandidateSource, Proposal, Strategy, View,
    missing::{Numbered, missing},
};
use crate::{
    error::{Error, Result},
    space::Space,
};

/// Tries one candidate on every fold: scikit-learn's `cross_validate`.
///
/// Its search can do more than others: out-of-fold predictions, a permutation test, learning and validation curves.
/// The candidate need not be on the axes of the space; its values must be inside the layers' ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct Only<P>(pub P);

/// Tries the listed candidates on every fold, in their order.
///
/// They need not be on the axes of the space; their values must be inside the layers' ranges. A candidate that is
/// listed twice is an error of the search, [`NameError::Repeated`](crate::error::NameError::Repeated).
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates<P>(Vec<P>);

impl<P> Candidates<P> {
    /// The candidates to try.
    pub fn new(candidates: impl IntoIterator<Item = P>) -> Self {
        Self(candidates.into_iter().collect())
    }
}

impl<S: Space> Strategy<S> for Only<S::Params> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        Ok(Some(view.folds.len()))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(missing(view, &std::slice::from_ref(&self.0), usize::MAX))
    }

    fn listed(&self) -> &[S::Params] {
        std::slice::from_ref(&self.0)
    }
}

impl<S: Space> Strategy<S> for Candidates<S::Params> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        if self.0.is_empty() {
            return Err(Error::NoCandidates);
        }
        Ok(self.0.len().checked_mul(view.folds.len()))
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        // All at once: a list is in memory anyway, and candidates that share a training may be far apart in it.
        Ok(missing(view, &self.0.as_slice(), usize::MAX))
    }

    fn listed(&self) -> &[S::Params] {
        &self.0
    }
}

/// The listed candidates, in their order.
impl<S: Space> CandidateSource<S> for Candidates<S::Params> {
    fn size(&self, _space: &S) -> Result<Option<u64>> {
        if self.0.is_empty() { Err(Error::NoCandidates) } else { Ok(Some(self.0.len() as u64)) }
    }

    fn candidates(
        &self,
        _view: &View<'_, S>,
        numbers: Range<u64>,
    ) -> Result<Vec<Option<S::Params>>, Box<dyn error::Error + Send + Sync>> {
        Ok(self.0.as_slice().all(numbers))
    }

    fn listed(&self) -> &[S::Params] {
        &self.0
    }
}

impl<P: Clone> Numbered<P> for &[P] {
    fn len(&self) -> u64 {
        <[P]>::len(self) as u64
    }

    fn nth(&self, number: u64) -> Option<P> {
        self.get(usize::try_from(number).ok()?).cloned()
    }

    fn number_of(&self, _: &P) -> Option<u64> {
        None
    }
}
