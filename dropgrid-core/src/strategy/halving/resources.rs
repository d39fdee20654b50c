//! The settings that all strategies of rungs have.

use super::unit::Unit;
use crate::{
    error::{Error, Result},
    space::Space,
    split::Warning,
    strategy::View,
};

/// Epochs of which the first rung needs one.
const ENOUGH: u64 = 5;

/// The resources that candidates spend, and the growth from rung to rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::strategy) struct Resources {
    pub(in crate::strategy) factor: u32,
    pub(in crate::strategy) unit: Unit,
    /// The least resources; none for the smallest that tell anything.
    pub(in crate::strategy) min: Option<u64>,
    /// The most resources; none for all that there are.
    pub(in crate::strategy) max: Option<u64>,
}

impl Resources {
    /// Epochs, from the smallest number to all of them.
    pub(in crate::strategy) fn epochs(factor: u32) -> Self {
        Self { factor, unit: Unit::Epochs, min: None, max: None }
    }

    /// The least and the most resources of a search.
    ///
    /// # Errors
    /// [`Error::Setting`] of a factor below 2, and those of [`Unit::check`].
    pub(in crate::strategy) fn ends<S: Space>(self, view: &View<'_, S>) -> Result<(u64, u64)> {
        if self.factor < 2 {
            return Err(Error::Setting { setting: "factor", value: self.factor.to_string(), expected: "at least 2" });
        }
        let available = self.unit.available(view);
        let ends = (self.min.unwrap_or_else(|| self.unit.smallest(view)), self.max.unwrap_or(available));
        self.unit.check(view, ends, available)?;
        Ok(ends)
    }

    /// A warning where the first of several rungs has less than a fifth of the epochs, and nobody has chosen so: in
    /// `docs/strategy-bench.md`, a halving that begins earlier loses the best on three data sets of four.
    pub(in crate::strategy) fn warning(self, rungs: &[u64]) -> Option<Warning> {
        let (&epochs, &of) = rungs.first().zip(rungs.last())?;
        let enough = of.div_ceil(ENOUGH);
        let is_early = self.unit == Unit::Epochs && self.min.is_none() && epochs < enough;
        is_early.then_some(Warning::EarlyComparison { epochs, of, enough })
    }
}

/// The methods that set the resources of a strategy with a base, with the documentation of its factor and of its least
/// resources.
macro_rules! resource_settings {
    ($strategy:ident, $factor:literal, $min:literal) => {
        impl<B> $strategy<B> {
            #[doc = $factor]
            pub fn factor(mut self, factor: u32) -> Self {
                self.resources.factor = factor;
                self
            }

            /// Spends samples, the rows of the data, in place of epochs: each fold trains on its part of so many rows,
            /// for all epochs. No training goes on from another, so samples cost more than epochs.
            pub fn samples(mut self) -> Self {
                self.resources.unit = crate::strategy::halving::unit::Unit::Samples;
                self
            }

            #[doc = $min]
            pub fn min_resource(mut self, resources: u64) -> Self {
                self.resources.min = Some(resources);
                self
            }

            /// The most resources of a candidate: epochs up to those of the whole training, or samples up to the rows
            /// of the data. The default is all of them.
            pub fn max_resource(mut self, resources: u64) -> Self {
                self.resources.max = Some(resources);
                self
            }
        }
    };
}
pub(in crate::strategy) use resource_settings;
