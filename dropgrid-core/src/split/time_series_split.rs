//! Folds that train on the past and score the future.

use super::{Folds, Rows, Split, Splitter};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// Folds for rows in order of time: each trains on rows before the ones it scores, and scores later rows than the last.
///
/// With `n` rows and `k` splits the last `k * test_size` rows are scored, `test_size` in each fold and
/// `floor(n / (k + 1))` unless said otherwise. A fold trains on everything up to `gap` rows before its first scored
/// row, or on the last `max_train_size` of these. The indices are those of scikit-learn's
/// [`TimeSeriesSplit`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.TimeSeriesSplit.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, Split, Splitter, TimeSeriesSplit}};
/// let splitter = TimeSeriesSplit::new(2).gap(2).max_train_size(4).test_size(2);
/// let folds = splitter.split(Rows::new(10), Seed(0))?;
/// assert_eq!(folds.splits, [Split::new(0..4, 6..8), Split::new(2..6, 8..10)]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSeriesSplit {
    n_splits: usize,
    max_train_size: Option<usize>,
    test_size: Option<usize>,
    gap: usize,
}

impl TimeSeriesSplit {
    /// `n_splits` folds; at least 2 and fewer than there are rows, which [`split`](Splitter::split) checks.
    pub fn new(n_splits: usize) -> Self {
        Self { n_splits, max_train_size: None, test_size: None, gap: 0 }
    }

    /// The most rows that a fold trains on, at least 1.
    pub fn max_train_size(self, rows: usize) -> Self {
        Self { max_train_size: Some(rows), ..self }
    }

    /// The rows that each fold scores, at least 1.
    pub fn test_size(self, rows: usize) -> Self {
        Self { test_size: Some(rows), ..self }
    }

    /// The rows between the training part and the test part that are in neither.
    pub fn gap(self, rows: usize) -> Self {
        Self { gap: rows, ..self }
    }
}

impl Splitter for TimeSeriesSplit {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        let Self { n_splits, max_train_size, test_size, gap } = *self;
        if n_splits < 2 {
            return Err(Error::Split(SplitError::TooFewFolds { folds: n_splits }));
        }
        if n_splits >= rows.len {
            return Err(Error::Split(SplitError::MoreFoldsThanRows {
                folds: n_splits.saturating_add(1),
                rows: rows.len,
            }));
        }
        for (setting, value) in [("max_train_size", max_train_size), ("test_size", test_size)] {
            if value == Some(0) {
                return Err(Error::Setting { setting, value: "0".to_owned(), expected: "at least 1" });
            }
        }
        rows.check_indices(n_splits as u128)?;
        let test_size = test_size.unwrap_or(rows.len / (n_splits + 1));
        let first = test_size.checked_mul(n_splits).and_then(|tested| rows.len.checked_sub(tested));
        let Some(first) = first.filter(|&first| first > gap) else {
            return Err(Error::Split(SplitError::TooManyTimeSplits {
                splits: n_splits,
                rows: rows.len,
                test_size,
                gap,
            }));
        };
        let splits = (first..rows.len)
            .step_by(test_size)
            .map(|test| {
                let end = test - gap;
                let start = max_train_size.map_or(0, |most| end.saturating_sub(most));
                Split::new(start..end, test..test + test_size)
            })
            .collect();
        Ok(Folds { splits, warnings: rows.ignore_groups("TimeSeriesSplit") })
    }
}
