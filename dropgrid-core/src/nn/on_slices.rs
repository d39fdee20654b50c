//! Layers whose arithmetic is dropgrid's own: on slices, where a tensor is one of `f32` on the CPU.

use std::any::Any;

use dfdx::{
    shapes::{Dtype, HasShape, Shape},
    tensor::{Cpu, CpuError, HasErr, NoneTape, OwnedTape, PutTape, SplitTape, Tape, Tensor, TensorFromVec},
    tensor_ops::Device,
};

use super::tensors::numbers;

/// The same value under the type that the compiler does not know to be the same.
pub(super) fn same<A: 'static, B: 'static>(value: A) -> Option<B> {
    let mut value = Some(value);
    (&mut value as &mut dyn Any).downcast_mut::<Option<B>>().and_then(Option::take)
}

/// A tensor of the numbers that `forward` makes of the input's; none where the input is not one of `f32` on the CPU.
pub(super) fn evaluate<S: Shape, E: Dtype, D: Device<E>>(
    input: &Tensor<S, E, D>,
    forward: impl FnOnce(&[f32], &mut [f32]),
) -> Option<Passed<S, E, D, NoneTape>> {
    let input: &Tensor<S, f32, Cpu> = (input as &dyn Any).downcast_ref()?;
    let x = numbers(input);
    let mut y = vec![0.0; x.len()];
    forward(&x, &mut y);
    same(input.device().try_tensor_from_vec(y, *input.shape()))
}

/// A tensor with a tape.
pub(super) type Taped<S, E, D> = Tensor<S, E, D, OwnedTape<E, D>>;

/// What comes of a pass.
pub(super) type Passed<S, E, D, T> = Result<Tensor<S, E, D, T>, <D as HasErr>::Err>;

/// As [`evaluate`], with the derivative on the tape: `backward` adds to the gradient of the input, given what went in,
/// what came out, and the gradient of that. Gives the input back where it is not one of `f32` on the CPU.
#[allow(clippy::type_complexity, reason = "what comes of the pass, or the input")]
pub(super) fn train<S: Shape, E: Dtype, D: Device<E>>(
    input: Taped<S, E, D>,
    forward: impl FnOnce(&[f32], &mut [f32]),
    backward: impl FnOnce(&[f32], &[f32], &[f32], &mut [f32]) + 'static,
) -> Result<Passed<S, E, D, OwnedTape<E, D>>, Taped<S, E, D>> {
    if !(&input as &dyn Any).is::<Taped<S, f32, Cpu>>() {
        return Err(input);
    }
    let input: Option<Taped<S, f32, Cpu>> = same(input);
    let run = |input: Taped<S, f32, Cpu>| {
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
    Ok(input.map(run).and_then(same).expect("the type was asked above"))
}
