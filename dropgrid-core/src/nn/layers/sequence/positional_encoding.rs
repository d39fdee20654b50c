//! Sinusoidal positional encoding.

use dfdx::{
    nn::ZeroSizedModule,
    shapes::{Axis, Const, Dtype, HasShape},
    tensor::{Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, TryAdd},
};

use super::{
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Steps},
};
use crate::{
    graph::{Edge, Graph},
    nn::{Export, Lower, tensor::cpu_f32::TensorResult},
    program::{Program, Value},
};

/// Adds an encoding of its position to each step of a sequence, since attention does not depend on the order of steps
/// ([Vaswani et al. 2017](https://arxiv.org/abs/1706.03762), section 3.5).
///
/// y(t, 2 i) = x(t, 2 i) + sin(t / 10000^(2 i / C)) and y(t, 2 i + 1) = x(t, 2 i + 1) + cos(t / 10000^(2 i / C)), with
/// t from 0.
///
/// Shapes: (T, C) or (rows, T, C); the output has the shape of the input.
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::PositionalEncoding;
/// let steps = Cpu::default().tensor([[1.0_f32, 2.0], [5.0, 8.0]]);
/// let encoded = PositionalEncoding.forward(steps).array();
/// assert_eq!(encoded, [[1.0, 3.0], [5.0 + 1.0_f32.sin(), 8.0 + 1.0_f32.cos()]]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PositionalEncoding;

impl ZeroSizedModule for PositionalEncoding {}

/// Returns the encoding of a sequence, row-major.
fn encoding(steps: usize, channels: usize) -> Vec<f64> {
    let number = |step: usize, channel: usize| {
        let exponent = (channel / 2 * 2) as f64 / channels as f64;
        let angle = step as f64 / libm::pow(10_000.0, exponent);
        if channel.is_multiple_of(2) { libm::sin(angle) } else { libm::cos(angle) }
    };
    (0..steps).flat_map(|step| (0..channels).map(move |channel| number(step, channel))).collect()
}

impl Export for PositionalEncoding {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let &[steps, channels] = graph.shape(input) else { return input };
        let numbers: Vec<f32> = encoding(steps, channels).into_iter().map(|number| number as f32).collect();
        graph.add_numbers(input, "positions", &numbers)
    }
}

impl Lower for PositionalEncoding {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let &[steps, channels] = program.shape(input) else { return input };
        let numbers: Vec<f32> = encoding(steps, channels).into_iter().map(|number| number as f32).collect();
        program.add_numbers(input, &numbers)
    }
}

impl<E: Dtype, D: Device<E>> ByTensorOps<E, D> for PositionalEncoding {
    fn by_tensor_ops<T: Tape<E, D>>(
        &self,
        input: Tensor<Steps, E, D, T>,
        _masks: &mut Masks,
    ) -> TensorResult<Steps, E, D, T> {
        let (batch, steps, channels) = *input.shape();
        let numbers = encoding(steps, channels).into_iter().map(|number| E::from_f64(number).unwrap_or_default());
        let numbers: Tensor<(usize, usize), E, D> =
            input.device().try_tensor_from_vec(numbers.collect(), (steps, channels))?;
        input.try_add(numbers.try_broadcast_like::<_, Axis<0>>(&(batch, steps, channels))?)
    }
}

sequence_passes! {
    [const N: usize, const C: usize,] [] PositionalEncoding, PositionalEncoding:
    (Const<N>, Const<C>) => (Const<N>, Const<C>)
}
