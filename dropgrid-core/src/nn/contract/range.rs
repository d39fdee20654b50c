//! Ranges of hyperparameters.

use crate::error::{Error, Result};

/// A range of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The smallest value.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// True if the range contains its upper bound.
    pub closed: bool,
    /// The range in words, such as `[0, 1)`.
    pub text: &'static str,
}

impl Range {
    /// Any finite number.
    pub const FINITE: Self = Self { low: f64::MIN, high: f64::MAX, closed: true, text: "the finite numbers" };
    /// A probability below 1.
    pub const RATE: Self = Self { low: 0.0, high: 1.0, closed: false, text: "[0, 1)" };
    /// A fraction, from 0 to 1.
    pub const SHARE: Self = Self { low: 0.0, high: 1.0, closed: true, text: "[0, 1]" };
    /// A number of at least 0.
    pub const NON_NEGATIVE: Self = Self { low: 0.0, high: f64::MAX, closed: true, text: "the numbers from 0" };
    /// A number above 0.
    pub const POSITIVE: Self =
        Self { low: f64::MIN_POSITIVE, high: f64::MAX, closed: true, text: "the numbers above 0" };

    /// Returns true if `value` is in the range, before and after rounding to single precision, in which layers store
    /// it. The result for NaN is false.
    pub const fn contains(self, value: f64) -> bool {
        self.holds(value) && self.holds((value as f32) as f64)
    }

    const fn holds(self, value: f64) -> bool {
        value >= self.low && (value < self.high || self.closed && value <= self.high)
    }

    /// Checks `value` for the `setting` of the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if `value` is outside the range.
    pub fn check(self, layer: &str, setting: &'static str, value: f64) -> Result<()> {
        if self.contains(value) {
            return Ok(());
        }
        let (layer, value) = (layer.to_owned(), value.to_string());
        Err(Error::OutOfRange { layer, setting, value, range: self.text })
    }
}
