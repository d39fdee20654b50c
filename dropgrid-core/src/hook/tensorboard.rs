//! Event files for TensorBoard.

mod folder;
mod hparams;
mod wire;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use wire::{bytes, double, record, varint};

use super::{Batch, Epoch, FitEnd, FitInfo, Hook};
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
/// | `batch/loss` | batch | the loss of each batch, where [asked for](Self::batches) |
///
/// The HParams dashboard has the hyperparameters of each training beside these scalars. The folds of a candidate are a group,
/// whose scalars it averages.
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
/// board.epoch_end(&fit, &Epoch { number: 1, train_loss: 0.7, ..Epoch::default() });
/// board.fit_end(&fit, &FitEnd { epochs: 1, failure: None });
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
    /// True where the hyperparameters and metrics that the HParams dashboard compares have been written.
    has_experiment: bool,
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
        let opened = folder::own(&folder).and_then(|own| EventFile::create(&own, &fit.id.to_string()));
        let opened = opened.and_then(|mut file| file.begin(fit).map(|()| file));
        let mut state = self.state();
        if opened.is_ok() && !std::mem::replace(&mut state.has_experiment, true) {
            let written = EventFile::create(&self.root, "hparams").and_then(|mut file| file.describe(fit));
            if let Err(error) = written {
                state.fault.get_or_insert((self.root.clone(), error));
            }
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
    }

    fn fit_end(&self, fit: &FitInfo, end: &FitEnd<'_>) {
        self.with(fit, |file| {
            file.write(&summary_event(now(), 0, &hparams::session_end(end.failure.is_some(), now())))?;
            file.writer.flush()
        });
        self.state().files.remove(&fit.id);
    }
}

/// One event file.
#[derive(Debug)]
struct EventFile {
    path: PathBuf,
    writer: BufWriter<File>,
    /// The number of batches so far.
    batches: u64,
}

impl EventFile {
    /// Creates a file in `folder`; its name ends in the training's number, or in what it is of.
    fn create(folder: &Path, of: &str) -> io::Result<Self> {
        let seconds = now().trunc();
        // TensorBoard reads files that have `tfevents` in their names.
        let path = folder.join(format!("events.out.tfevents.{seconds}.dropgrid.{}.{of}", process::id()));
        let mut file = Self { writer: BufWriter::new(File::create_new(&path)?), path, batches: 0 };
        file.writer.write_all(&record(&version(now())))?;
        Ok(file)
    }

    /// Writes the hyperparameters of a training.
    fn begin(&mut self, fit: &FitInfo) -> io::Result<()> {
        // The folds of a candidate have one folder.
        let folder = folder::of(fit);
        let group = if fit.fold.is_some() { folder.parent() } else { Some(folder.as_path()) };
        let group = group.map(|group| group.to_string_lossy().into_owned()).unwrap_or_default();
        self.write(&summary_event(now(), 0, &hparams::session_start(fit, &group, now())))
    }

    /// Writes what the HParams dashboard compares.
    fn describe(&mut self, fit: &FitInfo) -> io::Result<()> {
        self.write(&summary_event(now(), 0, &hparams::experiment(fit, now())))?;
        self.writer.flush()
    }

    fn write(&mut self, event: &[u8]) -> io::Result<()> {
        self.writer.write_all(&record(event))
    }

    fn scalars(&mut self, step: u64, scalars: &[(impl AsRef<str>, f64)]) -> io::Result<()> {
        self.write(&event(now(), step, scalars))
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// The first event of a file: the version of the format.
fn version(time: f64) -> Vec<u8> {
    let mut event = Vec::new();
    double(&mut event, 1, time);
    bytes(&mut event, 3, b"brain.Event:2");
    event
}

/// An event with a summary of numbers.
fn event(time: f64, step: u64, scalars: &[(impl AsRef<str>, f64)]) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, number) in scalars {
        let mut value = Vec::new();
        bytes(&mut value, 1, tag.as_ref().as_bytes());
        // Field 2, four bytes: `simple_value`.
        value.push(2 << 3 | 5);
        value.extend_from_slice(&(*number as f32).to_le_bytes());
        bytes(&mut summary, 1, &value);
    }
    summary_event(time, step, &summary)
}

/// An event with a summary.
fn summary_event(time: f64, step: u64, summary: &[u8]) -> Vec<u8> {
    let mut event = Vec::new();
    double(&mut event, 1, time);
    // Field 2, a varint: `step`.
    event.push(2 << 3);
    varint(&mut event, step);
    bytes(&mut event, 5, summary);
    event
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_bytes_are_those_of_tensorboards_own_writer() {
        let golden = include_bytes!("../../../tests/golden/events.tfevents");
        let mut ours = record(&version(1_700_000_000.5));
        for step in [1, 2, 200, 70_000] {
            let scalars =
                [("train/loss", 1.0 / step as f64), ("train/learning_rate", 1e-3), ("validation/loss", f64::NAN)];
            ours.extend(record(&event(1_700_000_000.5 + step as f64, step, &scalars)));
        }
        assert!(ours == golden, "{ours:?}");
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
