//! An axis with a continuous range of values.

use std::ops::{Range, RangeInclusive};

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{
    Axis, Number, Position,
    info::{AxisInfo, Domain},
};
use crate::error::{Error, Result, SpaceError};

/// The values of a range, to be sampled; no grid can list them.
///
/// Both ends of whole numbers are values; the high end of other numbers is never drawn, as Rust's `low..high` has it.
///
/// As data it is `{ uniform = [0.0, 0.5] }`, `{ log_uniform = [1e-4, 1e-1] }` or, once fixed, a list of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written<T>")]
pub enum Interval<T> {
    /// Every value as likely as every other.
    #[serde(rename = "uniform")]
    Uniform(T, T),
    /// Every magnitude as likely as every other: the logarithm is uniform.
    #[serde(rename = "log_uniform")]
    LogUniform(T, T),
    /// Values that the range was narrowed to.
    #[serde(untagged)]
    Values(Axis<T>),
}

/// An interval as a file writes it. A mistake is answered by the forms that can be written.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a list of values, `uniform = [low, high]` or `log_uniform = [low, high]`")]
enum Written<T> {
    Values(Axis<T>),
    Range(WrittenRange<T>),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenRange<T> {
    Uniform(T, T),
    LogUniform(T, T),
}

impl<T> From<Written<T>> for Interval<T> {
    fn from(written: Written<T>) -> Self {
        match written {
            Written::Values(axis) => Self::Values(axis),
            Written::Range(WrittenRange::Uniform(low, high)) => Self::Uniform(low, high),
            Written::Range(WrittenRange::LogUniform(low, high)) => Self::LogUniform(low, high),
        }
    }
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
    /// The value at `share` of the way from `low` to `high`, with `share` from [0, 1).
    fn pick(low: T, high: T, log: bool, share: f64) -> f64 {
        // A whole number takes the share of the line up to the next one, so that the high end has its part.
        let (from, to) = (low.to_f64(), if T::WHOLE { high.to_f64() + 1.0 } else { high.to_f64() });
        let (from, to) = if log { (libm::log(from), libm::log(to)) } else { (from, to) };
        let width = to - from;
        // Between the ends of the type, the width itself may be beyond them.
        let value = if width.is_finite() { from + share * width } else { (1.0 - share) * from + share * to };
        let value = if log { libm::exp(value) } else { value };
        if T::WHOLE {
            return value.floor().clamp(low.to_f64(), high.to_f64());
        }
        // Rounding may reach the high end, and `exp` of `ln` may pass the low one.
        let value = T::from_f64(value);
        if value < low || low == high {
            low.to_f64()
        } else if value < high {
            value.to_f64()
        } else {
            high.before().to_f64()
        }
    }

    /// A random position.
    pub fn sample(&self, rng: &mut impl Rng) -> Position {
        let (low, high, log) = match self {
            Self::Values(axis) => return axis.sample(rng),
            Self::Uniform(low, high) => (*low, *high, false),
            Self::LogUniform(low, high) => (*low, *high, true),
        };
        // 53 random bits fill [0, 1) evenly.
        let share = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        Position::Value(Self::pick(low, high, log, share))
    }

    /// The value at `position`; the low end where the position is a number, since a range has none.
    ///
    /// # Panics
    /// Where the axis was narrowed to values and has no such position, as indexing a slice does.
    pub fn at(&self, position: Position) -> T {
        match (position, self) {
            // Whole numbers beyond 2^53 are no doubles: their ends are rounded, and what is drawn beside them.
            (Position::Value(value), Self::Uniform(low, high) | Self::LogUniform(low, high)) if T::WHOLE => {
                let value = T::from_f64(value);
                if value < *low {
                    *low
                } else if value > *high {
                    *high
                } else {
                    value
                }
            }
            (Position::Value(value), _) => T::from_f64(value),
            (Position::At(_) | Position::Absent, Self::Values(axis)) => axis.at(position),
            (Position::At(_) | Position::Absent, Self::Uniform(low, _) | Self::LogUniform(low, _)) => *low,
        }
    }

    /// The value at `position`, or `None` where the candidate does not have the axis.
    pub fn get(&self, position: Position) -> Option<T> {
        (position != Position::Absent).then(|| self.at(position))
    }

    /// The position of `value`, or `None` outside the range.
    pub fn position_of(&self, value: &T) -> Option<Position> {
        match self {
            Self::Values(axis) => axis.position_of(value),
            Self::Uniform(low, high) | Self::LogUniform(low, high) => {
                let inside = (low.to_f64()..=high.to_f64()).contains(&value.to_f64());
                inside.then(|| Position::Value(value.to_f64()))
            }
        }
    }

    /// The position of an optional value, as [`Axis::place_of`].
    pub fn place_of(&self, value: &Option<T>) -> Option<Position> {
        value.as_ref().map_or(Some(Position::Absent), |value| self.position_of(value))
    }

