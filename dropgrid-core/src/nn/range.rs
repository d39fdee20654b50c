//! The values that a hyperparameter may take.

use crate::error::{Error, Result};

/// A range of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The smallest value.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// Whether the upper bound itself is allowed.
    pub closed: bool,
    /// The range in words: `[0, 1)`.
    pub text: &'static str,
}

impl Range {
    /// Any finite number.
    pub const FINITE: Self = Self { low: f64::MIN, high: f64::MAX, closed: true, text: "the finite numbers" };
    /// A probability that is not certain.
    pub const RATE: Self = Self { low: 0.0, high: 1.0, closed: false, text: "[0, 1)" };
    /// A share of the whole.
    pub const SHARE: Self = Self { low: 0.0, high: 1.0, closed: true, text: "[0, 1]" };
    /// A number that is not below 0.
    pub const NON_NEGATIVE: Self = Self { low: 0.0, high: f64::MAX, closed: true, text: "the numbers from 0" };
    /// A number above 0.
    pub const POSITIVE: Self =
        Self { low: f64::MIN_POSITIVE, high: f64::MAX, closed: true, text: "the numbers above 0" };

    /// Whether `value` is inside, in single precision too, in which layers have it; NaN never is.
    pub const fn contains(self, value: f64) -> bool {
        self.holds(value) && self.holds((value as f32) as f64)
    }

    const fn holds(self, value: f64) -> bool {
        value >= self.low && (value < self.high || self.closed && value <= self.high)
    }

    /// Checks `value` for `setting` of the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn check(self, layer: &str, setting: &'static str, value: f64) -> Result<()> {
        if self.contains(value) {
            return Ok(());
        }
        let (layer, value) = (layer.to_owned(), value.to_string());
        Err(Error::OutOfRange { layer, setting, value, range: self.text })
    }
}
