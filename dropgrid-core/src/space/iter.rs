//! Iteration over a space.

use std::{iter::FusedIterator, ops::Range};

use super::{Enumeration, FiniteSpace};

/// The candidates of a space, in order, computed one by one. `nth` jumps without computing what it skips.
#[derive(Debug)]
pub struct Iter<'a, S> {
    enumeration: Enumeration<'a, S>,
    range: Range<usize>,
}

impl<'a, S: FiniteSpace> Iter<'a, S> {
    pub(super) fn new(space: &'a S) -> Self {
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
