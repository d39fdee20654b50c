//! Checks of the positions of layers in a model: layers that are fitted on the data stand at the head.

use std::marker::PhantomData;

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::nn::{PositionIndependent, Preprocess};

/// A type that dfdx can build as a layer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "dfdx cannot build this on `Cpu` in `f32`",
    note = "a field is a layer, a tuple of layers or a module that implements `BuildOnDevice`",
    note = "for a hyperparameter of your own, put `#[param]` and an axis on the field"
)]
#[doc(hidden)]
pub trait Layer {}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32>> Layer for L {}

/// The position of the declared layer `L`: at the head of the network, or behind another layer.
///
/// Generated code calls one method a field, so that one fault is one error. The inherent methods are those of layers that are
/// fitted on the data. For other layers the compiler finds those of [`AnyPosition`], and for other types those of
/// [`NotALayer`].
#[derive(Debug)]
#[doc(hidden)]
pub struct LayerPosition<L>(PhantomData<fn() -> L>);

impl<L> LayerPosition<L> {
    /// The check of `L`.
    #[allow(clippy::new_without_default, reason = "a check has no default")]
    pub fn of() -> Self {
        Self(PhantomData)
    }
}

impl<L: BuildOnDevice<Cpu, f32>> LayerPosition<L>
where
    L::Built: Preprocess,
{
    /// Compiles: a layer that is fitted on the data belongs at the head.
    pub fn head(self) {}
}

/// A trait that `()` does not have, for the message. dfdx declares `()` as a layer, but cannot build it.
#[diagnostic::on_unimplemented(
    message = "`()` is not a layer",
    label = "`()` cannot be built",
    note = "write `Identity`, the layer that does nothing: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`"
)]
#[doc(hidden)]
pub trait UnitLayer<'a> {}

impl LayerPosition<()> {
    /// Does not compile, see [`UnitLayer`]. The lifetime defers the error to the caller.
    pub fn behind(self)
    where
        for<'a> (): UnitLayer<'a>,
    {
    }
}

/// The check of a layer that is not fitted on the data, at any position.
#[doc(hidden)]
pub trait AnyPosition<Built>: Sized {
    /// Compiles where no part of the layer is fitted on the data.
    fn head(self)
    where
        Built: PositionIndependent,
    {
    }

    /// Compiles where no part of the layer is fitted on the data.
    fn behind(self)
    where
        Built: PositionIndependent,
    {
    }
}

impl<L: BuildOnDevice<Cpu, f32>> AnyPosition<L::Built> for LayerPosition<L> {}

/// The check of a type that is not a layer.
#[doc(hidden)]
pub trait NotALayer<L>: Sized {
    /// Compiles where `L` is a layer.
    fn head(self)
    where
        L: Layer,
    {
    }

    /// Compiles where `L` is a layer.
    fn behind(self)
    where
        L: Layer,
    {
    }
}

impl<L> NotALayer<L> for &LayerPosition<L> {}
