//! A confusion matrix around each of its entries: what correlations and agreements beyond chance are made of.
//!
//! Both compare products of sums that are nearly equal where weights are uneven. Written with what is left of the sums
//! without the entry, they are differences of products that are no larger than what they are divided by.

use super::{ConfusionMatrix, sum::sums_without_each};

/// The weight of the rows by whether they are of one class and whether they are predicted as one class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quarter {
    /// Of the class and predicted as the other.
    pub(super) both: f64,
    /// Of the class, and not predicted as the other.
    pub(super) only_true: f64,
    /// Predicted as the other, and not of the class.
    pub(super) only_predicted: f64,
    pub(super) neither: f64,
}

impl Quarter {
    /// `n both - true predicted` with the sums `true = both + only_true`, `predicted = both + only_predicted` and `n` of
    /// all four: how much more often the two go together than by chance.
    pub(super) fn beyond_chance(self) -> f64 {
        self.both * self.neither - self.only_true * self.only_predicted
    }
}

/// The quarters around every entry of a confusion matrix.
pub(super) struct Quarters<'a> {
    matrix: &'a ConfusionMatrix,
    /// Row-major, as the entries: the row without the entry.
    only_true: Vec<f64>,
    /// By columns: the column without the entry.
    only_predicted: Vec<f64>,
    /// By columns: the matrix without the row and the column.
    neither: Vec<f64>,
}

impl<'a> Quarters<'a> {
    pub(super) fn of(matrix: &'a ConfusionMatrix) -> Self {
        let classes = matrix.classes();
        let only_true: Vec<f64> = (0..classes).flat_map(|truth| sums_without_each(matrix.row(truth))).collect();
        let column = |of: &dyn Fn(usize, usize) -> f64, predicted: usize| {
            sums_without_each(&(0..classes).map(|truth| of(truth, predicted)).collect::<Vec<_>>())
        };
        let entries = |truth: usize, predicted: usize| matrix.get(truth, predicted);
        let rests = |truth: usize, predicted: usize| only_true[truth * classes + predicted];
        let only_predicted = (0..classes).flat_map(|predicted| column(&entries, predicted)).collect();
        let neither = (0..classes).flat_map(|predicted| column(&rests, predicted)).collect();
        Self { matrix, only_true, only_predicted, neither }
    }

    pub(super) fn around(&self, truth: usize, predicted: usize) -> Quarter {
        let classes = self.matrix.classes();
        let (by_row, by_column) = (truth * classes + predicted, predicted * classes + truth);
        Quarter {
            both: self.matrix.get(truth, predicted),
            only_true: self.only_true[by_row],
            only_predicted: self.only_predicted[by_column],
            neither: self.neither[by_column],
        }
    }
}
