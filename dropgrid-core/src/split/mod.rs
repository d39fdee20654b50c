//! Splitters: which rows each fold trains on and which it scores.
//!
//! | rows are | one part at a time | shuffled, several times | drawn anew |
//! |---|---|---|---|
//! | alike | [`KFold`], [`LeaveOneOut`], [`LeavePOut`] | [`RepeatedKFold`] | [`ShuffleSplit`] |
//! | of classes | [`StratifiedKFold`] | [`RepeatedStratifiedKFold`] | [`StratifiedShuffleSplit`] |
//! | in groups | [`GroupKFold`], [`LeaveOneGroupOut`], [`LeavePGroupsOut`] | | [`GroupShuffleSplit`] |
//! | both | [`StratifiedGroupKFold`] | | |
//! | in order of time | [`TimeSeriesSplit`] | | |
//! | assigned by the user | [`PredefinedSplit`], [`SplitList`] | | |
//!
//! [`TrainTestSplit`] sets a test part aside before any search. Unshuffled splitters give scikit-learn's indices, in
//! its order. Shuffled ones draw from the study's seed, or through [`SklearnShuffle`] give scikit-learn's indices for
//! an integer `random_state`.

mod codes;
mod combinations;
mod group_kfold;
mod group_shuffle_split;
mod indices;
mod kfold;
mod leave_one_group_out;
mod leave_one_out;
mod leave_p_groups_out;
mod leave_p_out;
mod marks;
mod mt19937;
mod numpy_sum;
mod parts;
mod predefined_split;
mod repeated_kfold;
mod repeated_stratified_kfold;
mod rows;
mod shuffle;
mod shuffle_split;
mod size;
mod split_list;
mod stratified_group_kfold;
mod stratified_kfold;
mod stratified_shuffle_split;
mod time_series_split;
mod train_test_split;
mod validation_split;
mod warning;

pub use group_kfold::GroupKFold;
pub use group_shuffle_split::GroupShuffleSplit;
pub use indices::{Indices, IndicesIter};
pub use kfold::KFold;
pub use leave_one_group_out::LeaveOneGroupOut;
pub use leave_one_out::LeaveOneOut;
pub use leave_p_groups_out::LeavePGroupsOut;
pub use leave_p_out::LeavePOut;
pub use predefined_split::PredefinedSplit;
pub use repeated_kfold::RepeatedKFold;
pub use repeated_stratified_kfold::RepeatedStratifiedKFold;
pub use rows::Rows;
pub use shuffle::SklearnShuffle;
pub use shuffle_split::ShuffleSplit;
pub use size::Size;
pub use split_list::SplitList;
pub use stratified_group_kfold::StratifiedGroupKFold;
pub use stratified_kfold::StratifiedKFold;
pub use stratified_shuffle_split::StratifiedShuffleSplit;
pub use time_series_split::TimeSeriesSplit;
pub use train_test_split::TrainTestSplit;
pub(crate) use validation_split::{Holdout, HoldoutBy};
pub use warning::Warning;

use std::{collections::HashMap, fmt, mem};

use crate::{
    error::{Error, Result, SplitError},
    seed::Seed,
};

/// One fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to train on, in the splitter's order.
    pub train: Indices,
    /// Rows to score on, in the splitter's order.
    pub test: Indices,
}

impl Split {
    /// A fold from lists or ranges of rows.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::split::Split;
    /// assert_eq!(Split::new(0..2, 2..4), Split::new(vec![0, 1], vec![2, 3]));
    /// ```
    pub fn new(train: impl Into<Indices>, test: impl Into<Indices>) -> Self {
        Self { train: train.into(), test: test.into() }
    }

    /// Checks fold number `fold` against data of `rows` rows.
    fn check(&self, fold: usize, rows: usize) -> Result<()> {
        for (part, members) in [("training", &self.train), ("test", &self.test)] {
            if members.is_empty() {
                return Err(Error::Split(SplitError::EmptyFold { fold, part }));
            }
            if let Some(row) = members.last_row().filter(|&row| row >= rows) {
                return Err(Error::Split(SplitError::RowOutOfRange { fold, row, rows }));
            }
        }
        Ok(())
    }
}

