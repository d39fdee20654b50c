//! The rows of one part of a fold.

mod combinations;
mod iter;
mod marks;
#[cfg(test)]
mod tests;

pub(super) use combinations::{binomial, combinations};
pub use iter::IndicesIter;
pub(super) use marks::Marks;

use std::{
    fmt,
    ops::Range,
    sync::{Arc, OnceLock},
};

use iter::RowIter;

/// The rows of one part of a fold, in the splitter's order.
///
/// Splitters do not write lists. A part is consecutive rows, or rows that carry a mark, or a stretch of a permutation
/// that the parts share: a million rows in five folds take from nothing to 4 MB instead of 40.
/// [`iter`](Self::iter) reads the rows as they are stored, [`to_vec`](Self::to_vec) lists them, and
/// [`as_slice`](Self::as_slice) lists them once and keeps the list.
///
/// Two parts are equal where they have the same rows in the same order, however these are stored.
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Indices, KFold, Rows, Splitter}};
/// let folds = KFold::new(3).split(Rows::new(6), Seed(0))?;
/// let train = &folds.splits[1].train;
/// assert_eq!(train.len(), 4);
/// assert_eq!(train.iter().map(|row| row * 10).collect::<Vec<_>>(), [0, 10, 40, 50]);
/// assert_eq!(train.as_slice()[2..], [4, 5]);
/// assert_eq!(*train, Indices::from(vec![0, 1, 4, 5]));
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Indices {
    rows: Storage,
    len: usize,
    list: OnceLock<Vec<usize>>,
}

/// The form in which rows are stored.
#[derive(Clone)]
enum Storage {
    /// Two stretches of consecutive rows.
    Ranges(Range<usize>, Range<usize>),
    /// The rows in a set, or where `inside` is false those outside it, ascending.
    Marked {
        marks: Arc<Marks>,
        set: usize,
        inside: bool,
    },
    /// A stretch of a permutation. It is a vector so that one that was drawn is shared without a copy.
    Drawn {
        order: Arc<Vec<u32>>,
        stretch: Range<usize>,
    },
    Listed(Arc<[usize]>),
}

impl Indices {
    /// Two stretches of consecutive rows, one after the other.
    pub(super) fn ranges(first: Range<usize>, second: Range<usize>) -> Self {
        let len = first.len() + second.len();
        Self::new(Storage::Ranges(first, second), len)
    }

    /// The rows in a set, or outside it.
    pub(super) fn marked(marks: &Arc<Marks>, set: usize, inside: bool) -> Self {
        let len = marks.iter(set, inside).size_hint().0;
        Self::new(Storage::Marked { marks: Arc::clone(marks), set, inside }, len)
    }

    /// A stretch of `order`.
    pub(super) fn drawn(order: &Arc<Vec<u32>>, stretch: Range<usize>) -> Self {
        let len = stretch.len();
        Self::new(Storage::Drawn { order: Arc::clone(order), stretch }, len)
    }

    fn new(rows: Storage, len: usize) -> Self {
        Self { rows, len, list: OnceLock::new() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where there are no rows, which no splitter of dropgrid leaves.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// True where the forms of both show that no row is in both, nor twice in either.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        match (&self.rows, &other.rows) {
            (Storage::Ranges(a, b), Storage::Ranges(c, d)) => {
                let apart = |a: &Range<usize>, b: &Range<usize>| {
                    a.is_empty() || b.is_empty() || a.end <= b.start || b.end <= a.start
                };
                let pairs = [(a, b), (c, d), (a, c), (a, d), (b, c), (b, d)];
                pairs.into_iter().all(|(one, other)| apart(one, other))
            }
            (
                Storage::Marked { marks, set, inside },
                Storage::Marked { marks: theirs, set: their_set, inside: their_inside },
            ) => Arc::ptr_eq(marks, theirs) && set == their_set && inside != their_inside,
            // An order is a permutation.
            (Storage::Drawn { order, stretch }, Storage::Drawn { order: theirs, stretch: other }) => {
                Arc::ptr_eq(order, theirs) && (stretch.end <= other.start || other.end <= stretch.start)
            }
            _ => false,
        }
    }

    /// The largest row number; none where there are no rows.
    pub(super) fn last_row(&self) -> Option<usize> {
        match &self.rows {
            Storage::Ranges(first, second) => {
                [first, second].into_iter().filter(|range| !range.is_empty()).map(|range| range.end - 1).max()
            }
            _ => self.iter().max(),
        }
    }

    /// The rows one by one. [`fold`](Iterator::fold) and the methods made of it (`sum`, `for_each`, `max`, …) read
    /// faster than a `for` loop.
    pub fn iter(&self) -> IndicesIter<'_> {
        IndicesIter(match &self.rows {
            Storage::Ranges(first, second) => RowIter::Ranges(first.clone().chain(second.clone())),
            Storage::Marked { marks, set, inside } => RowIter::Marked(marks.iter(*set, *inside)),
            Storage::Drawn { order, stretch } => RowIter::Drawn(order[stretch.clone()].iter()),
            Storage::Listed(rows) => RowIter::Listed(rows.iter()),
        })
    }

    /// The rows as a list of the caller's own.
    pub fn to_vec(&self) -> Vec<usize> {
        match &self.rows {
            Storage::Ranges(first, second) => {
                let mut rows = Vec::with_capacity(self.len);
                rows.extend(first.clone());
                rows.extend(second.clone());
                rows
            }
            Storage::Marked { marks, set, inside } => marks.to_vec(*set, *inside),
            Storage::Drawn { order, stretch } => order[stretch.clone()].iter().map(|&row| row as usize).collect(),
            Storage::Listed(rows) => rows.to_vec(),
        }
    }

    /// The rows as a list. The first call writes it and keeps it with the indices, which then take 8 bytes a row more.
    pub fn as_slice(&self) -> &[usize] {
        match &self.rows {
            Storage::Listed(rows) => rows,
            _ => self.list.get_or_init(|| self.to_vec()),
        }
    }
}

impl From<Vec<usize>> for Indices {
    fn from(rows: Vec<usize>) -> Self {
        let len = rows.len();
        Self::new(Storage::Listed(rows.into()), len)
    }
}

/// Consecutive rows.
impl From<Range<usize>> for Indices {
    fn from(rows: Range<usize>) -> Self {
        Self::ranges(rows, 0..0)
    }
}

impl FromIterator<usize> for Indices {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        Vec::from_iter(rows).into()
    }
}

impl<'a> IntoIterator for &'a Indices {
    type Item = usize;
    type IntoIter = IndicesIter<'a>;

    fn into_iter(self) -> IndicesIter<'a> {
        self.iter()
    }
}

impl PartialEq for Indices {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other)
    }
}

impl Eq for Indices {}

impl PartialEq<[usize]> for Indices {
    fn eq(&self, other: &[usize]) -> bool {
        self.len == other.len() && self.iter().eq(other.iter().copied())
    }
}

impl<const N: usize> PartialEq<[usize; N]> for Indices {
    fn eq(&self, other: &[usize; N]) -> bool {
        *self == other[..]
    }
}

/// The list of rows.
impl fmt::Debug for Indices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}
