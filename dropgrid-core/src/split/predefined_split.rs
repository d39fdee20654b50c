//! Folds that come with the data.

use super::{Folds, Rows, Splitter, indices::Marks, parts::leave_out_each, rows::Codes};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// Folds that are given as the fold of each row; a row of fold -1 is always trained on.
///
/// The folds come in ascending order of their numbers. The indices are those of scikit-learn's
/// [`PredefinedSplit`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.PredefinedSplit.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{PredefinedSplit, Rows, Splitter}};
/// let folds = PredefinedSplit::new([0, 1, -1, 1]).split(Rows::new(4), Seed(0))?;
/// assert_eq!(folds.splits[0].test, [0]);
/// assert_eq!(folds.splits[1].test, [1, 3]);
/// assert_eq!(folds.splits[1].train, [0, 2]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PredefinedSplit {
    test_fold: Vec<i64>,
}

impl PredefinedSplit {
    /// The fold in which each row is scored, -1 for none; one a row, which [`split`](Splitter::split) checks.
    pub fn new(test_fold: impl Into<Vec<i64>>) -> Self {
        Self { test_fold: test_fold.into() }
    }
}

impl Splitter for PredefinedSplit {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        rows.check_one_each("folds", self.test_fold.len())?;
        rows.check_indices(1)?;
        // Counted from the least one, so that consecutive numbers stay small.
        let least = self.test_fold.iter().copied().min().unwrap_or(0);
        let from_least = |fold: i64| fold.wrapping_sub(least).cast_unsigned() as usize;
        let folds = Codes::new(&self.test_fold.iter().map(|&fold| from_least(fold)).collect::<Vec<usize>>());
        let scored: Vec<usize> = (0..folds.len()).filter(|&code| folds.labels[code] != from_least(-1)).collect();
        if scored.is_empty() {
            return Err(Error::Split(SplitError::NoSplits { splitter: "PredefinedSplit" }));
        }
        if folds.len() == 1 {
            return Err(Error::Split(SplitError::EmptyFold { fold: 0, part: "training" }));
        }
        rows.check_indices(scored.len() as u128)?;
        let marks = Marks::of(rows.len, folds.len(), folds.of.iter().copied());
        Ok(Folds { splits: leave_out_each(marks, scored), warnings: rows.ignore_groups("PredefinedSplit") })
    }
}
