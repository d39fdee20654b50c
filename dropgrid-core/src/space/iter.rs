//! Iteration over a space.

use std::{iter::FusedIterator, ops::Range};

use super::Space;

/// The candidates of a space, in order, computed one by one.
///
/// # Examples
/// `nth` jumps without computing what it skips.
#[derive(Debug, Clone)]
pub struct Iter<'a, S> {
    space: &'a S,
    range: Range<usize>,
}

impl<'a, S: Space> Iter<'a, S> {
    pub(super) fn new(space: &'a S) -> Self {
        Self { space, range: 0..space.len() }
    }
}

impl<S: Space> Iterator for Iter<'_, S> {
    type Item = S::Params;

    fn next(&mut self) -> Option<Self::Item> {
        self.space.nth(self.range.next()?)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        self.space.nth(self.range.nth(n)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl<S: Space> DoubleEndedIterator for Iter<'_, S> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.space.nth(self.range.next_back()?)
    }

    fn nth_back(&mut self, n: usize) -> Option<Self::Item> {
        self.space.nth(self.range.nth_back(n)?)
    }
}

impl<S: Space> ExactSizeIterator for Iter<'_, S> {}

impl<S: Space> FusedIterator for Iter<'_, S> {}
