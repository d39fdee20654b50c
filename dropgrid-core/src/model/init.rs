//! The initial state of a network.

use std::{
    any::Any,
    cell::{Cell, RefCell},
};

use dfdx::{
    nn::{BuildModule, BuildOnDevice},
    tensor::Cpu,
};

use super::device;
use crate::{
    data::{Fit, FitRows, Target},
    error::{Error, Failure, Result},
    nn::{ExportFn, FitStatistics, SettingsSpec, TunableSpec},
    seed::{Key, Purpose, REFIT, Seed},
};

/// The initial state of a network: its random weights, and the rows that its scalers are fitted on.
///
/// Each layer draws from a generator keyed by study seed, fold and the layer's position. Candidates of one fold
/// therefore start from the same weights in every layer whose shape and position they share. The fields of a searchable
/// struct that is a layer have positions of their own, as if they stood in the model. A layer that is a
/// [`Preprocess`](crate::nn::Preprocess) is fitted on the rows that the fold trains on.
#[derive(Debug, Clone, Copy)]
pub struct Init<'a> {
    key: Key,
    rows: Option<FitRows<'a>>,
    log: Option<&'a BuildLog>,
    /// The position of the first layer.
    first: u32,
    within: Option<&'a Within<'a>>,
}

/// The place of a searchable struct in the model that it is a layer of.
#[derive(Debug, Clone, Copy)]
struct Within<'a> {
    /// The place of what it stands in.
    outer: Option<&'a Self>,
    name: &'a str,
    /// False of a part of a container, which has no name in errors.
    is_field: bool,
}

/// The settings that a network got while it was built.
#[derive(Debug, Default)]
pub(super) struct BuildLog {
    /// Ends the building once the ties are known.
    ties_alone: bool,
    /// Ends the building before it begins.
    type_alone: bool,
    ties: RefCell<Vec<f64>>,
    settings: RefCell<Vec<LayerSetting>>,
    has_statistics: Cell<bool>,
    codes: Cell<Option<usize>>,
    /// The [`ExportFn`] of the network.
    export: RefCell<Option<Box<dyn Any>>>,
}

/// A setting of a layer that an axis or a tie gives.
#[derive(Debug)]
pub(super) struct LayerSetting {
    /// The field of the model.
    pub(super) field: String,
    /// The setting by its name behind that, `dropout.p` in a searchable struct.
    pub(super) setting: String,
}

impl BuildLog {
    /// A log of the ties alone: the building ends before the first layer.
    pub(super) fn ties_alone() -> Self {
        Self { ties_alone: true, ..Self::default() }
    }

    /// A log of the network's type, of its functions and codes: nothing is built.
    pub(super) fn type_alone() -> Self {
        Self { type_alone: true, ..Self::default() }
    }

    /// The function that exports the network of type `N`; `None` where a layer cannot be exported.
    #[cfg(feature = "onnx")]
    pub(super) fn export<N: 'static>(&self) -> Option<ExportFn<N>> {
        self.export.borrow().as_ref().and_then(|export| export.downcast_ref().copied())
    }

    pub(super) fn into_ties(self) -> Vec<f64> {
        self.ties.into_inner()
    }

    /// True where the network begins with a layer that is fitted on the data.
    pub(super) fn has_statistics(&self) -> bool {
        self.has_statistics.get()
    }

    /// The number of codes, where the network's type says that it takes codes.
    pub(super) fn codes(&self) -> Option<usize> {
        self.codes.get()
    }

    pub(super) fn into_settings(self) -> Vec<LayerSetting> {
        self.settings.into_inner()
    }
}

impl<'a> Init<'a> {
    /// The initial state of one fold's candidates, which train on `view`.
    pub fn of_fold<T: Target>(seed: Seed, fold: u32, view: &Fit<'a, T>) -> Self {
        Self { key: seed.key(Purpose::Weights).fold(fold), rows: Some(view.into()), log: None, first: 0, within: None }
    }

    /// The initial state of a network that a builder makes by itself: the weights of the refit, and no rows, so that a
    /// layer fitted on data changes nothing yet.
    pub fn alone(seed: Seed) -> Self {
        Self { key: seed.key(Purpose::Weights).fold(REFIT), rows: None, log: None, first: 0, within: None }
    }

    /// The same state, which writes to `log` what is built.
    pub(super) fn logged(self, log: &'a BuildLog) -> Self {
        Self { log: Some(log), ..self }
    }

    /// Logs the values of all ties, which are evaluated before any layer is built.
    ///
    /// # Errors
    /// An error where the ties alone are wanted, which ends the building.
    pub fn tied(&self, values: &[f64]) -> Result<()> {
        // Those of a searchable struct that is a layer are read by themselves.
        let Some(log) = self.log.filter(|_| self.within.is_none()) else { return Ok(()) };
        *log.ties.borrow_mut() = values.to_vec();
        if log.ties_alone { Err(Error::Fit(Failure::Interrupted)) } else { Ok(()) }
    }

