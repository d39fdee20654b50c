//! Dropout.

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut, ZeroSizedModule,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::{Dtype, HasShape, Shape},
    tensor::{NoneTape, OwnedTape, Tensor},
    tensor_ops::{Device, TryMul},
};

use super::Lower;
use crate::{
    kernel::mask::{Rate, Stream, fill},
    program::{Program, Value},
    seed::{Key, Purpose, Seed},
};

/// Sets a share `p` of the values of a training pass to 0 and scales the others by 1 / (1 - p)
/// ([Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html)).
///
/// The rate is rounded to the nearest multiple of 2^-16, and is at most 1 - 2^-16. Values that stay are scaled by the rounded
/// rate, so the mean of a factor is 1.
///
/// The mask comes from a counter-based generator and is drawn once a step. A training pass is a batch with a tape, an
/// evaluation pass one without: in the second this layer does nothing, and neither can be mistaken for the other.
///
/// ```compile_fail,E0277
/// # use dfdx::{nn::Module, shapes::Rank1, tensor::{Cpu, Trace, ZerosTensor}};
/// # use dropgrid_core::nn::Dropout;
/// let dropout = Dropout::default();
/// let traced = Cpu::default().zeros::<Rank1<5>>().leaky_traced();
/// dropout.forward(traced);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// The share of the values to drop, in [0, 1).
    pub p: f32,
}

impl Default for Dropout {
    /// Half of the values.
    fn default() -> Self {
        Self { p: 0.5 }
    }
}

/// A [`Dropout`] of a rate of 1 / N that is part of the type, for N from 2.
///
/// # Examples
/// ```compile_fail
/// # use dfdx::{nn::ModuleMut, shapes::Rank1, tensor::{Cpu, Trace, ZerosTensor}};
/// # use dropgrid_core::nn::DropoutOneIn;
/// let zeros = Cpu::default().zeros::<Rank1<5>>().leaky_traced();
/// // One in one would leave nothing.
/// DropoutOneIn::<1>.forward_mut(zeros);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DropoutOneIn<const N: usize>;

impl<const N: usize> DropoutOneIn<N> {
    /// The layer of this rate.
    fn dropout() -> Dropout {
        const { assert!(N > 1, "a `DropoutOneIn<N>` drops one value in N, which is at least 2") };
        Dropout { p: 1.0 / N as f32 }
    }
}

impl<const N: usize> ZeroSizedModule for DropoutOneIn<N> {}

impl<const N: usize, S: Shape, E: Dtype, D: Device<E>> Module<Tensor<S, E, D, NoneTape>> for DropoutOneIn<N> {
    type Output = Tensor<S, E, D, NoneTape>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<S, E, D, NoneTape>) -> Result<Self::Output, D::Err> {
        Self::dropout().try_forward(input)
    }
}

impl<const N: usize, S: Shape, E: Dtype, D: Device<E>> ModuleMut<Tensor<S, E, D, OwnedTape<E, D>>> for DropoutOneIn<N> {
    type Output = Tensor<S, E, D, OwnedTape<E, D>>;
    type Error = D::Err;

    fn try_forward_mut(&mut self, input: Tensor<S, E, D, OwnedTape<E, D>>) -> Result<Self::Output, D::Err> {
        Self::dropout().try_forward_mut(input)
    }
}

impl<const N: usize> Lower for DropoutOneIn<N> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        Self::dropout().lower(program, input)
    }
}

/// The factors of the first `len` values of a dropout: 1 / (1 - p) of the rounded rate where a value stays, else 0.
///
/// `key` is that of the training pass, `layer` counts the dropouts of the network from 0.
///
/// # Examples
/// ```
/// # use dropgrid_core::{nn::dropout_mask, seed::{Purpose, Seed}};
/// let key = Seed(42).key(Purpose::Noise).epoch(3).batch(7);
/// let mask = dropout_mask(key, 0, 0.5, 1000);
/// assert!(mask.iter().all(|factor| [0.0, 2.0].contains(factor)));
/// assert_eq!(mask[..10], dropout_mask(key, 0, 0.5, 10));
/// ```
pub fn dropout_mask(key: Key, layer: u32, p: f32, len: usize) -> Vec<f32> {
    let mut mask = vec![1.0; len];
    if let Some(rate) = Rate::new(p) {
        fill(&mut mask, &Stream { key: key.words(), layer }, rate);
    }
    mask
}

impl<E: Dtype, D: Device<E>> BuildOnDevice<D, E> for Dropout {
    type Built = Self;
}

impl<E: Dtype, D: Device<E>> TensorCollection<E, D> for Dropout {
    type To<E2: Dtype, D2: Device<E2>> = Self;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let half = ScalarOptions::from_default(0.5);
        let field = <Self as TensorCollection<E, D>>::scalar("p", |it| &it.p, |it| &mut it.p, half);
        visitor.visit_fields(field, |p| Self { p })
    }
}

impl<S: Shape, E: Dtype, D: Device<E>> Module<Tensor<S, E, D, NoneTape>> for Dropout {
    type Output = Tensor<S, E, D, NoneTape>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<S, E, D, NoneTape>) -> Result<Self::Output, D::Err> {
        Ok(input)
    }
}

impl<S: Shape, E: Dtype, D: Device<E>> ModuleMut<Tensor<S, E, D, OwnedTape<E, D>>> for Dropout {
    type Output = Tensor<S, E, D, OwnedTape<E, D>>;
    type Error = D::Err;

    /// The mask's key is drawn from the input's device, as dfdx's dropout does it.
    fn try_forward_mut(&mut self, input: Tensor<S, E, D, OwnedTape<E, D>>) -> Result<Self::Output, D::Err> {
        if Rate::new(self.p).is_none() {
            return Ok(input);
        }
        let shape = *input.shape();
        let key = Seed(input.device().random_u64()).key(Purpose::Noise);
        let mask = dropout_mask(key, 0, self.p, shape.num_elements());
        let mask = mask.into_iter().map(|factor| E::from_f32(factor).unwrap_or_default()).collect();
        let mask = input.device().try_tensor_from_vec(mask, shape)?;
        input.try_mul(mask)
    }
}
