//! Tests that the evaluation program of a layer computes the same output as its evaluation pass on tensors.

use dfdx::{
    nn::{BuildOnDevice, Module},
    shapes::{Const, Dim, Rank2},
    tensor::{Cpu, TensorFromVec},
};

use super::{DEVICE, ROWS, assert_close, built, numbers};
use crate::{
    nn::{Lower, Parts, builder::*, each_tensor_mut, layers::list::layers},
    program::{Program, Run},
};

/// Builds the evaluation program of a network if its layers can be lowered: an inherent method takes precedence over a
/// trait's method.
struct Evaluating<'a, N>(&'a N);

impl<N: Lower> Evaluating<'_, N> {
    #[allow(clippy::unnecessary_wraps, reason = "as the method of the trait")]
    fn program(&self, axes: &[usize]) -> Option<Program> {
        let mut program = Program::new(axes).evaluation();
        let output = self.0.lower(&mut program, Program::INPUT);
        Some(program.finish(output))
    }
}

trait NoProgram {
    fn program(&self, _axes: &[usize]) -> Option<Program> {
        None
    }
}

impl<N> NoProgram for Evaluating<'_, N> {}

/// Builds a layer with numbers between 0.5 and 1.5 in each tensor that is initialised with zeros or ones: running
/// statistics, and scale and bias of normalisations.
fn filled<L: BuildOnDevice<Cpu, f32>>(seed: u64) -> L::Built
where
    L::Built: Parts,
{
    let mut layer = built::<L>(seed);
    each_tensor_mut(&mut layer, |tensor, _| {
        let mut found = tensor.numbers();
        if found.iter().all(|number| *number == found[0]) {
            found = numbers(found.len(), 9).into_iter().map(|number| 1.0 + number / 4.0).collect();
            tensor.copy_from(&found);
        }
        Ok(())
    })
    .expect("the CPU");
    layer
}

/// The layers whose evaluation pass has other bits in dfdx: dfdx adds in another order, uses the platform's functions,
/// or computes products that underflow (see `underflow`).
const DIFFERENT_ROUNDING: [&str; 6] =
    ["AvgPoolGlobal", "FastGeLU", "LayerNorm1D", "Sigmoid", "Tanh", "WeightNorm<Linear>"];

#[test]
fn a_program_of_an_evaluation_pass_gives_its_numbers() {
    let (mut evaluated, mut taped) = (Vec::new(), Vec::new());
    macro_rules! check {
        ($($name:literal: $layer:ty, [$($axis:literal),+];)+) => {$({
            // The layer stands between others, so that later layers read its output.
            let network = (built::<PReLU>(1), filled::<$layer>(2), built::<Identity>(3));
            let axes: Vec<usize> = vec![$(Dim::size(&Const::<$axis>)),+];
            if let Some(program) = Evaluating(&network).program(&axes) {
                let batch = numbers(ROWS * axes.iter().product::<usize>(), 3);
                let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(batch.clone(), (ROWS, $(Const::<$axis>),+));
                let expected = network.forward(input).as_vec();
                let mut run = Run::evaluating(program, ROWS + 1).expect("memory");
                run.batch()[..batch.len()].copy_from_slice(&batch);
                let found = run.evaluate(ROWS);
                let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                if DIFFERENT_ROUNDING.contains(&$name) {
                    assert_close($name, found, &expected);
                } else {
                    assert_eq!(bits(found), bits(&expected), $name);
                }
                // A single row gives the same bits with packed weights.
                let program = Evaluating(&network).program(&axes).expect("a program");
                let (mut alone, width) = (Run::evaluating(program, 1).expect("memory"), run.width());
                for (row, found) in batch.chunks(batch.len() / ROWS).zip(run.evaluate(ROWS).chunks(width)) {
                    alone.batch().copy_from_slice(row);
                    assert_eq!(bits(alone.evaluate(1)), bits(found), "{}: a row by itself", $name);
                }
                evaluated.push($name);
            } else {
                taped.push($name);
            }
        })+};
    }
    layers!(check);
    assert_eq!(
        taped,
        ["Softmax", "LogSoftmax", "Cos", "Exp", "Ln", "Sin", "Sqrt", "UnbiasedLinear", "Bias2D"],
        "every other layer is evaluated by its program"
    );
    assert!(DIFFERENT_ROUNDING.iter().all(|name| evaluated.contains(name)));
}
