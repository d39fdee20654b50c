//! Faults of NumPy arrays.

use std::fmt;

use super::table::list;
use crate::escape::escaped;

/// The reason why an array of a `.npy` or `.npz` file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArrayFault {
    /// The file does not begin as a `.npy` file does.
    NotNpy,
    /// The file is no `.npz` archive, or a damaged one.
    NotNpz {
        /// The fault of the zip archive.
        reason: String,
    },
    /// The file is of a version of the format that came later.
    Version {
        /// Major and minor number.
        version: (u8, u8),
    },
    /// The header is not that of an array.
    Header {
        /// The text of the header, or its start.
        text: String,
    },
    /// The elements are no numbers.
    Dtype {
        /// The elements' type, as NumPy writes it: `|O`, `<U6`.
        dtype: String,
        /// The code to write in Python.
        advice: &'static str,
    },
    /// The file has more or fewer bytes than the elements of its shape.
    Length {
        /// Bytes behind the header.
        found: usize,
        /// The shape.
        shape: Vec<usize>,
        /// The bytes of its elements; none where they are more than a number can count.
        expected: Option<usize>,
    },
    /// The array is of another shape than what is made of it.
    Shape {
        /// The array's shape.
        shape: Vec<usize>,
        /// The shapes that are taken.
        expected: String,
    },
    /// An element is no whole number where one is needed.
    NotWhole {
        /// The element's place in row-major order, from 0.
        at: usize,
        /// The element.
        value: String,
    },
    /// An element is neither 0 nor 1 where a flag is needed.
    NotAFlag {
        /// Row number, the first row is 1.
        row: usize,
        /// The element.
        value: String,
    },
    /// The archive has no array of that name.
    Unknown {
        /// The names of the archive's arrays.
        names: Vec<String>,
    },
}

impl fmt::Display for ArrayFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNpy => f.write_str("this is no file that `numpy.save` wrote"),
            Self::NotNpz { reason } => {
                write!(f, "this is no file that `numpy.savez` wrote, or a damaged one: {}", escaped(reason))
            }
            Self::Version { version: (major, minor) } => {
                write!(f, "the format's version is {major}.{minor}, known are 1.0, 2.0 and 3.0")
            }
            Self::Header { text } => write!(f, "the header is not that of an array: `{}`", escaped(text)),
            Self::Dtype { dtype, advice } => {
                write!(f, "the elements are `{}`, no numbers: {advice}", escaped(dtype))
            }
            Self::Length { found, shape, expected } => {
                let expected = expected.map_or_else(|| "more than can be".to_owned(), |bytes| bytes.to_string());
                write!(f, "{found} bytes of elements, but an array of shape {} has {expected}", tuple(shape))
            }
            Self::Shape { shape, expected } => write!(f, "the shape is {}, expected {expected}", tuple(shape)),
            Self::NotWhole { at, value } => write!(f, "element {at}, {value}, is no whole number"),
            Self::NotAFlag { row, value } => write!(f, "row {row}: {value} is neither 0 nor 1"),
            Self::Unknown { names } => write!(f, "no such array; the arrays are {}", list(names)),
        }
    }
}

/// A shape as Python writes it: `(3,)`.
fn tuple(shape: &[usize]) -> String {
    match shape {
        [only] => format!("({only},)"),
        many => format!("({})", many.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}
