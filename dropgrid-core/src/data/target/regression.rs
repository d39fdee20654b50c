//! Numbers.

use std::sync::Arc;

use super::{Target, Values};
use crate::error::{DataError, Error, Result};

/// Each sample has `M` numbers to predict.
///
/// The network has `M` outputs, the numbers themselves. Metrics see the truth in `f64`, training in `f32`.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Regression;
/// let heights = Regression::of([1.81, 1.68])?;
/// let places = Regression::new([[52.5, 13.4], [48.9, 2.4]])?;
/// assert_eq!((heights.row(1), places.row(1)), ([1.68].as_slice(), [48.9, 2.4].as_slice()));
/// let error = Regression::of([1.0, f64::NAN]).unwrap_err();
/// assert_eq!(error.to_string(), "row 2, column `target 0`: NaN is not finite");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Regression<const M: usize> {
    values: Arc<[f64]>,
}

impl Regression<1> {
    /// Targets from one number a sample.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::NotFinite`].
    pub fn of(values: impl IntoIterator<Item = f64>) -> Result<Self> {
        Self::new(values.into_iter().map(|value| [value]))
    }
}

impl<const M: usize> Regression<M> {
    /// Targets from the numbers of each sample.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::NotFinite`], also for a number that has no place in an `f32`.
    pub fn new(rows: impl IntoIterator<Item = [f64; M]>) -> Result<Self> {
        Self::in_named_columns(rows.into_iter().flatten().collect(), |column| format!("target {column}"))
    }

    pub(in crate::data) fn in_named_columns(values: Vec<f64>, name: impl Fn(usize) -> String) -> Result<Self> {
        const { assert!(M >= 1, "a regression needs at least 1 number a sample") };
        if values.is_empty() {
            return Err(Error::Data(DataError::EmptyData));
        }
        match values.iter().position(|&value| !(value as f32).is_finite()) {
            None => Ok(Self { values: values.into() }),
            Some(at) => {
                Err(Error::Data(DataError::NotFinite { row: at / M + 1, column: name(at % M), value: values[at] }))
            }
        }
    }

    /// All numbers, row-major.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The numbers of one sample.
    ///
    /// # Panics
    /// Where `row` is not below the number of samples, as indexing a slice does.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * M..][..M]
    }
}

impl<const M: usize> Target for Regression<M> {
    type Kind = Values;
    const NAME: &'static str = "regression";
    const NAMED: Option<usize> = Some(0);

    fn samples(&self) -> usize {
        self.values.len() / M
    }

    fn width(&self) -> usize {
        M
    }

    fn strata(&self) -> Option<&[usize]> {
        None
    }

    fn truth(&self, rows: &[usize]) -> Vec<f64> {
        super::gather(&self.values, M, rows)
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self { values: self.truth(rows).into() }
    }
}
