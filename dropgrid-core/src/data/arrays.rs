//! Data from and to `ndarray`, under the feature of that name.

use ndarray::{Array2, ArrayView, ArrayView1, ArrayView2, Dimension};

use super::{Binary, Classes, Features, Label, MultiLabel, Regression};
use crate::error::{Error, Result};

/// The first axis counts samples, and the others are flattened in row-major order, in any memory layout: of a matrix, a
/// row is a sample and a column a feature; of a vector, each element is a sample of one feature.
///
/// # Errors
/// [`DataError::EmptyData`](crate::error::DataError::EmptyData),
/// [`DataError::NoFeatures`](crate::error::DataError::NoFeatures),
/// [`DataError::NotFinite`](crate::error::DataError::NotFinite); [`Error::Setting`] for an array without axes.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Features;
/// let matrix = ndarray::array![[0.0_f32, 1.0], [2.0, 3.0], [4.0, 5.0]];
/// let features = Features::try_from(matrix.view())?;
/// assert_eq!((features.len(), features.width(), features.row(1)), (3, 2, [2.0, 3.0].as_slice()));
/// assert_eq!(features.to_array(), matrix);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
impl<D: Dimension> TryFrom<ArrayView<'_, f32, D>> for Features {
    type Error = Error;

    fn try_from(array: ArrayView<'_, f32, D>) -> Result<Self> {
        Self::from_flat(array.iter().copied().collect(), width(array.shape())?)
    }
}

/// The same from double precision, as [`Features::from_f64_rows`] makes them of rows.
///
/// # Errors
/// Those of single precision; [`DataError::TooLarge`](crate::error::DataError::TooLarge) for a number beyond it.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::Features;
/// let features = Features::try_from(ndarray::array![[0.5, 1.7e9], [1.5, 1.7e9 + 60.0]].view())?;
/// assert_eq!(features.cell(1, 1) - features.cell(0, 1), 60.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
impl<D: Dimension> TryFrom<ArrayView<'_, f64, D>> for Features {
    type Error = Error;

    fn try_from(array: ArrayView<'_, f64, D>) -> Result<Self> {
        let cells: Vec<f64> = array.iter().copied().collect();
        Self::from_f64(&cells, width(array.shape())?, None)
    }
}

/// The features of a sample in an array of that shape.
fn width(shape: &[usize]) -> Result<usize> {
    let setting = || Error::Setting {
        setting: "the shape of the features",
        value: "()".to_owned(),
        expected: "a first axis that counts samples",
    };
    Ok(shape.split_first().ok_or_else(setting)?.1.iter().product())
}

impl Features {
    /// A copy as a matrix: one row a sample.
    ///
    /// Under the feature `ndarray`.
    pub fn to_array(&self) -> Array2<f32> {
        Array2::from_shape_fn((self.len(), self.width()), |(row, column)| self.row(row)[column])
    }
}

/// One class number a sample, of any type of integers.
///
/// # Errors
/// Those of [`Classes::new`].
impl<const N: usize, L: Label> TryFrom<ArrayView1<'_, L>> for Classes<N> {
    type Error = Error;

    fn try_from(labels: ArrayView1<'_, L>) -> Result<Self> {
        Self::new(labels.iter())
    }
}

/// One class number a sample, 0 or 1.
///
/// # Errors
/// Those of [`Binary::from_labels`].
impl<L: Label> TryFrom<ArrayView1<'_, L>> for Binary {
    type Error = Error;

    fn try_from(labels: ArrayView1<'_, L>) -> Result<Self> {
        Self::from_labels(labels.iter())
    }
}

/// One truth value a sample.
///
/// # Errors
/// Those of [`Binary::new`].
impl TryFrom<ArrayView1<'_, bool>> for Binary {
    type Error = Error;

    fn try_from(positive: ArrayView1<'_, bool>) -> Result<Self> {
        Self::new(positive.iter().copied())
    }
}

/// One row a sample, of `N` flags.
///
/// # Errors
/// Those of [`MultiLabel::new`]; [`Error::Setting`] where there are not `N` columns.
impl<const N: usize> TryFrom<ArrayView2<'_, bool>> for MultiLabel<N> {
    type Error = Error;

    fn try_from(flags: ArrayView2<'_, bool>) -> Result<Self> {
        columns(flags, N, "one column a flag")?;
        Self::new(flags.rows().into_iter().map(|row| std::array::from_fn(|at| row[at])))
    }
}

/// Checks the number of columns.
fn columns<T>(matrix: ArrayView2<'_, T>, columns: usize, expected: &'static str) -> Result<()> {
    if matrix.ncols() == columns {
        return Ok(());
    }
    Err(Error::Setting { setting: "the width of the targets", value: matrix.ncols().to_string(), expected })
}

macro_rules! numbers {
    ($number:ty) => {
        /// One number a sample.
        ///
        /// # Errors
        /// Those of [`Regression::of`].
        impl TryFrom<ArrayView1<'_, $number>> for Regression<1> {
            type Error = Error;

            fn try_from(values: ArrayView1<'_, $number>) -> Result<Self> {
                Self::of(values.iter().map(|&value| f64::from(value)))
            }
        }

        /// One row a sample, of `M` numbers.
        ///
        /// # Errors
        /// Those of [`Regression::new`]; [`Error::Setting`] where there are not `M` columns.
        impl<const M: usize> TryFrom<ArrayView2<'_, $number>> for Regression<M> {
            type Error = Error;

            fn try_from(matrix: ArrayView2<'_, $number>) -> Result<Self> {
                columns(matrix, M, "one column a number to predict")?;
                let row = |row: ArrayView1<'_, $number>| std::array::from_fn(|at| f64::from(row[at]));
                Self::new(matrix.rows().into_iter().map(row))
            }
        }
    };
}

numbers!(f32);
numbers!(f64);
