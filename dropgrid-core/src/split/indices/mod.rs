//! The rows of one part of a fold.

use std::{
    fmt,
    iter::{Chain, FusedIterator},
    ops::Range,
    slice,
    sync::{Arc, OnceLock},
};

use super::marks::{Marked, Marks};

/// The rows of one part of a fold, in the splitter's order.
///
/// Splitters do not write lists. A part is consecutive rows, or rows that carry a mark, or a stretch of a permutation
/// that the parts share: a million rows in five folds take from nothing to 4 MB instead of 40.
/// [`iter`](Self::iter) reads the rows as they are kept, [`to_vec`](Self::to_vec) lists them, and
/// [`as_slice`](Self::as_slice) lists them once and keeps the list.
///
/// Equal is what has the same rows in the same order, however they are kept.
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
    kept: Kept,
    len: usize,
    written: OnceLock<Vec<usize>>,
}

/// How rows are kept.
#[derive(Clone)]
enum Kept {
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
        Self::new(Kept::Ranges(first, second), len)
    }

    /// The rows in a set, or outside it.
    pub(super) fn marked(marks: &Arc<Marks>, set: usize, inside: bool) -> Self {
        let len = marks.iter(set, inside).size_hint().0;
        Self::new(Kept::Marked { marks: Arc::clone(marks), set, inside }, len)
    }

    /// A stretch of `order`.
    pub(super) fn drawn(order: &Arc<Vec<u32>>, stretch: Range<usize>) -> Self {
        let len = stretch.len();
        Self::new(Kept::Drawn { order: Arc::clone(order), stretch }, len)
    }

    fn new(kept: Kept, len: usize) -> Self {
        Self { kept, len, written: OnceLock::new() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows, which no splitter of dropgrid leaves.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the way in which both are kept shows that no row is in both, nor twice in either.
    pub(super) fn is_apart_from(&self, other: &Self) -> bool {
        match (&self.kept, &other.kept) {
            (Kept::Ranges(a, b), Kept::Ranges(c, d)) => {
                let apart = |a: &Range<usize>, b: &Range<usize>| {
                    a.is_empty() || b.is_empty() || a.end <= b.start || b.end <= a.start
                };
                let pairs = [(a, b), (c, d), (a, c), (a, d), (b, c), (b, d)];
                pairs.into_iter().all(|(one, other)| apart(one, other))
            }
            (
                Kept::Marked { marks, set, inside },
                Kept::Marked { marks: theirs, set: their_set, inside: their_inside },
            ) => Arc::ptr_eq(marks, theirs) && set == their_set && inside != their_inside,
            // An order is a permutation.
            (Kept::Drawn { order, stretch }, Kept::Drawn { order: theirs, stretch: other }) => {
                Arc::ptr_eq(order, theirs) && (stretch.end <= other.start || other.end <= stretch.start)
            }
            _ => false,
        }
    }

    /// The largest row number; none where there are no rows.
    pub(super) fn last_row(&self) -> Option<usize> {
        match &self.kept {
            Kept::Ranges(first, second) => {
                [first, second].into_iter().filter(|range| !range.is_empty()).map(|range| range.end - 1).max()
            }
            _ => self.iter().max(),
        }
    }

    /// The rows one by one. [`fold`](Iterator::fold) and what is made of it (`sum`, `for_each`, `max`, …) read faster
    /// than a `for` loop.
    pub fn iter(&self) -> IndicesIter<'_> {
        IndicesIter(match &self.kept {
            Kept::Ranges(first, second) => Reading::Ranges(first.clone().chain(second.clone())),
            Kept::Marked { marks, set, inside } => Reading::Marked(marks.iter(*set, *inside)),
            Kept::Drawn { order, stretch } => Reading::Drawn(order[stretch.clone()].iter()),
            Kept::Listed(rows) => Reading::Listed(rows.iter()),
        })
    }

    /// The rows as a list of the caller's own.
    pub fn to_vec(&self) -> Vec<usize> {
        match &self.kept {
            Kept::Ranges(first, second) => {
                let mut rows = Vec::with_capacity(self.len);
                rows.extend(first.clone());
                rows.extend(second.clone());
                rows
            }
            Kept::Marked { marks, set, inside } => marks.to_vec(*set, *inside),
            Kept::Drawn { order, stretch } => order[stretch.clone()].iter().map(|&row| row as usize).collect(),
            Kept::Listed(rows) => rows.to_vec(),
        }
    }

    /// The rows as a list that is written on the first call, by whichever thread comes first, and kept with the
    /// indices: from then on they take 8 bytes a row more.
    pub fn as_slice(&self) -> &[usize] {
        match &self.kept {
            Kept::Listed(rows) => rows,
            _ => self.written.get_or_init(|| self.to_vec()),
        }
    }
}

