//! Passes of a layer that run its program, for `f32` tensors on the CPU.
//!
//! A layer then has the same arithmetic and the same masks on dfdx's tape as in the program of its network.

use dfdx::{
    nn::tensor_collection::TensorCollection,
    shapes::Shape,
    tensor::{Cpu, CpuError, PutTape, RandomU64, SplitTape, Tape, Tensor, TensorFromVec},
};

use crate::{
    error::Failure,
    kernel::elementwise,
    nn::{
        Lower,
        tensor::{cpu_f32::TapedTensor, each_tensor, numbers::numbers},
    },
    program::{Program, Run},
    seed::{Purpose, Seed},
};

/// Prepares a run of a layer's program on samples with these axes. `allocate` allocates the buffers. Returns the run
/// and the number of samples.
fn run(
    layer: &impl Lower,
    mut program: Program,
    allocate: fn(Program, usize) -> Result<Run, Failure>,
    x: &[f32],
    axes: &[usize],
) -> Result<(Run, usize), CpuError> {
    let rows = x.len() / axes.iter().product::<usize>().max(1);
    let output = layer.lower(&mut program, Program::INPUT);
    let mut run = allocate(program.finish(output), rows).map_err(|_| CpuError::OutOfMemory)?;
    run.batch()[..x.len()].copy_from_slice(x);
    Ok((run, rows))
}

/// Computes an evaluation pass.
pub(super) fn evaluate<S: Shape, R: Shape>(
    layer: &impl Lower,
    input: &Tensor<S, f32, Cpu>,
    axes: &[usize],
    shape: R,
) -> Result<Tensor<R, f32, Cpu>, CpuError> {
    let (mut run, rows) = run(layer, Program::new(axes).evaluation(), Run::evaluating, &numbers(input), axes)?;
    let out = run.evaluate(rows).to_vec();
    input.device().try_tensor_from_vec(out, shape)
}

/// Computes a training pass with the backward pass on the tape. The backward pass adds to existing gradients. The key
/// of the masks comes from the random generator of the input's device, as in dfdx's dropout.
pub(super) fn train<L: Lower + TensorCollection<f32, Cpu> + Clone + 'static, S: Shape, R: Shape>(
    layer: &L,
    input: TapedTensor<S, f32, Cpu>,
    axes: &[usize],
    shape: R,
) -> Result<TapedTensor<R, f32, Cpu>, CpuError> {
    let (input, mut tape) = input.split_tape();
    let (mut run, rows) = run(layer, Program::new(axes).with_input_gradient(), Run::new, &numbers(&input), axes)?;
    let draws = run.program().draws();
    let key = if draws { Seed(input.device().random_u64()).key(Purpose::Noise).words() } else { [0; 8] };
    let out = run.forward(rows, key).to_vec();
    let out = input.device().try_tensor_from_vec(out, shape)?;
    // The clone shares its buffers with the layer, so the addresses that identify parameters stay valid.
    let (to, from, layer) = (out.ghost(), input.ghost(), layer.clone());
    tape.add_backward_op(move |gradients| {
        run.output(rows).1.copy_from_slice(gradients.get_or_alloc_mut(&to)?);
        run.backward(rows);
        elementwise::copy(run.input_gradient(rows), gradients.get_or_alloc_mut(&from)?, true);
        let found = run.parameters().1.to_vec();
        each_tensor(&layer, |tensor, _| {
            let known = run.program().parameters.iter().find(|known| Some(known.address) == tensor.address());
            if let Some(known) = known {
                elementwise::copy(&known.of(&found), tensor.gradient(gradients)?, true);
            }
            Ok(())
        })
    });
    Ok(out.put_tape(tape))
}
