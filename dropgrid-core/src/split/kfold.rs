//! K folds of consecutive rows.

use super::{
    Folds, Rows, SklearnShuffle, Split, Splitter,
    parts::{by_fold, on_all_cores, range, ranges},
    shuffle::{Source, Stream},
};
use crate::{
    error::Result,
    seed::{Purpose, Seed},
};

/// K-fold cross-validation: each row is scored once.
///
/// Without [`shuffle`](Self::shuffle) the folds are consecutive rows; the first `n % k` have one row more. These are
/// the indices of scikit-learn's
/// [`KFold`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.KFold.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{KFold, Rows, Splitter}};
/// let folds = KFold::new(2).split(Rows::new(5), Seed(0))?;
/// assert_eq!(folds.splits[0].test, [0, 1, 2]);
/// assert_eq!(folds.splits[1].test, [3, 4]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KFold {
    n_splits: usize,
    shuffle: Option<Source>,
}

impl KFold {
    /// `n_splits` folds; at least 2 and at most one a row, which [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, shuffle: None }
    }

    /// Assigns rows to folds at random, from the study's seed.
    pub fn shuffle(self) -> Self {
        Self { shuffle: Some(Source::Study), ..self }
    }

    /// Assigns rows to folds as scikit-learn's shuffle does.
    pub fn shuffle_with(self, shuffle: SklearnShuffle) -> Self {
        Self { shuffle: Some(Source::Sklearn(shuffle)), ..self }
    }
}

/// Splits into folds whose rows are drawn from `stream`; the settings are checked.
pub(super) fn shuffled(len: usize, n_splits: usize, stream: &mut Stream) -> Vec<Split> {
    let order = stream.permutation(len);
    let mut fold_of = vec![0; len];
    for (fold, positions) in (0..).zip(ranges(len, n_splits)) {
        for &row in &order[positions] {
            fold_of[row as usize] = fold;
        }
    }
    by_fold(&fold_of, n_splits)
}

impl Splitter for KFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        rows.check_folds(self.n_splits)?;
        let splits = match self.shuffle {
            Some(source) => shuffled(rows.len, self.n_splits, &mut source.stream(seed, Purpose::Split)),
            None => on_all_cores(self.n_splits, rows.len, |fold| {
                let test = range(rows.len, self.n_splits, fold);
                Split { train: (0..test.start).chain(test.end..rows.len).collect(), test: test.collect() }
            }),
        };
        Ok(Folds { splits, warnings: rows.ignore_groups("KFold") })
    }
}
