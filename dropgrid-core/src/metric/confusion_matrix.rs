//! The confusion matrix.

use std::fmt;

use super::{
    Scored, scale,
    sum::{Sum, sum},
};
use crate::{data::Labels, error::Result};

/// The number of rows of each class that are predicted as each class.
///
/// Entry (i, j) is the weight of the rows of class i that are predicted as class j, with a row and a column for every
/// class that there can be: scikit-learn's
/// [`confusion_matrix`](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.confusion_matrix.html) with
/// `labels=range(classes)`.
///
/// # Examples
/// ```
/// # use dropgrid_core::metric::{ConfusionMatrix, Normalize, Scored};
/// let matrix = ConfusionMatrix::of(&Scored::labels(&[0, 0, 1, 1], &[0, 1, 1, 1], 2)?)?;
/// assert_eq!((matrix.row(0), matrix.row(1)), ([1.0, 1.0].as_slice(), [0.0, 2.0].as_slice()));
/// assert_eq!(matrix.normalized(Normalize::True).row(0), [0.5, 0.5]);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionMatrix {
    entries: Vec<f64>,
    classes: usize,
}

/// The divisor of the entries of a confusion matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Normalize {
    /// The rows of the true class: each row sums to 1.
    True,
    /// The rows of the predicted class: each column sums to 1.
    Predicted,
    /// All rows: the matrix sums to 1.
    All,
}

impl ConfusionMatrix {
    /// The matrix of predictions.
    ///
    /// # Errors
    /// [`ScoringError::Needs`](crate::error::ScoringError::Needs) where there are only scores.
    pub fn of(scored: &Scored<'_, Labels>) -> Result<Self> {
        Self::weighted(scored, scored.weights())
    }

    /// The matrix on the scale of the relative weights, for what only asks how its entries compare.
    pub(super) fn relative(scored: &Scored<'_, Labels>) -> Result<Self> {
        Self::weighted(scored, scored.relative_weights())
    }

    fn weighted(scored: &Scored<'_, Labels>, weights: Option<&[f64]>) -> Result<Self> {
        let classes = scored.width();
        let mut sums = vec![Sum::default(); classes * classes];
        for (row, (truth, predicted)) in scored.truth().iter().zip(scored.predicted()?).enumerate() {
            sums[truth * classes + predicted].add(weights.map_or(1.0, |weights| weights[row]));
        }
        Ok(Self { entries: sums.into_iter().map(Sum::value).collect(), classes })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The entries of a true class.
    ///
    /// # Panics
    /// Where there is no such class, as indexing a slice does.
    pub fn row(&self, truth: usize) -> &[f64] {
        &self.entries[truth * self.classes..][..self.classes]
    }

    /// One entry.
    ///
    /// # Panics
    /// Where there is no such class, as indexing a slice does.
    pub fn get(&self, truth: usize, predicted: usize) -> f64 {
        self.row(truth)[predicted]
    }

    /// The matrix as shares; 0 where nothing is there to divide by, as in scikit-learn.
    #[must_use]
    pub fn normalized(&self, by: Normalize) -> Self {
        // Sums of entries near the end of the range are beyond it.
        let scaled = scale::rescaled(&self.entries).map(|entries| Self { entries, classes: self.classes });
        if let Some(scaled) = scaled {
            return scaled.shares(by);
        }
        self.shares(by)
    }

    fn shares(&self, by: Normalize) -> Self {
        let (truths, predictions) = (self.true_sums(), self.predicted_sums());
        let all = sum(self.entries.iter().copied());
        let share = |(at, entry): (usize, &f64)| {
            let whole = match by {
                Normalize::True => truths[at / self.classes],
                Normalize::Predicted => predictions[at % self.classes],
                Normalize::All => all,
            };
            if whole > 0.0 { entry / whole } else { 0.0 }
        };
        Self { entries: self.entries.iter().enumerate().map(share).collect(), classes: self.classes }
    }

    /// True where every row of any weight is predicted right.
    pub(super) fn is_diagonal(&self) -> bool {
        let wrong = |at: usize| at / self.classes != at % self.classes;
        self.entries.iter().enumerate().all(|(at, &entry)| entry == 0.0 || !wrong(at))
    }

    /// The weight of each true class.
    pub(super) fn true_sums(&self) -> Vec<f64> {
        (0..self.classes).map(|class| sum(self.row(class).iter().copied())).collect()
    }

    /// The weight of each predicted class.
    pub(super) fn predicted_sums(&self) -> Vec<f64> {
        (0..self.classes).map(|class| sum((0..self.classes).map(|truth| self.get(truth, class)))).collect()
    }
}

/// Rows of true classes, columns of predicted ones; weights and shares with as many digits as it takes.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let classes = self.classes();
        let text = |value: f64| if value.fract() == 0.0 { format!("{value}") } else { format!("{value:.4}") };
        let cells = (0..classes).flat_map(|truth| self.row(truth).iter().map(|&value| text(value)));
        let cells: Vec<String> = cells.collect();
        let width = cells.iter().map(String::len).max().unwrap_or(0).max(classes.to_string().len()).max(4);
        write!(f, "true \\ predicted")?;
        for class in 0..classes {
            write!(f, " {class:>width$}")?;
        }
        for (truth, row) in cells.chunks(classes).enumerate() {
            write!(f, "\n{truth:>16}")?;
            for cell in row {
                write!(f, " {cell:>width$}")?;
            }
        }
        Ok(())
    }
}
