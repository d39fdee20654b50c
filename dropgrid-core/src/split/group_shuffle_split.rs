//! Random splits that keep each group together.

use std::sync::Arc;

use super::{
    Folds, Indices, Rows, Split, Splitter,
    indices::Marks,
    size::{Sizes, check_splits, size_methods},
    sklearn::{Source, Stream, shuffle_methods},
};
use crate::{error::Result, seed::Seed};

/// Random splits in which no group is on both sides.
///
/// It is [`ShuffleSplit`](super::ShuffleSplit) on the groups: sizes count groups, not rows, and `test_size` is 0.2
/// where neither is given. The rows of each side are ascending. Under [`shuffle_with`](Self::shuffle_with) the indices
/// are those of scikit-learn's
/// [`GroupShuffleSplit`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.GroupShuffleSplit.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{GroupShuffleSplit, Rows, SklearnShuffle, Split, Splitter}};
/// let splitter = GroupShuffleSplit::new(2).train_size(0.7).shuffle_with(SklearnShuffle::seed(42));
/// let folds = splitter.split(Rows::new(8).with_groups(&[1, 1, 2, 2, 2, 3, 3, 3]), Seed(0))?;
/// assert_eq!(folds.splits[0], Split::new(2..8, 0..2));
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct GroupShuffleSplit {
    n_splits: usize,
    sizes: Sizes,
    source: Source,
}

impl GroupShuffleSplit {
    /// `n_splits` random splits, at least 1.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, sizes: Sizes::default(), source: Source::Study }
    }
}

/// The side of a group.
const UNUSED: u8 = 0;
const TRAIN: u8 = 1;
const TEST: u8 = 2;

size_methods!(GroupShuffleSplit, "groups");
shuffle_methods!(GroupShuffleSplit);

impl Splitter for GroupShuffleSplit {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        check_splits(self.n_splits)?;
        let groups = rows.grouping("GroupShuffleSplit")?;
        let (train, test) = self.sizes.resolve(groups.len(), "groups", 0.2)?;
        rows.check_indices(self.n_splits as u128)?;
        let draw = |stream: &mut Stream| {
            let order = stream.permutation(groups.len());
            let mut side = vec![UNUSED; groups.len()];
            for (at, &group) in order[..test + train].iter().enumerate() {
                side[group as usize] = if at < test { TEST } else { TRAIN };
            }
            let part = |of: u8| Arc::new(Marks::select(&groups.of, |group| side[group as usize] == of));
            let tested = part(TEST);
            let train = if train + test == groups.len() {
                Indices::marked(&tested, 0, false)
            } else {
                Indices::marked(&part(TRAIN), 0, true)
            };
            Split { train, test: Indices::marked(&tested, 0, true) }
        };
        let splits = self.source.splits(seed, self.n_splits, rows.len, draw);
        Ok(Folds { splits, warnings: Vec::new() })
    }
}
