//! What can be searched on a layer.

use dfdx::{
    nn::modules::{self, BatchNorm1D, BatchNorm2D, LayerNorm1D},
    shapes::Dtype,
    tensor::Storage,
};

use super::{Dropout, Range};
use crate::error::Result;

/// A layer with one hyperparameter that `#[grid(...)]` on its field means, as the rate of a dropout.
///
/// Implement it for a layer of your own, on the type that is built, to make it searchable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hyperparameter to search",
    label = "nothing to search on this layer",
    note = "remove the axis, or implement `dropgrid::Tunable` for the layer",
    note = "a setting is searched by its name: `#[grid(momentum: 0.05, 0.1)]` on a batch normalisation",
    note = "to search a width, write `#[grid(32, 64)] const WIDTH: usize` among the struct's generics"
)]
pub trait Tunable {
    /// What the hyperparameter is called: `rate`.
    const SETTING: &'static str;
    /// What it is called among the layer's [`Settings`], if it is one of them: `p`. A field then has it from one place.
    const NAMED: Option<&'static str> = None;
    /// The values that the layer can work with.
    const RANGE: Range = Range::FINITE;

    /// Sets the hyperparameter of a layer just built. The value is inside [`RANGE`](Self::RANGE).
    fn tune(&mut self, value: f64);

    /// Checks a value for the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange).
    fn check(layer: &str, value: f64) -> Result<()> {
        Self::RANGE.check(layer, Self::SETTING, value)
    }
}

/// The rate `p`: the share of values that a training pass sets to 0.
///
/// A rate of 1 would leave nothing and divide by 0 in the rescaling, so it is outside the range.
impl Tunable for Dropout {
    const SETTING: &'static str = "rate";
    const NAMED: Option<&'static str> = Some("p");
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
    }
}

/// As [`Dropout`].
impl Tunable for modules::Dropout {
    const SETTING: &'static str = "rate";
    const NAMED: Option<&'static str> = Some("p");
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
    }
}

/// A layer with settings that have names, for `#[grid(momentum: 0.05, 0.1)]` and `#[set(p = rate / 2.0)]`.
///
/// Implement it for a layer of your own, on the type that is built.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no settings that can be given by name",
    label = "no named settings on this layer",
    note = "implement `dropgrid::Settings` for the layer"
)]
pub trait Settings {
    /// The settings' names and ranges.
    const SETTINGS: &'static [(&'static str, Range)];

    /// Sets one of [`SETTINGS`](Self::SETTINGS) by name. The value is inside its range.
    fn set(&mut self, setting: &str, value: f64);

    /// What is wrong with the settings together, where it is more than their ranges say: what they are, and what is
    /// expected, as `low is 2 and high is 1` and `low below high`. Nothing by default. It is asked when all are set.
    fn fault(&self) -> Option<(String, &'static str)> {
        None
    }
}

/// The range of a setting, where there is one of that name.
pub const fn range_of(settings: &[(&str, Range)], name: &str) -> Option<Range> {
    let mut at = 0;
    while at < settings.len() {
        if same(settings[at].0, name) {
            return Some(settings[at].1);
        }
        at += 1;
    }
    None
}

/// Equality of strings, which the compiler cannot yet evaluate by itself.
pub(super) const fn same(a: &str, b: &str) -> bool {
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

impl Settings for Dropout {
    const SETTINGS: &'static [(&'static str, Range)] = &[("p", Range::RATE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.p = value as f32;
    }
}

impl Settings for modules::Dropout {
    const SETTINGS: &'static [(&'static str, Range)] = &[("p", Range::RATE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.p = value as f32;
    }
}

impl<const C: usize, E: Dtype, D: Storage<E>> Settings for LayerNorm1D<C, E, D> {
    const SETTINGS: &'static [(&'static str, Range)] = &[("epsilon", Range::POSITIVE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.epsilon = value;
    }
}

macro_rules! batch_norm {
    ($($layer:ident),+) => {$(
        impl<const C: usize, E: Dtype, D: Storage<E>> Settings for $layer<C, E, D> {
            const SETTINGS: &'static [(&'static str, Range)] =
                &[("momentum", Range::SHARE), ("epsilon", Range::POSITIVE)];

            fn set(&mut self, setting: &str, value: f64) {
                match setting {
                    "momentum" => self.momentum = value,
                    _ => self.epsilon = value,
                }
            }
        }
    )+};
}

batch_norm!(BatchNorm1D, BatchNorm2D);
