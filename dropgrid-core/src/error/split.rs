//! Faults of folds.

use super::worded::worded;

worded! {
/// The reason why a splitter cannot split the data.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// Fewer than two folds.
    #[error("cross-validation needs at least 2 folds, got {folds}")]
    TooFewFolds {
        /// Folds asked for.
        folds: usize,
    },
    /// More folds than rows.
    #[error("cannot make {folds} folds of {rows} rows")]
    MoreFoldsThanRows {
        /// Folds asked for.
        folds: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// Stratified folds, but every class is smaller than the number of folds.
    #[error("cannot make {folds} stratified folds: the largest class has {largest} rows")]
    MoreFoldsThanMembers {
        /// Folds asked for.
        folds: usize,
        /// Rows of the largest class.
        largest: usize,
    },
    /// A stratified splitter was used on data without class labels.
    #[error("{splitter} needs class labels, which this target has not; use KFold")]
    NeedsClasses {
        /// The splitter.
        splitter: &'static str,
    },
    /// More folds than groups.
    #[error("cannot make {folds} folds of {groups} groups")]
    MoreFoldsThanGroups {
        /// Folds asked for.
        folds: usize,
        /// Distinct groups of the data.
        groups: usize,
    },
    /// A splitter of groups was used on data without groups.
    #[error("{splitter} needs groups; give the data some with `Dataset::with_groups`")]
    NeedsGroups {
        /// The splitter.
        splitter: &'static str,
    },
    /// A splitter leaves groups out, and none would be left to train on.
    #[error("{splitter} needs at least {needed} groups, but the data has {groups}")]
    TooFewGroups {
        /// The splitter.
        splitter: &'static str,
        /// Distinct groups of the data.
        groups: usize,
        /// The least number of groups.
        needed: usize,
    },
    /// A splitter leaves rows out, and none would be left to train on.
    #[error("{splitter} needs at least {needed} rows, but the data has {rows}")]
    TooFewRows {
        /// The splitter.
        splitter: &'static str,
        /// Rows of the data.
        rows: usize,
        /// The least number of rows.
        needed: usize,
    },
    /// Not one label, group or fold number a row.
    #[error("{found} {what} for {rows} rows")]
    RowsMismatch {
        /// The things of which there should be one for each row.
        what: &'static str,
        /// Their number.
        found: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// The indices of all splits together are more than a machine holds.
    #[error("{splits} splits of {rows} rows are more indices than fit in memory")]
    TooManySplits {
        /// The splits, capped at the largest number.
        splits: u64,
        /// Rows of the data.
        rows: usize,
    },
    /// A size of a random split is no fraction in (0, 1), and no count that leaves something for the other side.
    #[error("{size_of} is {size}, {why}")]
    SizeOutOfRange {
        /// `test_size` or `train_size`.
        size_of: &'static str,
        /// The size given: a share is written with a decimal point, a count without.
        size: String,
        /// The rule that the size breaks, and what to write.
        why: String,
    },
    /// The fractions of a random split add up to more than the whole.
    #[error("test_size {test} and train_size {train} add up to {sum}, more than 1", sum = test + train)]
    FractionsExceedOne {
        /// Fraction of the training part.
        train: f64,
        /// Fraction of the test part.
        test: f64,
    },
    /// The parts of a random split, in whole numbers, are more than there is.
    #[error("{train} {units} to train on and {test} to test on, but there are only {of}")]
    SizesExceedData {
        /// Size of the training part.
        train: usize,
        /// Size of the test part.
        test: usize,
        /// The number of rows or groups to divide.
        of: usize,
        /// Rows or groups.
        units: &'static str,
    },
    /// The sizes of a random split leave nothing on one side.
    #[error("no {units} for the {part} part: of {of} {units}, test_size {test_size}, train_size {train_size}")]
    EmptyPart {
        /// Training or test.
        part: &'static str,
        /// The number of rows or groups to divide.
        of: usize,
        /// Rows or groups.
        units: &'static str,
        /// The test size, as given.
        test_size: String,
        /// The training size, as given.
        train_size: String,
    },
    /// A stratified random split, but some classes have a single row, which cannot be on both sides.
    #[error("a stratified split needs 2 rows of every class, but these classes have only one: {classes:?}")]
    LoneClasses {
        /// The classes.
        classes: Vec<usize>,
    },
    /// A part of a stratified random split is too small for a row of each class.
    #[error("the {part} part has {rows} rows, fewer than the {classes} classes")]
    FewerRowsThanClasses {
        /// Training or test.
        part: &'static str,
        /// Rows of that part.
        rows: usize,
        /// Classes of the data.
        classes: usize,
    },
    /// A stratified split without a shuffle.
    #[error("a stratified train-test split is always shuffled; leave out `stratify` or `no_shuffle`")]
    StratifyUnshuffled,
    /// The test parts of a time series and the gap leave nothing to train on.
    #[error("{splits} splits of {test_size} test rows and a gap of {gap} leave none of {rows} rows to train on")]
    TooManyTimeSplits {
        /// Splits asked for.
        splits: usize,
        /// Rows of the data.
        rows: usize,
        /// Rows that each split scores.
        test_size: usize,
        /// Rows between training and test part.
        gap: usize,
    },
    /// A splitter that is given its folds was given none.
    #[error("{splitter} has no splits")]
    NoSplits {
        /// The splitter.
        splitter: &'static str,
    },
    /// A fold has nothing to train on or nothing to score.
    #[error("the {part} part of fold {fold} is empty")]
    EmptyFold {
        /// The fold, from 0.
        fold: usize,
        /// Training or test.
        part: &'static str,
    },
    /// Every training row of a fold is a window that shares steps with a scored one.
    #[error(
        "each of the {rows} training rows of fold {fold} is a window that shares steps with a scored one: \
         write `TimeSeriesSplit::new(5)`, or `KFold::new(5)` without `shuffle`"
    )]
    SharedSteps {
        /// The fold, from 0.
        fold: usize,
        /// The training rows.
        rows: usize,
    },
    /// A listed fold names a row that the data has not.
    #[error("fold {fold} has row {row}, but the data has {rows} rows, 0..{rows}")]
    RowOutOfRange {
        /// The fold, from 0.
        fold: usize,
        /// The row, from 0.
        row: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// The training part of a fold has too few rows or groups for some of them to be set aside for validation.
    #[error("fold {fold} has {of} {units} to train on: too few to train on some and to validate on others")]
    NoValidationRows {
        /// The fold, from 0.
        fold: u32,
        /// Number of rows or groups.
        of: usize,
        /// `rows`, `groups` or `windows`.
        units: &'static str,
    },
}
}
