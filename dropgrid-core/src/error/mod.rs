//! The one error type of the project. Every variant carries the value at fault and what was expected.

mod failure;
mod scoring;

pub use failure::{Failure, group};
pub use scoring::ScoringError;

use std::path::PathBuf;

/// `Result` with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can be wrong with data, settings or a search; found before any training unless the variant says otherwise.
///
/// The variants stand by subject: data and files, folds, settings and spaces, fits, single candidates, studies, reports.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A data file could not be opened or read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system or the CSV reader said.
        source: csv::Error,
    },
    /// A table has no rows.
    #[error("the data has no rows")]
    EmptyData,
    /// A table has rows but no feature columns.
    #[error("the data has no feature columns")]
    NoFeatures,
    /// A row is shorter or longer than the first one.
    #[error("row {row} has {found} features, but the first row has {expected}")]
    RaggedRow {
        /// Row number, the first data row is 1.
        row: usize,
        /// Features in this row.
        found: usize,
        /// Features in the first row.
        expected: usize,
    },
    /// A flat buffer does not divide into rows.
    #[error("{values} values do not divide into rows of {width}")]
    RaggedBuffer {
        /// Length of the buffer.
        values: usize,
        /// Features a row.
        width: usize,
    },
    /// Features and targets have different lengths.
    #[error("{features} rows of features, but {targets} targets")]
    LengthMismatch {
        /// Rows of features.
        features: usize,
        /// Targets.
        targets: usize,
    },
    /// A cell of a CSV file is not a number.
    #[error("row {row}, column `{column}`: `{value}` is not a number")]
    NotANumber {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name in the header.
        column: String,
        /// The cell as it stands in the file.
        value: String,
    },
    /// A feature is NaN or infinite.
    #[error("row {row}, column `{column}`: {value} is not finite")]
    NotFinite {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name, or its number from 0 where columns have no names.
        column: String,
        /// The value.
        value: f64,
    },
    /// A class label is not one of the target's classes.
    #[error("row {row}, column `{column}`: label {value} is not one of the {classes} classes 0..{classes}")]
    LabelOutOfRange {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name.
        column: String,
        /// The label as given.
        value: String,
        /// Number of classes.
        classes: usize,
    },
    /// A cell of a class column is not one of the classes' names.
    #[error("row {row}, column `{column}`: `{value}` is not one of the classes {classes}", classes = list(classes))]
    UnknownClass {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name.
        column: String,
        /// The cell as it stands in the file.
        value: String,
        /// The names of the classes.
        classes: Vec<String>,
    },
    /// A class column has another number of distinct names than the target has classes.
    #[error("column `{column}` has {found} distinct values, but the target has {classes} classes")]
    ClassCount {
        /// The column's name.
        column: String,
        /// Distinct values found.
        found: usize,
        /// Classes of the target.
        classes: usize,
    },
    /// Two classes have the same name.
    #[error("two classes are named `{name}`")]
    DuplicateClass {
        /// The name.
        name: String,
    },
    /// A column is asked for as two of target, weights and groups.
    #[error("column `{column}` cannot be two of target, weights and groups")]
    ColumnUsedTwice {
        /// The column.
        column: String,
    },
    /// The CSV file has no column of that name.
    #[error("no column `{column}` in {path}; its columns are {columns}", path = path.display(), columns = list(columns))]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// The file.
        path: PathBuf,
        /// The columns of the file.
        columns: Vec<String>,
    },
    /// Two columns of the CSV file have the same name.
    #[error("column `{column}` stands twice in the header of {path}", path = path.display())]
    DuplicateColumn {
        /// The name.
        column: String,
        /// The file.
        path: PathBuf,
    },
    /// A selection names a row that the data has not.
    #[error("no row {row}: the data has {rows} rows, 0..{rows}")]
    NoSuchRow {
        /// The row, from 0.
        row: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// The data's rows do not have the length that the network takes.
    #[error("the network takes rows of {expected} features, but the data has {found}")]
    InputWidth {
        /// Features that the network's first layer takes.
        expected: usize,
        /// Features a row of the data.
        found: usize,
    },
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
        /// What there should be one of for each row.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// The indices of all splits together are more than a machine holds.
    #[error("{splits} splits of {rows} rows are more indices than fit in memory")]
    TooManySplits {
        /// The splits, capped at the largest number.
        splits: u128,
        /// Rows of the data.
        rows: usize,
    },
    /// A size of a random split is no fraction in (0, 1), and no count that leaves something for the other side.
    #[error("{size_of} is {size}, expected a fraction between 0 and 1 or a whole number below the {of} {units}")]
    SizeOutOfRange {
        /// `test_size` or `train_size`.
        size_of: &'static str,
        /// The size given.
        size: String,
        /// What is there to divide.
        of: usize,
        /// Rows or groups.
        units: &'static str,
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
        /// What is there to divide.
        of: usize,
        /// Rows or groups.
        units: &'static str,
    },
    /// The sizes of a random split leave nothing on one side.
    #[error("no {units} for the {part} part: of {of} {units}, test_size {test_size}, train_size {train_size}")]
    EmptyPart {
        /// Training or test.
        part: &'static str,
        /// What is there to divide.
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
    /// A setting of the training recipe or of a splitter is outside its range.
    #[error("{setting} is {value}, expected {expected}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value given.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A hyperparameter of a layer is outside the layer's range.
    #[error("{layer}: {setting} {value} is outside {range}")]
    OutOfRange {
        /// The field of the model.
        layer: String,
        /// The layer's setting.
        setting: &'static str,
        /// The value given.
        value: String,
        /// The allowed range.
        range: &'static str,
    },
    /// An axis was replaced by an empty list.
    #[error("axis `{axis}` has no values")]
    EmptyAxis {
        /// The axis.
        axis: &'static str,
    },
    /// An axis was replaced by a list with a value twice.
    #[error("axis `{axis}` has the value {value} twice: every candidate of it would be trained twice")]
    DuplicateValue {
        /// The axis.
        axis: &'static str,
        /// The value.
        value: String,
    },
    /// A continuous axis has ends that make no range.
    #[error("axis `{axis}` goes from {low} to {high}, expected {expected}")]
    Interval {
        /// The axis.
        axis: &'static str,
        /// The low end.
        low: f64,
        /// The high end.
        high: f64,
        /// What is allowed.
        expected: &'static str,
    },
    /// The rules of the space forbid every candidate.
    #[error("the space has no candidates: its `forbid` rules leave nothing")]
    EmptySpace,
    /// A const axis has a value that no architecture was compiled for.
    #[error("`{axis}` = {value} was not compiled; the struct's #[grid] lists {compiled:?}")]
    NotCompiled {
        /// The axis.
        axis: &'static str,
        /// The value asked for.
        value: String,
        /// The compiled values.
        compiled: &'static [usize],
    },
    /// A grid with more candidates than can be counted in a machine word.
    #[error("the grid has more than {} candidates; fix some of its axes: {axes}", usize::MAX)]
    SpaceTooLarge {
        /// The axes and their lengths.
        axes: String,
    },
    /// Zero workers.
    #[error("a search needs at least 1 worker, got 0")]
    NoWorkers,
    /// A worker thread could not be started.
    #[error("cannot start a worker thread: {0}")]
    Workers(String),
    /// Predictions, weights or a metric that do not go together.
    #[error(transparent)]
    Scoring(#[from] ScoringError),
    /// The deciding metric is defined for no candidate on all its folds.
    #[error("{metric} is undefined for every candidate: {reasons}")]
    UndefinedScores {
        /// The deciding metric.
        metric: String,
        /// Its warnings, grouped and counted.
        reasons: String,
    },
    /// A fit failed in a search that is told to stop there, or where every fold is needed.
    #[error("fold {fold} of {params} failed: {failure}")]
    FitFailed {
        /// The candidate.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// Why.
        failure: Failure,
    },
    /// Every fit of the search failed; what was computed stays in the failures.
    #[error("all {fits} fits failed: {reasons}")]
    AllFitsFailed {
        /// Fits run.
        fits: usize,
        /// The reasons, grouped and counted.
        reasons: String,
    },
    /// Every candidate has at least one failed fold, so none has a mean score to be chosen by.
    #[error("{failed} of {fits} fits failed, and no candidate finished all its folds: {reasons}")]
    NoCandidateFinished {
        /// Failed fits.
        failed: usize,
        /// Fits run.
        fits: usize,
        /// The reasons, grouped and counted.
        reasons: String,
    },
    /// The best candidate could not be trained on the whole data; the scores of the search are in the message.
    #[error("refitting the best candidate {params} failed: {failure}")]
    RefitFailed {
        /// The candidate.
        params: String,
        /// Why.
        failure: Failure,
    },
    /// A single fit that was asked for by itself failed.
    #[error("the fit failed: {0}")]
    Fit(#[from] Failure),
    /// A list of candidates or values is empty.
    #[error("there are no candidates to try")]
    NoCandidates,
    /// A closure chose a candidate that is not there.
    #[error("the refit rule chose candidate {chosen}, but there are {candidates}, 0..{candidates}")]
    NoSuchCandidate {
        /// The number chosen.
        chosen: usize,
        /// Candidates of the results.
        candidates: usize,
    },
    /// Out-of-fold predictions need folds that score each row once.
    #[error(
        "row {row} is scored {times}; out-of-fold predictions need folds that score every row once, as KFold has them"
    )]
    NoPartition {
        /// The row, from 0.
        row: usize,
        /// `never` or `twice`.
        times: &'static str,
    },
    /// A point of a learning curve trains on more rows than there are, or on none.
    #[error("a train size is {rows} rows, expected 1 to {most}, the size of the first fold's training part")]
    TrainSize {
        /// The size.
        rows: usize,
        /// Rows of the training part.
        most: usize,
    },
    /// A study remembers another search.
    #[error(
        "{path} is the study of another search: {}; give this search another file, or ask for `Study::at(...).extend()`",
        differences.join("; "), path = path.display()
    )]
    StudyDiffers {
        /// The file.
        path: PathBuf,
        /// What differs, as `part was this, is that`.
        differences: Vec<String>,
    },
    /// Another process writes the study.
    #[error("{} is being written by another search; wait for it, or give this one another file", path.display())]
    StudyInUse {
        /// The file.
        path: PathBuf,
    },
    /// A file is no study.
    #[error("{} is no study of dropgrid; name another file", path.display())]
    StudyForeign {
        /// The file.
        path: PathBuf,
    },
    /// A study is written in a format that this release does not know.
    #[error("{} is in format {found}, and this release of dropgrid knows formats 1 to {known}; use a newer one", path.display())]
    StudyFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
        /// The newest format known.
        known: i32,
    },
    /// A study's file is damaged.
    #[error("{} is damaged: {message}; restore a copy, or begin anew in another file", path.display())]
    StudyDamaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A study could not be read or written.
    #[error("cannot {doing} the study {}: {message}", path.display())]
    StudyStore {
        /// The file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What went wrong.
        message: String,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file's extension does not say what to write.
    #[error("cannot tell the format of {path} from its extension, expected {expected}", path = path.display())]
    UnknownExtension {
        /// The file.
        path: PathBuf,
        /// The extensions known.
        expected: &'static str,
    },
}

/// The names between backticks, with commas between them.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
