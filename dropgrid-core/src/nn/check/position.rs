//! Checks of the positions of layers in a model: layers that are fitted on the data stand at the head.

use std::marker::PhantomData;

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::nn::{PositionIndependent, Preprocess};

/// A type that dfdx can build as a layer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "dfdx cannot build this on `Cpu` in `f32`",
    note = "a field is a layer, a tuple of layers or a module that implements `BuildOnDevice`",
    note = "for a hyperparameter of your own, put `#[param]` and an axis on the field; for a `#[searchable]` struct, put `#[searchable]` on it"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait Layer {
    /// Compiles where the type is a layer.
    fn is() {}
}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32>> Layer for L {}

/// A layer that may stand where it does.
#[diagnostic::on_unimplemented(
    message = "a layer that is fitted on the data, or has a part that is, does not stand at the head of the network",
    label = "only the first layer sees the data",
    note = "write it as the first field of the struct, or as the first layer in the tuple of the first field",
    note = "a module of your own that begins with it hands the rows on to it: implement `dropgrid::Preprocess`"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait Placed: Sized {
    /// Compiles where the layer may stand there.
    fn placed(self) {}
}

/// A layer that may stand where it does, as far as this check goes.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct Allowed;

#[diagnostic::do_not_recommend]
impl Placed for Allowed {}

/// A layer, built as `B`, that may stand there if no part of it is fitted on the data.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct Unfitted<B>(PhantomData<fn() -> B>);

#[diagnostic::do_not_recommend]
impl<B: PositionIndependent> Placed for Unfitted<B> {}

/// The position of the declared layer `L`: at the head of the network, or behind another layer.
///
/// Generated code calls one method a field, so that one fault is one error. The inherent methods are those of layers
/// that are fitted on the data. For other layers the compiler finds those of [`AnyPosition`], and for other types those
/// of [`NotALayer`].
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
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
    /// A layer that is fitted on the data belongs at the head.
    pub fn head(self) -> Allowed {
        Allowed
    }
}

/// A trait that `()` does not have, for the message. dfdx declares `()` as a layer, but cannot build it.
#[diagnostic::on_unimplemented(
    message = "`()` is not a layer",
    label = "`()` cannot be built",
    note = "write `Identity`, the layer that does nothing: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait UnitLayer<'a> {}

impl LayerPosition<()> {
    /// Does not compile, see [`UnitLayer`]. The lifetime defers the error to the caller.
    pub fn behind(self) -> Allowed
    where
        for<'a> (): UnitLayer<'a>,
        for<'a> (): UnitLayer<'a>,
    {
        Allowed
    }
}

/// The position of a layer that is not fitted on the data, unless a part of it is.
#[doc(hidden)]
pub trait AnyPosition<Built>: Sized {
    /// At the head.
    fn head(self) -> Unfitted<Built> {
        Unfitted(PhantomData)
    }

    /// Behind another layer.
    fn behind(self) -> Unfitted<Built> {
        Unfitted(PhantomData)
    }
}

impl<L: BuildOnDevice<Cpu, f32>> AnyPosition<L::Built> for LayerPosition<L> {}

/// The position of a type that is not a layer, which [`Layer`] tells.
#[doc(hidden)]
pub trait NotALayer<L>: Sized {
    /// At the head.
    fn head(self) -> Allowed {
        Allowed
    }

    /// Behind another layer.
    fn behind(self) -> Allowed {
        Allowed
    }
}

impl<L> NotALayer<L> for &LayerPosition<L> {}
