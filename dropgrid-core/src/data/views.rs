//! The rows of a fold by their use: to train on, to validate on and to score, each as a type of its own.

use super::{Dataset, Target};

/// The rows of a fold that a candidate trains on.
///
/// Only training takes it, and only the engine makes it.
#[derive(Debug)]
pub struct Fit<'a, T> {
    data: &'a Dataset<T>,
    rows: &'a [usize],
}

/// The validation rows of a fold: early stopping and schedules look at them, and nothing trains on them.
///
/// They are taken out of the fold's training part, so a decision made on them has not seen a scored row. They are the
/// same for every candidate of a fold. A recipe without early stopping or a plateau schedule has none.
#[derive(Debug)]
pub struct Validation<'a, T> {
    data: &'a Dataset<T>,
    rows: &'a [usize],
}

/// The rows of a fold that only scorers may look at.
///
/// No training function, scaler or early stopper accepts it, so a leak from it does not compile.
#[derive(Debug)]
pub struct Score<'a, T> {
    data: &'a Dataset<T>,
    rows: &'a [usize],
}

macro_rules! view {
    ($view:ident) => {
        impl<'a, T: Target> $view<'a, T> {
            pub(crate) fn new(data: &'a Dataset<T>, rows: &'a [usize]) -> Self {
                Self { data, rows }
            }

            /// Number of rows.
            #[allow(clippy::len_without_is_empty, reason = "splitters refuse empty parts")]
            pub fn len(&self) -> usize {
                self.rows.len()
            }

            /// The rows, as positions in the dataset.
            pub fn rows(&self) -> &'a [usize] {
                self.rows
            }

            pub(crate) fn data(&self) -> &'a Dataset<T> {
                self.data
            }
        }
    };
}

view!(Fit);
view!(Validation);
view!(Score);
