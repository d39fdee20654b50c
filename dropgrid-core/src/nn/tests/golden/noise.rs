//! Tests of layers with noise: the values of their factors, and gradients with a fixed mask.

use dfdx::{
    nn::{Module, ModuleMut},
    shapes::{Const, Dim, HasShape, Rank0},
    tensor::{Cpu, RandomU64, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::{
    cases::{Case, check_quotients, with_case},
    *,
};
use crate::{
    nn::{AlphaDropout, Dropout, Dropout2D, DropoutOneIn, GaussianDropout, GaussianNoise, SpatialDropout1D},
    seed::{Purpose, Seed},
};

/// Returns true for the cases of this file.
pub(super) fn is_noise(case: &str) -> bool {
    case.contains("Drop")
}

/// Returns the distinct outputs of a layer for equal inputs.
macro_rules! distinct {
    ($layer:expr, ($($axis:expr),+)) => {{
        let shape = ($($axis,)+);
        let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(vec![0.75_f32; 1 $(* Dim::size(&$axis))+], shape);
        let mut found = $layer.forward_mut(input.leaky_traced()).as_vec();
        found.sort_by(f32::total_cmp);
        found.dedup();
        found
    }};
}

#[test]
fn factors_are_those_of_pytorch() {
    let mut golden = Golden::read();
    for p in [0.125, 0.5, 0.75] {
        let mut check = |case: &str, found: Vec<f32>| golden.check(&format!("{case}_{p}"), "y", &[&found]);
        check("Dropout", distinct!(Dropout { p }, (200, Const::<50>)));
        check("AlphaDropout", distinct!(AlphaDropout { p }, (200, Const::<50>)));
        check("Dropout2D", distinct!(Dropout2D { p }, (200, Const::<50>, Const::<2>, Const::<2>)));
        check("SpatialDropout1D", distinct!(SpatialDropout1D { p }, (200, Const::<2>, Const::<50>)));
        match p {
            0.125 => check("DropoutOneIn", distinct!(DropoutOneIn::<8>, (200, Const::<50>))),
            0.5 => check("DropoutOneIn", distinct!(DropoutOneIn::<2>, (200, Const::<50>))),
            _ => {}
        }
    }
    let left: Vec<_> = golden.left.keys().filter(|(case, _)| is_noise(case)).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Checks the gradients of a layer on the tape and in a program, with masks of the same key.
fn check_gradients(name: &str, case: &Case<'_>, x: &[f32]) {
    let (taped, _) = (case.taped)();
    let lowered = case.program.clone().expect("a program");
    assert_eq!(taped.output, lowered.output);
    assert_ne!(taped.output, x);
    for found in [taped, lowered] {
        check_quotients(name, case, x, &found);
    }
}

macro_rules! gradients {
    ($layer:expr, ($($axis:expr),+)) => {{
        let x = numbers(0, ROWS $(* Dim::size(&$axis))+);
        with_case!($layer, &x, ($($axis),+), |case| check_gradients(stringify!($layer), &case, &x));
    }};
}

#[test]
fn gradients_have_the_mask_of_the_pass() {
    gradients!(Dropout { p: 0.5 }, (Const::<5>));
    gradients!(DropoutOneIn::<2>, (Const::<5>));
    gradients!(AlphaDropout { p: 0.5 }, (Const::<5>));
    gradients!(GaussianDropout { p: 0.5 }, (Const::<5>));
    gradients!(GaussianNoise { stddev: 0.5 }, (Const::<5>));
    gradients!(Dropout2D { p: 0.5 }, (Const::<3>, Const::<2>, Const::<2>));
    gradients!(SpatialDropout1D { p: 0.5 }, (Const::<3>, Const::<2>));
}
