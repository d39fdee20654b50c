//! Checks of the positions of layers in a model. A layer that is fitted on the data must be the first layer.

use std::marker::PhantomData;

use dfdx::{nn::BuildOnDevice, tensor::Cpu};

use crate::nn::{PositionIndependent, Preprocess};

/// A device on which dfdx can build `L` as a layer.
///
/// The device and not `L` has the trait: of a type that lacks a trait, the compiler shows the declaration, and that of a
/// searchable struct is the attribute.
#[diagnostic::on_unimplemented(
    message = "`{L}` is not a layer",
    label = "dfdx cannot build this on `Cpu` in `f32`",
    note = "a field is a layer, a tuple of layers or a module that implements `BuildOnDevice`",
    note = "a layer of your own is `Send` and `Sync`, too",
    note = "for a hyperparameter of your own, put `#[param]` and an axis on the field; for a `#[searchable]` struct, put `#[searchable]` on it"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait Builds<L> {
    /// Compiles if the type is a layer.
    fn is() {}
}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32, Built: Send + Sync + 'static>> Builds<L> for Cpu {}

/// A layer at an allowed position.
#[diagnostic::on_unimplemented(
    message = "a layer that is fitted on the data, or has a part that is, does not stand at the head of the network",
    label = "only the first layer sees the data",
    note = "write it as the first field of the struct, or as the first layer in the tuple of the first field",
    note = "a module of your own that begins with it hands the rows on to it: implement `dropgrid::Preprocess`"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait Placed: Sized {
    /// Compiles if the position is allowed.
    fn placed(self) {}
}

/// A layer whose position this check allows.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct Allowed;

#[diagnostic::do_not_recommend]
impl Placed for Allowed {}

/// A layer, built as `B`, whose position is allowed if no part of it is fitted on the data.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct Unfitted<B>(PhantomData<fn() -> B>);

#[diagnostic::do_not_recommend]
impl<B: PositionIndependent> Placed for Unfitted<B> {}

/// The position of the declared layer `L`: first in the network, or behind another layer.
///
/// Generated code calls one method for each field, so that a mistake gives one error. The inherent methods apply to
/// layers that are fitted on the data. Method resolution selects [`AnyPosition`] for other layers and [`NotALayer`] for
/// other types.
#[derive(Debug)]
#[cfg_attr(doc, doc(hidden))]
pub struct LayerPosition<L>(PhantomData<fn() -> L>);

impl<L> LayerPosition<L> {
    /// Creates the check of `L`.
    #[allow(clippy::new_without_default, reason = "a check has no default")]
    pub fn of() -> Self {
        Self(PhantomData)
    }
}

impl<L: BuildOnDevice<Cpu, f32>> LayerPosition<L>
where
    L::Built: Preprocess,
{
    /// Accepts a layer that is fitted on the data as the first layer.
    pub fn head(self) -> Allowed {
        Allowed
    }
}

/// A trait that `()` lacks, which carries the compiler message. dfdx declares `()` as a layer but cannot build it.
#[diagnostic::on_unimplemented(
    message = "`()` is not a layer",
    label = "`()` cannot be built",
    note = "write `Identity`, the layer that does nothing: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait UnitLayer<'a> {}

impl LayerPosition<()> {
    /// Never compiles, see [`UnitLayer`]. The lifetime defers the error to the caller.
    pub fn behind(self) -> Allowed
    where
        for<'a> (): UnitLayer<'a>,
        for<'a> (): UnitLayer<'a>,
    {
        Allowed
    }
}

/// The position of a layer that is not fitted on the data as a whole. A part of it may be.
#[doc(hidden)]
pub trait AnyPosition<Built>: Sized {
    /// Checks the layer as the first layer.
    fn head(self) -> Unfitted<Built> {
        Unfitted(PhantomData)
    }

    /// Checks the layer behind another layer.
    fn behind(self) -> Unfitted<Built> {
        Unfitted(PhantomData)
    }
}

impl<L: BuildOnDevice<Cpu, f32>> AnyPosition<L::Built> for LayerPosition<L> {}

/// The position of a type that is not a layer. [`Builds`] reports this error, so these methods accept it.
#[doc(hidden)]
pub trait NotALayer<L>: Sized {
    /// Accepts the type as the first layer.
    fn head(self) -> Allowed {
        Allowed
    }

    /// Accepts the type behind another layer.
    fn behind(self) -> Allowed {
        Allowed
    }
}

impl<L> NotALayer<L> for &LayerPosition<L> {}