    /// Number of values, or `None` for a range.
    #[allow(clippy::len_without_is_empty, reason = "the same call on every kind of axis")]
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Values(axis) => axis.len(),
            Self::Uniform(..) | Self::LogUniform(..) => None,
        }
    }

    /// The position of the number of the range nearest to `coordinate`, or `None` for NaN.
    pub fn snap(&self, coordinate: f64) -> Option<Position> {
        let (low, high) = match self {
            Self::Values(axis) => return axis.snap(coordinate),
            Self::Uniform(low, high) | Self::LogUniform(low, high) => (*low, *high),
        };
        let last = if T::WHOLE || low == high { high } else { high.before() };
        // A single-precision number is stored as the double of its decimal text.
        let value = T::from_f64(coordinate.clamp(low.to_f64(), last.to_f64())).to_f64();
        (!coordinate.is_nan()).then_some(Position::Value(value))
    }

    /// The facts about the axis.
    pub fn info(&self, name: &'static str) -> AxisInfo {
        let (low, high, log) = match self {
            Self::Values(axis) => return axis.info(name),
            Self::Uniform(low, high) => (low, high, false),
            Self::LogUniform(low, high) => (low, high, true),
        };
        let values = format!("{} from {low:?} to {high:?}", if log { "log-uniform" } else { "uniform" });
        let domain = Domain::Range { low: low.to_f64(), high: high.to_f64(), log, whole: T::WHOLE };
        AxisInfo { name, domain, architecture: false, when: None, values }
    }

    /// Checks that the range has values, and its ends.
    ///
    /// # Errors
    /// [`SpaceError::EmptyAxis`], [`SpaceError::DuplicateValue`], [`SpaceError::Interval`], and those of `check`.
    pub fn check(&self, name: &'static str, mut check: impl FnMut(&T) -> Result<()>) -> Result<()> {
        let (low, high, log) = match self {
            Self::Values(axis) => return axis.check(name, check),
            Self::Uniform(low, high) => (low, high, false),
            Self::LogUniform(low, high) => (low, high, true),
        };
        let refuse = |expected| {
            Err(Error::Space(SpaceError::Interval { axis: name, low: low.to_f64(), high: high.to_f64(), expected }))
        };
        if !(low <= high && low.to_f64().is_finite() && high.to_f64().is_finite()) {
            return refuse("two finite ends, the low one first");
        }
        if log && low.to_f64() <= 0.0 {
            return refuse("a range above 0, since its logarithm is taken");
        }
        check(low)?;
        check(&if T::WHOLE || low == high { *high } else { high.before() })
    }
}

impl<T: Number> From<Range<T>> for Interval<T> {
    /// A uniform range.
    fn from(Range { start, end }: Range<T>) -> Self {
        if start == end {
            return Self::Values(Axis::list([]));
        }
        Self::Uniform(start, if T::WHOLE { end.before() } else { end })
    }
}

impl<T> From<RangeInclusive<T>> for Interval<T> {
    /// A uniform range.
    fn from(range: RangeInclusive<T>) -> Self {
        let (low, high) = range.into_inner();
        Self::Uniform(low, high)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, Seed};

    fn drawn<T: Number>(interval: &Interval<T>, count: u64) -> Vec<T> {
        let rng = |number| Seed(7).key(Purpose::Proposal).candidate(number).rng();
        (0..count).map(|number| interval.at(interval.sample(&mut rng(number)))).collect()
    }

    #[test]
    fn the_widest_ranges_are_drawn_from_end_to_end() {
        for (low, high) in [(-1.7e308, 1.7e308), (f64::MIN, f64::MAX), (-1.0, f64::MAX)] {
            let drawn = drawn(&Interval::Uniform(low, high), 4000);
            assert!(drawn.iter().all(|value| (low..high).contains(value)));
            let middle = low / 2.0 + high / 2.0;
            let below = drawn.iter().filter(|&&value| value < middle).count();
            // Half of them, but for six standard deviations.
            assert!((1810..2190).contains(&below), "{below} of 4000 draws are in the lower half of {low:e}..{high:e}");
        }
        let singles = drawn(&Interval::Uniform(f32::MIN, f32::MAX), 1000);
        assert!(singles.iter().all(|value| (f32::MIN..f32::MAX).contains(value)));
    }

    #[test]
    fn logarithms_reach_the_ends_of_the_type() {
        for (low, high) in [(5e-324, f64::MAX), (5e-324, 1e-320), (1e308, f64::MAX), (f64::MIN_POSITIVE, 1.0)] {
            let drawn = drawn(&Interval::LogUniform(low, high), 1000);
            assert!(drawn.iter().all(|value| (low..high).contains(value)), "{low:e}..{high:e}");
        }
    }

    #[test]
    fn whole_numbers_beyond_doubles_stay_in_their_range() {
        for (low, high) in [(u64::MAX - 10, u64::MAX), (0, u64::MAX), ((1 << 53) + 1, (1 << 53) + 3)] {
            for interval in [Interval::Uniform(low, high), Interval::LogUniform(low.max(1), high)] {
                assert!(drawn(&interval, 500).iter().all(|value| (low..=high).contains(value)), "{interval:?}");
            }
        }
        let signed = drawn(&Interval::Uniform(i64::MIN, i64::MAX), 1000);
        let below = signed.iter().filter(|&&value| value < 0).count();
        assert!((400..600).contains(&below), "{below} of 1000 draws are negative");
    }
}
