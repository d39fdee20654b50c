//! Dropout.

use dfdx::{
    nn::ZeroSizedModule,
    shapes::{Dtype, HasShape, Shape},
    tensor::{NoneTape, OwnedTape, Tensor},
    tensor_ops::{Device, TryMul},
};

use super::{
    same_shape::{SameShape, same_shape},
    single_setting::single_setting,
};
use crate::{
    graph::{Edge, Graph},
    kernel::mask::{Rate, Stream, fill},
    nn::{
        Export, Lower, Range,
        contract::input::keeps_sample_shape,
        tensor::cpu_f32::{TapedTensor, TensorResult},
    },
    program::{Program, Value},
    seed::{Key, Purpose, Seed},
};

/// Sets each value to 0 with probability `p` and multiplies the others by 1 / (1 - p), in training passes only
/// ([Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html)).
///
/// The rate is rounded to the nearest multiple of 2^-16 and is at most 1 - 2^-16. The factor 1 / (1 - p) uses the
/// rounded rate, so the expected factor is 1.
///
/// A counter-based generator draws the mask once for each training step. A training pass is a pass of a batch with a
/// tape. An evaluation pass, `forward`, does not compile for such a batch:
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
    /// The probability of dropping a value, in [0, 1).
    pub p: f32,
}

// At a rate of 1, 1 / (1 - p) is infinite, so 1 is outside of the range.
single_setting!(Dropout: p = 0.5 in Range::RATE, "rate");
same_shape!(Dropout);
keeps_sample_shape!(Dropout;);

impl SameShape for Dropout {
    /// Takes the key of the mask from the random generator of the input's device, as dfdx's dropout does.
    fn train<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        input: TapedTensor<S, E, D>,
    ) -> TensorResult<S, E, D, OwnedTape<E, D>> {
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

impl Export for Dropout {
    fn export(&self, _graph: &mut Graph, input: Edge) -> Edge {
        input
    }
}

impl Lower for Dropout {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.dropout(input, self.p)
    }
}

/// A [`Dropout`] with the constant rate 1 / N, for N of at least 2.
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
    /// Returns the dropout with this rate.
    fn dropout() -> Dropout {
        const { assert!(N > 1, "a `DropoutOneIn<N>` drops one value in N, which is at least 2") };
        Dropout { p: 1.0 / N as f32 }
    }
}

impl<const N: usize> ZeroSizedModule for DropoutOneIn<N> {}

same_shape!(DropoutOneIn<N>);
keeps_sample_shape!(DropoutOneIn<N>, const N;);

impl<const N: usize> SameShape for DropoutOneIn<N> {
    fn evaluate<S: Shape, E: Dtype, D: Device<E>>(&self, input: Tensor<S, E, D>) -> TensorResult<S, E, D, NoneTape> {
        Self::dropout().evaluate(input)
    }

    fn train<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        input: TapedTensor<S, E, D>,
    ) -> TensorResult<S, E, D, OwnedTape<E, D>> {
        Self::dropout().train(input)
    }
}

impl<const N: usize> Export for DropoutOneIn<N> {
    fn export(&self, _graph: &mut Graph, input: Edge) -> Edge {
        input
    }
}

impl<const N: usize> Lower for DropoutOneIn<N> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        Self::dropout().lower(program, input)
    }
}

/// Returns the factors of the first `len` values of a dropout: 0 for a dropped value, else 1 / (1 - p) with the rounded
/// rate.
///
/// `key` is the key of the training pass. `layer` is the index of the layer among the network's layers that draw random
/// numbers.
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
