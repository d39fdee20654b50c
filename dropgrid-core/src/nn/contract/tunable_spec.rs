//! The hyperparameters of a declared layer, as values.
//!
//! Generated code accesses them only through [`TunableLayer`] and [`SettingsLayer`] of the field's type. A layer
//! without hyperparameters then gives one error at the field instead of one at each use.

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

/// A declared layer whose built type is [`Tunable`]. The compiler message then names the type as written in the struct.
#[diagnostic::on_unimplemented(
    message = "this layer has no hyperparameter to search",
    label = "nothing to search here",
    note = "remove the axis; for a layer of your own, implement `dropgrid::Tunable`",
    note = "a setting is searched by its name: `#[grid(momentum: 0.05, 0.1)]` on a batch normalisation",
    note = "to search a width, write `#[grid(32, 64)] const WIDTH: usize` among the struct's generics"
)]
#[doc(hidden)]
pub trait TunableLayer: BuildOnDevice<Cpu, f32> {
    /// The principal hyperparameter.
    const SPEC: TunableSpec<Self::Built>;
}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32, Built: Tunable>> TunableLayer for L {
    const SPEC: TunableSpec<L::Built> = TunableSpec {
        setting: L::Built::SETTING,
        alias: L::Built::ALIAS,
        range: L::Built::RANGE,
        tune: L::Built::tune,
    };
}

impl<T> TunableSpec<T> {
    /// Checks a value for the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the value is outside the range.
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

/// A declared layer whose built type has [`Settings`].
#[diagnostic::on_unimplemented(
    message = "this layer has no settings that can be given by name",
    label = "no named settings here",
    note = "remove the setting; for a layer of your own, implement `dropgrid::Settings`"
)]
#[doc(hidden)]
pub trait SettingsLayer: BuildOnDevice<Cpu, f32> {
    /// The named settings.
    const SPEC: SettingsSpec<Self::Built>;
}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32, Built: Settings>> SettingsLayer for L {
    const SPEC: SettingsSpec<L::Built> =
        SettingsSpec { settings: L::Built::SETTINGS, set: L::Built::set, fault: L::Built::fault };
}

/// Returns the named settings of the declared layer `L` in a field with `#[columns(..)]`.
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
    /// Checks a value for the `setting` of the field `layer`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the value is outside the range.
    pub fn check(&self, layer: &str, setting: &'static str, value: f64) -> Result<()> {
        range_of(self.settings, setting).unwrap_or(Range::FINITE).check(layer, setting, value)
    }
}
