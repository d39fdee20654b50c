//! The last layer of a model: a softmax or sigmoid there would be applied twice, since the loss applies it.

use std::marker::PhantomData;

use dfdx::nn::modules::{LogSoftmax, Sigmoid, Softmax};

use crate::data::{Classes, Regression};

/// The last layer `L` of a model. Its [`CODE`](Self::CODE) is that of [`Squashes`] where the layer ends in a softmax or
/// sigmoid, and 0, by [`OtherLast`], where it does not.
#[derive(Debug)]
#[doc(hidden)]
pub struct LastLayer<L>(PhantomData<fn() -> L>);

impl<L: Squashes> LastLayer<L> {
    /// The code of the function.
    pub const CODE: usize = L::CODE;
}

/// The code of all other layers. Rust prefers a constant of the type itself to one of a trait, so this is the fallback.
#[doc(hidden)]
pub trait OtherLast {
    /// The code of no function.
    const CODE: usize = 0;
}

impl<L> OtherLast for LastLayer<L> {}

/// A layer whose outputs are probabilities or their logarithms, or a tuple that ends in such a layer.
#[doc(hidden)]
pub trait Squashes {
    /// The number of the function, from 1.
    const CODE: usize;
}

/// The greatest of the codes of a model's architectures.
#[doc(hidden)]
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
#[doc(hidden)]
pub struct EndsIn<const CODE: usize>;

/// A code as a type, from which the last layer of a model follows.
#[doc(hidden)]
pub trait Ending {
    /// The layer, or [`Plain`].
    type Layer;
}

/// Stands for a last layer whose outputs are no probabilities.
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

        // A regression may want outputs in [0, 1]: its losses apply no function.
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

/// Targets that can train a model whose last layer is `Last`.
///
/// The losses and predictions of class and flag targets take logits, and apply the softmax or the sigmoid themselves. A
/// model that applied it as well would train on vanishing gradients.
#[diagnostic::on_unimplemented(
    message = "the model ends in `{Last}`, and the loss of `{Self}` applies the softmax or the sigmoid itself",
    label = "the output would go through it twice",
    note = "leave `{Last}` out of the last field: the model gives logits, and `predict_proba` gives probabilities"
)]
pub trait Follows<Last> {}

#[diagnostic::do_not_recommend]
impl<T> Follows<Plain> for T {}

/// A log-softmax of a log-softmax changes nothing.
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
