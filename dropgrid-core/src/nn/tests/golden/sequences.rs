//! Tests of layers for sequences against PyTorch.

use dfdx::{
    nn::{BuildOnDevice, Module, ModuleMut},
    shapes::{Const, Dim, HasShape, Rank0},
    tensor::{RandomU64, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::{
    cases::{Case, check, check_case, layers, with_case},
    *,
};
use crate::{
    nn::{Tunable, builder::*},
    seed::{Purpose, Seed},
};

/// Returns true for the cases of this file.
pub(super) fn is_sequence(case: &str) -> bool {
    const LAYERS: [&str; 10] = [
        "Conv1D",
        "MaxPool1D",
        "AvgPool1D",
        "GlobalAverage",
        "PositionalEncoding",
        "Embedding",
        "Lstm",
        "Gru",
        "MultiHeadAttention",
        "TransformerEncoder",
    ];
    case == "LayerNorm1D_steps" || LAYERS.contains(&case.split('_').next().unwrap_or(case))
}

/// Builds a declared layer with the parameters of the script and this rate.
fn with_rate<L: BuildOnDevice<Cpu, f32, Built: Tunable>>(rate: f64) -> L::Built {
    let mut layer = L::build_on_device(&Cpu::default());
    fill(&mut layer);
    layer.tune(rate);
    layer
}

#[test]
fn layers_of_sequences_are_pytorchs_and_their_gradients_those_of_the_function() {
    let mut golden = Golden::read();
    let steps = |by: f32| numbers(100, 90).into_iter().map(|x| by * x).collect::<Vec<f32>>();
    let wide = |by: f32| numbers(100, 120).into_iter().map(|x| by * x).collect::<Vec<f32>>();
    layers! { golden:
        "Conv1D" is Conv1D<3, 4, 3, 1, 1>, steps(1.0), (Const::<5>, Const::<3>);
        "Conv1D_strided" is Conv1D<3, 2, 2, 2, 1, 2>, steps(1.0), (Const::<5>, Const::<3>);
        "Conv1D_groups" is Conv1D<4, 6, 3, 1, 0, 1, 2>, wide(1.0), (Const::<5>, Const::<4>);
        "Conv1D_depthwise" is Conv1D<4, 4, 3, 1, 2, 1, 4>, wide(1.0), (Const::<5>, Const::<4>);
        "MaxPool1D" is MaxPool1D<2>, steps(1.0), (Const::<5>, Const::<3>);
        "MaxPool1D_strided" is MaxPool1D<3, 2, 1>, steps(1.0), (Const::<5>, Const::<3>);
        "MaxPool1D_ties" is MaxPool1D<2>, steps(0.0), (Const::<5>, Const::<3>);
        "MaxPool1D_dilated" is MaxPool1D<2, 1, 0, 2>, steps(1.0), (Const::<5>, Const::<3>);
        "MaxPool1D_padded" is MaxPool1D<3, 2, 1, 2>, steps(1.0), (Const::<5>, Const::<3>);
        "AvgPool1D" is AvgPool1D<2>, steps(1.0), (Const::<5>, Const::<3>);
        "AvgPool1D_strided" is AvgPool1D<3, 2, 1>, steps(1.0), (Const::<5>, Const::<3>);
        "GlobalAverage" is GlobalAverage, steps(1.0), (Const::<5>, Const::<3>);
        "LayerNorm1D_steps" is LayerNorm1D<3>, steps(1.0), (Const::<5>, Const::<3>);
        "PositionalEncoding" is PositionalEncoding, steps(1.0), (Const::<5>, Const::<3>);
        "Lstm" is Lstm<3, 4>, steps(1.0), (Const::<5>, Const::<3>);
        "Lstm_all" is Lstm<3, 4, 2, AllStates>, steps(1.0), (Const::<5>, Const::<3>);
        "Lstm_both" is Lstm<3, 4, 1, LastState, Bidirectional>, steps(1.0), (Const::<5>, Const::<3>);
        "Lstm_deep" is Lstm<3, 4, 2, AllStates, Bidirectional>, steps(1.0), (Const::<5>, Const::<3>);
        "Gru" is Gru<3, 4>, steps(1.0), (Const::<5>, Const::<3>);
        "Gru_all" is Gru<3, 4, 2, AllStates>, steps(1.0), (Const::<5>, Const::<3>);
        "Gru_both" is Gru<3, 4, 1, LastState, Bidirectional>, steps(1.0), (Const::<5>, Const::<3>);
        "Gru_deep" is Gru<3, 4, 2, AllStates, Bidirectional>, steps(1.0), (Const::<5>, Const::<3>);
        "MultiHeadAttention" is MultiHeadAttention<4, 2>, wide(3.0), (Const::<5>, Const::<4>);
        "MultiHeadAttention_causal" is MultiHeadAttention<4, 4, true>, wide(3.0), (Const::<5>, Const::<4>);
    }
    let encoder = with_rate::<TransformerEncoder<4, 2, 6>>(0.0);
    check!(golden, "TransformerEncoder", encoder, wide(3.0), (Const::<5>, Const::<4>), quotients: true);
    let encoder = with_rate::<TransformerEncoder<4, 2, 6, true, true>>(0.0);
    check!(golden, "TransformerEncoder_first", encoder, wide(3.0), (Const::<5>, Const::<4>), quotients: true);
    let codes = (0..24).map(|at| (at * 7 % 5) as f32).collect();
    let mut table = <Embedding<5, 3> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
    fill(&mut table);
    // Codes have no derivative.
    check!(golden, "Embedding", table, codes, (Const::<4>), quotients: false);
    let left: Vec<_> = golden.left.keys().filter(|(case, _)| is_sequence(case)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Checks the gradients of a layer on the tape and in a program, with masks of the same key.
fn check_gradients(name: &str, case: &Case<'_>, x: &[f32]) {
    let (taped, evaluated) = (case.taped)();
    let lowered = case.program.clone().expect("a program");
    assert_eq!(taped.output, lowered.output);
    assert_ne!(taped.output, evaluated, "nothing drops");
    for found in [taped, lowered] {
        super::cases::check_quotients(name, case, x, &found);
    }
}

/// Tensor operations for any device compute the same loss as dropgrid's kernels. The finite differences do not cover
/// these layers.
#[test]
fn stacks_in_double_precision_agree_with_single() {
    macro_rules! agree {
        ($($layer:ty),+) => {$({
            let x = numbers(100, 90);
            let mut layer = <$layer as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
            fill(&mut layer);
            with_case!(layer, &x, (Const::<5>, Const::<3>), |case| {
                let wide: Vec<f64> = x.iter().copied().map(f64::from).collect();
                let (found, _) = (case.taped)();
                let weights = numbers(500, found.output.len());
                let loss = found.output.iter().zip(weights).map(|(y, weight)| f64::from(y * weight)).sum::<f64>();
                let wanted = (case.wide_loss)(&wide, None).0;
                // The tolerance is that of a sum of 240 numbers below 1 in single precision.
                assert!((loss - wanted).abs() < 1e-4, "{}: {loss} {wanted}", stringify!($layer));
            });
        })+};
    }
    agree!(
        Lstm<3, 4, 2, AllStates>,
        Lstm<3, 4, 1, LastState, Bidirectional>,
        Lstm<3, 4, 2, AllStates, Bidirectional>,
        Gru<3, 4, 2, AllStates>,
        Gru<3, 4, 1, LastState, Bidirectional>,
        Gru<3, 4, 2, AllStates, Bidirectional>
    );
}

#[test]
fn gradients_have_the_masks_of_the_pass() {
    macro_rules! gradients {
        ($layer:ty, ($($axis:expr),+)) => {{
            let x = numbers(0, ROWS $(* Dim::size(&$axis))+);
            let layer = with_rate::<$layer>(0.5);
            with_case!(layer, &x, ($($axis),+), |case| check_gradients(stringify!($layer), &case, &x));
        }};
    }
    gradients!(Lstm<2, 2, 2, AllStates, Bidirectional>, (Const::<2>, Const::<2>));
    gradients!(Gru<2, 2, 2>, (Const::<3>, Const::<2>));
    gradients!(MultiHeadAttention<4, 2>, (Const::<3>, Const::<4>));
    gradients!(TransformerEncoder<4, 2, 6>, (Const::<3>, Const::<4>));
}
