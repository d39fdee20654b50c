//! Passes of layers that use dropgrid's kernels on slices, for `f32` tensors on the CPU.

use std::any::Any;

use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{Cpu, CpuError, HasErr, NoneTape, OwnedTape, PutTape, SplitTape, Tape, Tensor, TensorFromVec},
    tensor_ops::Device,
};

use super::numbers::numbers;

/// A tensor with a tape: the input of a training pass.
pub(in crate::nn) type TapedTensor<S, E, D> = Tensor<S, E, D, OwnedTape<E, D>>;

/// The result of a pass: the output or the error of the device.
pub(in crate::nn) type TensorResult<S, E, D, T> = Result<Tensor<S, E, D, T>, <D as HasErr>::Err>;

/// Converts a value between two type parameters. Returns `None` if they are not the same type.
pub(in crate::nn) fn cast<A: 'static, B: 'static>(value: A) -> Option<B> {
    let mut value = Some(value);
    (&mut value as &mut dyn Any).downcast_mut::<Option<B>>().and_then(Option::take)
}

/// Computes an evaluation pass. `forward` computes the output from the input. Returns `None` if the input is not an
/// `f32` tensor on the CPU.
pub(in crate::nn) fn evaluate<S: Shape, E: Dtype, D: Device<E>>(
    input: &Tensor<S, E, D>,
    forward: impl FnOnce(&[f32], &mut [f32]),
) -> Option<TensorResult<S, E, D, NoneTape>> {
    let input: &Tensor<S, f32, Cpu> = (input as &dyn Any).downcast_ref()?;
    let x = numbers(input);
    let mut y = vec![0.0; x.len()];
    forward(&x, &mut y);
    cast(input.device().try_tensor_from_vec(y, *input.shape()))
}

/// Computes a training pass: [`evaluate`] with the backward pass on the tape. `backward` takes the input, the output
/// and the gradient of the output, and adds to the gradient of the input. Returns the input if it is not an `f32`
/// tensor on the CPU.
#[allow(clippy::type_complexity, reason = "the result of the pass, or the input")]
pub(in crate::nn) fn train<S: Shape, E: Dtype, D: Device<E>>(
    input: TapedTensor<S, E, D>,
    forward: impl FnOnce(&[f32], &mut [f32]),
    backward: impl FnOnce(&[f32], &[f32], &[f32], &mut [f32]) + 'static,
) -> Result<TensorResult<S, E, D, OwnedTape<E, D>>, TapedTensor<S, E, D>> {
    if !(&input as &dyn Any).is::<TapedTensor<S, f32, Cpu>>() {
        return Err(input);
    }
    let input: Option<TapedTensor<S, f32, Cpu>> = cast(input);
    let run = |input: TapedTensor<S, f32, Cpu>| {
        let (input, mut tape) = input.split_tape();
        let x = numbers(&input);
        let mut y = vec![0.0; x.len()];
        forward(&x, &mut y);
        let out = input.device().try_tensor_from_vec(y.clone(), *input.shape())?;
        let (to, from) = (out.ghost(), input.ghost());
        tape.add_backward_op(move |gradients| {
            let gradient = std::mem::take(&mut **gradients.get_or_alloc_mut(&to)?);
            backward(&x, &y, &gradient, gradients.get_or_alloc_mut(&from)?);
            **gradients.get_or_alloc_mut(&to)? = gradient;
            Ok(())
        });
        Ok::<_, CpuError>(out.put_tape(tape))
    };
    Ok(input.map(run).and_then(cast).expect("the type was checked above"))
}

/// Returns true for single precision if the CPU is the only device.
///
/// The compiler evaluates branches on it and omits the tensor operations for other number types and devices, which are
/// slow to compile for each shape.
pub(in crate::nn) const fn is_cpu_f32<E>() -> bool {
    size_of::<E>() == size_of::<f32>() && !cfg!(feature = "cuda")
}
