//! The shape of a network's input, read off the first layer that fixes it.

use dfdx::{
    nn::modules::{
        self, Abs, BatchNorm1D, Cos, Exp, FastGeLU, GeneralizedResidual, LayerNorm1D, Ln, LogSoftmax, ReLU, Repeated,
        Residual, Sigmoid, Sin, Softmax, Sqrt, Square, Tanh, UnbiasedLinear,
    },
    shapes::{Dtype, Rank1},
    tensor::Storage,
};

use super::{Dropout, DropoutOneIn, Linear};
use crate::data::batches::Sample;

/// A layer and the layers after it.
#[derive(Debug)]
pub struct Seq<L, Rest>(std::marker::PhantomData<(L, Rest)>);

/// After the last layer.
#[derive(Debug)]
pub struct End;

/// A sequence of layers whose input shape is known.
#[diagnostic::on_unimplemented(
    message = "the input shape of `{Self}` is not fixed by its layers",
    label = "no layer says how long a row of the data is",
    note = "write it on the struct: `#[searchable(input = 64)]` for rows of 64 numbers, \
            `#[searchable(input = Rank3<1, 28, 28>)]` for images of 1 channel, 28 rows and 28 columns"
)]
pub trait InputShape {
    /// The shape of one sample.
    type Sample: Sample;
}

impl<L: TakesInput<Rest>, Rest> InputShape for Seq<L, Rest> {
    type Sample = L::Sample;
}

/// A layer that fixes the shape of its input, or passes it on so that the layers after it (`Rest`) fix it.
///
/// Implement it for a layer of your own, or write `#[searchable(input = 64)]` on the struct.
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

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for Linear<I, O, E, D> {
    type Sample = Rank1<I>;
}

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for modules::Linear<I, O, E, D> {
    type Sample = Rank1<I>;
}

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for UnbiasedLinear<I, O, E, D> {
    type Sample = Rank1<I>;
}

impl<const C: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for LayerNorm1D<C, E, D> {
    type Sample = Rank1<C>;
}

/// A batch norm at the head of a network normalises the features of rows.
impl<const C: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for BatchNorm1D<C, E, D> {
    type Sample = Rank1<C>;
}

macro_rules! passes_its_input_on {
    ($($layer:ty $(, const $n:ident)?;)+) => {$(
        impl<$(const $n: usize,)? Rest: InputShape> TakesInput<Rest> for $layer {
            type Sample = Rest::Sample;
        }
    )+};
}

passes_its_input_on! {
    Dropout;
    modules::Dropout;
    DropoutOneIn<N>, const N;
    ReLU;
    FastGeLU;
    Sigmoid;
    Tanh;
    Softmax;
    LogSoftmax;
    Abs;
    Cos;
    Exp;
    Ln;
    Sin;
    Sqrt;
    Square;
}

impl<F: TakesInput<Rest>, Rest> TakesInput<Rest> for Residual<F> {
    type Sample = F::Sample;
}

impl<F: TakesInput<Rest>, R, Rest> TakesInput<Rest> for GeneralizedResidual<F, R> {
    type Sample = F::Sample;
}

impl<F: TakesInput<Rest>, const N: usize, Rest> TakesInput<Rest> for Repeated<F, N> {
    type Sample = F::Sample;
}

macro_rules! tuple {
    ($first:ident $(, $later:ident)* => $rest:ty) => {
        impl<$first: TakesInput<$rest>, $($later,)* Rest> TakesInput<Rest> for ($first, $($later,)*) {
            type Sample = $first::Sample;
        }
    };
}

tuple!(A => Rest);
tuple!(A, B => Seq<B, Rest>);
tuple!(A, B, C => Seq<B, Seq<C, Rest>>);
tuple!(A, B, C, D => Seq<B, Seq<C, Seq<D, Rest>>>);
tuple!(A, B, C, D, F => Seq<B, Seq<C, Seq<D, Seq<F, Rest>>>>);
tuple!(A, B, C, D, F, G => Seq<B, Seq<C, Seq<D, Seq<F, Seq<G, Rest>>>>>);
