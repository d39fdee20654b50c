//! A layer's principal hyperparameter.

use dfdx::nn::builders::{Dropout, LeakyReLU};

use crate::error::{Error, Result};

/// The values that a hyperparameter may take.
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

    /// Whether `value` is inside; NaN never is.
    pub const fn contains(self, value: f64) -> bool {
        value >= self.low && (value < self.high || self.closed && value <= self.high)
    }
}

/// A layer with one hyperparameter that `#[grid(...)]` on its field means, as the rate of a dropout.
///
/// Implement it for a layer of your own to make it searchable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hyperparameter to search",
    label = "nothing to search on this layer",
    note = "remove the `#[grid(...)]`, or implement `dropgrid::Tunable` for the layer",
    note = "to search a width, write `#[grid(32, 64)] const WIDTH: usize` among the struct's generics"
)]
pub trait Tunable {
    /// The setting's name: `p`.
    const SETTING: &'static str;
    /// The values that the layer can work with.
    const RANGE: Range;

    /// Sets the hyperparameter of a layer just built. The value is inside [`RANGE`](Self::RANGE).
    fn tune(&mut self, value: f64);

    /// Checks a value for the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    fn check(layer: &str, value: f64) -> Result<()> {
        if Self::RANGE.contains(value) {
            return Ok(());
        }
        Err(Error::OutOfRange {
            layer: layer.to_owned(),
            setting: Self::SETTING,
            value: value.to_string(),
            range: Self::RANGE.text,
        })
    }
}

/// The rate `p`: the share of values that a training pass sets to 0.
///
/// A rate of 1 would leave nothing and divide by 0 in the rescaling, so it is outside the range.
impl Tunable for Dropout {
    const SETTING: &'static str = "rate";
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
    }
}

/// The slope for negative inputs.
impl Tunable for LeakyReLU<f32> {
    const SETTING: &'static str = "slope";
    const RANGE: Range = Range::FINITE;

    fn tune(&mut self, value: f64) {
        self.0 = value as f32;
    }
}
