//! Checks of the shapes between the layers of a model.
//!
//! The bounds of the network check the same for the whole; here the compiler names the two fields and the shape.

use dfdx::{
    nn::{BuildOnDevice, Module},
    tensor::{Cpu, NoneTape, Tensor},
};

use crate::data::batches::{BatchShape, Sample};

/// Defines a trait of the layers that take the output of the layer in front of them, and the shape of what they give.
macro_rules! takes {
    (
        $(#[$about:meta])*
        $takes:ident<$place:ident>, $message:literal $(and $note:literal)?,
        $(#[$about_shape:meta])*
        $shape:ident
    ) => {
        $(#[$about])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "`{Self}` does not take a sample of shape `{Given}`",
            $(note = $note,)?
            note = "a `Linear<I, O>` takes `(Const<I>,)` and gives `(Const<O>,)`: make the two widths equal",
            note = "a `Conv2D<I, O, K, S, P>` takes images `(Const<I>, Const<H>, Const<W>)` and gives O channels, a `MaxPool2D<K, S, P>` or an `AvgPool2D` takes images of any channels: both sides, plus 2 P, are at least K",
            note = "a `Flatten2D` makes images `(Const<C>, Const<H>, Const<W>)` rows of C H W numbers, which the `Linear` behind it takes"
        )]
        #[doc(hidden)]
        pub trait $takes<Given, Before, $place> {
            /// The shape of one sample of output.
            type Sample: Sample;
        }

        #[diagnostic::do_not_recommend]
        impl<L, Given, In, Out, Before, $place> $takes<Given, Before, $place> for L
        where
            L: BuildOnDevice<Cpu, f32>,
            L::Built: Module<Tensor<In, f32, Cpu, NoneTape>, Output = Tensor<Out, f32, Cpu, NoneTape>>,
            Given: Sample<Batch = In>,
            In: dfdx::shapes::Shape,
            Out: BatchShape,
        {
            type Sample = Out::Sample;
        }

        $(#[$about_shape])*
        #[doc(hidden)]
        pub type $shape<L, Given, Before, $place> = <L as $takes<Given, Before, $place>>::Sample;
    };
}

takes! {
    /// A declared layer, in the field `After`, that takes samples of shape `Given`, the output of the field `Before`.
    Takes<After>, "`{After}` does not take what `{Before}` gives" and "in a tuple each layer takes what the one before it gives",
    /// The output shape of the layer `L` for samples of shape `Given`.
    OutputShape
}

takes! {
    /// A declared layer, in the tuple of the field `Field`, that takes samples of shape `Given`, the output of the layer `Before`
    /// in front of it.
    TakesInTuple<Field>, "in `{Field}`, `{Self}` does not take what `{Before}` gives",
    /// The output shape of the layer `L` in a tuple for samples of shape `Given`.
    OutputShapeInTuple
}

/// Compiles where the layer takes samples of shape `Given`.
#[doc(hidden)]
pub fn shape_check<L: Takes<Given, Before, After>, Given, Before, After>() {}

/// Compiles where the layer in a tuple takes samples of shape `Given`.
#[doc(hidden)]
pub fn shape_check_in_tuple<L: TakesInTuple<Given, Before, Field>, Given, Before, Field>() {}

/// The output shape `Self` of an architecture, which is that of the first architecture of its model, `First`.
#[diagnostic::on_unimplemented(
    message = "the architectures of a model do not give outputs of one shape",
    label = "the first architecture gives `{First}`, another one `{Self}`",
    note = "widths of the last layer cannot be searched: the target needs one shape of output"
)]
#[doc(hidden)]
pub trait OneShape<First> {}

impl<Shape> OneShape<Shape> for Shape {}

/// Compiles where two architectures have the same output shape.
#[doc(hidden)]
pub fn one_shape<Shape: OneShape<First>, First>() {}