impl From<Vec<usize>> for Indices {
    fn from(rows: Vec<usize>) -> Self {
        let len = rows.len();
        Self::new(Kept::Listed(rows.into()), len)
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

/// The rows of [`Indices`] one by one.
#[derive(Debug, Clone)]
pub struct IndicesIter<'a>(Reading<'a>);

#[derive(Debug, Clone)]
enum Reading<'a> {
    Ranges(Chain<Range<usize>, Range<usize>>),
    Marked(Marked<'a>),
    Drawn(slice::Iter<'a, u32>),
    Listed(slice::Iter<'a, usize>),
}

impl Iterator for IndicesIter<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match &mut self.0 {
            Reading::Ranges(rows) => rows.next(),
            Reading::Marked(rows) => rows.next(),
            Reading::Drawn(rows) => rows.next().map(|&row| row as usize),
            Reading::Listed(rows) => rows.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Reading::Ranges(rows) => rows.size_hint(),
            Reading::Marked(rows) => rows.size_hint(),
            Reading::Drawn(rows) => rows.size_hint(),
            Reading::Listed(rows) => rows.size_hint(),
        }
    }

    fn fold<B, F: FnMut(B, usize) -> B>(self, init: B, mut f: F) -> B {
        match self.0 {
            Reading::Ranges(rows) => rows.fold(init, f),
            Reading::Marked(rows) => rows.fold(init, f),
            Reading::Drawn(rows) => rows.fold(init, |folded, &row| f(folded, row as usize)),
            Reading::Listed(rows) => rows.fold(init, |folded, &row| f(folded, row)),
        }
    }
}

impl ExactSizeIterator for IndicesIter<'_> {}

impl FusedIterator for IndicesIter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each kind, with what it holds.
    fn kinds() -> [(Indices, Vec<usize>); 6] {
        let marks = Arc::new(Marks::of(9, 2, (0..9).map(|row| row % 2)));
        let order = Arc::new(vec![4, 0, 3, 1, 2]);
        [
            ((3..6).into(), vec![3, 4, 5]),
            (Indices::ranges(0..2, 7..9), vec![0, 1, 7, 8]),
            (Indices::marked(&marks, 1, true), vec![1, 3, 5, 7]),
            (Indices::marked(&marks, 1, false), vec![0, 2, 4, 6, 8]),
            (Indices::drawn(&order, 1..4), vec![0, 3, 1]),
            (vec![7, 7, 1].into(), vec![7, 7, 1]),
        ]
    }

    #[test]
    fn all_ways_to_the_rows_agree() {
        for (indices, rows) in kinds() {
            assert_eq!(indices.len(), rows.len());
            assert_eq!(indices.to_vec(), rows);
            assert_eq!(indices.as_slice(), rows);
            assert_eq!(indices.clone().as_slice(), rows);
            assert_eq!(indices, Indices::from(rows.clone()));
            assert_eq!(indices, rows[..]);
            assert_eq!(format!("{indices:?}"), format!("{rows:?}"));
            let mut iter = indices.iter();
            for (at, row) in rows.iter().enumerate() {
                assert_eq!(iter.len(), rows.len() - at);
                assert_eq!(iter.next(), Some(*row));
                let mut rest = Vec::new();
                iter.clone().for_each(|row| rest.push(row));
                assert_eq!(rest, rows[at + 1..]);
            }
            assert_eq!((iter.next(), iter.next()), (None, None));
        }
    }

    #[test]
    fn the_order_is_part_of_what_is_equal() {
        assert_ne!(Indices::from(vec![0, 1]), Indices::from(vec![1, 0]));
        assert_ne!(Indices::from(0..2), [0, 1, 2]);
        assert!(Indices::from(0..0).is_empty());
        assert_eq!(Indices::from_iter([]), Indices::from(0..0));
    }

    #[test]
    fn what_is_kept_apart_shares_no_row() {
        let mut all: Vec<Indices> = kinds().into_iter().map(|(indices, _)| indices).collect();
        let order = Arc::new(vec![4, 0, 3, 1, 2]);
        all.extend([(0..3).into(), Indices::ranges(0..3, 2..4), Indices::drawn(&order, 0..2)]);
        all.extend([Indices::drawn(&order, 2..5), Indices::drawn(&order, 1..3)]);
        let mut apart = 0;
        for one in &all {
            for other in &all {
                if one.is_apart_from(other) {
                    apart += 1;
                    let mut rows: Vec<usize> = one.iter().chain(other).collect();
                    rows.sort_unstable();
                    assert!(rows.windows(2).all(|pair| pair[0] != pair[1]), "{one:?} and {other:?}");
                }
            }
        }
        // 3..6 from 0..3 and from two stretches, two stretches of an order, a set from its rest; each both ways round.
        assert!(apart >= 8, "{apart}");
    }

    #[test]
    fn a_list_is_written_once() {
        for (indices, _) in kinds() {
            assert_eq!(indices.as_slice().as_ptr(), indices.as_slice().as_ptr());
        }
    }
}
