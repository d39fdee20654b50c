//! Event files for TensorBoard.

mod event_file;
mod folder;
mod hparams;
mod shared;
mod wire;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use event_file::EventFile;
use shared::SharedTraining;

use super::{Batch, CandidateScore, Epoch, FitEnd, FitInfo, Hook};
use crate::error::{Error, FileError, Result};

/// Writes losses, learning rates and validation scores as event files for
/// [TensorBoard](https://www.tensorflow.org/tensorboard). Each training has a folder, which is a run of TensorBoard.
///
/// | folder | training |
/// |---|---|
/// | `3-dropout=0.1,lr=0.01/fold-0` | candidate 3 on the first fold |
/// | `3,4-dropout=0.1/fold-0` | shared by candidates 3 and 4; the setting in which they differ, such as `epochs`, is left out |
/// | `3..8-dropout=0.1/fold-0` | shared by more than three candidates, from 3 to 8 |
/// | `refit` | the winner on all rows |
/// | `outer-1/…` | the search within the second outer fold of a [nested](crate::search::Search::nested_cross_validate) one |
/// | `dropout=0.1/fold-0,rows=40` | a learning curve, a permutation test or cross-validated predictions, by the number of rows |
/// | `refit.2`, … | that folder exists already, from an attempt that failed or an earlier search |
///
/// | tag | step | value |
/// |---|---|---|
/// | `train/loss` | epoch | the mean loss over the rows trained on |
/// | `train/learning_rate` | epoch | the learning rate of the epoch's last step |
/// | `validation/<name>` | epoch | the [monitored](crate::recipe::Train::monitor) quantity, where there is one |
/// | `train/<metric>`, `validation/<metric>` | epoch | the scores, where the search [asks](crate::search::Search::curve_scores) |
/// | `score/<metric>` | the last epoch | the score on the test rows of the fold |
/// | `batch/loss` | batch | the loss of each batch, where [asked for](Self::batches) |
///
/// The HParams dashboard has the hyperparameters of each training beside these scalars. Where candidates share a
/// training, each has a folder of its own beside it, as if it had been trained alone, with its hyperparameters, the
/// scalars of its last epoch and its scores. The folds of a candidate are a group, whose scalars it averages; a fold's
/// second training and those after it are in groups by their number and their epochs.
///
/// A file that cannot be written fails no training; [`check`](Self::check) returns the error afterwards.
///
/// The format is TensorFlow's: records framed with masked CRC-32C
/// ([TFRecord](https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details)), each an `Event` of
/// [event.proto](https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto).
///
/// # Examples
/// ```
/// use dropgrid_core::hook::{Epoch, FitEnd, FitInfo, Hook, TensorBoard};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let folder = folder.path();
/// let board = TensorBoard::at(folder);
/// let fit = FitInfo::default();
/// board.fit_start(&fit);
/// board.epoch_end(&fit, &Epoch::new(1, 0.7));
/// board.fit_end(&fit, &FitEnd::new(1));
/// board.check()?;
/// assert_eq!(std::fs::read_dir(folder.join("refit")).unwrap().count(), 1);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TensorBoard {
    root: PathBuf,
    batches: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The file of each running training, by [`FitInfo::id`].
    files: HashMap<u64, EventFile>,
    /// Each running training that candidates share.
    shared: HashMap<u64, SharedTraining>,
    /// The hyperparameters that trainings had so far.
    hyperparameters: Vec<hparams::Typed>,
    /// The file that names them and the metrics, which the HParams dashboard compares.
    experiment: Option<PathBuf>,
    /// The first file that could not be written, and why.
    fault: Option<(PathBuf, io::Error)>,
}

