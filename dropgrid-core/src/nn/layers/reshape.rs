//! The layer that changes the shape of samples.

use std::marker::PhantomData;

use dfdx::{
    nn::{Module, ModuleMut, ZeroSizedModule},
    shapes::{ConstShape, Dtype, HasShape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, ReshapeTo},
};

use crate::{
    data::batches::{BatchShape, Sample, shape},
    graph::{Edge, Graph},
    nn::{
        Export, Lower,
        tensor::cpu_f32::{TapedTensor, TensorResult},
    },
    program::{Program, Value},
};

/// Reshapes each sample to the shape `S`, in row-major order, as Keras'
/// [`Reshape`](https://keras.io/api/layers/reshaping_layers/reshape/). `Reshape<Rank3<1, 8, 8>>` turns rows of 64
/// numbers into images of one channel.
///
/// Shapes: (rows, sample) to (rows, `S`). It does not compile if the sample has another number of elements than `S`.
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, shapes::{Const, Rank2}, tensor::{Cpu, Tensor, TensorFromVec}};
/// # use dropgrid_core::nn::Reshape;
/// let rows = Cpu::default().tensor_from_vec(vec![1.0_f32; 12], (2, Const::<6>));
/// let _: Tensor<(usize, Const<3>, Const<2>), f32, _> = Reshape::<Rank2<3, 2>>::default().forward(rows);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reshape<S>(PhantomData<fn() -> S>);

impl<S> Default for Reshape<S> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<S> ZeroSizedModule for Reshape<S> {}

impl<S: Sample> Reshape<S> {
    fn pass<In: BatchShape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        input: Tensor<In, E, D, T>,
    ) -> TensorResult<S::Batch, E, D, T> {
        const { assert!(S::NUMEL == In::Sample::NUMEL, "a `Reshape` has as many numbers as the samples that it takes") };
        let rows = input.shape().concrete().into_iter().next().unwrap_or(0);
        input.try_reshape_like(&S::batch(rows))
    }
}

impl<S: Sample, In: BatchShape, E: Dtype, D: Device<E>> Module<Tensor<In, E, D>> for Reshape<S> {
    type Output = Tensor<S::Batch, E, D>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<In, E, D>) -> Result<Self::Output, D::Err> {
        Self::pass(input)
    }
}

impl<S: Sample, In: BatchShape, E: Dtype, D: Device<E>> ModuleMut<TapedTensor<In, E, D>> for Reshape<S> {
    type Output = TapedTensor<S::Batch, E, D>;
    type Error = D::Err;

    fn try_forward_mut(&mut self, input: TapedTensor<In, E, D>) -> Result<Self::Output, D::Err> {
        Self::pass(input)
    }
}

impl<S: Sample> Export for Reshape<S> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.reshape(input, &shape::<S>())
    }
}

impl<S: Sample> Lower for Reshape<S> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.reshape(input, shape::<S>())
    }
}
