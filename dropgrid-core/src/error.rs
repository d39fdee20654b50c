//! The one error type of the project. Every variant carries the value at fault and what was expected.

use std::path::PathBuf;

/// `Result` with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can be wrong with data, settings or a search; found before any training unless the variant says otherwise.
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
        value: f32,
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
    /// A setting of the training recipe is outside its range.
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
    /// A metric gets something that it cannot score.
    #[error("{metric}: {reason}")]
    Metric {
        /// The metric.
        metric: String,
        /// What is missing.
        reason: String,
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
}

/// `a`, `b` and `c`, each between backticks.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Why one fit failed. The search records it and goes on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// A layer, a metric or the training itself panicked.
    #[error("panicked: {message}")]
    Panicked {
        /// The panic's message.
        message: String,
    },
    /// The training loss was NaN or infinite.
    #[error("diverged: the training loss was {loss} in epoch {epoch}, batch {batch}")]
    Diverged {
        /// Epoch, the first is 1.
        epoch: usize,
        /// Batch of the epoch, the first is 1.
        batch: usize,
        /// The loss.
        loss: f32,
    },
    /// The trained network gave NaN or an infinity for a scored row.
    #[error("diverged: the trained network gives {value} for row {row}")]
    NonFiniteOutput {
        /// Row of the scored data, from 0.
        row: usize,
        /// The output.
        value: f32,
    },
    /// A metric gave no finite number.
    #[error("{metric} is {value}")]
    NonFiniteScore {
        /// The metric.
        metric: String,
        /// Its value.
        value: f64,
    },
    /// A tensor could not be allocated or computed.
    #[error("the device failed: {message}")]
    Device {
        /// What the device said.
        message: String,
    },
    /// The candidate could not be built.
    #[error("{message}")]
    Build {
        /// The error of the builder.
        message: String,
    },
}

/// Failures grouped by their message, most frequent first: ``3 x diverged: …; 1 x panicked: …``.
pub(crate) fn group<'a>(failures: impl IntoIterator<Item = &'a Failure>) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for failure in failures {
        let message = failure.to_string();
        match counts.iter_mut().find(|(known, _)| *known == message) {
            Some((_, count)) => *count += 1,
            None => counts.push((message, 1)),
        }
    }
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let lines: Vec<String> = counts.iter().map(|(message, count)| format!("{count} x {message}")).collect();
    lines.join("; ")
}
