//! An axis with a finite list of values.

use std::collections::HashMap;

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{
    Position,
    info::{AxisInfo, Domain, nearest},
};
use crate::{
    error::{Error, Result, SpaceError},
    seed::below,
};

/// A finite list of values, in the order in which they are tried.
///
/// As data it is the list itself, so a file of overrides reads `dropout = [0.1, 0.2]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Axis<T> {
    values: Vec<T>,
    /// The reason why a range gave no values, for [`Axis::check`].
    #[serde(skip)]
    fault: Option<Fault>,
}

/// The reason why a range gives no list of values.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    range: String,
    expected: &'static str,
}

impl<T> Axis<T> {
    /// The values of a `#[grid(a, b, c)]`.
    pub fn list(values: impl IntoIterator<Item = T>) -> Self {
        Self { values: values.into_iter().collect(), fault: None }
    }

    /// An axis without values, which [`check`](Self::check) refuses with the range that was to give them.
    pub(super) fn refused(range: String, expected: &'static str) -> Self {
        Self { values: Vec::new(), fault: Some(Fault { range, expected }) }
    }

    /// The values in order.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// Number of values. `None`, of an [`Interval`](super::Interval), is a range.
    #[allow(clippy::unnecessary_wraps, clippy::len_without_is_empty, reason = "the same call on every kind of axis")]
    pub fn len(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

impl<T: Clone + PartialEq + std::fmt::Debug> Axis<T> {
    /// The value at `position`.
    ///
    /// # Panics
    /// Where the axis has no such position, as indexing a slice does.
    pub fn at(&self, position: Position) -> T {
        match position {
            Position::At(at) => self.values[at].clone(),
            Position::Value(_) | Position::Absent => self.values[0].clone(),
        }
    }

    /// The value at `position`, or `None` where the candidate does not have the axis.
    pub fn get(&self, position: Position) -> Option<T> {
        (position != Position::Absent).then(|| self.at(position))
    }

    /// A random position; every value is as likely as every other.
    pub fn sample(&self, rng: &mut impl Rng) -> Position {
        Position::At(below(rng, self.values.len().max(1) as u64) as usize)
    }

    /// The position of `value`, or `None` where it is not on the axis.
    pub fn position_of(&self, value: &T) -> Option<Position> {
        self.values.iter().position(|other| other == value).map(Position::At)
    }

    /// The position of an optional value: without a value, the candidate does not have the axis. `None` where the value
    /// is not on the axis.
    pub fn place_of(&self, value: &Option<T>) -> Option<Position> {
        value.as_ref().map_or(Some(Position::Absent), |value| self.position_of(value))
    }

    /// The position of the value nearest to `coordinate`: of numbers by their difference, or their ratio where the axis
    /// is logarithmic, else by their index. `None` where the axis has no values, and for NaN.
    pub fn snap(&self, coordinate: f64) -> Option<Position>
    where
        T: 'static,
    {
        if coordinate.is_nan() || self.values.is_empty() {
            return None;
        }
        let at = match Domain::of(&self.values) {
            Domain::Numbers { values, log, .. } => nearest(&values, log, coordinate)?,
            #[allow(clippy::cast_sign_loss, reason = "a cast saturates, and the index is clamped")]
            _ => (coordinate.round() as usize).min(self.values.len() - 1),
        };
        Some(Position::At(at))
    }

    /// The facts about an axis whose values share an architecture.
    pub fn info(&self, name: &'static str) -> AxisInfo
    where
        T: 'static,
    {
        let values = super::list(self.values.iter().map(|value| format!("{value:?}")));
        AxisInfo { name, domain: Domain::of(&self.values), architecture: false, when: None, values }
    }

    /// The facts about an axis of which every value is compiled as an architecture of its own.
    pub fn architecture_info(&self, name: &'static str) -> AxisInfo
    where
        T: 'static,
    {
        AxisInfo { architecture: true, ..self.info(name) }
    }

    /// Checks that there are values, no two of them equal, and each of them.
    ///
    /// # Errors
    /// [`SpaceError::EmptyAxis`], [`SpaceError::Steps`], [`SpaceError::DuplicateValue`], and those of `check`.
    pub fn check(&self, name: &'static str, check: impl FnMut(&T) -> Result<()>) -> Result<()> {
        if let Some(Fault { range, expected }) = &self.fault {
            return Err(Error::Space(SpaceError::Steps { axis: name, range: range.clone(), expected }));
        }
        if self.values.is_empty() {
            return Err(Error::Space(SpaceError::EmptyAxis { axis: name }));
        }
        if let Some(value) = self.duplicate() {
            return Err(Error::Space(SpaceError::DuplicateValue { axis: name, value: format!("{value:?}") }));
        }
        self.values.iter().try_for_each(check)
    }

    /// The first value that equals an earlier one.
    fn duplicate(&self) -> Option<&T> {
        // Equal values are written alike, but for the two zeros of floating point.
        let mut written: HashMap<String, Vec<&T>> = HashMap::with_capacity(self.values.len());
        self.values.iter().find(|value| {
            let text = format!("{value:?}");
            let alike = written.entry(if text == "-0.0" { "0.0".to_owned() } else { text }).or_default();
            let is_known = alike.contains(value);
            alike.push(value);
            is_known
        })
    }
}

impl<T, const N: usize> From<[T; N]> for Axis<T> {
    fn from(values: [T; N]) -> Self {
        Self::list(values)
    }
}

impl<T> From<Vec<T>> for Axis<T> {
    fn from(values: Vec<T>) -> Self {
        Self::list(values)
    }
}
