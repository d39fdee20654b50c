//! An axis with a finite list of values.

use std::collections::HashMap;

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{Number, Position};
use crate::{
    error::{Error, Result},
    seed::below,
};

/// A finite list of values, in the order in which they are tried.
///
/// As data it is the list itself, so a file of overrides reads `dropout = [0.1, 0.2]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Axis<T> {
    values: Vec<T>,
    /// Why a range gave no values; for [`Axis::check`].
    #[serde(skip)]
    fault: Option<Fault>,
}

/// Why a range gives no list of values.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    range: String,
    expected: &'static str,
}

/// The most values that a range may be listed as; a finer one is a range to be drawn from.
const MOST_VALUES: usize = 1 << 20;

/// An axis' name and size, whatever the type of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisInfo {
    /// The axis' name: the field it stands on.
    pub name: &'static str,
    /// Number of values, or `None` for a continuous axis.
    pub len: Option<usize>,
    /// Whether each value is an architecture of its own.
    pub architecture: bool,
    /// The values in words.
    pub values: String,
}

impl<T> Axis<T> {
    /// The values of a `#[grid(a, b, c)]`.
    pub fn list(values: impl IntoIterator<Item = T>) -> Self {
        Self { values: values.into_iter().collect(), fault: None }
    }

    /// The values in order.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

impl<T: Number> Axis<T> {
    /// `low`, `low + step`, … up to `high`, each rounded to the decimals of the three numbers, so that the third step
    /// of 0.1 is 0.3 and not 0.30000000000000004.
    ///
    /// A step that is not positive, ends that make no range, or more than 2^20 values give an empty axis, which every
    /// check refuses, saying why.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::space::Axis;
    /// assert_eq!(Axis::stepped(0.0, 0.5, 0.1).values(), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    /// assert_eq!(Axis::stepped(16, 64, 16).values(), [16, 32, 48, 64]);
    /// let error = Axis::stepped(0.0, 1.0, 1e-10).check("rate", |_| Ok(())).unwrap_err();
    /// assert!(error.to_string().starts_with("axis `rate` goes from 0.0 to 1.0 by steps of 1e-10, expected at most"));
    /// ```
    pub fn stepped(low: T, high: T, step: T) -> Self {
        let refuse = |expected| Self::refused(format!("{low:?} to {high:?} by steps of {step:?}"), expected);
        if let (Some(low), Some(high), Some(step)) = (low.to_whole(), high.to_whole(), step.to_whole()) {
            if low > high {
                return refuse(ENDS);
            }
            if step <= 0 {
                return refuse(STEP);
            }
            let last = (high - low) / step;
            if last >= MOST_VALUES as i128 {
                return refuse(FEWER);
            }
            return Self::list((0..=last).filter_map(|at| T::from_whole(low + at * step)));
        }
        let (low, high, step) = (low.to_f64(), high.to_f64(), step.to_f64());
        if !(low <= high && low.is_finite() && high.is_finite()) {
            return refuse(ENDS);
        }
        if !(step > 0.0 && step.is_finite()) {
            return refuse(STEP);
        }
        let decimals = [low, high, step].map(decimals).into_iter().max().unwrap_or(0);
        // A billionth of a step forgives the rounding of the division, not a step that falls short. The width of a range
        // may be beyond the largest number, its halves are not.
        let steps = if (high - low).is_finite() { (high - low) / step } else { (high / 2.0 - low / 2.0) / step * 2.0 };
        let last = (steps + 1e-9).floor();
        if last.is_nan() || last >= MOST_VALUES as f64 {
            return refuse(FEWER);
        }
        #[allow(clippy::cast_sign_loss, reason = "at least 0: the range is in order")]
        let last = last as usize;
        let value = |at: usize| {
            let at = at as f64;
            let exact = if (high - low).is_finite() { low + at * step } else { (low / 2.0 + at * (step / 2.0)) * 2.0 };
            T::from_f64(format!("{exact:.decimals$}").parse().unwrap_or(exact))
        };
        Self::list((0..=last).map(value))
    }

    /// `points` values from `low` to `high`, each the same multiple of the one before, rounded to 14 significant
    /// digits. Whole numbers that fall together are one value.
    ///
    /// A range that does not lie above 0, no points, or more than 2^20 of them give an empty axis, which every check
    /// refuses, saying why.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::space::Axis;
    /// assert_eq!(Axis::log_spaced(1e-4, 1e-1, 4).values(), [1e-4, 1e-3, 1e-2, 1e-1]);
    /// assert_eq!(Axis::log_spaced(1, 8, 4).values(), [1, 2, 4, 8]);
    /// ```
    pub fn log_spaced(low: T, high: T, points: usize) -> Self {
        let refuse = |expected| Self::refused(format!("{low:?} to {high:?} in {points} points"), expected);
        let (least, most) = (low, high);
        let (low, high) = (low.to_f64(), high.to_f64());
        if !(low > 0.0 && low <= high && high.is_finite()) {
            return refuse("two finite ends above 0, the low one first");
        }
        if points == 0 {
            return refuse("at least 1 point");
        }
        if points > MOST_VALUES {
            return refuse(FEWER);
        }
        let ratio = (high / low).ln();
        let value = |at: usize| {
            let share = if points > 1 { at as f64 / (points - 1) as f64 } else { 0.0 };
            // The ratio of the ends may be beyond the largest number, their logarithms are not.
            let exact = if ratio.is_finite() {
                low * (ratio * share).exp()
            } else {
                ((1.0 - share) * low.ln() + share * high.ln()).exp()
            };
            let value = T::from_f64(format!("{exact:.13e}").parse().unwrap_or(exact));
            // Of whole numbers of more digits, rounding passes the ends; of others, the end of the type.
            let passes = T::WHOLE || !value.to_f64().is_finite();
            if passes && value < least {
                least
            } else if passes && value > most {
                most
            } else {
                value
            }
        };
        let mut values: Vec<T> = (0..points).map(value).collect();
        values.dedup();
        Self::list(values)
    }

