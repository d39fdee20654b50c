//! K folds of consecutive rows.

use super::{Folds, Rows, Splitter, by_fold, check_folds};
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
/// let folds = KFold::new(2).split(Rows { len: 5, strata: None }, Seed(0))?;
/// assert_eq!(folds.splits[0].test, [0, 1, 2]);
/// assert_eq!(folds.splits[1].test, [3, 4]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KFold {
    folds: usize,
    shuffle: bool,
}

impl KFold {
    /// `folds` folds; at least 2 and at most one a row, which [`split`](Splitter::split) checks.
    pub fn new(folds: usize) -> Self {
        Self { folds, shuffle: false }
    }

    /// Assigns rows to folds at random, from the study's seed.
    pub fn shuffle(self) -> Self {
        Self { shuffle: true, ..self }
    }
}

impl Splitter for KFold {
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds> {
        check_folds(self.folds, rows.len)?;
        let mut order: Vec<usize> = (0..rows.len).collect();
        if self.shuffle {
            seed.key(Purpose::Split).shuffle(&mut order);
        }
        let (size, larger) = (rows.len / self.folds, rows.len % self.folds);
        let mut fold_of = vec![0; rows.len];
        let mut rest = order.as_slice();
        for fold in 0..self.folds {
            let (members, tail) = rest.split_at(size + usize::from(fold < larger));
            for &row in members {
                fold_of[row] = fold;
            }
            rest = tail;
        }
        Ok(Folds { splits: by_fold(&fold_of, self.folds), warnings: Vec::new() })
    }
}
