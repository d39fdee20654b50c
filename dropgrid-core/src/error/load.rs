//! Faults of the file of a fitted model.

use std::fmt;

use super::worded::worded;
use crate::escape::{escaped, joined};

worded! {
/// The reason why bytes are not the model that was asked for.
#[derive(Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes are no safetensors file: empty, cut off, damaged, or something else.
    #[error("this is no whole safetensors file: {message}", message = escaped(message))]
    NotSafetensors {
        /// The message of the reader.
        message: String,
    },
    /// A safetensors file that dropgrid did not write.
    #[error("this safetensors file is no model of dropgrid: {message}", message = escaped(message))]
    Foreign {
        /// The missing part.
        message: String,
    },
    /// A format that this release does not know.
    #[error("this model is in format {found}, and this release of dropgrid knows format {known}; use a newer one")]
    Format {
        /// Its format.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// The contents are not those that were written.
    #[error(
        "this model is damaged: its digest is {found}, and {expected} was written; restore a copy",
        expected = escaped(expected)
    )]
    Damaged {
        /// The digest in the file.
        expected: String,
        /// The digest of what is in the file.
        found: String,
    },
    /// The model of another struct, or of a struct that has changed.
    #[error("this is another model: {}", joined(differences, "; "))]
    Differs {
        /// The differences, as `part is this, expected that`.
        differences: Vec<String>,
    },
    /// The hyperparameters are none of this model's.
    #[error(
        "the hyperparameters {params} are none of `{model}` that a file gives back: {message}",
        params = escaped(params), message = escaped(message)
    )]
    Params {
        /// The model.
        model: &'static str,
        /// The hyperparameters, as JSON.
        params: String,
        /// Their fault.
        message: String,
    },
    /// Tensors or settings of layers are not those of the network.
    #[error("the tensors are not those of the network: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Tensors {
        /// The faults, tensor by tensor.
        faults: Vec<TensorFault>,
    },
}
}

/// The fault of one tensor of a file, or of one setting of a layer, which is a number without a shape.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TensorFault {
    /// The network has it, the file has not.
    Absent {
        /// The tensor.
        name: String,
    },
    /// The file has it, the network has not.
    Unknown {
        /// The tensor.
        name: String,
    },
    /// Two tensors of the network have one name.
    Twice {
        /// The name.
        name: String,
    },
    /// Its numbers are of another type.
    Dtype {
        /// The tensor.
        name: String,
        /// The type in the file.
        found: String,
        /// The type of the network.
        expected: &'static str,
    },
    /// It has another shape.
    Shape {
        /// The tensor.
        name: String,
        /// The shape in the file.
        found: Vec<usize>,
        /// The shape in the network.
        expected: Vec<usize>,
    },
    /// A number in it is NaN or infinite.
    NotFinite {
        /// The tensor.
        name: String,
        /// The place of the number, row-major, from 0.
        at: usize,
        /// The number.
        value: f64,
    },
    /// A number of a statistic is one that no data has, as a variance below 0.
    Impossible {
        /// The tensor.
        name: String,
        /// The place of the number, row-major, from 0.
        at: usize,
        /// The number.
        value: f64,
        /// The numbers that it can be.
        expected: &'static str,
    },
}

impl fmt::Display for TensorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Absent { name }
        | Self::Unknown { name }
        | Self::Twice { name }
        | Self::Dtype { name, .. }
        | Self::Shape { name, .. }
        | Self::NotFinite { name, .. }
        | Self::Impossible { name, .. }) = self;
        let name = escaped(name);
        match self {
            Self::Absent { .. } => write!(f, "`{name}` is missing"),
            Self::Unknown { .. } => write!(f, "`{name}` is none of the network's"),
            Self::Twice { .. } => write!(f, "two tensors are called `{name}`"),
            Self::Dtype { found, expected, .. } => write!(f, "`{name}` is of {found}, expected {expected}"),
            Self::Shape { found, expected, .. } => {
                write!(f, "`{name}` has the shape {found:?}, expected {expected:?}")
            }
            Self::NotFinite { at, value, .. } => write!(f, "number {at} of `{name}` is {value}"),
            Self::Impossible { at, value, expected, .. } => {
                write!(f, "number {at} of `{name}` is {value}, expected {expected}")
            }
        }
    }
}
