//! Splitters: they decide the rows that each fold trains on and those that it scores.
//!
//! | rows are | one part at a time | shuffled, several times | drawn anew |
//! |---|---|---|---|
//! | alike | [`KFold`], [`LeaveOneOut`], [`LeavePOut`] | [`RepeatedKFold`] | [`ShuffleSplit`] |
//! | of classes | [`StratifiedKFold`] | [`RepeatedStratifiedKFold`] | [`StratifiedShuffleSplit`] |
//! | in groups | [`GroupKFold`], [`LeaveOneGroupOut`], [`LeavePGroupsOut`] | | [`GroupShuffleSplit`] |
//! | both | [`StratifiedGroupKFold`] | | |
//! | in order of time | [`TimeSeriesSplit`], [`WalkForward`] | | |
//! | assigned by the user | [`PredefinedSplit`], [`SplitList`] | | |
//!
//! [`TrainTestSplit`] sets a test part aside before any search. Unshuffled splitters give scikit-learn's indices, in
//! its order. Shuffled ones draw from the study's seed, or through [`SklearnShuffle`] give scikit-learn's indices for
//! an integer `random_state`.

mod folds;
mod group_kfold;
mod group_shuffle_split;
mod indices;
mod kfold;
mod leave_one_group_out;
mod leave_one_out;
mod leave_p_groups_out;
mod leave_p_out;
mod parts;
mod predefined_split;
mod purge;
mod repeated_kfold;
mod repeated_stratified_kfold;
mod rows;
mod shuffle_split;
mod size;
mod sklearn;
mod split_list;
mod stratified_group_kfold;
mod stratified_kfold;
mod stratified_shuffle_split;
mod time_series_split;
mod train_test_split;
mod validation_split;
mod walk_forward;

pub use folds::{Folds, Split};
pub use group_kfold::GroupKFold;
pub use group_shuffle_split::GroupShuffleSplit;
pub use indices::{Indices, IndicesIter};
pub use kfold::KFold;
pub use leave_one_group_out::LeaveOneGroupOut;
pub use leave_one_out::LeaveOneOut;
pub use leave_p_groups_out::LeavePGroupsOut;
pub use leave_p_out::LeavePOut;
pub use predefined_split::PredefinedSplit;
pub(crate) use purge::apart;
pub use repeated_kfold::RepeatedKFold;
pub use repeated_stratified_kfold::RepeatedStratifiedKFold;
pub use rows::{Rows, Warning};
pub use shuffle_split::ShuffleSplit;
pub use size::Size;
pub use sklearn::SklearnShuffle;
pub(crate) use sklearn::pairwise;
pub use split_list::SplitList;
pub use stratified_group_kfold::StratifiedGroupKFold;
pub use stratified_kfold::StratifiedKFold;
pub use stratified_shuffle_split::StratifiedShuffleSplit;
pub use time_series_split::TimeSeriesSplit;
pub use train_test_split::TrainTestSplit;
pub(crate) use validation_split::{Holdout, HoldoutBy};
pub use walk_forward::WalkForward;

use std::fmt;

use crate::{error::Result, seed::Seed};

/// Divides rows into folds, none of which has an empty part.
///
/// A search refuses folds with an empty part or with a row that the data does not have. It refuses an empty list of
/// folds.
///
/// # Examples
/// A splitter that you write, of the even rows and the odd ones:
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
    /// An error where the splitter's settings do not fit the data. A search finds it before any training.
    fn split(&self, rows: Rows<'_>, seed: Seed) -> Result<Folds>;
}
