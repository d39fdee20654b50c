//! Targets from arrays of NumPy's files.

use super::NpyArray;
use crate::{
    data::{Binary, Classes, MultiLabel, Regression},
    error::{ArrayFault, DataError, Error, Result},
};

impl NpyArray {
    /// The class number of each row.
    fn labels(&self, classes: usize) -> Result<Vec<usize>> {
        match self.shape.as_slice() {
            [_] | [_, 1] => {}
            [_, width] if *width == classes => {
                let one_hot = "(rows,) of class numbers: of a column a class, save `array.argmax(axis=1)`";
                return Err(self.misshapen(one_hot));
            }
            _ => return Err(self.misshapen("(rows,) of class numbers")),
        }
        let label = |(at, bytes): (usize, &[u8])| {
            let label = self.dtype.whole(bytes).and_then(|label| usize::try_from(label).ok());
            label.ok_or_else(|| {
                let value = self.dtype.whole(bytes);
                let value = value.map_or_else(|| self.dtype.number(bytes).to_string(), |label| label.to_string());
                Error::Data(DataError::LabelOutOfRange { row: at + 1, column: "label".to_owned(), value, classes })
            })
        };
        self.bytes.chunks_exact(self.dtype.bytes).enumerate().map(label).collect()
    }

    /// The elements, `width` of them a row.
    fn table(&self, width: usize) -> Result<&[u8]> {
        let is_fit = self.rows().is_some_and(|(_, found)| found == width) && self.shape.len() <= 2;
        let expected = if width == 1 { "(rows,) or (rows, 1)".to_owned() } else { format!("(rows, {width})") };
        if is_fit { Ok(&self.bytes) } else { Err(self.misshapen(expected)) }
    }
}

/// The class numbers in an array; whole numbers may be written as `2.0`.
///
/// # Errors
/// [`ReadError::Array`](crate::error::ReadError::Array) for an array of another shape; [`DataError::EmptyData`];
/// [`DataError::LabelOutOfRange`].
impl<const N: usize> TryFrom<&NpyArray> for Classes<N> {
    type Error = Error;

    fn try_from(array: &NpyArray) -> Result<Self> {
        Self::in_named_column(array.labels(N)?, "label", None)
    }
}

/// The class numbers in an array: truth values, or 0 and 1.
///
/// # Errors
/// [`ReadError::Array`](crate::error::ReadError::Array) for an array of another shape; [`DataError::EmptyData`];
/// [`DataError::LabelOutOfRange`].
impl TryFrom<&NpyArray> for Binary {
    type Error = Error;

    fn try_from(array: &NpyArray) -> Result<Self> {
        Self::in_named_column(array.labels(2)?, "label", None)
    }
}

/// The flags in an array, a column each: truth values, or 0 and 1.
///
/// # Errors
/// [`ReadError::Array`](crate::error::ReadError::Array) for an array of another shape, and for an element that is no
/// flag; [`DataError::EmptyData`].
impl<const N: usize> TryFrom<&NpyArray> for MultiLabel<N> {
    type Error = Error;

    fn try_from(array: &NpyArray) -> Result<Self> {
        let flag = |(at, bytes): (usize, &[u8])| match array.dtype.whole(bytes) {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            _ => {
                let value = array.dtype.number(bytes).to_string();
                Err(array.fault(ArrayFault::NotAFlag { row: at / N + 1, value }))
            }
        };
        let elements = array.table(N)?.chunks_exact(array.dtype.bytes).enumerate();
        let flags = elements.map(flag).collect::<Result<Vec<bool>>>()?;
        Self::new(flags.as_chunks::<N>().0.iter().copied())
    }
}

/// The numbers in an array, `M` a row.
///
/// # Errors
/// [`ReadError::Array`](crate::error::ReadError::Array) for an array of another shape; [`DataError::EmptyData`];
/// [`DataError::NotFinite`].
impl<const M: usize> TryFrom<&NpyArray> for Regression<M> {
    type Error = Error;

    fn try_from(array: &NpyArray) -> Result<Self> {
        let elements = array.table(M)?.chunks_exact(array.dtype.bytes);
        let numbers: Vec<f64> = elements.map(|bytes| array.dtype.number(bytes)).collect();
        Self::new(numbers.as_chunks::<M>().0.iter().copied())
    }
}
