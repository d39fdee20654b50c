//! Faults of a space and its axes.

use super::worded::worded;
use crate::escape::escaped;

worded! {
/// The reason why a space cannot be searched.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// An axis was replaced by an empty list.
    #[error("axis `{axis}` has no values")]
    EmptyAxis {
        /// The axis.
        axis: &'static str,
    },
    /// An axis was replaced by a list with a value twice.
    #[error("axis `{axis}` has the value {value} twice: every candidate of it would be trained twice", value = escaped(value))]
    DuplicateValue {
        /// The axis.
        axis: &'static str,
        /// The value.
        value: String,
    },
    /// A continuous axis has ends that make no range.
    #[error("axis `{axis}` goes from {low} to {high}, expected {expected}")]
    Interval {
        /// The axis.
        axis: &'static str,
        /// The low end.
        low: f64,
        /// The high end.
        high: f64,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// An axis of steps or points has ends, a step or a number of values that make no list.
    #[error("axis `{axis}` goes from {range}, expected {expected}")]
    Steps {
        /// The axis.
        axis: &'static str,
        /// The ends and the step, or the number of points.
        range: String,
        /// The values that are allowed.
        expected: &'static str,
    },
    /// The rules of the space forbid every candidate.
    #[error("the space has no candidates: its `forbid` rules leave nothing")]
    Empty,
    /// A const axis has a value that no architecture was compiled for.
    #[error("`{axis}` = {value} was not compiled; the struct's #[grid] lists {compiled:?}", value = escaped(value))]
    NotCompiled {
        /// The axis.
        axis: &'static str,
        /// The value asked for.
        value: String,
        /// The compiled values.
        compiled: &'static [usize],
    },
    /// A candidate has a value of an axis whose condition does not hold, or has none where it holds.
    #[error("`{axis}` has {}", if *holds { "no value, and its condition holds: give it one" } else { "a value, and its condition does not hold: leave it out" })]
    Condition {
        /// The axis.
        axis: &'static str,
        /// True where its condition holds.
        holds: bool,
    },
    /// A search to start from has no values on some axes.
    #[error(
        "the search to start from has no {}: its hyperparameters are {}",
        missing.iter().map(|name| format!("`{}`", escaped(name))).collect::<Vec<_>>().join(", "),
        known.iter().map(|name| format!("`{}`", escaped(name))).collect::<Vec<_>>().join(", ")
    )]
    PriorAxes {
        /// The axes that it lacks.
        missing: Vec<String>,
        /// The hyperparameters that it has.
        known: Vec<String>,
    },
    /// A search to start from has no candidate of the space.
    #[error("none of the {candidates} finished candidates of the search to start from is in this space")]
    PriorCandidates {
        /// The candidates that had their whole training there.
        candidates: usize,
    },
    /// A candidate that is to be tried first is not in the space.
    #[error("{} is not in this space", escaped(params))]
    NotInSpace {
        /// The candidate.
        params: String,
    },
    /// A grid with more candidates than can be counted in a machine word.
    #[error("the grid has more than {} candidates; fix some of its axes: {axes}", usize::MAX, axes = escaped(axes))]
    TooLarge {
        /// The axes and their lengths.
        axes: String,
    },
}
}
