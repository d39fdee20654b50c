//! Faults of the names of candidates.

use super::worded::worded;
use crate::escape::escaped;

worded! {
/// The reason why a candidate's JSON cannot be its name. Studies and digests know a candidate by the JSON of its
/// values.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// A value has no JSON.
    #[error("axis `{axis}`: {value} cannot be written as JSON, by which a candidate is known: {message}", message = escaped(message))]
    Unwritten {
        /// The axis.
        axis: &'static str,
        /// The value, as `Debug` writes it.
        value: String,
        /// The error of serde.
        message: String,
    },
    /// The JSON of a value cannot be read as a value of its type, as the `null` of an infinity.
    #[error(
        "axis `{axis}`: {value} is {text} in JSON, by which a candidate is known, and that is not read: {message}; give \
         the axis a type whose JSON names every value, as an enum does",
        text = escaped(text), message = escaped(message)
    )]
    Unread {
        /// The axis.
        axis: &'static str,
        /// The value, as `Debug` writes it.
        value: String,
        /// Its JSON.
        text: String,
        /// The error of serde.
        message: String,
    },
    /// The JSON of a value is read as another value.
    #[error(
        "axis `{axis}`: {value} is {text} in JSON, by which a candidate is known, and that reads as {again}; let serde \
         write every field",
        text = escaped(text)
    )]
    ReadAs {
        /// The axis.
        axis: &'static str,
        /// The value, as `Debug` writes it.
        value: String,
        /// Its JSON.
        text: String,
        /// The value that is read, as `Debug` writes it.
        again: String,
    },
    /// The JSON of a value varies from one writing to the next, as that of a `HashSet`.
    #[error(
        "axis `{axis}`: the same value is {text} and {other} in JSON, by which a candidate is known; use a `BTreeSet`, a \
         `BTreeMap` or a `Vec`, whose order stays",
        text = escaped(text), other = escaped(other)
    )]
    Unsteady {
        /// The axis.
        axis: &'static str,
        /// One JSON of the value.
        text: String,
        /// Another one.
        other: String,
    },
    /// Two listed candidates have the same values.
    #[error("candidate {second} is candidate {first} again: {params}; list it once", params = escaped(params))]
    Repeated {
        /// The number of the candidate, from 0.
        first: usize,
        /// The number of the one that repeats it.
        second: usize,
        /// Its values.
        params: String,
    },
}
}
