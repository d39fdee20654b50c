//! Every group for itself.

use super::{Folds, Rows, Splitter, parts::by_fold};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// One fold for each group, which scores that group, in ascending order of their ids.
///
/// The indices are those of scikit-learn's
/// [`LeaveOneGroupOut`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.LeaveOneGroupOut.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{LeaveOneGroupOut, Rows, Splitter}};
/// let folds = LeaveOneGroupOut.split(Rows::new(4).with_groups(&[2, 2, 1, 1]), Seed(0))?;
/// assert_eq!(folds.splits[0].test, [2, 3]);
/// assert_eq!(folds.splits[1].test, [0, 1]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeaveOneGroupOut;

impl Splitter for LeaveOneGroupOut {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        let groups = rows.grouping("LeaveOneGroupOut")?;
        if groups.len() < 2 {
            return Err(Error::Split(SplitError::TooFewGroups {
                splitter: "LeaveOneGroupOut",
                groups: groups.len(),
                needed: 2,
            }));
        }
        rows.check_indices(groups.len() as u128)?;
        Ok(Folds { splits: by_fold(rows.len, groups.len(), groups.of.iter().copied()), warnings: Vec::new() })
    }
}
