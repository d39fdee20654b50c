//! Random splits into a training and a test part.

use std::sync::Arc;

use super::{
    Folds, Indices, Rows, Split, Splitter,
    size::{Sizes, check_splits, size_methods},
    sklearn::{Source, Stream, shuffle_methods},
};
use crate::{error::Result, seed::Seed};

/// Random splits, each drawn anew: a row can be scored in several of them or in none.
///
/// Each split permutes the rows; the first `ceil(test_size * n)` are scored, as many of the next as `train_size` asks
/// for are trained on, all of them unless said otherwise. Both lists keep the permutation's order. `test_size` is 0.1
/// where neither size is given. Under [`shuffle_with`](Self::shuffle_with) the indices are those of scikit-learn's
/// [`ShuffleSplit`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.ShuffleSplit.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, ShuffleSplit, SklearnShuffle, Splitter}};
/// let splitter = ShuffleSplit::new(5).test_size(0.25).shuffle_with(SklearnShuffle::seed(0));
/// let folds = splitter.split(Rows::new(10), Seed(0))?;
/// assert_eq!(folds.splits[0].test, [2, 8, 4]);
/// assert_eq!(folds.splits[1].test, [3, 5, 1]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ShuffleSplit {
    n_splits: usize,
    sizes: Sizes,
    source: Source,
}

impl ShuffleSplit {
    /// `n_splits` random splits, at least 1.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, sizes: Sizes::default(), source: Source::Study }
    }
}

size_methods!(ShuffleSplit, "rows");
shuffle_methods!(ShuffleSplit);

impl Splitter for ShuffleSplit {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        check_splits(self.n_splits)?;
        let (train, test) = self.sizes.resolve(rows.len, "rows", 0.1)?;
        rows.check_indices(self.n_splits as u128)?;
        let draw = |stream: &mut Stream| divided(stream.permutation(rows.len), train, test);
        let splits = self.source.splits(seed, self.n_splits, rows.len, draw);
        Ok(Folds { splits, warnings: rows.ignore_groups("ShuffleSplit") })
    }
}

/// The split that scores the first `test` rows of a permutation and trains on the next `train`.
pub(super) fn divided(order: Vec<u32>, train: usize, test: usize) -> Split {
    let order = Arc::new(order);
    Split { train: Indices::drawn(&order, test..test + train), test: Indices::drawn(&order, 0..test) }
}
