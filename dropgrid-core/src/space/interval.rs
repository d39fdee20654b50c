//! An axis with a continuous range of values.

use std::ops::{Range, RangeInclusive};

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{Axis, AxisInfo, Number, Position};
use crate::error::{Error, Result};

/// The values of a range, to be sampled; no grid can list them.
///
/// As data it is `{ uniform = [0.0, 0.5] }`, `{ log_uniform = [1e-4, 1e-1] }` or, once fixed, a list of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Interval<T> {
    /// Every value as likely as every other.
    #[serde(rename = "uniform")]
    Uniform(T, T),
    /// Every magnitude as likely as every other: the logarithm is uniform.
    #[serde(rename = "log_uniform")]
    LogUniform(T, T),
    /// Values that the range was narrowed to.
    #[serde(rename = "values", untagged)]
    Values(Axis<T>),
}

impl<T> Interval<T> {
    /// The same range with a uniform logarithm.
    pub fn log(self) -> Self {
        match self {
            Self::Uniform(low, high) => Self::LogUniform(low, high),
            other => other,
        }
    }
}

impl<T: Number> Interval<T> {
    /// The value that `share`, from [0, 1), picks.
    fn pick(&self, share: f64) -> Option<f64> {
        let lerp = |low: f64, high: f64| low + share * (high - low);
        match self {
            Self::Uniform(low, high) => Some(lerp(low.to_f64(), high.to_f64())),
            Self::LogUniform(low, high) => Some(lerp(low.to_f64().ln(), high.to_f64().ln()).exp()),
            Self::Values(_) => None,
        }
    }

    /// A random position.
    pub fn sample(&self, rng: &mut impl Rng) -> Position {
        match self {
            Self::Values(axis) => axis.sample(rng),
            // 53 random bits fill [0, 1) evenly.
            _ => {
                let share = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
                let value = self.pick(share).map(|value| if T::WHOLE { value.floor() } else { value });
                value.map_or(Position::Absent, Position::Value)
            }
        }
    }

    /// The value at `position`; the low end where the position is a number, since a range has none.
    ///
    /// # Panics
    /// Where the axis was narrowed to values and has no such position, as indexing a slice does.
    pub fn at(&self, position: Position) -> T {
        match (position, self) {
            (Position::Value(value), _) => T::from_f64(value),
            (Position::At(_) | Position::Absent, Self::Values(axis)) => axis.at(position),
            (Position::At(_) | Position::Absent, Self::Uniform(low, _) | Self::LogUniform(low, _)) => *low,
        }
    }

    /// The value at `position`, or `None` where the candidate does not have the axis.
    pub fn get(&self, position: Position) -> Option<T> {
        (position != Position::Absent).then(|| self.at(position))
    }

    /// Where `value` stands, or `None` outside the range.
    pub fn position_of(&self, value: &T) -> Option<Position> {
        match self {
            Self::Values(axis) => axis.position_of(value),
            Self::Uniform(low, high) | Self::LogUniform(low, high) => {
                let inside = (low.to_f64()..=high.to_f64()).contains(&value.to_f64());
                inside.then(|| Position::Value(value.to_f64()))
            }
        }
    }

    /// Name and values in words.
    pub fn info(&self, name: &'static str) -> AxisInfo {
        let (len, values) = match self {
            Self::Values(axis) => return axis.info(name),
            Self::Uniform(low, high) => (None, format!("uniform from {low:?} to {high:?}")),
            Self::LogUniform(low, high) => (None, format!("log-uniform from {low:?} to {high:?}")),
        };
        AxisInfo { name, len, architecture: false, values }
    }

    /// Checks that the range has values, and its ends.
    ///
    /// # Errors
    /// [`Error::EmptyAxis`], [`Error::Interval`], and those of `check`.
    pub fn check(&self, name: &'static str, mut check: impl FnMut(&T) -> Result<()>) -> Result<()> {
        let (low, high, log) = match self {
            Self::Values(axis) => return axis.check(name, check),
            Self::Uniform(low, high) => (low, high, false),
            Self::LogUniform(low, high) => (low, high, true),
        };
        let refuse = |expected| Err(Error::Interval { axis: name, low: low.to_f64(), high: high.to_f64(), expected });
        if !(low.to_f64() < high.to_f64() && low.to_f64().is_finite() && high.to_f64().is_finite()) {
            return refuse("two finite ends, the low one first");
        }
        if log && low.to_f64() <= 0.0 {
            return refuse("a range above 0, since its logarithm is taken");
        }
        check(low)?;
        // The high end itself is never drawn: what is next below it must be fine.
        let below = if T::WHOLE { high.to_f64() - 1.0 } else { high.to_f64().next_down() };
        check(&T::from_f64(below))
    }
}

impl<T> From<Range<T>> for Interval<T> {
    /// A uniform range.
    fn from(range: Range<T>) -> Self {
        Self::Uniform(range.start, range.end)
    }
}

impl<T: Number> From<RangeInclusive<T>> for Interval<T> {
    /// A uniform range; of whole numbers the end is one of them.
    fn from(range: RangeInclusive<T>) -> Self {
        let (low, high) = range.into_inner();
        Self::Uniform(low, if T::WHOLE { T::from_f64(high.to_f64() + 1.0) } else { high })
    }
}

impl<T, const N: usize> From<[T; N]> for Interval<T> {
    fn from(values: [T; N]) -> Self {
        Self::Values(Axis::list(values))
    }
}

impl<T> From<Vec<T>> for Interval<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Values(Axis::list(values))
    }
}
