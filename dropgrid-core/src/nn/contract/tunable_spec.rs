//! The hyperparameters of a declared layer as values.
//!
//! Generated code reaches them only by [`tunable_spec`] and [`settings_spec`] of the field's type, so that a layer without
//! hyperparameters is one error at the field and not one at each use.

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use super::{
    column_layer::ColumnLayer,
    range::Range,
    tunable::{Settings, Tunable, range_of},
};
use crate::error::Result;

/// The principal hyperparameter of a layer that is built as `T`, see [`Tunable`].
#[derive(Debug)]
#[doc(hidden)]
pub struct TunableSpec<T> {
    /// [`Tunable::SETTING`].
    pub setting: &'static str,
    /// [`Tunable::ALIAS`].
    pub alias: Option<&'static str>,
    /// [`Tunable::RANGE`].
    pub range: Range,
    /// [`Tunable::tune`].
    pub(crate) tune: fn(&mut T, f64),
}

/// The principal hyperparameter of the declared layer `L`.
#[doc(hidden)]
pub const fn tunable_spec<L: BuildOnDevice<Cpu, f32, Built: Tunable>>() -> TunableSpec<L::Built> {
    TunableSpec { setting: L::Built::SETTING, alias: L::Built::ALIAS, range: L::Built::RANGE, tune: L::Built::tune }
}

impl<T> TunableSpec<T> {
    /// Checks a value of the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange).
    pub fn check(&self, layer: &str, value: f64) -> Result<()> {
        self.range.check(layer, self.setting, value)
    }
}

/// The named settings of a layer that is built as `T`, see [`Settings`].
#[derive(Debug)]
#[doc(hidden)]
pub struct SettingsSpec<T> {
    /// [`Settings::SETTINGS`].
    pub settings: &'static [(&'static str, Range)],
    /// [`Settings::set`].
    pub(crate) set: fn(&mut T, &str, f64),
    /// [`Settings::fault`].
    pub(crate) fault: fn(&T) -> Option<(String, &'static str)>,
}

/// The named settings of the declared layer `L`.
#[doc(hidden)]
pub const fn settings_spec<L: BuildOnDevice<Cpu, f32, Built: Settings>>() -> SettingsSpec<L::Built> {
    SettingsSpec { settings: L::Built::SETTINGS, set: L::Built::set, fault: L::Built::fault }
}

/// The named settings of the declared layer `L` in a field with `#[columns(..)]`.
#[doc(hidden)]
pub const fn column_settings_spec<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> SettingsSpec<L::Built>
{
    SettingsSpec {
        settings: L::Built::SETTINGS.as_slice(),
        set: L::Built::set_by_name,
        fault: L::Built::settings_fault,
    }
}

impl<T> SettingsSpec<T> {
    /// Checks a value of `setting` of the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange).
    pub fn check(&self, layer: &str, setting: &'static str, value: f64) -> Result<()> {
        range_of(self.settings, setting).unwrap_or(Range::FINITE).check(layer, setting, value)
    }
}
