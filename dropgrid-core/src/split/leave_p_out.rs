//! Every choice of some rows.

use super::{
    Folds, Rows, Splitter,
    indices::{Marks, binomial, combinations},
    parts::leave_out_each,
};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// One fold for every choice of `p` rows, in lexicographic order; a row is scored many times.
///
/// The indices are those of scikit-learn's
/// [`LeavePOut`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.LeavePOut.html). Their
/// number grows fast: 100 rows have 161 700 choices of three.
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{LeavePOut, Rows, Splitter}};
/// let folds = LeavePOut::new(2).split(Rows::new(4), Seed(0))?;
/// assert_eq!(folds.splits.len(), 6);
/// assert_eq!(folds.splits[1].train, [1, 3]);
/// assert_eq!(folds.splits[1].test, [0, 2]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavePOut {
    p: usize,
}

impl LeavePOut {
    /// Scores `p` rows a fold; at least 1 and fewer than there are rows, which [`split`](Splitter::split) checks.
    pub fn new(p: usize) -> Self {
        Self { p }
    }
}

impl Splitter for LeavePOut {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        if rows.len <= self.p {
            let needed = self.p.saturating_add(1);
            return Err(Error::Split(SplitError::TooFewRows { splitter: "LeavePOut", rows: rows.len, needed }));
        }
        if self.p == 0 {
            return Err(Error::Setting { setting: "p", value: "0".to_owned(), expected: "at least 1" });
        }
        let splits = binomial(rows.len, self.p);
        rows.check_indices(splits)?;
        let splits = splits as usize;
        let mut marks = Marks::none(rows.len, splits);
        for (split, test) in combinations(rows.len, self.p).enumerate() {
            for row in test {
                marks.insert(split, row);
            }
        }
        Ok(Folds { splits: leave_out_each(marks, 0..splits), warnings: rows.ignore_groups("LeavePOut") })
    }
}
