//! K folds that keep each group together.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    Folds, Rows, Splitter,
    parts::{by_fold, ranges},
    rows::Codes,
    sklearn::{Source, Stream, shuffle_methods},
};
use crate::{
    error::{Error, Result, SplitError},
    seed::{Purpose, Seed},
};

/// K-fold cross-validation in which no group is on both sides of a fold.
///
/// Without [`shuffle`](Self::shuffle) the groups go, largest first (of equal ones, the larger id first), to the fold
/// with the fewest rows so far (of equal ones, the first). Shuffled, the groups are permuted and dealt to the folds in
/// consecutive runs, whatever their sizes. The rule and the unshuffled indices are those of scikit-learn's
/// [`GroupKFold`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.GroupKFold.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{GroupKFold, Rows, Splitter}};
/// let groups = [1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6];
/// let folds = GroupKFold::new(3).split(Rows::new(11).with_groups(&groups), Seed(0))?;
/// assert_eq!(folds.splits[0].test, [2, 3, 4, 5]);
/// assert_eq!(folds.splits[1].test, [0, 1, 9, 10]);
/// assert_eq!(folds.splits[2].test, [6, 7, 8]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupKFold {
    n_splits: usize,
    shuffle: Option<Source>,
}

impl GroupKFold {
    /// `n_splits` folds; at least 2 and at most one a group, which [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, shuffle: None }
    }
}

shuffle_methods!(GroupKFold, "Assigns groups to folds");

impl Splitter for GroupKFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        rows.check_folds(self.n_splits)?;
        let groups = rows.grouping("GroupKFold")?;
        check_groups(&groups, self.n_splits)?;
        let fold_of_group = match self.shuffle {
            Some(source) => shuffled(groups.len(), self.n_splits, &mut source.stream(seed, Purpose::Split)),
            None => balanced(&groups.counts, self.n_splits),
        };
        let fold_of = groups.of.iter().map(|&group| fold_of_group[group as usize]);
        Ok(Folds { splits: by_fold(rows.len, self.n_splits, fold_of), warnings: Vec::new() })
    }
}

/// Refuses more folds than groups.
pub(super) fn check_groups(groups: &Codes, folds: usize) -> Result<()> {
    if folds > groups.len() {
        return Err(Error::Split(SplitError::MoreFoldsThanGroups { folds, groups: groups.len() }));
    }
    Ok(())
}

fn shuffled(groups: usize, folds: usize, stream: &mut Stream) -> Vec<u32> {
    let order = stream.permutation(groups);
    let mut fold_of = vec![0; groups];
    for (fold, positions) in (0..).zip(ranges(groups, folds)) {
        for &group in &order[positions] {
            fold_of[group as usize] = fold;
        }
    }
    fold_of
}

fn balanced(sizes: &[usize], folds: usize) -> Vec<u32> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_unstable_by_key(|&group| Reverse((sizes[group], group)));
    let mut lightest: BinaryHeap<Reverse<(usize, u32)>> = (0..folds as u32).map(|fold| Reverse((0, fold))).collect();
    let mut fold_of = vec![0; sizes.len()];
    for group in order {
        if let Some(mut top) = lightest.peek_mut() {
            fold_of[group] = top.0.1;
            top.0.0 += sizes[group];
        }
    }
    fold_of
}
