//! Folds that come with the data.

use super::{Folds, Rows, Splitter, parts::partition};
use crate::{
    error::{Error, Result},
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
/// assert_eq!((&*folds.splits[0].train, &*folds.splits[0].test), (&[1, 2, 3][..], &[0][..]));
/// assert_eq!((&*folds.splits[1].train, &*folds.splits[1].test), (&[0, 2][..], &[1, 3][..]));
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
        let mut numbers = self.test_fold.clone();
        numbers.sort_unstable();
        numbers.dedup();
        let codes: Vec<u32> =
            self.test_fold.iter().map(|fold| numbers.partition_point(|number| number < fold) as u32).collect();
        let mut sizes = vec![0; numbers.len()];
        for &code in &codes {
            sizes[code as usize] += 1;
        }
        let scored = numbers.iter().filter(|&&number| number != -1).count();
        if scored == 0 {
            return Err(Error::NoSplits { splitter: "PredefinedSplit" });
        }
        if sizes.contains(&rows.len) {
            return Err(Error::EmptyFold { fold: 0, part: "training" });
        }
        rows.check_indices(scored as u128)?;
        let splits = (0..)
            .zip(numbers.iter().zip(sizes))
            .filter(|&(_, (&number, _))| number != -1)
            .map(|(code, (_, size))| partition(&codes, size, |of| of == code))
            .collect();
        Ok(Folds { splits, warnings: rows.ignore_groups("PredefinedSplit") })
    }
}
