//! Event files and their events.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{
    hparams,
    wire::{bytes, double, record, varint},
};
use crate::hook::FitInfo;

/// One event file.
#[derive(Debug)]
pub(super) struct EventFile {
    pub(super) path: PathBuf,
    writer: BufWriter<File>,
    /// The number of batches so far.
    pub(super) batches: u64,
}

impl EventFile {
    /// Creates a file in `folder`; its name ends in the training's number, or in what it is of.
    pub(super) fn create(folder: &Path, of: &str) -> io::Result<Self> {
        let seconds = now().trunc();
        // TensorBoard reads files that have `tfevents` in their names.
        let path = folder.join(format!("events.out.tfevents.{seconds}.dropgrid.{}.{of}", process::id()));
        let mut file = Self { writer: BufWriter::new(File::create_new(&path)?), path, batches: 0 };
        file.writer.write_all(&record(&version(now())))?;
        Ok(file)
    }

    /// Writes the hyperparameters of a training of a group.
    pub(super) fn begin(&mut self, fit: &FitInfo, group: &str) -> io::Result<()> {
        self.write(&summary_event(now(), 0, &hparams::session_start(fit, group, now())))
    }

    /// Writes the end of a training.
    pub(super) fn end(&mut self, failed: bool) -> io::Result<()> {
        self.write(&summary_event(now(), 0, &hparams::session_end(failed, now())))?;
        self.writer.flush()
    }

    /// Writes what the HParams dashboard compares.
    pub(super) fn describe(&mut self, hyperparameters: &[hparams::Typed], fit: &FitInfo) -> io::Result<()> {
        self.write(&summary_event(now(), 0, &hparams::experiment(hyperparameters, fit, now())))?;
        self.writer.flush()
    }

    fn write(&mut self, event: &[u8]) -> io::Result<()> {
        self.writer.write_all(&record(event))
    }

    pub(super) fn scalars(&mut self, step: u64, scalars: &[(impl AsRef<str>, f64)]) -> io::Result<()> {
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
    use super::*;

    #[test]
    fn the_bytes_are_those_of_tensorboards_own_writer() {
        let golden = include_bytes!("../../../../tests/golden/events.tfevents");
        let mut ours = record(&version(1_700_000_000.5));
        for step in [1, 2, 200, 70_000] {
            let scalars =
                [("train/loss", 1.0 / step as f64), ("train/learning_rate", 1e-3), ("validation/loss", f64::NAN)];
            ours.extend(record(&event(1_700_000_000.5 + step as f64, step, &scalars)));
        }
        assert!(ours == golden, "{ours:?}");
    }
}
