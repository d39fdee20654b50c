//! The one error type of the project.

use std::path::PathBuf;

use super::{
    AnyReport, AskError, ClusterError, DataError, Failure, FileError, LoadError, NameError, ScheduleError,
    ScoringError, SpaceError, SplitError, StopReason, Stopped, StrategyError, StudyError, worded::worded,
};
use crate::escape::{escaped, shown};

worded! {
/// A fault of data, settings or a search; found before any training unless the variant says otherwise.
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
        /// The values that go with them.
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
    /// Settings of a layer do not go together. Where axes make them, a candidate that no check before the search has
    /// come upon fails by it.
    #[error("{layer}: {values}, expected {expected}", layer = escaped(layer), values = escaped(values))]
    LayerSettings {
        /// The field of the model.
        layer: String,
        /// The settings and their values.
        values: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// A space that cannot be searched.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// Settings of a strategy that make no schedule.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// A loop of one's own cannot be told of a job.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The JSON of a candidate cannot be its name: that of a value fails, is not read back, or varies, or a candidate
    /// is listed twice.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Zero workers.
    #[error("a search needs at least 1 worker, got 0")]
    NoWorkers,
    /// The process has a handler of Ctrl-C already, or can have none.
    #[error("cannot listen to Ctrl-C: {0}")]
    CtrlC(String),
    /// The search ended before any candidate was done on all its folds.
    #[error("{stopped}, and no candidate on all its folds: {}", stopped.why.advice())]
    Stopped {
        /// The end of the search.
        stopped: Stopped,
        /// The report of the fits that are done, without a fitted model, where there are any.
        report: Option<AnyReport>,
    },
    /// A validation that needs every one of its trainings ended before they were done.
    #[error(
        "{why}: {done} of {planned} {what} are done, and all of them are needed{}",
        if let StopReason::OutOfTime { .. } = .why { ": give it more time" } else { "" }
    )]
    Unfinished {
        /// The reason why it ended.
        why: StopReason,
        /// The things that are counted: `fits` or `outer folds`.
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
    /// The deciding metric is defined for no candidate on all its folds. [`Error::report`] has the other metrics.
    #[error("{metric} is undefined for every candidate: {reasons}", metric = escaped(metric), reasons = escaped(reasons))]
    UndefinedScores {
        /// The deciding metric.
        metric: String,
        /// Its warnings, grouped and counted.
        reasons: String,
        /// The report of what was computed, without a fitted model, where a candidate has a score or a failure.
        report: Option<AnyReport>,
    },
    /// The strategy could not go on, or gave the search nothing to choose from. [`Error::report`] has what the search
    /// had found, where a candidate was done on all folds.
    #[error("the strategy {strategy} failed: {error}", strategy = escaped(strategy))]
    Strategy {
        /// The strategy, by its `Debug`.
        strategy: String,
        /// The reason.
        #[source]
        error: Box<StrategyError>,
        /// The report of the candidates that were done, without a fitted model.
        report: Option<AnyReport>,
    },
    /// A fit failed in a search that is told to stop there, or where every fold is needed.
    #[error("fold {fold} of {params} failed: {failure}", params = escaped(params))]
    FitFailed {
        /// The candidate.
        params: String,
        /// The fold, from 0.
        fold: u32,
        /// The reason.
        failure: Failure,
    },
    /// Every fit of the search failed. [`Error::report`] has each failure.
    #[error("all {fits} fits failed: {reasons}", reasons = escaped(reasons))]
    AllFitsFailed {
        /// Fits run.
        fits: usize,
        /// The reasons, grouped and counted.
        reasons: String,
        /// The report of what was computed, without a fitted model, where a candidate has a score or a failure.
        report: Option<AnyReport>,
    },
    /// Every candidate has at least one failed fold, so none has a mean score to be chosen by. [`Error::report`] has
    /// the scores of the other folds.
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
        /// The report of what was computed, without a fitted model, where a candidate has a score or a failure.
        report: Option<AnyReport>,
    },
    /// The best candidate could not be trained on the whole data. [`Error::report`] has everything else that the search
    /// found, and why attempts before the last failed.
    #[error("refitting the best candidate {params} failed: {failure}", params = escaped(params))]
    RefitFailed {
        /// The candidate.
        params: String,
        /// The reason why the last attempt failed.
        failure: Failure,
        /// The report without a fitted model.
        report: AnyReport,
    },
    /// The rule that chooses the candidate to train on all rows panicked. [`Error::report`] has everything that the
    /// search found.
    #[error("the refit rule failed: {failure}")]
    RefitRuleFailed {
        /// The panic.
        failure: Failure,
        /// The report without a fitted model; its best candidate is that of rank 1.
        report: AnyReport,
    },
    /// The winner of a nested search could not be scored on its outer fold. [`Error::report`] has the report of that
    /// search.
    #[error("scoring the winner on outer fold {fold} failed: {failure}")]
    OuterFoldFailed {
        /// The outer fold, from 0.
        fold: u32,
        /// The reason.
        failure: Failure,
        /// The report of the search on the fold's training part, without its fitted model.
        report: AnyReport,
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
        report: AnyReport,
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
    /// A study that cannot be used.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A search on several machines that cannot go on.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A model cannot be written for other programs.
    #[error("cannot export `{model}` to ONNX: {faults}", faults = faults.join("; "))]
    Export {
        /// The model.
        model: &'static str,
        /// The layers that cannot be exported, and why.
        faults: Vec<String>,
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
        /// The reason.
        error: LoadError,
    },
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}
}
