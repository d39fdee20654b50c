//! The reading of a part's rows.

use std::{
    iter::{Chain, FusedIterator},
    ops::Range,
    slice,
};

use super::marks::MarkedRows;

/// The rows of [`Indices`](super::Indices) one by one.
#[derive(Debug, Clone)]
pub struct IndicesIter<'a>(pub(super) RowIter<'a>);

/// The rows, read from the form in which they are stored.
#[derive(Debug, Clone)]
pub(super) enum RowIter<'a> {
    Ranges(Chain<Range<usize>, Range<usize>>),
    Marked(MarkedRows<'a>),
    Drawn(slice::Iter<'a, u32>),
    Listed(slice::Iter<'a, usize>),
}

impl Iterator for IndicesIter<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match &mut self.0 {
            RowIter::Ranges(rows) => rows.next(),
            RowIter::Marked(rows) => rows.next(),
            RowIter::Drawn(rows) => rows.next().map(|&row| row as usize),
            RowIter::Listed(rows) => rows.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            RowIter::Ranges(rows) => rows.size_hint(),
            RowIter::Marked(rows) => rows.size_hint(),
            RowIter::Drawn(rows) => rows.size_hint(),
            RowIter::Listed(rows) => rows.size_hint(),
        }
    }

    fn fold<B, F: FnMut(B, usize) -> B>(self, init: B, mut f: F) -> B {
        match self.0 {
            RowIter::Ranges(rows) => rows.fold(init, f),
            RowIter::Marked(rows) => rows.fold(init, f),
            RowIter::Drawn(rows) => rows.fold(init, |folded, &row| f(folded, row as usize)),
            RowIter::Listed(rows) => rows.fold(init, |folded, &row| f(folded, row)),
        }
    }
}

impl ExactSizeIterator for IndicesIter<'_> {}

impl FusedIterator for IndicesIter<'_> {}
