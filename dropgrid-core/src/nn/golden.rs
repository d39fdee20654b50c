//! Layers against PyTorch: `tests/golden/layers.py` writes what it gives.

use std::collections::HashMap;

use dfdx::{
    nn::{BuildModule, ModuleMut, modules},
    shapes::{Const, Dim, HasShape, Rank0},
    tensor::{Cpu, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::{tensors::address, *};
use crate::program::{Program, Run};

const ROWS: usize = 6;

fn golden() -> HashMap<(String, String), Vec<f64>> {
    let lines = include_str!("../../../tests/golden/layers.txt").lines().map(|line| {
        let mut words = line.split(' ');
        let mut word = || words.next().expect("a word").to_owned();
        let name = (word(), word());
        (name, words.map(|number| number.parse().expect("a number")).collect())
    });
    lines.collect()
}

/// A stretch of the sequence that the script takes its tensors from.
fn numbers(start: usize, len: usize) -> Vec<f32> {
    (start..start + len).map(|at| (((at * 37 + 11) % 101) as f64 / 101.0 - 0.5) as f32).collect()
}

/// The cases, of which each number is looked at once.
struct Golden(HashMap<(String, String), Vec<f64>>);

impl Golden {
    #[track_caller]
    fn check(&mut self, case: &str, name: &str, taped: &[f32], lowered: &[f32]) {
        let wanted = self.0.remove(&(case.to_owned(), name.to_owned())).expect("a number that is not yet looked at");
        for found in [taped, lowered] {
            assert_eq!(found.len(), wanted.len(), "{case} {name}");
            for (found, wanted) in found.iter().zip(&wanted) {
                // Single precision against double: a few roundings of numbers below 10.
                assert!((f64::from(*found) - wanted).abs() < 5e-6, "{case} {name}: {found} instead of {wanted}");
            }
        }
    }
}

/// Checks output and gradients of a layer on both ways: the input is the stretch from `$start`, and `$name` the script's
/// word for the layer's tensor `$field`.
macro_rules! check {
    ($golden:ident, $case:literal, $layer:expr, $start:literal x $by:literal: ($($axis:expr),+) $(, $name:literal: $field:ident)*) => {{
        let golden = &mut $golden;
        let mut layer = $layer;
        let axes: Vec<usize> = vec![$(Dim::size(&$axis)),+];
        let x: Vec<f32> = numbers($start, ROWS * axes.iter().product::<usize>()).iter().map(|x| $by * x).collect();
        let mut program = Program::new(&axes);
        let value = layer.lower(&mut program, Program::INPUT);
        let mut run = Run::new(program.finish(value), ROWS).expect("memory");
        run.batch().copy_from_slice(&x);
        let lowered = run.forward(ROWS, [0; 8]).to_vec();
        let weights = numbers(500, lowered.len());
        let (_, gradient) = run.output(ROWS);
        gradient.iter_mut().zip(&weights).for_each(|(gradient, weight)| *gradient = *weight);
        run.backward(ROWS);
        let parameters = run.program().parameters.clone();
        #[allow(unused_variables, reason = "a function has no parameters")]
        let place = |address: usize| parameters.iter().find(|known| known.address == address).expect("a place").range.clone();
        $(let $field = run.parameters().1[place(address(&layer.$field, Default::default()))].to_vec();)*

        let input = Cpu::default().tensor_from_vec(x, (ROWS, $($axis),+));
        let output = layer.forward_mut(input.clone().leaky_traced());
        golden.check($case, "y", &output.as_vec(), &lowered);
        let weights = Cpu::default().tensor_from_vec(weights, *output.shape());
        let gradients = (output * weights).sum::<Rank0, _>().backward();
        let d_x = gradients.get(&input).as_vec();
        golden.check($case, "d_x", &d_x, &d_x);
        $(golden.check($case, concat!("d_", $name), &gradients.get(&layer.$field).as_vec(), &$field);)*
        (layer, run)
    }};
}

#[test]
fn layers_are_pytorchs() {
    let mut golden = Golden(golden());
    check!(golden, "elu", ELU { alpha: 0.7 }, 0 x 8.0: (Const::<5>));
    check!(golden, "selu", SELU, 0 x 8.0: (Const::<5>));
    check!(golden, "silu", SiLU, 0 x 8.0: (Const::<5>));
    check!(golden, "mish", Mish, 0 x 8.0: (Const::<5>));

    let mut weight_norm: WeightNorm<5, 3, f32, Cpu> = BuildModule::build(&Cpu::default());
    weight_norm.weight_v.copy_from(&numbers(10, 15));
    weight_norm.weight_g.copy_from(&numbers(40, 3));
    weight_norm.bias.copy_from(&numbers(50, 3));
    check!(
        golden, "weight_norm", weight_norm, 100 x 1.0: (Const::<5>),
        "weight_v": weight_v, "weight_g": weight_g, "bias": bias
    );

    let mut layer_norm = modules::LayerNorm1D::<5, f32, Cpu>::build(&Cpu::default());
    layer_norm.gamma.copy_from(&numbers(20, 5));
    layer_norm.beta.copy_from(&numbers(30, 5));
    check!(golden, "layer_norm", layer_norm, 100 x 1.0: (Const::<5>), "weight": gamma, "bias": beta);

    let mut batch_norm = modules::BatchNorm1D::<5, f32, Cpu>::build(&Cpu::default());
    batch_norm.scale.copy_from(&numbers(20, 5));
    batch_norm.bias.copy_from(&numbers(30, 5));
    batch_norm.momentum = 0.3;
    macro_rules! check_batch {
        ($case:literal, ($($axis:expr),+)) => {
            let (layer, run) =
                check!(golden, $case, batch_norm.clone(), 100 x 1.0: ($($axis),+), "weight": scale, "bias": bias);
            let states = run.program().states.iter().map(|known| run.program().state[known.range.clone()].to_vec());
            let states: Vec<Vec<f32>> = states.collect();
            golden.check($case, "mean", &layer.running_mean.as_vec(), &states[0]);
            golden.check($case, "variance", &layer.running_var.as_vec(), &states[1]);
        };
    }
    check_batch!("batch_norm", (Const::<5>));
    check_batch!("batch_norm_steps", (Const::<5>, Const::<3>));

    for p in [0.125, 0.5, 0.875] {
        let input = Cpu::default().tensor_from_vec(vec![0.7; 1000], (1000,));
        let mut found = AlphaDropout { p }.forward_mut(input.leaky_traced()).as_vec();
        found.sort_by(f32::total_cmp);
        found.dedup();
        golden.check(&format!("alpha_dropout_{p}"), "y", &found, &found);
    }
    assert!(golden.0.is_empty(), "{:?}", golden.0.keys());
}
