//! The hyperparameters of a layer.

use super::range::Range;
use crate::error::Result;

/// A layer with a principal hyperparameter, such as the rate of a dropout, which `#[grid(...)]` on its field searches.
///
/// Implement it for your own layer, on the type that dfdx builds:
/// ```
/// # use dropgrid_core::nn::{Range, Tunable};
/// /// Multiplies by a number.
/// struct Scaled {
///     factor: f32,
/// }
///
/// impl Tunable for Scaled {
///     const SETTING: &'static str = "factor";
///     const RANGE: Range = Range { low: 0.0, high: 10.0, closed: true, text: "[0, 10]" };
///
///     fn tune(&mut self, value: f64) {
///         self.factor = value as f32;
///     }
/// }
///
/// let mut layer = Scaled { factor: 1.0 };
/// layer.tune(0.5);
/// assert_eq!(layer.factor, 0.5);
/// // `#[grid(0.5, 20.0)] scaled: Scaled` does not compile, and a range from a file is refused:
/// assert_eq!(Scaled::check("scaled", 20.0).unwrap_err().to_string(), "scaled: factor 20 is outside [0, 10]");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hyperparameter to search",
    label = "nothing to search on this layer",
    note = "remove the axis; for a layer of your own, implement `dropgrid::Tunable`",
    note = "a setting is searched by its name: `#[grid(momentum: 0.05, 0.1)]` on a batch normalisation",
    note = "to search a width, write `#[grid(32, 64)] const WIDTH: usize` among the struct's generics"
)]
pub trait Tunable {
    /// The name of the hyperparameter, such as `rate`.
    const SETTING: &'static str;
    /// The name of the same hyperparameter among the layer's [`Settings`], such as `p`. A field cannot have both an
    /// axis and a `#[set]` for it.
    const ALIAS: Option<&'static str> = None;
    /// The allowed values.
    const RANGE: Range = Range::FINITE;

    /// Sets the hyperparameter of a newly built layer. The value is in [`RANGE`](Self::RANGE).
    fn tune(&mut self, value: f64);

    /// Checks a value for the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the value is outside [`RANGE`](Self::RANGE).
    fn check(layer: &str, value: f64) -> Result<()> {
        Self::RANGE.check(layer, Self::SETTING, value)
    }
}

/// A layer with named settings, for `#[grid(momentum: 0.05, 0.1)]` and `#[set(p = rate / 2.0)]`.
///
/// Implement it for your own layer, on the type that dfdx builds:
/// ```
/// # use dropgrid_core::nn::{Range, Settings};
/// /// Keeps numbers between two bounds.
/// struct Clamp {
///     low: f32,
///     high: f32,
/// }
///
/// impl Settings for Clamp {
///     const SETTINGS: &'static [(&'static str, Range)] = &[("low", Range::FINITE), ("high", Range::FINITE)];
///
///     fn set(&mut self, setting: &str, value: f64) {
///         match setting {
///             "low" => self.low = value as f32,
///             _ => self.high = value as f32,
///         }
///     }
///
///     fn fault(&self) -> Option<(String, &'static str)> {
///         let is_empty = self.low >= self.high;
///         is_empty.then(|| (format!("low is {} and high is {}", self.low, self.high), "low below high"))
///     }
/// }
///
/// // `#[grid(high: 1.0, 6.0)] #[set(low = -1.0)] clamp: Clamp` searches one of them and gives the other.
/// let mut layer = Clamp { low: 0.0, high: 1.0 };
/// layer.set("low", -1.0);
/// assert_eq!((layer.low, layer.fault()), (-1.0, None));
/// // Values that do not go together are refused before any training.
/// layer.set("high", -2.0);
/// assert_eq!(layer.fault().unwrap().0, "low is -1 and high is -2");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no settings that can be given by name",
    label = "no named settings on this layer",
    note = "remove the setting; for a layer of your own, implement `dropgrid::Settings`"
)]
pub trait Settings {
    /// The names of the settings and their ranges.
    const SETTINGS: &'static [(&'static str, Range)];

    /// Sets one of [`SETTINGS`](Self::SETTINGS) by name. The value is in its range.
    fn set(&mut self, setting: &str, value: f64);

    /// Checks the settings together after all of them have been set. Returns a fault as two texts, the values and the
    /// violated rule: `low is 2 and high is 1` and `low below high`. The default returns `None`.
    fn fault(&self) -> Option<(String, &'static str)> {
        None
    }
}

/// Returns the range of the setting `name`, or `None` if there is no such setting.
#[doc(hidden)]
pub const fn range_of(settings: &[(&str, Range)], name: &str) -> Option<Range> {
    let mut at = 0;
    while at < settings.len() {
        if str_eq(settings[at].0, name) {
            return Some(settings[at].1);
        }
        at += 1;
    }
    None
}

/// Compares strings in constants, where `==` is not available.
pub(in crate::nn) const fn str_eq(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}
