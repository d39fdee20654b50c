//! What a metric sees.

use std::marker::PhantomData;

use crate::{
    data::{Labels, Truth},
    error::{Error, Result},
};

/// The truth of some rows and what a network predicts for them.
///
/// The engine makes it of an evaluation pass only; no training pass can become one.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a, K> {
    truth: &'a [usize],
    probabilities: &'a [f64],
    classes: usize,
    kind: PhantomData<K>,
}

impl<K: Truth> Scored<'_, K> {
    /// Number of rows.
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.truth.len()
    }
}

impl<'a> Scored<'a, Labels> {
    /// The classes `truth` of some rows and their predicted `probabilities`, row-major, `classes` a row.
    ///
    /// # Errors
    /// [`Error::EmptyData`]; [`Error::LengthMismatch`] where there are not `classes` probabilities for each row;
    /// [`Error::LabelOutOfRange`].
    pub fn classes(truth: &'a [usize], probabilities: &'a [f64], classes: usize) -> Result<Self> {
        if truth.is_empty() {
            return Err(Error::EmptyData);
        }
        if probabilities.len() != truth.len() * classes {
            let features = probabilities.len() / classes.max(1);
            return Err(Error::LengthMismatch { features, targets: truth.len() });
        }
        if let Some(row) = truth.iter().position(|&label| label >= classes) {
            return Err(Error::LabelOutOfRange {
                row: row + 1,
                column: "truth".to_owned(),
                value: truth[row].to_string(),
                classes,
            });
        }
        Ok(Self { truth, probabilities, classes, kind: PhantomData })
    }

    /// The true class of each row.
    pub fn truth(&self) -> &'a [usize] {
        self.truth
    }

    /// Each row's probabilities, one a class.
    pub fn probabilities(&self) -> impl ExactSizeIterator<Item = &'a [f64]> {
        self.probabilities.chunks_exact(self.classes)
    }

    /// Each row's most probable class; the lowest of equals.
    pub fn predicted(&self) -> impl ExactSizeIterator<Item = usize> {
        self.probabilities().map(argmax)
    }
}

/// The position of the largest value; the first of equals.
pub(crate) fn argmax(values: &[f64]) -> usize {
    let mut best = 0;
    for (position, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = position;
        }
    }
    best
}