    fn refused(range: String, expected: &'static str) -> Self {
        Self { values: Vec::new(), fault: Some(Fault { range, expected }) }
    }
}

const ENDS: &str = "two finite ends, the low one first";
const STEP: &str = "a finite step above 0";
const FEWER: &str = "at most 1048576 values: take larger steps or fewer points, or a range to draw from, \
                     `uniform` or `log_uniform`";

/// The digits after the point that a number is written with.
fn decimals(value: f64) -> usize {
    let text = value.to_string();
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
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

    /// Where `value` stands, or `None`.
    pub fn position_of(&self, value: &T) -> Option<Position> {
        self.values.iter().position(|other| other == value).map(Position::At)
    }

    /// Where an optional value stands: no value is an axis that the candidate does not have. `None` where the value is
    /// not on the axis.
    pub fn place_of(&self, value: &Option<T>) -> Option<Position> {
        value.as_ref().map_or(Some(Position::Absent), |value| self.position_of(value))
    }

    /// Name and size of an axis whose values share an architecture.
    pub fn info(&self, name: &'static str) -> AxisInfo {
        let values = super::list(self.values.iter().map(|value| format!("{value:?}")));
        AxisInfo { name, len: Some(self.values.len()), architecture: false, values }
    }

    /// Name and size of an axis of which every value is compiled as an architecture of its own.
    pub fn architecture_info(&self, name: &'static str) -> AxisInfo {
        AxisInfo { architecture: true, ..self.info(name) }
    }

    /// Checks that there are values, no two of them equal, and each of them.
    ///
    /// # Errors
    /// [`Error::EmptyAxis`], [`Error::Steps`], [`Error::DuplicateValue`], and those of `check`.
    pub fn check(&self, name: &'static str, check: impl FnMut(&T) -> Result<()>) -> Result<()> {
        if let Some(Fault { range, expected }) = &self.fault {
            return Err(Error::Steps { axis: name, range: range.clone(), expected });
        }
        if self.values.is_empty() {
            return Err(Error::EmptyAxis { axis: name });
        }
        if let Some(value) = self.duplicate() {
            return Err(Error::DuplicateValue { axis: name, value: format!("{value:?}") });
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T: Number>(axis: &Axis<T>) -> String {
        assert!(axis.values().is_empty());
        axis.check("rate", |_| Ok(())).expect_err("no values").to_string()
    }

    #[test]
    fn ranges_that_make_no_list_say_why() {
        let text = refusal(&Axis::stepped(0.0, f64::INFINITY, 1.0));
        assert_eq!(
            text,
            "axis `rate` goes from 0.0 to inf by steps of 1.0, expected two finite ends, the low one first"
        );
        let text = refusal(&Axis::stepped(3, 1, 1));
        assert_eq!(text, "axis `rate` goes from 3 to 1 by steps of 1, expected two finite ends, the low one first");
        for step in [0.0, -0.1, f64::NAN, f64::INFINITY] {
            let text = refusal(&Axis::stepped(0.0, 1.0, step));
            assert!(text.ends_with(&format!("by steps of {step:?}, expected a finite step above 0")), "{text}");
        }
        assert!(refusal(&Axis::stepped(0.0, 1.0, 1e-10)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(0.0, 1.0, 5e-324)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(-1.7e308, 1.7e308, 1.0)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(0, u64::MAX, 1)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::stepped(i64::MIN, i64::MAX, 1)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::log_spaced(1.0, 2.0, usize::MAX)).contains("expected at most 1048576 values"));
        assert!(refusal(&Axis::log_spaced(1.0, 2.0, 0)).ends_with("in 0 points, expected at least 1 point"));
        assert!(refusal(&Axis::log_spaced(0.0, 2.0, 3)).contains("ends above 0"));
    }

    #[test]
    fn values_reach_the_ends_of_their_types() {
        assert_eq!(Axis::stepped(u64::MAX - 2, u64::MAX, 1).values(), [u64::MAX - 2, u64::MAX - 1, u64::MAX]);
        assert_eq!(Axis::stepped(i64::MIN, i64::MAX, i64::MAX).values(), [i64::MIN, -1, i64::MAX - 1]);
        assert_eq!(Axis::stepped(-1.5e308, 1.5e308, 1.5e308).values(), [-1.5e308, 0.0, 1.5e308]);
        assert_eq!(Axis::stepped(0.0, 1.0, 1e-6).values().len(), 1_000_001);
        let wide = Axis::log_spaced(1e-300_f64, 1e300, 3);
        assert!(wide.values().windows(2).all(|pair| pair[0] < pair[1]), "{wide:?}");
        assert!((wide.values()[1] - 1.0).abs() < 1e-10, "{wide:?}");
        let wide = Axis::log_spaced(5e-324_f64, f64::MAX, 5);
        assert!(wide.values().iter().all(|value| value.is_finite()), "{wide:?}");
        let whole = Axis::log_spaced((1 << 53) + 1, u64::MAX, 4);
        assert!(whole.values().iter().all(|&value| value > 1 << 53), "{whole:?}");
        // As data, an axis is its values.
        assert_eq!(serde_json::to_string(&Axis::stepped(1, 3, 1)).expect("JSON"), "[1,2,3]");
    }
}
