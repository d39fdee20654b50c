//! From a candidate's number to its values and back.

use super::{Params as _, Position, Space, tree::CandidateTree};
use crate::error::{Error, Result, SpaceError};

/// A finite space made ready for random access. Of a continuous axis there is the low end alone.
#[derive(Debug)]
pub struct Enumeration<'a, S> {
    space: &'a S,
    tree: CandidateTree,
}

impl<'a, S: Space> Enumeration<'a, S> {
    /// Reads the space's axes and rules.
    pub fn new(space: &'a S) -> Self {
        let lens = (0..S::Params::NAMES.len()).map(|axis| space.len_of(axis).unwrap_or(1)).collect();
        Self { space, tree: CandidateTree::new(lens, S::RULES) }
    }

    /// Number of candidates.
    ///
    /// # Errors
    /// [`SpaceError::TooLarge`].
    pub fn len(&self) -> Result<usize> {
        self.tree.len(&self.rules()).ok_or_else(|| too_large(S::Params::NAMES, self.tree.lens()))
    }

    /// True where there is no candidate.
    pub fn is_empty(&self) -> bool {
        self.len().is_ok_and(|len| len == 0)
    }

    /// Candidate number `index`, or `None` past the end.
    pub fn nth(&self, index: usize) -> Option<S::Params> {
        Some(self.space.at(&self.tree.nth(index, &self.rules())?))
    }

    /// The number of the candidate `params`, or `None` where the space does not have it.
    pub fn index_of(&self, params: &S::Params) -> Option<usize> {
        self.tree.index_of(&self.space.positions_of(params)?, &self.rules())
    }

    /// The first candidate whose first axes stand at the positions of `prefix`.
    pub(super) fn first_below(&self, prefix: &[Position]) -> Option<S::Params> {
        Some(self.space.at(&self.tree.first_below(prefix, &self.rules())?))
    }

    /// One candidate for each value that some candidate has, the later axes at the first values that go with it.
    pub(super) fn witnesses(&self) -> Vec<S::Params> {
        self.tree.witnesses(&self.rules()).iter().map(|positions| self.space.at(positions)).collect()
    }

    /// The truth of the space's rules.
    fn rules(&self) -> impl Fn(usize, &[Position]) -> bool {
        |rule, positions: &[Position]| self.space.holds(rule, positions)
    }
}

fn too_large(names: &[&str], lens: &[usize]) -> Error {
    let axes = names.iter().zip(lens).map(|(name, len)| format!("{name} ({len} values)"));
    Error::Space(SpaceError::TooLarge { axes: axes.collect::<Vec<_>>().join(", ") })
}
