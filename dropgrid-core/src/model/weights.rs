//! Where the layers of a network come from.

use dfdx::{
    nn::{BuildModule, BuildOnDevice},
    tensor::Cpu,
};

use super::device;
use crate::{
    data::{Fit, FitRows, Target},
    error::{Error, Result},
    nn::{Fitting, Named, Tuned},
    seed::{Key, Purpose, REFIT, Seed},
};

/// Where the initial weights of a network come from, and the statistics of its data.
///
/// Each layer draws from a generator keyed by study seed, fold and the layer's position: candidates of one fold start
/// from the same weights in every layer whose shape and position they share. A layer that is a
/// [`Preprocess`](crate::nn::Preprocess) is fitted on the rows that the fold trains on.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    key: Key,
    rows: Option<FitRows<'a>>,
}

impl<'a> Weights<'a> {
    /// The weights of one fold's candidates, which train on `view`.
    pub fn of_fold<T: Target>(seed: Seed, fold: u32, view: &Fit<'a, T>) -> Self {
        Self { key: seed.key(Purpose::Weights).fold(fold), rows: Some(view.into()) }
    }

    /// The weights of a network that stands by itself, as a builder makes it: those of the refit, and no rows, so that
    /// a layer fitted on data changes nothing yet.
    pub fn alone(seed: Seed) -> Self {
        Self { key: seed.key(Purpose::Weights).fold(REFIT), rows: None }
    }

    /// Fits the statistics of a network just built, where it has some and where there are rows.
    pub(super) fn fit<N>(&self, mut network: N, fitting: Option<Fitting<N>>) -> Result<N> {
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
        let cpu = Cpu::seed_from_u64(self.key.layer(position).value());
        L::Built::try_build(&cpu).map_err(|error| Error::Fit(device(error)))
    }

    /// Builds the layer at `position`, declared as the field `name`, and sets its principal hyperparameter.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], and those of [`layer`](Self::layer).
    pub fn tuned<L: BuildOnDevice<Cpu, f32>>(
        &self,
        position: u32,
        tuned: Tuned<L::Built>,
        name: &str,
        value: f64,
    ) -> Result<L::Built> {
        tuned.check(name, value)?;
        let mut layer = self.layer::<L>(position)?;
        (tuned.tune)(&mut layer, value);
        Ok(layer)
    }

    /// Sets a setting by name of the layer just built for the field `name`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`].
    pub fn set<T>(&self, mut layer: T, named: Named<T>, name: &str, setting: &'static str, value: f64) -> Result<T> {
        named.check(name, setting, value)?;
        (named.set)(&mut layer, setting, value);
        Ok(layer)
    }

    /// Checks the settings of the field `name` together, which have all been set.
    ///
    /// # Errors
    /// [`Error::LayerSettings`].
    pub fn settled<T>(&self, layer: T, named: Named<T>, name: &str) -> Result<T> {
        match (named.fault)(&layer) {
            Some((values, expected)) => Err(Error::LayerSettings { layer: name.to_owned(), values, expected }),
            None => Ok(layer),
        }
    }
}
