//! Arrays of NumPy's files, under the feature `npy`.

mod dtype;
mod header;
mod literal;
mod npz;
mod targets;

pub use npz::NpzArchive;

use std::{fs, path::Path};

use super::Features;
use crate::{
    error::{ArrayFault, DataError, Error, ReadError, Result},
    escape::shown,
};
use dtype::Dtype;
use header::Header;

/// An array that [`numpy.save`](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) wrote.
///
/// Its elements are truth values, whole numbers or floats of any width and order of bytes, in C's or Fortran's order.
/// Rows are what the first axis counts. Features and targets are made of it:
///
/// | what | shapes |
/// |---|---|
/// | [`Features`] | `(rows,)`, one feature; `(rows, width)`; of images, `(rows, channels, height, width)`: a row is flattened in row-major order |
/// | [`Classes`](super::Classes), [`Binary`](super::Binary) | `(rows,)` or `(rows, 1)` of class numbers |
/// | [`MultiLabel<N>`](super::MultiLabel) | `(rows, N)` of truth values, or of 0 and 1 |
/// | [`Regression<M>`](super::Regression) | `(rows, M)`; of one number, `(rows,)` |
///
/// Under the feature `npy`.
///
/// # Examples
/// ```no_run
/// # use dropgrid_core::data::{Classes, Dataset, Features, NpyArray};
/// let features = Features::from_npy("images.npy")?;
/// let digits = Classes::<10>::try_from(&NpyArray::read("digits.npy")?)?;
/// let data = Dataset::from_features(features, digits)?;
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct NpyArray {
    /// The file, and the array's name where the file has several.
    name: String,
    descr: String,
    dtype: Dtype,
    shape: Vec<usize>,
    /// The elements in row-major order.
    bytes: Vec<u8>,
}

impl NpyArray {
    /// Reads a `.npy` file.
    ///
    /// # Errors
    /// [`ReadError::File`]; [`ReadError::Array`] for another file, and for elements that are no numbers: Python
    /// objects, texts, dates, complex numbers and records.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| Error::from(ReadError::File { path: path.to_owned(), source }))?;
        Self::parse(&bytes, shown(path))
    }

    /// Reads the bytes of a `.npy` file.
    ///
    /// # Errors
    /// [`ReadError::Array`], as [`read`](Self::read).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        Self::parse(bytes, "the array".to_owned())
    }

    fn parse(bytes: &[u8], name: String) -> Result<Self> {
        let read = |bytes| {
            let (Header { descr, dtype, is_fortran, shape }, elements) = Header::parse(bytes)?;
            let expected = shape.iter().try_fold(dtype.bytes, |size, &axis| size.checked_mul(axis));
            if expected != Some(elements.len()) {
                return Err(ArrayFault::Length { found: elements.len(), shape, expected });
            }
            Ok((descr, dtype, is_fortran, shape, elements))
        };
        match read(bytes) {
            Ok((descr, dtype, is_fortran, shape, elements)) => {
                let bytes = if is_fortran { row_major(elements, dtype.bytes, &shape) } else { elements.to_vec() };
                Ok(Self { name, descr, dtype, shape, bytes })
            }
            Err(fault) => Err(Error::from(ReadError::Array { array: name, fault })),
        }
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The type of the elements, as NumPy writes it: `<f4`, `|b1`, `>i8`.
    pub fn dtype(&self) -> &str {
        &self.descr
    }

    /// The elements in row-major order, in double precision: for weights of rows.
    pub fn numbers(&self) -> Vec<f64> {
        self.bytes.chunks_exact(self.dtype.bytes).map(|bytes| self.dtype.number(bytes)).collect()
    }

    /// The elements in row-major order as whole numbers, also where they are written as `2.0`: for groups of rows.
    ///
    /// # Errors
    /// [`ReadError::Array`] for an element that is no whole number, or not below 2^63.
    pub fn integers(&self) -> Result<Vec<i64>> {
        let whole = |(at, bytes): (usize, &[u8])| {
            let whole = self.dtype.whole(bytes).and_then(|whole| i64::try_from(whole).ok());
            whole.ok_or_else(|| self.fault(ArrayFault::NotWhole { at, value: self.dtype.number(bytes).to_string() }))
        };
        self.bytes.chunks_exact(self.dtype.bytes).enumerate().map(whole).collect()
    }

    /// The rows, and the elements of a row; `None` for an array without axes.
    fn rows(&self) -> Option<(usize, usize)> {
        let (&rows, axes) = self.shape.split_first()?;
        Some((rows, axes.iter().product()))
    }

    fn fault(&self, fault: ArrayFault) -> Error {
        Error::from(ReadError::Array { array: self.name.clone(), fault })
    }

    /// An error of a shape that is none of those `expected`.
    fn misshapen(&self, expected: impl Into<String>) -> Error {
        self.fault(ArrayFault::Shape { shape: self.shape.clone(), expected: expected.into() })
    }
}

/// The elements of an array in Fortran's order, of which the first axis runs fastest, in C's, of which the last one
/// does.
fn row_major(elements: &[u8], size: usize, shape: &[usize]) -> Vec<u8> {
    let strides: Vec<usize> = shape
        .iter()
        .scan(size, |stride, axis| {
            let own = *stride;
            *stride *= axis;
            Some(own)
        })
        .collect();
    let (mut index, mut at, mut ordered) = (vec![0; shape.len()], 0, Vec::with_capacity(elements.len()));
    while ordered.len() < elements.len() {
        ordered.extend_from_slice(&elements[at..][..size]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            at += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            at -= index[axis] * strides[axis];
            index[axis] = 0;
        }
    }
    ordered
}

/// The rows of an array, each flattened in row-major order. Whole numbers of more than 16 bits and floats in double
/// precision are features as those of [`Features::from_f64_rows`] are.
///
/// # Errors
/// [`ReadError::Array`] for an array without axes; [`DataError::EmptyData`], [`DataError::NoFeatures`],
/// [`DataError::NotFinite`], [`DataError::TooLarge`].
impl TryFrom<&NpyArray> for Features {
    type Error = Error;

    fn try_from(array: &NpyArray) -> Result<Self> {
        let Some((rows, width)) = array.rows() else { return Err(array.misshapen("(rows, features)")) };
        if rows == 0 {
            return Err(Error::Data(DataError::EmptyData));
        }
        if array.dtype.is_single() {
            let single = |bytes| array.dtype.number(bytes) as f32;
            return Self::from_flat(array.bytes.chunks_exact(array.dtype.bytes).map(single).collect(), width);
        }
        Self::from_f64(&array.numbers(), width, None)
    }
}

impl Features {
    /// The features in a `.npy` file: see [`NpyArray`].
    ///
    /// Under the feature `npy`.
    ///
    /// # Errors
    /// Those of [`NpyArray::read`]; [`ReadError::Array`] for an array without axes; [`DataError::EmptyData`],
    /// [`DataError::NoFeatures`], [`DataError::NotFinite`], [`DataError::TooLarge`].
    pub fn from_npy(path: impl AsRef<Path>) -> Result<Self> {
        Self::try_from(&NpyArray::read(path)?)
    }
}
