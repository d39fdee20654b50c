//! Every choice of some groups.

use super::{
    Folds, Rows, Splitter,
    indices::{Marks, binomial, combinations},
    parts::leave_out_each,
};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// One fold for every choice of `n_groups` groups, in lexicographic order of their ids.
///
/// The indices are those of scikit-learn's
/// [`LeavePGroupsOut`](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.LeavePGroupsOut.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{LeavePGroupsOut, Rows, Splitter}};
/// let folds = LeavePGroupsOut::new(2).split(Rows::new(3).with_groups(&[1, 2, 3]), Seed(0))?;
/// let tests: Vec<_> = folds.splits.iter().map(|split| split.test.as_slice()).collect();
/// assert_eq!(tests, [[0, 1], [0, 2], [1, 2]]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavePGroupsOut {
    n_groups: usize,
}

impl LeavePGroupsOut {
    /// Scores `n_groups` groups a fold; at least 1 and fewer than there are groups, which
    /// [`split`](Splitter::split) checks.
    pub fn new(n_groups: usize) -> Self {
        Self { n_groups }
    }
}

impl Splitter for LeavePGroupsOut {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        if self.n_groups == 0 {
            return Err(Error::Setting { setting: "n_groups", value: "0".to_owned(), expected: "at least 1" });
        }
        let groups = rows.grouping("LeavePGroupsOut")?;
        if groups.len() <= self.n_groups {
            let needed = self.n_groups.saturating_add(1);
            return Err(Error::Split(SplitError::TooFewGroups {
                splitter: "LeavePGroupsOut",
                groups: groups.len(),
                needed,
            }));
        }
        let splits = binomial(groups.len(), self.n_groups);
        rows.check_indices(splits)?;
        let splits = splits as usize;
        let members = Marks::of(rows.len, groups.len(), groups.of.iter().copied());
        let mut marks = Marks::none(rows.len, splits);
        for (split, choice) in combinations(groups.len(), self.n_groups).enumerate() {
            for group in choice {
                marks.unite(split, &members, group);
            }
        }
        Ok(Folds { splits: leave_out_each(marks, 0..splits), warnings: Vec::new() })
    }
}
