//! What a declared layer is searched by, as data.
//!
//! What is generated asks for it in one way only, [`tuned`] or [`named`] of the field's type, so that a layer that has
//! nothing to search is one error at the field and not one at each use.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use super::{Range, Settings, Tunable, range_of};
use crate::error::Result;

/// The principal hyperparameter of a layer that is built as `T`: see [`Tunable`].
#[derive(Debug)]
pub struct Tuned<T> {
    /// [`Tunable::SETTING`].
    pub setting: &'static str,
    /// [`Tunable::NAMED`].
    pub named: Option<&'static str>,
    /// [`Tunable::RANGE`].
    pub range: Range,
    /// [`Tunable::tune`].
    pub(crate) tune: fn(&mut T, f64),
}

/// The principal hyperparameter of the declared layer `L`.
pub const fn tuned<L: BuildOnDevice<Cpu, f32, Built: Tunable>>() -> Tuned<L::Built> {
    Tuned { setting: L::Built::SETTING, named: L::Built::NAMED, range: L::Built::RANGE, tune: L::Built::tune }
}

impl<T> Tuned<T> {
    /// Checks a value for the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange).
    pub fn check(&self, layer: &str, value: f64) -> Result<()> {
        self.range.check(layer, self.setting, value)
    }
}

/// The settings by name of a layer that is built as `T`: see [`Settings`].
#[derive(Debug)]
pub struct Named<T> {
    /// [`Settings::SETTINGS`].
    pub settings: &'static [(&'static str, Range)],
    /// [`Settings::set`].
    pub(crate) set: fn(&mut T, &str, f64),
    /// [`Settings::fault`].
    pub(crate) fault: fn(&T) -> Option<(String, &'static str)>,
}

/// The settings by name of the declared layer `L`.
pub const fn named<L: BuildOnDevice<Cpu, f32, Built: Settings>>() -> Named<L::Built> {
    Named { settings: L::Built::SETTINGS, set: L::Built::set, fault: L::Built::fault }
}

impl<T> Named<T> {
    /// Checks a value for `setting` of the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange).
    pub fn check(&self, layer: &str, setting: &'static str, value: f64) -> Result<()> {
        range_of(self.settings, setting).unwrap_or(Range::FINITE).check(layer, setting, value)
    }
}
