//! Two-by-two contingency tables of a confusion matrix, of which correlations and agreements beyond chance are made.
//!
//! Both compare products of sums that are nearly equal where weights are uneven. By the rests of the sums without the
//! entry, they are differences of products that are no larger than their divisors.

use super::{ConfusionMatrix, sum::sums_without_each};

/// The weights of rows that are of one class or of another, and are predicted as one class or as another.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContingencyTable {
    /// Rows of the class that are predicted as the other.
    pub(super) both: f64,
    /// Rows of the class that are not predicted as the other.
    pub(super) only_true: f64,
    /// Rows that are predicted as the other and are not of the class.
    pub(super) only_predicted: f64,
    pub(super) neither: f64,
}

impl ContingencyTable {
    /// `n both - true predicted` with the sums `true = both + only_true`, `predicted = both + only_predicted` and `n`
    /// of all four: the excess of their coincidence over that of chance.
    pub(super) fn beyond_chance(self) -> f64 {
        self.both * self.neither - self.only_true * self.only_predicted
    }
}

/// The contingency table around every entry of a confusion matrix.
pub(super) struct ContingencyTables<'a> {
    matrix: &'a ConfusionMatrix,
    /// The sum of the row without the entry, row-major as the entries.
    only_true: Vec<f64>,
    /// The sum of the column without the entry, column-major.
    only_predicted: Vec<f64>,
    /// The sum of the matrix without the row and the column, column-major.
    neither: Vec<f64>,
}

impl<'a> ContingencyTables<'a> {
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

    pub(super) fn around(&self, truth: usize, predicted: usize) -> ContingencyTable {
        let classes = self.matrix.classes();
        let (by_row, by_column) = (truth * classes + predicted, predicted * classes + truth);
        ContingencyTable {
            both: self.matrix.get(truth, predicted),
            only_true: self.only_true[by_row],
            only_predicted: self.only_predicted[by_column],
            neither: self.neither[by_column],
        }
    }
}
