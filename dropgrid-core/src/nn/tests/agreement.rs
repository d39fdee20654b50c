//! Tests that the program of a layer computes the same output, gradients and statistics as the tape.

use dfdx::{
    nn::{ModuleMut, ZeroGrads, modules::Residual, tensor_collection::TensorCollection},
    shapes::{Const, Dim, HasShape, Rank0, Rank2},
    tensor::{Cpu, Gradients, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::{DEVICE, ROWS, assert_close, built, key, numbers};
use crate::{
    nn::{
        Lower,
        builder::{self, *},
        each_tensor,
        layers::list::layers,
    },
    program::{Program, Run},
};

/// The gradients of the trained tensors of a network and the values of its other tensors, each with the tensor's
/// address.
#[derive(Default)]
struct TensorValues {
    trained: Vec<(usize, Vec<f32>)>,
    others: Vec<(usize, Vec<f32>)>,
}

fn read<N: TensorCollection<f32, Cpu>>(network: &N, gradients: &mut Gradients<f32, Cpu>) -> TensorValues {
    let mut read = TensorValues::default();
    let seen = each_tensor(network, |tensor, is_trained| {
        let address = tensor.address().expect("numbers");
        if is_trained {
            read.trained.push((address, tensor.gradient(gradients)?.clone()));
        } else {
            read.others.push((address, tensor.numbers()));
        }
        Ok(())
    });
    seen.expect("a visit");
    read
}

/// Lowers a network if its layers can be lowered: an inherent method takes precedence over a trait's method.
struct Lowering<'a, N>(&'a N);

impl<N: Lower> Lowering<'_, N> {
    #[allow(clippy::unnecessary_wraps, reason = "the trait has a method of the same name")]
    fn program(&self, axes: &[usize]) -> Option<Program> {
        let mut program = Program::new(axes);
        let output = self.0.lower(&mut program, Program::INPUT);
        Some(program.finish(output))
    }
}

trait NoLowering {
    fn program(&self, _axes: &[usize]) -> Option<Program> {
        None
    }
}

impl<N> NoLowering for Lowering<'_, N> {}

/// A training step of a network on the tape.
struct TapedStep {
    output: Vec<f32>,
    /// The gradients, and the other tensors before the step.
    before: TensorValues,
    /// The other tensors after the step.
    after: Vec<(usize, Vec<f32>)>,
}

/// Checks that a program computes the same output, gradients and statistics as the tape. It runs two steps, so that
/// state left over from the first would show in the second. `step` takes a batch.
fn check_steps(name: &str, program: Program, axes: &[usize], step: &mut dyn FnMut(&[f32]) -> TapedStep) {
    let batch = numbers(ROWS * axes.iter().product::<usize>(), 3);
    let mut run = Run::new(program, ROWS + 1).expect("memory");
    for _ in 0..2 {
        let taped = step(&batch);
        run.batch()[..batch.len()].copy_from_slice(&batch);
        assert_close(name, run.forward(ROWS, key()), &taped.output);
        run.output(ROWS).1.copy_from_slice(&numbers(taped.output.len(), 4));
        run.backward(ROWS);

        let (_, found) = run.parameters();
        let found = found.to_vec();
        assert!(!taped.before.trained.is_empty());
        for (address, gradient) in taped.before.trained {
            let known = run.program().parameters.iter().find(|known| known.address == address);
            assert_close(name, &known.expect("a parameter").of(&found), &gradient);
        }
        for ((address, _), (_, values)) in taped.before.others.iter().zip(taped.after) {
            // Statistics of the data are constants of an operation, not state.
            if let Some(known) = run.program().states.iter().find(|known| known.address == *address) {
                assert_close(name, &known.of(&run.program().state), &values);
            }
        }
    }
}

/// Checks a network that has a program. Only the steps on the tape are compiled for each network.
macro_rules! check_agreement {
    ($network:expr, ($($axis:expr),+)) => {{
        let mut network = $network;
        let before = network.clone();
        let axes: Vec<usize> = vec![$(Dim::size(&$axis)),+];
        if let Some(program) = Lowering(&before).program(&axes) {
            let mut gradients = Some(network.alloc_grads());
            let mut step = |batch: &[f32]| {
                let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(batch.to_vec(), (ROWS, $($axis),+));
                let output = network.forward_mut(input.trace(gradients.take().expect("gradients")));
                let y = output.as_vec();
                let weights = Cpu::default().tensor_from_vec(numbers(y.len(), 4), *output.shape());
                let mut found = (output * weights).sum::<Rank0, _>().backward();
                let taped = TapedStep {
                    output: y,
                    before: read(&before, &mut found),
                    after: read(&network, &mut found).others,
                };
                network.zero_grads(&mut found);
                gradients = Some(found);
                taped
            };
            check_steps(stringify!($network), program, &axes, &mut step);
        }
    }};
}

/// The network begins with a rectified linear unit with a trained slope, so that the comparison covers the gradient of
/// the layer's input.
#[test]
fn the_program_of_every_layer_agrees_with_the_tape() {
    macro_rules! check {
        ($($name:literal: $layer:ty, [$($axis:literal),+];)+) => {$(
            check_agreement!((built::<PReLU>(1), built::<$layer>(2)), ($(Const::<$axis>),+));
        )+};
    }
    layers!(check);
}

#[test]
fn a_program_agrees_with_the_tape_between_dense_layers() {
    macro_rules! between {
        ($($layer:expr),+ $(,)?) => {$(
            check_agreement!(
                (built::<builder::Linear<5, 8>>(1), $layer, built::<builder::Linear<8, 3>>(2)),
                (Const::<5>)
            );
        )+};
    }
    between!(
        Dropout { p: 0.4 },
        AlphaDropout { p: 0.4 },
        GaussianDropout { p: 0.4 },
        GaussianNoise { stddev: 0.7 },
        ELU { alpha: 0.6 },
        SELU,
        SiLU,
        Mish,
        built::<builder::WeightNorm<builder::Linear<8, 8>>>(5),
        built::<builder::LayerNorm1D<8>>(5),
        built::<builder::BatchNorm1D<8>>(5),
        Residual((built::<builder::LayerNorm1D<8>>(5), built::<builder::WeightNorm<builder::Linear<8, 8>>>(6))),
        (built::<builder::BatchNorm1D<8>>(5), SELU, built::<builder::BatchNorm1D<8>>(6)),
    );
}

#[test]
fn a_program_agrees_with_the_tape_on_sequences() {
    macro_rules! between {
        ($($layer:expr),+ $(,)?) => {$(
            check_agreement!(
                (built::<builder::Linear<5, 8>>(1), $layer, built::<builder::Linear<8, 3>>(2)),
                (Const::<4>, Const::<5>)
            );
        )+};
    }
    between!(
        SpatialDropout1D { p: 0.4 },
        built::<builder::WeightNorm<builder::Linear<8, 8>>>(5),
        built::<builder::LayerNorm1D<8>>(5),
        built::<builder::BatchNorm1D<4>>(5),
    );
}

#[test]
fn normalisations_of_many_numbers_agree() {
    // The batch has more numbers than are summed at a time.
    check_agreement!(
        (
            built::<builder::Linear<3, 150>>(1),
            built::<builder::LayerNorm1D<150>>(5),
            built::<builder::WeightNorm<builder::Linear<150, 2>>>(2)
        ),
        (Const::<3>)
    );
}
