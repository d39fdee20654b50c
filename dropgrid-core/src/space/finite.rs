//! Spaces that can be listed.

use std::{iter::FusedIterator, marker::PhantomData, ops::Range};

use super::{Enumeration, Space};
use crate::error::Result;

/// The kind of a space whose every axis is finite.
#[derive(Debug)]
pub enum Finite {}

/// The kind of a space with a continuous axis, whose name `A` is.
#[derive(Debug)]
pub struct Continuous<A>(PhantomData<A>);

/// The kind of a space that has a name: that of its first continuous axis.
#[doc(hidden)]
pub trait NamedKind {
    /// A type called as the axis is.
    type Name;
}

impl<A> NamedKind for Continuous<A> {
    type Name = A;
}

/// A kind of space whose candidates can be listed.
#[diagnostic::on_unimplemented(
    message = "this space cannot be listed: it has a continuous axis, `{Self}`",
    label = "needs a space of finite axes",
    note = "search it by `Random::new(n)`",
    note = "or make the axis finite: `#[grid(..)]` with values, or `#[quantized(low..=high, step = ..)]`"
)]
pub trait Enumerable {}

#[diagnostic::do_not_recommend]
impl Enumerable for Finite {}

/// A space of finite axes: an exact-size, random-access sequence.
///
/// The last axis is the fastest. Candidate `i` is computed from `i`, so a space of 10^12 candidates costs as much as
/// one of ten. Rules between axes are counted exactly, at the cost of the axes that they mention.
pub trait FiniteSpace: Space<Kind: Enumerable> {
    /// Number of candidates, or the largest `usize` where there are more.
    fn len(&self) -> usize {
        self.try_len().unwrap_or(usize::MAX)
    }

    /// True where there is no candidate: an axis was replaced by an empty list, or a rule forbids everything.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of candidates.
    ///
    /// # Errors
    /// [`SpaceError::TooLarge`](crate::error::SpaceError::TooLarge) where a `usize` cannot count them.
    fn try_len(&self) -> Result<usize> {
        Enumeration::new(self).len()
    }

    /// Candidate number `index`, or `None` past the end.
    fn nth(&self, index: usize) -> Option<Self::Params> {
        Enumeration::new(self).nth(index)
    }

    /// The number of the candidate `params`, or `None` where the space does not have it.
    fn index_of(&self, params: &Self::Params) -> Option<usize> {
        Enumeration::new(self).index_of(params)
    }

    /// The candidates in order, from both ends.
    fn iter(&self) -> Iter<'_, Self> {
        Iter::new(self)
    }
}

impl<S: Space<Kind: Enumerable>> FiniteSpace for S {}

/// The candidates of a space, in order, computed one by one. `nth` jumps without computing what it skips.
#[derive(Debug)]
pub struct Iter<'a, S> {
    enumeration: Enumeration<'a, S>,
    range: Range<usize>,
}

impl<'a, S: FiniteSpace> Iter<'a, S> {
    fn new(space: &'a S) -> Self {
        let enumeration = Enumeration::new(space);
        let len = enumeration.len().unwrap_or(usize::MAX);
        Self { enumeration, range: 0..len }
    }
}

impl<S: FiniteSpace> Iterator for Iter<'_, S> {
    type Item = S::Params;

    fn next(&mut self) -> Option<Self::Item> {
        self.enumeration.nth(self.range.next()?)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        self.enumeration.nth(self.range.nth(n)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl<S: FiniteSpace> DoubleEndedIterator for Iter<'_, S> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.enumeration.nth(self.range.next_back()?)
    }

    fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
        self.enumeration.nth(self.range.nth_back(n)?)
    }
}

impl<S: FiniteSpace> ExactSizeIterator for Iter<'_, S> {}

impl<S: FiniteSpace> FusedIterator for Iter<'_, S> {}
