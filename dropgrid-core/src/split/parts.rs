//! Splits from an assignment of rows to folds.

use std::{ops::Range, sync::Arc};

use super::{
    folds::Split,
    indices::{Indices, Marks},
};

/// Splits from the fold of each row, rows in ascending order, as scikit-learn's test masks give them.
pub(super) fn by_fold(rows: usize, folds: usize, fold_of: impl Iterator<Item = u32>) -> Vec<Split> {
    leave_out_each(Marks::of(rows, folds, fold_of), 0..folds)
}

/// For each of the given sets, the split that scores its rows and trains on the others.
pub(super) fn leave_out_each(marks: Marks, sets: impl IntoIterator<Item = usize>) -> Vec<Split> {
    let marks = Arc::new(marks);
    let part = |set, inside| Indices::marked(&marks, set, inside);
    sets.into_iter().map(|set| Split { train: part(set, false), test: part(set, true) }).collect()
}

/// The split of `len` rows that scores the rows of `test` and trains on the others.
pub(super) fn leave_out(len: usize, test: Range<usize>) -> Split {
    Split { train: Indices::ranges(0..test.start, test.end..len), test: test.into() }
}

/// `len` items in `folds` consecutive ranges, the first `len % folds` of which have one item more.
pub(super) fn ranges(len: usize, folds: usize) -> impl Iterator<Item = Range<usize>> {
    let (size, larger) = (len / folds, len % folds);
    (0..folds).map(move |fold| {
        let start = fold * size + fold.min(larger);
        start..start + size + usize::from(fold < larger)
    })
}
