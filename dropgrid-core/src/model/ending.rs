//! The function that a model ends in, where a loss may apply the same.

use std::marker::PhantomData;

use dfdx::nn::modules::{LogSoftmax, Sigmoid, Softmax};

use crate::data::{Classes, Regression};

/// A question about the last layer `L` of a model. Its [`CODE`](Self::CODE) is that of the function that the layer ends in,
/// where it is one of [`Squashes`], and else that of [`OtherLast`].
#[derive(Debug)]
pub struct LastLayer<L>(PhantomData<fn() -> L>);

impl<L: Squashes> LastLayer<L> {
    /// The code of the function.
    pub const CODE: usize = L::CODE;
}

/// The code of every other layer: a constant of the type itself goes before one of a trait.
pub trait OtherLast {
    /// None of the functions.
    const CODE: usize = 0;
}

impl<L> OtherLast for LastLayer<L> {}

/// A layer that makes probabilities of what goes in, or their logarithms; or a tuple that ends in one.
pub trait Squashes {
    /// The place among the functions, from 1 on.
    const CODE: usize;
}

/// The greatest of the codes of a model's architectures.
pub const fn ending(codes: &[usize]) -> usize {
    let (mut most, mut at) = (0, 0);
    while at < codes.len() {
        if codes[at] > most {
            most = codes[at];
        }
        at += 1;
    }
    most
}

/// The code of an [`Ending`] as a type.
#[derive(Debug)]
pub struct EndsIn<const CODE: usize>;

/// A code that stands for the last layer of a model.
pub trait Ending {
    /// The layer, or [`Plain`].
    type Layer;
}

/// The last layer of a model that makes no probabilities.
#[derive(Debug)]
pub struct Plain;

impl Ending for EndsIn<0> {
    type Layer = Plain;
}

macro_rules! squashes {
    ($($code:literal $layer:ident),+) => {$(
        impl Squashes for $layer {
            const CODE: usize = $code;
        }

        impl Ending for EndsIn<$code> {
            type Layer = $layer;
        }

        // Numbers that are wanted to be shares are no logits.
        #[diagnostic::do_not_recommend]
        impl<const M: usize> Follows<$layer> for Regression<M> {}
    )+};
}
squashes!(1 LogSoftmax, 2 Sigmoid, 3 Softmax);

macro_rules! tuples {
    ($(($($before:ident)*),)+) => {$(
        impl<$($before,)* Last: Squashes> Squashes for ($($before,)* Last,) {
            const CODE: usize = Last::CODE;
        }
    )+};
}
tuples!((), (A), (A B), (A B C), (A B C D), (A B C D E),);

/// Targets on which a model can be trained whose ending is `Last`.
///
/// The losses of classes and of flags take logits and apply the softmax or the sigmoid themselves, and so do predictions; a
/// model that applied it, too, would train on gradients that vanish.
#[diagnostic::on_unimplemented(
    message = "the model ends in `{Last}`, and the loss of `{Self}` applies the softmax or the sigmoid itself",
    label = "the output would go through it twice",
    note = "leave `{Last}` out of the last field: the model gives logits, and `predict_proba` gives probabilities"
)]
pub trait Follows<Last> {}

#[diagnostic::do_not_recommend]
impl<T> Follows<Plain> for T {}

/// The logarithm of the softmax of logarithms that are one already changes nothing.
#[diagnostic::do_not_recommend]
impl<const N: usize> Follows<LogSoftmax> for Classes<N> {}

#[cfg(test)]
mod tests {
    use dfdx::nn::modules::{ReLU, Tanh};

    use super::*;

    #[test]
    fn the_last_layer_is_found_through_tuples_and_aliases() {
        type Act = Softmax;
        type Head = (ReLU, (Tanh, Act));
        assert_eq!(LastLayer::<ReLU>::CODE, 0);
        assert_eq!(LastLayer::<(Softmax, ReLU)>::CODE, 0);
        assert_eq!(LastLayer::<((Softmax,), Tanh)>::CODE, 0);
        assert_eq!([LastLayer::<Act>::CODE, LastLayer::<Head>::CODE, LastLayer::<(Act,)>::CODE], [3; 3]);
        assert_eq!(LastLayer::<(ReLU, ReLU, ReLU, ReLU, ReLU, Sigmoid)>::CODE, 2);
        assert_eq!(LastLayer::<LogSoftmax>::CODE, 1);
        assert_eq!([ending(&[0, 0]), ending(&[0, 3, 1])], [0, 3]);
    }
}
