//! Where the layers of a network come from.

use dfdx::{
    nn::{BuildModule, BuildOnDevice},
    tensor::Cpu,
};

use super::device;
use crate::{
    error::{Error, Result},
    nn::{Named, Tuned},
    seed::{Key, Purpose, REFIT, Seed},
};

/// Where the initial weights of a network come from.
///
/// Each layer draws from a generator keyed by study seed, fold and the layer's position: candidates of one fold start
/// from the same weights in every layer whose shape and position they share.
#[derive(Debug, Clone, Copy)]
pub struct Weights {
    key: Key,
}

impl Weights {
    /// The weights of one fold's candidates.
    pub fn of_fold(seed: Seed, fold: u32) -> Self {
        Self { key: seed.key(Purpose::Weights).fold(fold) }
    }

    /// The weights of a network that stands by itself, as a builder and the refit make it.
    pub fn alone(seed: Seed) -> Self {
        Self::of_fold(seed, REFIT)
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
}
