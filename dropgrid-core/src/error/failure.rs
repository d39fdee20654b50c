//! Failures of single fits.

use std::{collections::HashMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{ScoringError, bits, worded::worded};
use crate::escape::{escaped, joined};

worded! {
/// The reason why one fit failed. The search records it and goes on.
#[derive(Clone, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Failure {
    /// A layer, a metric or the training itself panicked.
    #[error("panicked: {message}", message = escaped(message))]
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
        #[serde(with = "bits")]
        loss: f32,
    },
    /// The trained network gave NaN or an infinity for a scored row.
    #[error("diverged: the trained network gives {value} for row {row}")]
    NonFiniteOutput {
        /// Row of the scored data, from 0.
        row: usize,
        /// The output.
        #[serde(with = "bits")]
        value: f32,
    },
    /// The trained network holds NaN or an infinity where its passes with dropout on were asked for.
    #[error("diverged: `{tensor}` of the trained network holds {value}", tensor = escaped(tensor))]
    NonFiniteWeights {
        /// The tensor.
        tensor: String,
        /// The first number of it that is none.
        #[serde(with = "bits")]
        value: f32,
    },
    /// A metric gave no finite number.
    #[error("{metric} is {value}", metric = escaped(metric))]
    NonFiniteScore {
        /// The metric.
        metric: String,
        /// Its value.
        #[serde(with = "bits")]
        value: f64,
    },
    /// A tensor could not be allocated or computed.
    #[error("the device failed: {message}", message = escaped(message))]
    Device {
        /// The message of the device.
        message: String,
    },
    /// The fit took longer than it may.
    #[error("took longer than the {limit:?} of `fit_time_limit`: it was in epoch {epoch}, batch {batch}")]
    TimedOut {
        /// The time that a fit may take.
        limit: Duration,
        /// Epoch, the first is 1.
        epoch: usize,
        /// Batch of the epoch, the first is 1.
        batch: usize,
    },
    /// The search was asked to stop, and the time for what was in flight was over. Such a fit counts as not begun, and
    /// no report has it.
    #[error("interrupted")]
    Interrupted,
    /// Several processes died by themselves while they ran the fit: by an abort, a stack that overflowed, or memory
    /// that was not there. The fit is not tried again, unless the study is [told
    /// to](crate::study::Study::retry_failed).
    #[error("ended its process {crashes} times (`Study::at(...).retry_failed()` runs it again)")]
    Killed {
        /// The number of processes that died.
        crashes: u32,
    },
    /// The predictions are outside what a metric can score.
    #[error(transparent)]
    Scoring(#[from] #[serde(with = "recorded")] ScoringError),
    /// Dropout cannot be sampled, because a training pass of the network does more than drop.
    #[error(
        "a training pass of this network does more than drop: {} are statistics that it replaces, as a batch normalisation \
         does, so dropout cannot be sampled by itself",
        joined(tensors, ", ")
    )]
    NotDropoutAlone {
        /// The tensors that are statistics.
        tensors: Vec<String>,
    },
    /// Training never reaches some trainable tensors, as where a layer of your own computes with its parameters beside
    /// the batch's tape, so no step changes them.
    #[error(
        "training never reaches {}: the layer computes with them beside the batch's tape, so no step changes them. Take the \
         tape along (`retaped`), or say by `TensorOptions::detached` that they are not trained",
        tensors.iter().map(|name| format!("`{}`", escaped(name))).collect::<Vec<_>>().join(", ")
    )]
    Untrained {
        /// The tensors.
        tensors: Vec<String>,
    },
    /// The candidate could not be built.
    #[error("{message}", message = escaped(message))]
    Build {
        /// The error of the builder.
        message: String,
    },
}
}

impl From<dropgrid_kernel::OutOfMemory> for Failure {
    fn from(error: dropgrid_kernel::OutOfMemory) -> Self {
        Self::Device { message: error.to_string() }
    }
}

/// A scoring error is recorded by its message.
mod recorded {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::ScoringError;

    pub(super) fn serialize<S: Serializer>(error: &ScoringError, serializer: S) -> Result<S::Ok, S::Error> {
        match error {
            ScoringError::Recorded { message } => serializer.serialize_str(message),
            error => serializer.serialize_str(&error.to_string()),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ScoringError, D::Error> {
        String::deserialize(deserializer).map(|message| ScoringError::Recorded { message })
    }
}

/// Failures or warnings grouped by their message, most frequent first: ``3 x diverged: …; 1 x panicked: …``, in one
/// line without what a terminal obeys.
pub fn group<'a>(failures: impl IntoIterator<Item = &'a (impl fmt::Display + 'a)>) -> String {
    let (mut counts, mut places): (Vec<(String, usize)>, HashMap<String, usize>) = Default::default();
    for failure in failures {
        let message = escaped(&failure.to_string()).into_owned();
        match places.get(&message) {
            Some(&place) => counts[place].1 += 1,
            None => {
                places.insert(message.clone(), counts.len());
                counts.push((message, 1));
            }
        }
    }
    most_frequent_first(counts)
}

/// The messages with their counts. It is not generic: a sort is much to compile for each type of iterator.
fn most_frequent_first(mut counts: Vec<(String, usize)>) -> String {
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let lines: Vec<String> = counts.iter().map(|(message, count)| format!("{count} x {message}")).collect();
    lines.join("; ")
}
