//! K folds of consecutive rows.

use super::{
    Folds, Rows, Split, Splitter,
    indices::Marks,
    parts::{leave_out, leave_out_each, ranges},
    sklearn::{Source, Stream, shuffle_methods},
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
}

shuffle_methods!(KFold, "Assigns rows to folds");

/// Splits into folds whose rows are drawn from `stream`; the settings are checked.
pub(super) fn shuffled(len: usize, n_splits: usize, stream: &mut Stream) -> Vec<Split> {
    let order = stream.permutation(len);
    let mut marks = Marks::none(len, n_splits);
    for (fold, positions) in ranges(len, n_splits).enumerate() {
        for &row in &order[positions] {
            marks.insert(fold, row as usize);
        }
    }
    leave_out_each(marks, 0..n_splits)
}

impl Splitter for KFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        rows.check_folds(self.n_splits)?;
        let splits = match self.shuffle {
            Some(source) => shuffled(rows.len, self.n_splits, &mut source.stream(seed, Purpose::Split)),
            None => ranges(rows.len, self.n_splits).map(|test| leave_out(rows.len, test)).collect(),
        };
        Ok(Folds { splits, warnings: rows.ignore_groups("KFold") })
    }
}