    /// Logs a setting that a layer gets.
    fn log_setting(&self, field: &str, setting: &str) {
        let Some(log) = self.log else { return };
        let mut names = self.names(|_| true);
        names.extend([field, setting]);
        let (field, setting) = (names[0].to_owned(), names[1..].join("."));
        log.settings.borrow_mut().push(LayerSetting { field, setting });
    }

    /// The names of the places that this one stands in, from the outside.
    fn names(&self, is_wanted: impl Fn(&Within<'_>) -> bool) -> Vec<&str> {
        let places = std::iter::successors(self.within, |within| within.outer);
        let mut names: Vec<&str> = places.filter(|within| is_wanted(within)).map(|within| within.name).collect();
        names.reverse();
        names
    }

    /// The field in errors: `block.dropout` in a searchable struct.
    fn named(&self, field: &str) -> String {
        let mut names = self.names(|within| within.is_field);
        names.push(field);
        names.join(".")
    }

    /// Builds the searchable struct at `position`, declared as the field `name`, by `build`.
    #[doc(hidden)]
    pub fn nested<T>(&self, position: u32, name: &str, build: impl FnOnce(&Init<'_>) -> T) -> T {
        self.within(position, name, true, build)
    }

    /// Builds a part of a container, whose first layer is at `position`.
    pub(super) fn part<T>(&self, position: u32, name: &str, build: impl FnOnce(&Init<'_>) -> T) -> T {
        self.within(position, name, false, build)
    }

    fn within<T>(&self, position: u32, name: &str, is_field: bool, build: impl FnOnce(&Init<'_>) -> T) -> T {
        let within = Within { outer: self.within, name, is_field };
        build(&Init { first: self.first + position, within: Some(&within), ..*self })
    }

    /// Builds repetition `at` of `count`, whose weights are its own.
    pub(super) fn repetition<T>(&self, at: usize, count: usize, build: impl FnOnce(&Init<'_>) -> T) -> T {
        self.part(0, &at.to_string(), |part| build(&Init { key: part.key.repetition(at, count), ..*part }))
    }

    /// Builds a network, and fits its statistics, where it has some and where there are rows.
    pub(super) fn network<N: 'static>(
        &self,
        build: impl FnOnce(&Self) -> Result<N>,
        fitting: Option<FitStatistics<N>>,
        exporting: Option<ExportFn<N>>,
        codes: Option<usize>,
    ) -> Result<N> {
        if let Some(log) = self.log {
            *log.export.borrow_mut() = exporting.map(|export| Box::new(export) as Box<dyn Any>);
            log.has_statistics.set(fitting.is_some());
            log.codes.set(codes);
            if log.type_alone {
                return Err(Error::Fit(Failure::Interrupted));
            }
        }
        self.fit(build(self)?, fitting)
    }

    /// Fits the statistics of a network just built, where it has some and where there are rows.
    fn fit<N>(&self, mut network: N, fitting: Option<FitStatistics<N>>) -> Result<N> {
        if let (Some(fit), Some(rows)) = (fitting, &self.rows) {
            fit(&mut network, rows)?;
        }
        Ok(network)
    }

    /// Builds the layer at `position` of the network, counted from 0.
    ///
    /// # Errors
    /// [`Error::Fit`] where the device cannot allocate.
    pub fn layer<L: BuildOnDevice<Cpu, f32>>(&self, position: u32) -> Result<L::Built> {
        let cpu = Cpu::seed_from_u64(self.key.layer(self.first + position).value());
        L::Built::try_build(&cpu).map_err(|error| Error::Fit(device(error)))
    }

    /// Builds the layer at `position`, declared as the field `name`, and sets its principal hyperparameter.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], and those of [`layer`](Self::layer).
    pub fn tuned<L: BuildOnDevice<Cpu, f32>>(
        &self,
        position: u32,
        spec: TunableSpec<L::Built>,
        name: &str,
        value: f64,
    ) -> Result<L::Built> {
        spec.check(&self.named(name), value)?;
        self.log_setting(name, spec.alias.unwrap_or(spec.setting));
        let mut layer = self.layer::<L>(position)?;
        (spec.tune)(&mut layer, value);
        Ok(layer)
    }

    /// Sets a setting by name of the layer just built for the field `name`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn set<T>(
        &self,
        mut layer: T,
        spec: SettingsSpec<T>,
        name: &str,
        setting: &'static str,
        value: f64,
    ) -> Result<T> {
        spec.check(&self.named(name), setting, value)?;
        self.log_setting(name, setting);
        (spec.set)(&mut layer, setting, value);
        Ok(layer)
    }

    /// Checks the settings of the field `name` together, which have all been set.
    ///
    /// # Errors
    /// [`Error::LayerSettings`].
    pub fn settled<T>(&self, layer: T, spec: SettingsSpec<T>, name: &str) -> Result<T> {
        match (spec.fault)(&layer) {
            Some((values, expected)) => Err(Error::LayerSettings { layer: self.named(name), values, expected }),
            None => Ok(layer),
        }
    }
}
