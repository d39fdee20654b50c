//! Every row for itself.

use super::{Folds, Rows, Splitter, parts::leave_out};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// One fold for each row, which scores that row: [`KFold`](super::KFold) with `n` folds.
///
/// The indices are those of scikit-learn's
/// [`LeaveOneOut`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.LeaveOneOut.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{LeaveOneOut, Rows, Splitter}};
/// let folds = LeaveOneOut.split(Rows::new(3), Seed(0))?;
/// assert_eq!(folds.splits[1].train, [0, 2]);
/// assert_eq!(folds.splits[1].test, [1]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeaveOneOut;

impl Splitter for LeaveOneOut {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        if rows.len < 2 {
            return Err(Error::Split(SplitError::TooFewRows { splitter: "LeaveOneOut", rows: rows.len, needed: 2 }));
        }
        rows.check_indices(rows.len as u128)?;
        let splits = (0..rows.len).map(|row| leave_out(rows.len, row..row + 1)).collect();
        Ok(Folds { splits, warnings: rows.ignore_groups("LeaveOneOut") })
    }
}
