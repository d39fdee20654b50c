//! Global average pooling of sequences.

use dfdx::{
    nn::ZeroSizedModule,
    shapes::{Axis, Const, Dtype, HasShape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, MeanTo, ReshapeTo},
};

use super::{
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Rows, Steps},
};
use crate::{
    graph::{Edge, Graph},
    kernel::pool::Pool,
    nn::{Export, Lower, tensor::cpu_f32::TensorResult},
    program::{Program, Value},
};

/// Global average pooling: the mean of each channel over the steps of a sequence. Same as Keras'
/// [`GlobalAveragePooling1D`](https://keras.io/api/layers/pooling_layers/global_average_pooling1d/).
///
/// Shapes: (T, C) to (C), or (rows, T, C) to (rows, C).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::GlobalAverage;
/// let steps = Cpu::default().tensor([[1.0_f32, 2.0], [5.0, 8.0]]);
/// assert_eq!(GlobalAverage.forward(steps).array(), [3.0, 5.0]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GlobalAverage;

impl ZeroSizedModule for GlobalAverage {}

impl Export for GlobalAverage {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.mean_of_steps(input)
    }
}

impl Lower for GlobalAverage {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.pool_all_steps(input, Pool::Average)
    }
}

impl<E: Dtype, D: Device<E>> ByTensorOps<E, D> for GlobalAverage {
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        _masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let (batch, _, channels) = *input.shape();
        input.try_mean::<Rows, Axis<1>>()?.try_reshape_like(&(batch, 1, channels))
    }
}

sequence_passes! {
    [const N: usize, const C: usize,] [] GlobalAverage, GlobalAverage: (Const<N>, Const<C>) => (Const<C>)
}
