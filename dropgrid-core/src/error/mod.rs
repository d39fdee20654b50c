//! The one error type of the project. Every variant carries the value at fault and what was expected.

mod data;
mod failure;
mod kept;
mod load;
mod name;
mod scoring;
mod split;
mod stopped;
mod strategy;
pub(crate) mod worded;

pub use data::{DataError, QuoteFault};
pub use failure::{Failure, group};
pub use kept::Kept;
pub use load::{LoadError, TensorFault};
pub use name::NameError;
pub use scoring::ScoringError;
pub use split::SplitError;
pub use stopped::{Ended, Stopped};
pub use strategy::StrategyError;

use std::{path::PathBuf, time::Duration};

use crate::escape::{escaped, joined, shown};
use worded::worded;

/// `Result` with [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

worded! {
/// What can be wrong with data, settings or a search; found before any training unless the variant says otherwise.
///
/// The variants stand by subject: data, folds, settings and spaces, fits, single candidates, studies, fitted
/// models, reports.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Data that cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Data that cannot be split as the splitter would.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// A setting of the training recipe or of a splitter is outside its range.
    #[error("{setting} is {value}, expected {expected}", value = escaped(value))]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value given.
        value: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// A setting of the training recipe does not go with the targets of the data.
    #[error(
        "{setting} is {value}, but the targets are {target}: expected {expected}",
        value = escaped(value), target = escaped(target), expected = escaped(expected)
    )]
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
    /// The recipe monitors a metric of another kind of targets than the data has.
    #[error("the recipe monitors {metric}, a metric of {kind}, but the targets are {targets}", metric = escaped(metric))]
    Monitor {
        /// The metric.
        metric: String,
        /// The kind of targets that it scores.
        kind: &'static str,
        /// The kind of the data's targets.
        targets: &'static str,
    },
    /// A hyperparameter of a layer is outside the layer's range.
    #[error("{layer}: {setting} {value} is outside {range}", layer = escaped(layer), value = escaped(value))]
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
    #[error("{layer}: {values}, expected {expected}", layer = escaped(layer), values = escaped(values))]
    LayerSettings {
        /// The field of the model.
        layer: String,
        /// The settings and their values.
        values: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// An axis was replaced by an empty list.
    #[error("axis `{axis}` has no values")]
    EmptyAxis {
        /// The axis.
        axis: &'static str,
    },
    /// An axis was replaced by a list with a value twice.
    #[error("axis `{axis}` has the value {value} twice: every candidate of it would be trained twice", value = escaped(value))]
    DuplicateValue {
        /// The axis.
        axis: &'static str,
        /// The value.
        value: String,
    },
    /// The JSON of a candidate cannot be its name: that of a value fails, is not read back, or varies, or a candidate is
    /// listed twice.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A continuous axis has ends that make no range.
    #[error("axis `{axis}` goes from {low} to {high}, expected {expected}")]
    Interval {
        /// The axis.
        axis: &'static str,
        /// The low end.
        low: f64,
        /// The high end.
        high: f64,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// An axis of steps or points has ends, a step or a number of values that make no list.
    #[error("axis `{axis}` goes from {range}, expected {expected}")]
    Steps {
        /// The axis.
        axis: &'static str,
        /// The ends and the step, or the number of points.
        range: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// The rules of the space forbid every candidate.
    #[error("the space has no candidates: its `forbid` rules leave nothing")]
    EmptySpace,
    /// A const axis has a value that no architecture was compiled for.
    #[error("`{axis}` = {value} was not compiled; the struct's #[grid] lists {compiled:?}", value = escaped(value))]
    NotCompiled {
        /// The axis.
        axis: &'static str,
        /// The value asked for.
        value: String,
        /// The compiled values.
        compiled: &'static [usize],
    },
    /// A grid with more candidates than can be counted in a machine word.
    #[error("the grid has more than {} candidates; fix some of its axes: {axes}", usize::MAX, axes = escaped(axes))]
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
    #[error("{metric} is undefined for every candidate: {reasons}", metric = escaped(metric), reasons = escaped(reasons))]
    UndefinedScores {
        /// The deciding metric.
        metric: String,
        /// Its warnings, grouped and counted.
        reasons: String,
    },
    /// The strategy could not go on, or gave the search nothing to choose from. [`Error::report`] has what the search had
    /// found, where a candidate was done on all folds.
    #[error("the strategy {strategy} failed: {error}", strategy = escaped(strategy))]
    Strategy {
        /// The strategy, by its `Debug`.
        strategy: String,
        /// The reason.
        #[source]
        error: Box<StrategyError>,
        /// The report of the candidates that were done, without a fitted model.
        report: Option<Kept>,
    },
    /// A fit failed in a search that is told to stop there, or where every fold is needed.
    #[error("fold {fold} of {params} failed: {failure}", params = escaped(params))]
    FitFailed {
        /// The candidate.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// Why.
        failure: Failure,
    },
    /// Every fit of the search failed; what was computed stays in the failures.
    #[error("all {fits} fits failed: {reasons}", reasons = escaped(reasons))]
    AllFitsFailed {
        /// Fits run.
        fits: usize,
        /// The reasons, grouped and counted.
        reasons: String,
    },
    /// Every candidate has at least one failed fold, so none has a mean score to be chosen by.
    #[error(
        "{failed} of {fits} fits failed, and no candidate finished all its folds: {reasons}",
        reasons = escaped(reasons)
    )]
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
    #[error("refitting the best candidate {params} failed: {failure}", params = escaped(params))]
    RefitFailed {
        /// The candidate.
        params: String,
        /// Why the last attempt failed.
        failure: Failure,
        /// The report without a fitted model.
        report: Kept,
    },
    /// The rule that chooses the candidate to train on all rows panicked. [`Error::report`] has everything that the search
    /// found.
    #[error("the refit rule failed: {failure}")]
    RefitRuleFailed {
        /// The panic.
        failure: Failure,
        /// The report without a fitted model; its best candidate is that of rank 1.
        report: Kept,
    },
    /// The winner of a nested search could not be scored on its outer fold. [`Error::report`] has the report of that search.
    #[error("scoring the winner on outer fold {fold} failed: {failure}")]
    OuterFoldFailed {
        /// The outer fold, from 0.
        fold: u32,
        /// Why.
        failure: Failure,
        /// The report of the search on the fold's training part, without its fitted model.
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
    /// Final checkpoints are asked for where no study keeps them.
    #[error("final checkpoints have no study to stand in; give the search one by `.study(..)`")]
    FinalCheckpointsWithoutStudy,
    /// A study remembers another search.
    #[error(
        "{path} is the study of another search: {}; give this search another file{}",
        joined(differences, "; "),
        if *can_extend { ", or ask for `Study::at(...).extend()`" } else { "" },
        path = shown(path)
    )]
    StudyDiffers {
        /// The file.
        path: PathBuf,
        /// What differs, as `part was this, is that`.
        differences: Vec<String>,
        /// Whether a search that [extends](crate::study::Study::extend) the study may differ so.
        can_extend: bool,
    },
    /// The name of a study is not one that SQLite takes for a file.
    #[error("{:?} names no file for a study: {fault}; name a file, like `digits.study`", name.to_string_lossy())]
    StudyName {
        /// The name.
        name: PathBuf,
        /// The reason why it names no file.
        fault: &'static str,
    },
    /// The file of a study, or SQLite's log beside it, was removed, renamed or replaced while a search wrote to it. The
    /// search ended there. [`Error::report`] has what it had found.
    #[error(
        "{} was {fault} while the search was writing the study {}: what it finished since may be in no file{}; \
         leave the files where they are, and call again",
        shown(file), shown(path),
        if report.is_some() { "; the report of what was done is in the error: `error.report::<Model, Targets>()`" } else { "" }
    )]
    StudyLost {
        /// The study.
        path: PathBuf,
        /// The file that is not there any more.
        file: PathBuf,
        /// Its fate: removed, renamed or replaced.
        fault: &'static str,
        /// The report of the candidates that were done on all folds, without a fitted model, where there were any.
        report: Option<Kept>,
    },
    /// Another process opens the study and does not come to an end.
    #[error(
        "another process has been opening or closing {} for {waited:?}; end it, or give this search another file",
        shown(path)
    )]
    StudyInUse {
        /// The file.
        path: PathBuf,
        /// The time that this process has waited.
        waited: Duration,
    },
    /// A file is no study.
    #[error("{} is no study of dropgrid; name another file", shown(path))]
    StudyForeign {
        /// The file.
        path: PathBuf,
    },
    /// A study is written in a format that this release does not know.
    #[error("{} is in format {found}, and this release of dropgrid knows format {known}; use a newer one", shown(path))]
    StudyFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
        /// The format known.
        known: i32,
    },
    /// A study's file is damaged.
    #[error("{} is damaged: {message}; restore a copy, or begin anew in another file", shown(path), message = escaped(message))]
    StudyDamaged {
        /// The file.
        path: PathBuf,
        /// The damage, in words.
        message: String,
    },
    /// Records of a study are damaged; the rest of it is sound. The search of the study trains their fits anew.
    #[error(
        "{} has damaged records: {}; run its search again, which trains these fits anew, or restore a copy",
        shown(path),
        joined(records, "; ")
    )]
    StudyRecords {
        /// The file.
        path: PathBuf,
        /// The damaged records, in words.
        records: Vec<String>,
    },
    /// A file bears the mark of a study, but its tables are not those of one.
    #[error("{} is not made as a study is: {message}; do not trust it, and begin anew in another file", shown(path))]
    StudySchema {
        /// The file.
        path: PathBuf,
        /// The table, view or trigger that is too much, missing or different.
        message: String,
    },
    /// A study could not be read or written.
    #[error("cannot {doing} the study {}: {message}", shown(path), message = escaped(message))]
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
    #[error("cannot load {path}: {error}", path = shown(path))]
    LoadFile {
        /// The file.
        path: PathBuf,
        /// Why.
        error: LoadError,
    },
    /// A file could not be read.
    #[error("cannot read {path}: {source}", path = shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}", path = shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The path of a file to be written leads to something that is no file and takes no bytes.
    #[error("cannot write {}: {kind} stands there, expected a file", shown(path))]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// Its kind: a folder, a socket, a disk.
        kind: &'static str,
    },
    /// A file's extension does not say what to write.
    #[error("cannot tell the format of {path} from its extension, expected {expected}", path = shown(path))]
    UnknownExtension {
        /// The file.
        path: PathBuf,
        /// The extensions known.
        expected: String,
    },
}
}

#[cfg(test)]
mod tests;
