//! From an assignment of rows to the two lists of a split.

use std::ops::Range;

use rayon::prelude::*;

use super::Split;

/// Splits from the fold of each row, rows in ascending order, as scikit-learn's test masks give them.
pub(super) fn by_fold(fold_of: &[u32], folds: usize) -> Vec<Split> {
    let mut sizes = vec![0; folds];
    for &fold in fold_of {
        sizes[fold as usize] += 1;
    }
    let fold = |fold: usize| partition(fold_of, sizes[fold], |of| of as usize == fold);
    on_all_cores(folds, fold_of.len(), fold)
}

/// `split` of each number below `splits`, side by side where there is enough to write; the result is the same.
///
/// For many rows most of the time goes into fresh memory, page by page, and that is what more cores speed up.
pub(super) fn on_all_cores(splits: usize, rows: usize, split: impl Fn(usize) -> Split + Send + Sync) -> Vec<Split> {
    if splits.saturating_mul(rows) < PARALLEL {
        return (0..splits).map(split).collect();
    }
    (0..splits).into_par_iter().map(split).collect()
}

/// Indices from which on starting threads is worth it.
const PARALLEL: usize = 1 << 17;

/// One split: `test` rows have a code that `in_test` accepts, the others are trained on.
///
/// Every row is written to both lists and only one of them moves on, so that random codes cost no mispredicted branch.
pub(super) fn partition(codes: &[u32], test: usize, in_test: impl Fn(u32) -> bool) -> Split {
    let mut split = Split { train: vec![0; codes.len() - test + 1], test: vec![0; test + 1] };
    let (mut trained, mut tested) = (0, 0);
    for (row, &code) in codes.iter().enumerate() {
        split.train[trained] = row;
        split.test[tested] = row;
        let scored = usize::from(in_test(code));
        tested += scored;
        trained += 1 - scored;
    }
    split.train.truncate(trained);
    split.test.truncate(tested);
    split
}

/// The `size` rows with a code that `keep` accepts.
pub(super) fn select(codes: &[u32], size: usize, keep: impl Fn(u32) -> bool) -> Vec<usize> {
    let mut rows = vec![0; size + 1];
    let mut kept = 0;
    for (row, &code) in codes.iter().enumerate() {
        rows[kept] = row;
        kept += usize::from(keep(code));
    }
    rows.truncate(kept);
    rows
}

/// The split that scores the ascending rows `test` of `len` and trains on the others.
pub(super) fn leave_out(len: usize, test: Vec<usize>) -> Split {
    let mut train = Vec::with_capacity(len - test.len());
    let mut next = 0;
    for &row in &test {
        train.extend(next..row);
        next = row + 1;
    }
    train.extend(next..len);
    Split { train, test }
}

/// `len` items in `folds` consecutive ranges, the first `len % folds` of which have one item more.
pub(super) fn ranges(len: usize, folds: usize) -> impl Iterator<Item = Range<usize>> {
    (0..folds).map(move |fold| range(len, folds, fold))
}

/// One of the [`ranges`].
pub(super) fn range(len: usize, folds: usize, fold: usize) -> Range<usize> {
    let (size, larger) = (len / folds, len % folds);
    let start = fold * size + fold.min(larger);
    start..start + size + usize::from(fold < larger)
}

/// Rows in the order of a permutation.
pub(super) fn in_order(permutation: &[u32]) -> Vec<usize> {
    permutation.iter().map(|&row| row as usize).collect()
}
