//! The data as a splitter sees it.

mod codes;
mod warning;

pub(super) use codes::{Codes, starts};
pub use warning::Warning;

use crate::error::{Error, Result, SplitError};

/// The most indices that the folds of one call may have: 16 GiB where all of them are listed.
const MAX_INDICES: u128 = 1 << 31;

/// The data as a splitter sees it: the number of rows, their classes and their groups, but never the features.
///
/// # Examples
/// ```
/// # use dropgrid_core::split::Rows;
/// let rows = Rows::new(3).with_strata(&[0, 1, 1]).with_groups(&[7, 7, 9]);
/// assert_eq!(rows.groups, Some([7, 7, 9].as_slice()));
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rows<'a> {
    /// Number of rows.
    pub len: usize,
    /// The class of each row, where there are classes.
    pub strata: Option<&'a [usize]>,
    /// The group of each row, where there are groups.
    pub groups: Option<&'a [usize]>,
}

impl<'a> Rows<'a> {
    /// `len` rows without classes or groups.
    pub fn new(len: usize) -> Self {
        Self { len, strata: None, groups: None }
    }

    /// The rows with a class each.
    pub fn with_strata(self, strata: &'a [usize]) -> Self {
        Self { strata: Some(strata), ..self }
    }

    /// The rows with a group each.
    pub fn with_groups(self, groups: &'a [usize]) -> Self {
        Self { groups: Some(groups), ..self }
    }

    /// The classes, or the error of a splitter that cannot do without.
    pub(super) fn classes(&self, splitter: &'static str) -> Result<Codes> {
        let strata = self.strata.ok_or(Error::Split(SplitError::NeedsClasses { splitter }))?;
        self.codes("class labels", strata)
    }

    /// The groups, or the error of a splitter that cannot do without.
    pub(super) fn grouping(&self, splitter: &'static str) -> Result<Codes> {
        let groups = self.groups.ok_or(Error::Split(SplitError::NeedsGroups { splitter }))?;
        self.codes("groups", groups)
    }

    fn codes(&self, what: &'static str, labels: &[usize]) -> Result<Codes> {
        self.check_one_each(what, labels.len())?;
        self.check_indices(1)?;
        Ok(Codes::new(labels))
    }

    /// Checks that there is one of something a row.
    pub(super) fn check_one_each(&self, what: &'static str, found: usize) -> Result<()> {
        if found == self.len {
            Ok(())
        } else {
            Err(Error::Split(SplitError::RowsMismatch { what, found, rows: self.len }))
        }
    }

    /// Refuses more indices than a machine holds, before they are computed. It also keeps every row within `u32`.
    pub(crate) fn check_indices(&self, splits: u128) -> Result<()> {
        if splits.saturating_mul(self.len as u128) > MAX_INDICES {
            let splits = u64::try_from(splits).unwrap_or(u64::MAX);
            return Err(Error::Split(SplitError::TooManySplits { splits, rows: self.len }));
        }
        Ok(())
    }

    /// Checks a number of folds against the number of rows.
    pub(super) fn check_folds(&self, folds: usize) -> Result<()> {
        if folds < 2 {
            return Err(Error::Split(SplitError::TooFewFolds { folds }));
        }
        if folds > self.len {
            return Err(Error::Split(SplitError::MoreFoldsThanRows { folds, rows: self.len }));
        }
        self.check_indices(folds as u128)
    }

    /// The warning of a splitter that does not look at groups, where the data has some.
    pub(super) fn ignore_groups(&self, splitter: &'static str) -> Vec<Warning> {
        self.groups.map(|_| Warning::GroupsIgnored { splitter }).into_iter().collect()
    }
}
