//! Folds that the user lists.

#[cfg(doc)]
use super::Warning;
use super::{Folds, Indices, Rows, Split, Splitter};
use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// An explicit list of training and test rows, taken as it is.
///
/// Rows may repeat and may be in no fold. A row on both sides of a fold is a leak, so it gives a [`Warning::Overlap`];
/// a row that a fold scores twice gives a [`Warning::Repeated`]. A search asks the same of every splitter of the user's
/// own. It is what scikit-learn's `cv` argument takes as an iterable of [(train, test)
/// pairs](https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.check_cv.html).
///
/// # Examples
/// ```
/// # use dropgrid_core::{seed::Seed, split::{Rows, SplitList, Splitter}};
/// let list = SplitList::new([(vec![0, 1], vec![2]), (vec![2, 1], vec![0])]);
/// let folds = list.split(Rows::new(3), Seed(0))?;
/// assert_eq!(folds.splits[1].train, [2, 1]);
/// let error = list.split(Rows::new(2), Seed(0)).unwrap_err();
/// assert_eq!(error.to_string(), "fold 0 has row 2, but the data has 2 rows, 0..2");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitList {
    splits: Vec<Split>,
}

impl SplitList {
    /// Folds of (training rows, test rows).
    pub fn new(splits: impl IntoIterator<Item = (impl Into<Indices>, impl Into<Indices>)>) -> Self {
        Self { splits: splits.into_iter().map(|(train, test)| Split::new(train, test)).collect() }
    }
}

impl Splitter for SplitList {
    fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
        if self.splits.is_empty() {
            return Err(Error::Split(SplitError::NoSplits { splitter: "SplitList" }));
        }
        Folds { splits: self.splits.clone(), warnings: Vec::new() }.checked(rows.len)
    }
}