impl Split {
    /// How many of the scored rows are trained on, and how many of them stand before among those scored.
    fn shared(&self) -> (usize, usize) {
        let rows = [&self.train, &self.test].into_iter().filter_map(Indices::last_row).max().unwrap_or(0);
        // A mark for each row that there may be, unless the fold has few of them.
        if rows / 16 < self.train.len() + self.test.len() {
            let mut marks = vec![0; rows + 1];
            self.count_shared(|row, mark| {
                let known: &mut u8 = &mut marks[row];
                mem::replace(known, *known | mark)
            })
        } else {
            let mut marks = HashMap::new();
            self.count_shared(|row, mark| {
                let known = marks.entry(row).or_insert(0);
                mem::replace(known, *known | mark)
            })
        }
    }

    /// The counts of [`shared`](Self::shared), by marks: `mark` adds one to those of a row and gives those before it.
    fn count_shared(&self, mut mark: impl FnMut(usize, u8) -> u8) -> (usize, usize) {
        const TRAINED: u8 = 1;
        const SCORED: u8 = 2;
        for row in &self.train {
            mark(row, TRAINED);
        }
        let (mut overlap, mut repeated) = (0, 0);
        for row in &self.test {
            let known = mark(row, SCORED);
            overlap += usize::from(known & TRAINED > 0);
            repeated += usize::from(known & SCORED > 0);
        }
        (overlap, repeated)
    }
}

/// All folds of a splitter on one data set, and what it found odd about the data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folds {
    /// The folds in order.
    pub splits: Vec<Split>,
    /// What scikit-learn would warn of.
    pub warnings: Vec<Warning>,
}

impl Folds {
    /// These, where each fold trains on some of `rows` rows and scores some, with a warning for each that trains on rows
    /// that it scores, or scores some twice.
    ///
    /// # Errors
    /// [`SplitError::NoSplits`], [`SplitError::EmptyFold`], [`SplitError::RowOutOfRange`].
    pub(crate) fn checked(mut self, rows: usize) -> Result<Self> {
        if self.splits.is_empty() {
            return Err(Error::Split(SplitError::NoSplits { splitter: "the splitter" }));
        }
        for (fold, split) in self.splits.iter().enumerate() {
            split.check(fold, rows)?;
            // What shows by how the parts are kept needs no look at each row, as in the folds of dropgrid's splitters.
            if split.train.is_apart_from(&split.test) {
                continue;
            }
            let (overlap, repeated) = split.shared();
            for (count, warning) in [
                (overlap, Warning::Overlap { fold, rows: overlap }),
                (repeated, Warning::Repeated { fold, rows: repeated }),
            ] {
                if count > 0 && !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
            }
        }
        Ok(self)
    }
}

/// Divides rows into folds, none of which has an empty part.
///
/// A search refuses folds with an empty part, with a row that the data has not, and no folds at all.
///
/// # Examples
/// A splitter of one's own, of the even rows and the odd ones:
/// ```
/// use dropgrid_core::{Result, seed::Seed, split::{Folds, Rows, Split, Splitter}};
///
/// #[derive(Debug)]
/// struct EvenOdd;
///
/// impl Splitter for EvenOdd {
///     fn split(&self, rows: Rows<'_>, _seed: Seed) -> Result<Folds> {
///         let (even, odd): (Vec<_>, Vec<_>) = (0..rows.len).partition(|row| row % 2 == 0);
///         let splits = vec![Split::new(odd.clone(), even.clone()), Split::new(even, odd)];
///         Ok(Folds { splits, warnings: Vec::new() })
///     }
/// }
/// assert_eq!(EvenOdd.split(Rows::new(5), Seed(0))?.splits[0].test, [0, 2, 4]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how to split the data",
    label = "this is no splitter",
    note = "write `StratifiedKFold::new(5)` for five folds of classes, `KFold::new(5)` for five folds of any rows; `.shuffle()` shuffles them"
)]
pub trait Splitter: fmt::Debug + Send + Sync {
    /// The folds of `rows`.
    ///
    /// # Errors
    /// Where the splitter's settings do not fit the data; found before any training.
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds>;
}
