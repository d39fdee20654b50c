//! The program of a layer without its noise gives the bits of the layer's evaluation pass.

use dfdx::{
    nn::Module,
    shapes::{Const, Dim, Rank2},
    tensor::{Cpu, TensorFromVec},
};

use super::{DEVICE, ROWS, built, numbers};
use crate::{
    nn::{Lower, builder::*, layers::list::layers},
    program::{Program, Run},
};

/// The program of a network that it evaluates: an inherent method takes precedence over that of a trait.
struct Evaluating<'a, N>(&'a N);

impl<N: Lower> Evaluating<'_, N> {
    fn program(&self, axes: &[usize]) -> Option<Program> {
        N::EVALUATES.then(|| {
            let mut program = Program::new(axes).evaluation();
            let output = self.0.lower(&mut program, Program::INPUT);
            program.finish(output)
        })
    }
}

trait NoProgram {
    fn program(&self, _axes: &[usize]) -> Option<Program> {
        None
    }
}

impl<N> NoProgram for Evaluating<'_, N> {}

#[test]
fn a_program_without_noise_has_the_bits_of_an_evaluation_pass() {
    let mut evaluated = Vec::new();
    macro_rules! check {
        ($($name:literal: $layer:ty, [$($axis:literal),+];)+) => {$({
            // The layer stands between others, so that what its noise gives is read.
            let network = (built::<PReLU>(1), built::<$layer>(2), built::<Identity>(3));
            let axes: Vec<usize> = vec![$(Dim::size(&Const::<$axis>)),+];
            if let Some(program) = Evaluating(&network).program(&axes) {
                let batch = numbers(ROWS * axes.iter().product::<usize>(), 3);
                let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(batch.clone(), (ROWS, $(Const::<$axis>),+));
                let expected = network.forward(input).as_vec();
                let mut run = Run::evaluating(program, ROWS + 1).expect("memory");
                run.batch()[..batch.len()].copy_from_slice(&batch);
                let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(run.evaluate(ROWS)), bits(&expected), $name);
                evaluated.push($name);
            }
        })+};
    }
    layers!(check);
    let layers =
        ["Linear", "Conv2D", "MaxPool2D", "Standardize", "Dropout", "GaussianNoise", "ReLU", "SiLU", "PReLU1D"];
    let of_sequences = [
        "Conv1D",
        "MaxPool1D",
        "AvgPool1D",
        "GlobalAverage",
        "Embedding",
        "PositionalEncoding",
        "Lstm",
        "Gru",
        "MultiHeadAttention",
        "TransformerEncoder",
    ];
    for name in layers.into_iter().chain(of_sequences) {
        assert!(evaluated.contains(&name), "{name} is evaluated by its program");
    }
}
