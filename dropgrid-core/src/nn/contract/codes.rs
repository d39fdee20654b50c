//! Layers that take codes in place of numbers.

use std::marker::PhantomData;

/// A layer at the head of a network whose input is codes: the whole numbers from 0 to [`CODES`](Self::CODES) - 1.
///
/// [`Embedding`](crate::nn::Embedding) implements it. A tuple does if its first layer does, and a model if its first
/// field does. Searches, before any training, and predictions then return
/// [`DataError::CodeOutOfRange`](crate::error::DataError::CodeOutOfRange) for a number of the data that is not a code.
///
/// A layer of your own that hands its input to an `Embedding` implements it on the type that dfdx builds. If the whole
/// network is [`Lower`](crate::nn::Lower), the codes are also found without it.
/// ```
/// # use dfdx::tensor::Cpu;
/// # use dropgrid_core::nn::{Embedding, TakesCodes};
/// struct Words(Embedding<5000, 16, f32, Cpu>);
///
/// impl TakesCodes for Words {
///     const CODES: usize = <Embedding<5000, 16, f32, Cpu>>::CODES;
/// }
/// ```
pub trait TakesCodes {
    /// The number of codes.
    const CODES: usize;
}

/// Finds the number of codes that the network type `N` takes.
///
/// As in [`Statistics`](super::Statistics), the inherent method exists only for networks that implement [`TakesCodes`],
/// and takes precedence over the trait's method.
#[derive(Debug)]
#[doc(hidden)]
pub struct InputCodes<N>(PhantomData<fn() -> N>);

impl<N> InputCodes<N> {
    /// Creates the query for `N`.
    #[allow(clippy::new_without_default, reason = "a query has no default")]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<N: TakesCodes> InputCodes<N> {
    /// Returns [`TakesCodes::CODES`].
    pub fn count(self) -> Option<usize> {
        Some(N::CODES)
    }
}

/// The result of [`InputCodes`] for networks that do not implement [`TakesCodes`].
#[doc(hidden)]
pub trait NoCodes: Sized {
    /// Returns `None`: any number may be an input.
    fn count(self) -> Option<usize> {
        None
    }
}

impl<N> NoCodes for InputCodes<N> {}
