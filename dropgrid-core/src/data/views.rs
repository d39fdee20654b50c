//! What a fold hands out: rows to train on, rows to watch meanwhile, and rows to score on, as different types.

use super::{Dataset, Target};

/// The rows of a fold that a candidate trains on.
///
/// Only training takes it, and only the engine makes it.
#[derive(Debug)]
pub struct Fit<'a, T> {
    data: &'a Dataset<T>,
    rows: &'a [usize],
}

/// The rows of a fold that a training watches: early stopping and schedules look at them, and nothing trains on them.
///
/// They are taken out of the fold's training part, where a recipe has something to watch, so what is decided on them has
/// not seen a scored row. The same rows are watched for every candidate of a fold.
#[derive(Debug)]
pub struct Stop<'a, T> {
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
view!(Stop);
view!(Score);
