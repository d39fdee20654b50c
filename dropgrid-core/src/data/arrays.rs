//! Data from and to `ndarray`, under the feature of that name.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::{Features, Regression};
use crate::error::{Error, Result};

/// One row a sample, one column a feature, in any memory layout.
///
/// # Errors
/// [`DataError::EmptyData`](crate::error::DataError::EmptyData),
/// [`DataError::NoFeatures`](crate::error::DataError::NoFeatures),
/// [`DataError::NotFinite`](crate::error::DataError::NotFinite).
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Features;
/// let matrix = ndarray::array![[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]];
/// let features = Features::try_from(matrix.view())?;
/// assert_eq!((features.len(), features.width(), features.row(1)), (3, 2, [2.0, 3.0].as_slice()));
/// assert_eq!(features.to_array(), matrix);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
impl TryFrom<ArrayView2<'_, f32>> for Features {
    type Error = Error;

    fn try_from(matrix: ArrayView2<'_, f32>) -> Result<Self> {
        Self::from_flat(matrix.iter().copied().collect(), matrix.ncols())
    }
}

impl Features {
    /// A copy as a matrix: one row a sample.
    ///
    /// Under the feature `ndarray`.
    pub fn to_array(&self) -> Array2<f32> {
        Array2::from_shape_fn((self.len(), self.width()), |(row, column)| self.row(row)[column])
    }
}

/// One number a sample.
///
/// # Errors
/// [`DataError::EmptyData`](crate::error::DataError::EmptyData),
/// [`DataError::NotFinite`](crate::error::DataError::NotFinite).
impl TryFrom<ArrayView1<'_, f64>> for Regression<1> {
    type Error = Error;

    fn try_from(values: ArrayView1<'_, f64>) -> Result<Self> {
        Self::of(values.iter().copied())
    }
}

/// One row a sample, of `M` numbers.
///
/// # Errors
/// [`DataError::EmptyData`](crate::error::DataError::EmptyData),
/// [`DataError::NotFinite`](crate::error::DataError::NotFinite); [`Error::Setting`] where there are not `M` columns.
impl<const M: usize> TryFrom<ArrayView2<'_, f64>> for Regression<M> {
    type Error = Error;

    fn try_from(matrix: ArrayView2<'_, f64>) -> Result<Self> {
        if matrix.ncols() != M {
            let expected = "one column a number to predict";
            return Err(Error::Setting {
                setting: "the width of the targets",
                value: matrix.ncols().to_string(),
                expected,
            });
        }
        Self::new(matrix.rows().into_iter().map(|row| std::array::from_fn(|at| row[at])))
    }
}
