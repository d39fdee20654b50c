//! The input shape of a network, inferred from the first layer that determines it.

use dfdx::shapes::Rank1;

use crate::data::batches::Sample;

/// The type-level list of a layer `L` and the layers after it.
#[derive(Debug)]
#[doc(hidden)]
pub struct Seq<L, Rest>(std::marker::PhantomData<(L, Rest)>);

/// The end of a [`Seq`].
#[derive(Debug)]
#[doc(hidden)]
pub struct SeqEnd;

/// A sequence of layers with a known input shape.
pub trait InputShape {
    /// The shape of one sample.
    type Sample: Sample;
}

/// A trait that [`SeqEnd`] lacks, which carries the compiler message.
///
/// For a bound on a trait without any implementation, the compiler lists no types that have it, and so does not show the
/// implementation of [`InputShape`] that the macro generates.
#[diagnostic::on_unimplemented(
    message = "no layer fixes the shape of the model's input",
    label = "no layer says how long a row of the data is",
    note = "write it on the struct: `#[searchable(input = 64)]` for rows of 64 numbers, \
            `#[searchable(input = Rank3<1, 28, 28>)]` for images of 1 channel, 28 rows and 28 columns"
)]
#[doc(hidden)]
pub trait FixesInput<'a> {}

// The bound never holds. The lifetime defers the error to where the shape is asked for.
#[cfg_attr(doc, doc(hidden))]
impl InputShape for SeqEnd
where
    for<'a> Self: FixesInput<'a>,
{
    type Sample = Rank1<0>;
}

impl<L: TakesInput<Rest>, Rest> InputShape for Seq<L, Rest> {
    type Sample = L::Sample;
}

/// A layer that determines the shape of its input, or that has the input shape of `Rest`, the layers after it.
///
/// Implement it for your own layer, or write `#[searchable(input = 64)]` on the struct.
#[diagnostic::on_unimplemented(
    message = "the input shape of `{Self}` is not known",
    label = "the network's input shape cannot be read off this layer",
    note = "write it on the struct: `#[searchable(input = 64)]` for rows of 64 numbers, \
            `#[searchable(input = Rank3<1, 28, 28>)]` for images of 1 channel, 28 rows and 28 columns",
    note = "or implement `dropgrid::TakesInput` for the layer"
)]
pub trait TakesInput<Rest> {
    /// The shape of one sample.
    type Sample: Sample;
}

/// Implements [`TakesInput`] for layers whose input and output have the same shape, which the layers after them
/// determine.
macro_rules! keeps_sample_shape {
    ($($layer:ty $(, const $n:ident)?;)+) => {$(
        impl<$(const $n: usize,)? Rest: $crate::nn::InputShape> $crate::nn::TakesInput<Rest> for $layer {
            type Sample = Rest::Sample;
        }
    )+};
}
pub(in crate::nn) use keeps_sample_shape;
