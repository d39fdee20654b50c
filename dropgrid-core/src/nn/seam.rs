//! Where one field of a model ends and the next begins.
//!
//! The network's own bounds say the same of the whole; here the compiler names the two fields and the shape.

use std::marker::PhantomData;

use dfdx::{
    nn::{BuildOnDevice, Module},
    tensor::{Cpu, NoneTape, Tensor},
};

use super::{Anywhere, Preprocess};
use crate::data::batches::{BatchShape, Sample};

/// A declared layer, the field `After`, that takes samples of shape `Given`, which the field `Before` gives.
#[diagnostic::on_unimplemented(
    message = "`{After}` does not take what `{Before}` gives",
    label = "`{Self}` does not take a sample of shape `{Given}`",
    note = "in a tuple each layer takes what the one before it gives",
    note = "a `Linear<I, O>` takes `(Const<I>,)` and gives `(Const<O>,)`: make the two widths equal",
    note = "a `Conv2D<I, O, K, S, P>` takes images `(Const<I>, Const<H>, Const<W>)` and gives O channels, a `MaxPool2D<K, S, P>` or an `AvgPool2D` takes images of any channels: both sides, plus 2 P, are at least K",
    note = "a `Flatten2D` makes images `(Const<C>, Const<H>, Const<W>)` rows of C H W numbers, which the `Linear` behind it takes"
)]
pub trait Takes<Given, Before, After> {
    /// The shape of one sample of output.
    type Sample: Sample;
}

#[diagnostic::do_not_recommend]
impl<L, Given, In, Out, Before, After> Takes<Given, Before, After> for L
where
    L: BuildOnDevice<Cpu, f32>,
    L::Built: Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>>,
    Given: Sample<Batch = In>,
    In: dfdx::shapes::Shape,
    Out: BatchShape,
{
    type Sample = Out::Sample;
}

/// The shape that layer `L` gives for samples of shape `Given`.
pub type Gives<L, Given, Before, After> = <L as Takes<Given, Before, After>>::Sample;

/// A declared layer in the tuple of the field `Field` that takes samples of shape `Given`, which the layer `Before` in
/// front of it gives.
#[diagnostic::on_unimplemented(
    message = "in `{Field}`, `{Self}` does not take what `{Before}` gives",
    label = "`{Self}` does not take a sample of shape `{Given}`",
    note = "a `Linear<I, O>` takes `(Const<I>,)` and gives `(Const<O>,)`: make the two widths equal",
    note = "a `Conv2D<I, O, K, S, P>` takes images `(Const<I>, Const<H>, Const<W>)` and gives O channels, a `MaxPool2D<K, S, P>` or an `AvgPool2D` takes images of any channels: both sides, plus 2 P, are at least K",
    note = "a `Flatten2D` makes images `(Const<C>, Const<H>, Const<W>)` rows of C H W numbers, which the `Linear` behind it takes"
)]
pub trait TakesWithin<Given, Before, Field> {
    /// The shape of one sample of output.
    type Sample: Sample;
}

#[diagnostic::do_not_recommend]
impl<L, Given, In, Out, Before, Field> TakesWithin<Given, Before, Field> for L
where
    L: BuildOnDevice<Cpu, f32>,
    L::Built: Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>>,
    Given: Sample<Batch = In>,
    In: dfdx::shapes::Shape,
    Out: BatchShape,
{
    type Sample = Out::Sample;
}

/// The shape that layer `L` in a tuple gives for samples of shape `Given`.
pub type GivesWithin<L, Given, Before, Field> = <L as TakesWithin<Given, Before, Field>>::Sample;

/// A type that dfdx can build as a layer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer",
    label = "dfdx cannot build this on `Cpu` in `f32`",
    note = "a field is a layer, a tuple of layers or a module that implements `BuildOnDevice`",
    note = "for a hyperparameter of your own, put `#[param]` and an axis on the field"
)]
pub trait Layer {}

#[diagnostic::do_not_recommend]
impl<L: BuildOnDevice<Cpu, f32>> Layer for L {}

/// Where the declared layer `L` stands: at the head of the network, or behind another layer.
///
/// One question a field, so that one fault is one error: the methods of the type itself are those of layers fitted on
/// the data; then come those of [`Unfitted`] for other layers, then those of [`NoLayer`].
#[derive(Debug)]
pub struct Place<L>(PhantomData<fn() -> L>);

impl<L> Place<L> {
    /// A question about `L`.
    #[allow(clippy::new_without_default, reason = "a question has no default")]
    pub fn of() -> Self {
        Self(PhantomData)
    }
}

impl<L: BuildOnDevice<Cpu, f32>> Place<L>
where
    L::Built: Preprocess,
{
    /// Compiles: what is fitted on the data stands at the head.
    pub fn head(self) {}
}

/// The trait that `()` would need to be a layer of a model. dfdx declares it as a layer, but cannot build it.
#[diagnostic::on_unimplemented(
    message = "`()` is not a layer",
    label = "`()` cannot be built",
    note = "write `Identity`, the layer that does nothing: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`"
)]
pub trait NoUnit<'a> {}

impl Place<()> {
    /// Does not compile: see [`NoUnit`], whose lifetime keeps the compiler from saying so here.
    pub fn behind(self)
    where
        for<'a> (): NoUnit<'a>,
    {
    }
}

/// What [`Place`] asks of a layer that is not fitted on the data.
pub trait Unfitted<Built>: Sized {
    /// Compiles where nothing in it is.
    fn head(self)
    where
        Built: Anywhere,
    {
    }

    /// Compiles where nothing in it is.
    fn behind(self)
    where
        Built: Anywhere,
    {
    }
}

impl<L: BuildOnDevice<Cpu, f32>> Unfitted<L::Built> for Place<L> {}

/// What [`Place`] asks of what is no layer.
pub trait NoLayer<L>: Sized {
    /// Compiles where it is one.
    fn head(self)
    where
        L: Layer,
    {
    }

    /// Compiles where it is one.
    fn behind(self)
    where
        L: Layer,
    {
    }
}

impl<L> NoLayer<L> for &Place<L> {}

/// Compiles where the layer takes what it is given.
pub fn seam<L: Takes<Given, Before, After>, Given, Before, After>() {}

/// Compiles where the layer takes what the one in front of it in a tuple gives.
pub fn within<L: TakesWithin<Given, Before, Field>, Given, Before, Field>() {}

/// The shape `Self` of an architecture's output, where the first architecture of its model gives `First`.
#[diagnostic::on_unimplemented(
    message = "the architectures of a model do not give outputs of one shape",
    label = "the first architecture gives `{First}`, another one `{Self}`",
    note = "widths of the last layer cannot be searched: the target needs one shape of output"
)]
pub trait OneShape<First> {}

impl<Shape> OneShape<Shape> for Shape {}

/// Compiles where two architectures give samples of one shape.
pub fn one_shape<Shape: OneShape<First>, First>() {}
