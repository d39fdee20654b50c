//! Predictions and truth, as a metric sees them.

mod flags;
mod labels;
mod values;

use std::{borrow::Cow, cell::OnceCell};

use super::{Needs, scale};
use crate::{
    data::{self, Truth},
    error::{DataError, Error, Result, ScoringError},
};

/// The truth of some rows and their predictions, with a weight for each row where there are weights.
///
/// A search makes it of an evaluation pass only; no training pass can become one. By hand it is made of slices, with
/// the constructor that says what there is: of class labels [`labels`](Self::labels), [`classes`](Self::classes),
/// [`class_scores`](Self::class_scores), [`binary`](Self::binary) and [`binary_scores`](Self::binary_scores); of flags
/// [`flags`](Self::flags), [`flag_probabilities`](Self::flag_probabilities) and [`flag_scores`](Self::flag_scores); of
/// numbers [`values`](Self::values).
#[derive(Debug, Clone)]
pub struct Scored<'a, K: Truth> {
    truth: &'a [K::Item],
    width: usize,
    rows: usize,
    given: Needs,
    /// Decisions where they are given; else what the probabilities decide, computed once for all metrics.
    decided: OnceCell<Cow<'a, [K::Item]>>,
    /// Probabilities or scores, row-major; empty where only decisions are given.
    outputs: &'a [f64],
    /// The probability above which class 1 of two, or a flag, is decided for.
    threshold: f64,
    weights: Option<&'a [f64]>,
    /// The weights on a scale that sums and products can bear, where theirs is not.
    rescaled: Option<Vec<f64>>,
}

impl<'a, K: Truth> Scored<'a, K> {
    fn of_decisions(truth: &'a [K::Item], rows: usize, width: usize, given: Needs, decided: &'a [K::Item]) -> Self {
        Self {
            truth,
            width,
            rows,
            given,
            decided: Cow::Borrowed(decided).into(),
            outputs: &[],
            threshold: 0.5,
            weights: None,
            rescaled: None,
        }
    }

    fn of_outputs(truth: &'a [K::Item], rows: usize, width: usize, given: Needs, outputs: &'a [f64]) -> Self {
        let decided = OnceCell::new();
        Self { truth, width, rows, given, decided, outputs, threshold: 0.5, weights: None, rescaled: None }
    }

    /// The kind of the predictions.
    pub fn given(&self) -> Needs {
        self.given
    }

    /// The same with another probability than one half, in [0, 1), above which class 1 of [two](Self::binary) or a
    /// [flag](Self::flag_probabilities) is predicted. What decides otherwise, the most probable of several classes or
    /// what is given as decided, it does not change.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::metric::{Accuracy, Metric, Scored};
    /// let scored = Scored::binary(&[0, 1, 1], &[0.1, 0.3, 0.9])?;
    /// assert_eq!(Accuracy.score(&scored)?.value, 2.0 / 3.0);
    /// assert_eq!(Accuracy.score(&scored.above(0.2))?.value, 1.0);
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn above(self, threshold: f64) -> Self {
        let decided =
            if self.outputs.is_empty() || self.given == Needs::Values { self.decided } else { OnceCell::new() };
        Self { decided, threshold, ..self }
    }

    /// The same with a weight for each row: the number of rows that it counts as.
    ///
    /// A row of weight 0 counts in nothing but in which classes there are: as in scikit-learn, a class whose every row
    /// has weight 0 is still one of the classes that a macro average is over.
    ///
    /// Only the ratios of weights count in a score, so their scale does not matter: weights of 1e-300 or 1e300 give
    /// what those of 1 give.
    ///
    /// # Errors
    /// [`SplitError::RowsMismatch`](crate::error::SplitError::RowsMismatch); [`ScoringError::Weight`] for a weight that
    /// is negative or not finite; [`ScoringError::ZeroWeights`].
    pub fn weighted(self, weights: &'a [f64]) -> Result<Self> {
        data::check_weights(weights, self.rows)?;
        Ok(Self { weights: Some(weights), rescaled: scale::rescaled(weights), ..self })
    }

