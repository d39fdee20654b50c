//! A summary of the predictions for the rows that a fold scores, for pictures: mostly a few hundred bytes, of ten
//! classes one or two thousand.

mod bytes;
mod counts;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::{Reader, Writer};
pub(crate) use counts::{CURVES, Counts};
use serde::{Deserialize, Serialize};

use super::packed::{bytes_of_text, text_of_bytes};
use crate::data::Truth;

/// The most pairs of a true and a predicted number that a fold keeps, evenly over its rows.
const PAIRS: usize = 64;

/// A summary of the predictions for the rows that a fold scores, for pictures, as text.
///
/// Of classes it has the counts of true and predicted ones (where there are at most 40 classes), ten bins of
/// calibration, and of at most 20 classes the rows of each and all others by 128 bins of its probability. Of numbers it has at
/// most 64 rows, evenly over all of the fold: the first target and its prediction, in single precision.
///
/// Of 100,000 rows it is shorter than 700 letters for numbers, 1,200 for two classes, and 6,000 for forty. Of ten it
/// mostly has fewer than 3,000, and never more than 9,000; of twenty twice as many. More rows make counts longer, not more. It is a function of the predictions alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Outcomes(Arc<str>);

/// The counts or pairs that [`Outcomes`] summarize.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum OutcomeSummary {
    /// Counts of rows by class.
    Classes(Box<Counts>),
    /// Pairs of a true and a predicted number, and the number of rows of which they are a sample.
    Numbers { rows: usize, pairs: Vec<(f64, f64)> },
}

const CLASSES: u8 = 1;
const NUMBERS: u8 = 2;

impl Outcomes {
    /// Of `outputs`, row-major, for rows of that `truth`; `width` is the number of classes. Above the probability
    /// `threshold` class 1 of two is predicted. `None` where the truth is neither classes nor numbers.
    pub(crate) fn of<K: Truth>(truth: &[K::Item], outputs: &[f64], width: usize, threshold: f64) -> Option<Self> {
        let mut to = Writer::default();
        if let Some(labels) = K::labels(truth) {
            to.byte(CLASSES);
            Counts::of(labels, outputs, width, threshold).write(&mut to);
        } else {
            let numbers = K::numbers(truth)?;
            let rows = numbers.len() / width.max(1);
            to.byte(NUMBERS);
            to.count(rows as u64);
            let firsts = numbers.iter().zip(outputs).step_by(width.max(1));
            for (truth, predicted) in firsts.step_by(rows.div_ceil(PAIRS).max(1)) {
                to.single(*truth);
                to.single(*predicted);
            }
        }
        Some(Self(text_of_bytes(&to.bytes).into()))
    }

    /// The counts or pairs; `None` where the text is not of this release.
    pub(crate) fn read(&self) -> Option<OutcomeSummary> {
        let bytes = bytes_of_text(&self.0)?;
        let mut from = Reader::new(&bytes);
        let told = match from.byte()? {
            CLASSES => OutcomeSummary::Classes(Box::new(Counts::read(&mut from)?)),
            NUMBERS => {
                let rows = usize::try_from(from.count()?).ok()?;
                let mut pairs = Vec::new();
                while !from.is_empty() {
                    pairs.push((from.single()?, from.single()?));
                }
                OutcomeSummary::Numbers { rows, pairs }
            }
            _ => return None,
        };
        from.is_empty().then_some(told)
    }
}

impl From<String> for Outcomes {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Outcomes> for String {
    fn from(outcomes: Outcomes) -> Self {
        (*outcomes.0).to_owned()
    }
}