impl TensorBoard {
    /// Writes under the folder `root`, which is created where it does not exist. `tensorboard --logdir root` shows it.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), batches: false, state: Arc::default() }
    }

    /// Writes the loss of each batch as well, or not. It is off by default.
    pub fn batches(self, batches: bool) -> Self {
        Self { batches, ..self }
    }

    /// Returns the first error of writing, once. Keep a clone of the hook to call it after a search.
    ///
    /// # Errors
    /// [`FileError::Write`] with the first file that could not be written.
    pub fn check(&self) -> Result<()> {
        self.state().fault.take().map_or(Ok(()), |(path, source)| Err(Error::File(FileError::Write { path, source })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic leaves a sound state behind: every change is one insertion, removal or record.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes to the file of a training, and remembers the first fault.
    fn with(&self, fit: &FitInfo, write: impl FnOnce(&mut EventFile) -> io::Result<()>) {
        let mut state = self.state();
        let Some(file) = state.files.get_mut(&fit.id) else { return };
        if let Err(error) = write(file) {
            let path = file.path.clone();
            state.files.remove(&fit.id);
            state.fault.get_or_insert((path, error));
        }
    }
}

impl Hook for TensorBoard {
    fn fit_start(&self, fit: &FitInfo) {
        let folder = self.root.join(folder::of(fit));
        let opened = folder::own(&folder).and_then(|own| {
            let mut file = EventFile::create(&own, &fit.id.to_string())?;
            // Each of the candidates that share a training has a session of its own.
            let begun = if is_shared(fit) { Ok(()) } else { file.begin(fit, &group(fit, &own)) };
            begun.map(|()| file)
        });
        let mut state = self.state();
        if opened.is_ok()
            && let Err(error) = state.describe(&self.root, fit)
        {
            state.fault.get_or_insert((self.root.clone(), error));
        }
        if is_shared(fit) {
            state.shared.insert(fit.id, SharedTraining::default());
        }
        match opened {
            Ok(file) => {
                state.files.insert(fit.id, file);
            }
            Err(error) => {
                state.fault.get_or_insert((folder, error));
            }
        }
    }

    fn batch_end(&self, fit: &FitInfo, batch: &Batch) {
        if self.batches {
            self.with(fit, |file| {
                file.batches += 1;
                file.scalars(file.batches, &[("batch/loss", f64::from(batch.loss))])
            });
        }
    }

    fn epoch_end(&self, fit: &FitInfo, epoch: &Epoch) {
        let mut scalars =
            vec![("train/loss".to_owned(), epoch.train_loss), ("train/learning_rate".to_owned(), epoch.lr)];
        for (part, scores) in [("train", &epoch.train_scores), ("validation", &epoch.validation_scores)] {
            let names = fit.curve_metrics.iter().map(|name| format!("{part}/{name}"));
            scalars.extend(names.zip(scores.iter().copied()));
        }
        if let (Some(name), Some(value)) = (&fit.monitor, epoch.monitored) {
            let monitored = format!("validation/{name}");
            // A metric that is watched is scored once.
            if scalars.iter().all(|(tag, _)| *tag != monitored) {
                scalars.push((monitored, value));
            }
        }
        self.with(fit, |file| file.scalars(epoch.number as u64, &scalars));
        if let Some(shared) = self.state().shared.get_mut(&fit.id) {
            shared.epoch(epoch.number, scalars);
        }
    }

    fn scored(&self, fit: &FitInfo, score: &CandidateScore) {
        let mut state = self.state();
        let Some(shared) = state.shared.get_mut(&fit.id) else {
            drop(state);
            return self.with(fit, |file| file.scalars(score.epochs as u64, &shared::scores(fit, score)));
        };
        if let Err(error) = shared.scored(&self.root, fit, score) {
            state.fault.get_or_insert((self.root.clone(), error));
        }
    }

    fn fit_end(&self, fit: &FitInfo, end: &FitEnd<'_>) {
        if !is_shared(fit) {
            self.with(fit, |file| file.end(end.failure.is_some()));
        }
        let mut state = self.state();
        state.files.remove(&fit.id);
        let ended = state.shared.remove(&fit.id).map_or(Ok(()), |shared| shared.end(&self.root, fit));
        if let Err(error) = ended {
            state.fault.get_or_insert((self.root.clone(), error));
        }
    }
}

impl State {
    /// Writes what the HParams dashboard compares, and writes it anew where the training has a hyperparameter that none
    /// before had: the dashboard reads the first list of a folder, and shows what that names.
    fn describe(&mut self, root: &Path, fit: &FitInfo) -> io::Result<()> {
        let known = self.hyperparameters.len();
        for typed in hparams::typed(fit) {
            if self.hyperparameters.iter().all(|(name, _)| *name != typed.0) {
                self.hyperparameters.push(typed);
            }
        }
        if self.experiment.is_some() && self.hyperparameters.len() == known {
            return Ok(());
        }
        let mut file = EventFile::create(root, &format!("{}.hparams", self.hyperparameters.len()))?;
        file.describe(&self.hyperparameters, fit)?;
        match self.experiment.replace(file.path) {
            Some(before) => fs::remove_file(before),
            None => Ok(()),
        }
    }
}

/// True of a training that several candidates share.
fn is_shared(fit: &FitInfo) -> bool {
    fit.candidates.len() > 1
}

/// The group of a training in the folder `own`, whose scalars the dashboard averages: the folds of its candidates.
/// Another training of a fold, as with more epochs, is in a group with those of the same epochs.
fn group(fit: &FitInfo, own: &Path) -> String {
    let folder = folder::of(fit);
    let group = if fit.fold.is_some() { folder.parent() } else { Some(folder.as_path()) };
    let group = group.map(|group| group.to_string_lossy().into_owned()).unwrap_or_default();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name(own).strip_prefix(&name(&folder)) {
        Some(attempt) if !attempt.is_empty() => format!("{group}{attempt},epochs={}", fit.epochs),
        _ => group,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditional_hyperparameters_are_named_and_trainings_of_a_fold_are_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let board = TensorBoard::at(folder.path());
        let experiments = || -> Vec<PathBuf> {
            let entries = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
            entries.filter(|path| path.extension().is_some_and(|it| it == "hparams")).collect()
        };
        for momentum in [serde_json::Value::Null, 0.5.into(), serde_json::Value::Null] {
            let params = vec![("lr", 0.1.into()), ("momentum", momentum)];
            let fit = FitInfo { params, fold: Some(0), candidates: vec![3], ..FitInfo::default() };
            board.fit_start(&fit);
            board.fit_end(&fit, &FitEnd { epochs: 1, failure: None });
        }
        board.check().expect("written");
        let files = experiments();
        assert_eq!(files.len(), 1, "the one before is gone");
        let text = String::from_utf8_lossy(&fs::read(&files[0]).expect("a file")).into_owned();
        assert!(text.contains("lr") && text.contains("momentum"));

        let fit = FitInfo { fold: Some(1), candidates: vec![3], epochs: 6, ..FitInfo::default() };
        assert_eq!(group(&fit, Path::new("root/3/fold-1")), "3");
        assert_eq!(group(&fit, Path::new("root/3/fold-1.2")), "3.2,epochs=6");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told_and_fails_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let taken = folder.path().join("file");
        fs::write(&taken, "taken").expect("a file");
        let board = TensorBoard::at(&taken);
        let fit = FitInfo::default();
        board.fit_start(&fit);
        board.epoch_end(&fit, &Epoch { number: 1, train_loss: 0.5, lr: 0.1, ..Epoch::default() });
        board.fit_end(&fit, &FitEnd { epochs: 1, failure: None });
        let error = board.check().expect_err("a file is no folder");
        assert!(matches!(error, Error::File(FileError::Write { path, .. }) if path == taken.join("refit")));
        assert!(board.check().is_ok(), "told once");
    }
}