    /// Number of rows.
    #[allow(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Number of classes, flags or outputs.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The truth, row-major: one class a row, or a flag or value for each of [`width`](Self::width).
    pub fn truth(&self) -> &'a [K::Item] {
        self.truth
    }

    /// The weight of each row as it was given, where there are weights.
    pub fn weights(&self) -> Option<&'a [f64]> {
        self.weights
    }

    /// The weights that a metric computes with: those given, but for a power of two where sums or products of them
    /// would leave the range of `f64`.
    pub(super) fn relative_weights(&self) -> Option<&[f64]> {
        self.rescaled.as_deref().or(self.weights)
    }

    /// The [relative weight](Self::relative_weights) of one row; 1 where there are no weights.
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.relative_weights().map_or(1.0, |weights| weights[row])
    }

    /// A score for each row and class or flag; probabilities are scores.
    ///
    /// # Errors
    /// [`ScoringError::Needs`] where there are decisions only.
    pub fn scores(&self) -> Result<Outputs<'a>> {
        match self.given {
            Needs::Probabilities => self.probabilities(),
            Needs::Scores => Ok(self.table(|score| -score)),
            Needs::Labels | Needs::Values => Err(self.lacks(Needs::Scores)),
        }
    }

    /// A probability for each row and class or flag.
    ///
    /// # Errors
    /// [`ScoringError::Needs`] where there are none.
    pub fn probabilities(&self) -> Result<Outputs<'a>> {
        match self.given {
            Needs::Probabilities => Ok(self.table(|probability| 1.0 - probability)),
            Needs::Labels | Needs::Scores | Needs::Values => Err(self.lacks(Needs::Probabilities)),
        }
    }

    fn table(&self, opposite: fn(f64) -> f64) -> Outputs<'a> {
        Outputs { values: self.outputs, columns: self.outputs.len() / self.rows, width: self.width, opposite }
    }

    fn lacks(&self, needs: Needs) -> Error {
        ScoringError::Needs { metric: "this".to_owned(), needs: needs.name(), given: self.given.name() }.into()
    }
}

/// One number for each row and class or flag.
#[derive(Debug, Clone, Copy)]
pub struct Outputs<'a> {
    values: &'a [f64],
    columns: usize,
    width: usize,
    opposite: fn(f64) -> f64,
}

impl<'a> Outputs<'a> {
    /// The number of a row for a class or flag. Where only the positive one of two classes is given, the other's
    /// probability is what is left to 1, and its score the negative.
    ///
    /// # Panics
    /// Where there is no such row or class, as indexing a slice does.
    #[inline]
    pub fn get(&self, row: usize, class: usize) -> f64 {
        let value = |column: usize| self.values[row * self.columns + column];
        match (self.columns == self.width, class) {
            (true, class) => value(class),
            (false, 1) => value(0),
            (false, _) => (self.opposite)(value(0)),
        }
    }

    /// All numbers as they are given, row-major.
    pub fn as_slice(&self) -> &'a [f64] {
        self.values
    }

    /// True where only the positive one of two classes is given.
    pub(super) fn one_sided(&self) -> bool {
        self.columns < self.width
    }

    /// The first row whose sum over the classes is not within `tolerance` of 1, from 0, and the sum.
    pub(super) fn bad_sum(&self, tolerance: f64) -> Option<(usize, f64)> {
        if self.columns < self.width {
            return None;
        }
        let sums = self.values.chunks_exact(self.columns).map(|row| row.iter().sum::<f64>());
        sums.enumerate().find(|(_, sum)| (sum - 1.0).abs() > tolerance)
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

/// Checks that there are `width` of `found` things for each of `rows` rows.
fn check_length(what: &'static str, found: usize, rows: usize, width: usize) -> Result<()> {
    if found == rows * width {
        return Ok(());
    }
    Err(ScoringError::Length { what, found, rows, width }.into())
}

fn check_probabilities(values: &[f64], width: usize) -> Result<()> {
    match values.iter().position(|value| !(0.0..=1.0).contains(value)) {
        None => Ok(()),
        Some(at) => {
            Err(ScoringError::Probability { row: at / width + 1, column: at % width, value: values[at] }.into())
        }
    }
}

fn check_finite(what: &'static str, values: &[f64], width: usize) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => {
            Err(ScoringError::NotFinite { what, row: at / width + 1, column: at % width, value: values[at] }.into())
        }
    }
}

/// The number of rows of a truth with `width` items a row.
fn rows_of(what: &'static str, found: usize, width: usize) -> Result<usize> {
    if found == 0 {
        return Err(Error::Data(DataError::EmptyData));
    }
    if width == 0 || !found.is_multiple_of(width) {
        return Err(ScoringError::Truth { what, found, width }.into());
    }
    Ok(found / width)
}
