//! The one error type of the project. Every variant carries the value at fault and what was expected.

mod data;
mod failure;
mod kept;
mod load;
mod scoring;
mod split;
mod stopped;

pub use data::{DataError, QuoteFault};
pub use failure::{Failure, group};
pub use kept::Kept;
pub use load::{LoadError, TensorFault};
pub use scoring::ScoringError;
pub use split::SplitError;
pub use stopped::{Ended, Stopped};

use std::{path::PathBuf, time::Duration};

/// `Result` with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can be wrong with data, settings or a search; found before any training unless the variant says otherwise.
///
/// The variants stand by subject: data, folds, settings and spaces, fits, single candidates, studies, fitted
/// models, reports.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Data that cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Data that cannot be split as the splitter would.
    #[error(transparent)]
    Split(#[from] SplitError),
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
    /// A setting of the training recipe does not go with the targets of the data.
    #[error("{setting} is {value}, but the targets are {target}: expected {expected}")]
    Unfit {
        /// The setting's name.
        setting: &'static str,
        /// The value given.
        value: String,
        /// The type of the targets.
        target: String,
        /// What goes with them.
        expected: String,
    },
    /// The recipe weighs samples, and the data has no weights.
    #[error("sample_weights is true, but the data has no weights: give it some by `Dataset::with_weights`")]
    NoWeights,
    /// The recipe watches a metric that is not one of the data's kind of targets.
    #[error("the recipe watches {metric}, a metric of {kind}, but the targets are {targets}")]
    Watched {
        /// The metric.
        metric: String,
        /// What it scores.
        kind: &'static str,
        /// What the targets are.
        targets: &'static str,
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
    /// Settings of a layer do not go together. Where axes make them, a candidate that no check before the search has come
    /// upon fails by it.
    #[error("{layer}: {values}, expected {expected}")]
    LayerSettings {
        /// The field of the model.
        layer: String,
        /// The settings and their values.
        values: String,
        /// What is allowed.
        expected: &'static str,
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
    /// An axis of steps or points has ends, a step or a number of values that make no list.
    #[error("axis `{axis}` goes from {range}, expected {expected}")]
    Steps {
        /// The axis.
        axis: &'static str,
        /// The ends and the step, or the number of points.
        range: String,
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
    /// The process has a handler of Ctrl-C already, or can have none.
    #[error("cannot listen to Ctrl-C: {0}")]
    CtrlC(String),
    /// The search ended before any candidate was done on all its folds.
    #[error("{0}, and no candidate on all its folds: give the search more time, or call it again on its study")]
    Stopped(Stopped),
    /// What needs every one of its trainings ended before they were done.
    #[error(
        "{why}: {done} of {planned} {what} are done, and all of them are needed{}",
        if let Ended::OutOfTime { .. } = .why { ": give it more time" } else { "" }
    )]
    Unfinished {
        /// Why it ended.
        why: Ended,
        /// What is counted: `fits` or `outer folds`.
        what: &'static str,
        /// Those that are done.
        done: usize,
        /// Those that were planned.
        planned: usize,
    },
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
    /// The best candidate could not be trained on the whole data. [`Error::report`] has everything else that the search
    /// found, and why attempts before the last failed.
    #[error("refitting the best candidate {params} failed: {failure}")]
    RefitFailed {
        /// The candidate.
        params: String,
        /// Why the last attempt failed.
        failure: Failure,
        /// The report without a fitted model.
        report: Kept,
    },
    /// A single fit that was asked for by itself failed.
    #[error("the fit failed: {0}")]
    Fit(#[from] Failure),
    /// A list of candidates or values is empty.
    #[error("there are no candidates to try")]
    NoCandidates,
    /// A closure chose a candidate that is not there. [`Error::report`] has what the search found.
    #[error("the refit rule chose candidate {chosen}, but there are {candidates}, 0..{candidates}")]
    NoSuchCandidate {
        /// The number chosen.
        chosen: usize,
        /// Candidates of the results.
        candidates: usize,
        /// The report without a fitted model.
        report: Kept,
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
    /// Checkpoints are asked for where nothing keeps them.
    #[error("checkpoints every {epochs} epochs have no study to stand in; give the search one by `.study(..)`")]
    CheckpointsWithoutStudy {
        /// Epochs from one to the next.
        epochs: usize,
    },
    /// End states are asked for where nothing keeps them.
    #[error("end states have no study to stand in; give the search one by `.study(..)`")]
    EndStatesWithoutStudy,
    /// A study remembers another search.
    #[error(
        "{path} is the study of another search: {}; give this search another file{}",
        differences.join("; "),
        if *can_extend { ", or ask for `Study::at(...).extend()`" } else { "" },
        path = path.display()
    )]
    StudyDiffers {
        /// The file.
        path: PathBuf,
        /// What differs, as `part was this, is that`.
        differences: Vec<String>,
        /// Whether a search that [extends](crate::study::Study::extend) the study may differ so.
        can_extend: bool,
    },
    /// Another process opens the study and does not come to an end.
    #[error(
        "another process has been opening or closing {} for {waited:?}; end it, or give this search another file",
        path.display()
    )]
    StudyInUse {
        /// The file.
        path: PathBuf,
        /// The time that this process has waited.
        waited: Duration,
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
    /// A fitted model cannot be written as a file that would be read again.
    #[error("cannot save the model: {0}")]
    Save(LoadError),
    /// Bytes are not the model that was asked for.
    #[error("cannot load the model: {0}")]
    Load(#[from] LoadError),
    /// A file is not the model that was asked for.
    #[error("cannot load {path}: {error}", path = path.display())]
    LoadFile {
        /// The file.
        path: PathBuf,
        /// Why.
        error: LoadError,
    },
    /// A file could not be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
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
