//! Tests of the layers without noise against PyTorch.

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        builders::{
            Abs, AddInto, AvgPoolGlobal, BatchNorm1D, BatchNorm2D, Bias2D, Cos, Exp, FastGeLU, GeneralizedResidual,
            LayerNorm1D, Ln, LogSoftmax, Repeated, Residual, Sigmoid, Sin, Softmax, SplitInto, Sqrt, Square, Tanh,
            UnbiasedLinear,
        },
    },
    shapes::{Const, Dim, HasShape, Rank0, Rank3},
    tensor::{RandomU64, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::*;
use crate::{
    nn::{
        AccurateGeLU, AvgPool2D, ELU, Flatten2D, Identity, LeakyReLU, MaxPool2D, MaxPoolGlobal, Mish, ReLU, Reshape,
        SELU, SiLU,
        builder::{Conv2D, Linear, MinMax, PReLU, PReLU1D, Standardize, WeightNorm},
    },
    seed::{Purpose, Seed},
};

/// The step of a finite difference.
const STEP: f32 = 1.0 / 4096.0;

/// The built type of a declared layer.
pub(super) type Built<L> = <L as BuildOnDevice<Cpu, f32>>::Built;

/// A layer of any type, as closures and results that the checks use.
pub(super) struct Case<'a> {
    /// Runs a training pass on the tape and then an evaluation pass. Returns the results of the training pass and the
    /// output of the evaluation pass.
    pub(super) taped: &'a dyn Fn() -> (PassResult, Vec<f32>),
    /// The results of a training pass of the program, if the layer has one.
    pub(super) program: Option<PassResult>,
    /// Computes the loss of a training pass in double precision. The optional change adds a number to one element of a
    /// parameter: index of the parameter, index of the element, addend. Returns the loss and the changed element.
    pub(super) wide_loss: &'a WideLoss<'a>,
}

/// See [`Case::wide_loss`].
type WideLoss<'a> = dyn Fn(&[f64], Option<(usize, usize, f32)>) -> (f64, f64) + 'a;

/// Calls a function with the [`Case`] of a built layer. The rest of a check is compiled once for all layers.
macro_rules! with_case {
    ($layer:expr, $x:expr, ($($axis:expr),+), |$case:ident| $check:expr) => {{
        let before = $layer;
        let x: &[f32] = $x;
        let axes: Vec<usize> = vec![$(Dim::size(&$axis)),+];
        let taped = || {
            let mut layer = before.clone();
            let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(x.to_vec(), (ROWS, $($axis),+));
            let output = layer.forward_mut(input.clone().leaky_traced());
            let y = output.as_vec();
            let weights = Cpu::default().tensor_from_vec(numbers(500, y.len()), *output.shape());
            let mut gradients = (output * weights).sum::<Rank0, _>().backward();
            let input = gradients.get(&input).as_vec();
            let [parameters, statistics] = tensors(&layer, &mut gradients);
            let evaluated = layer.forward(Cpu::default().tensor_from_vec(x.to_vec(), (ROWS, $($axis),+)));
            (PassResult { output: y, input, parameters, statistics }, evaluated.as_vec())
        };
        let wide_loss = |x: &[f64], moved: Option<(usize, usize, f32)>| {
            let mut layer = before.clone();
            let number = moved.map_or(f32::NAN, |(which, at, by)| nudge(&mut layer, which, at, by));
            let mut wide = widen(&layer);
            let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(x.to_vec(), (ROWS, $($axis),+));
            let y = wide.forward_mut(input.leaky_traced()).as_vec();
            let weights = numbers(500, y.len());
            (y.iter().zip(weights).map(|(y, weight)| y * f64::from(weight)).sum::<f64>(), f64::from(number))
        };
        let key = Seed(Cpu::seed_from_u64(DEVICE).random_u64()).key(Purpose::Noise).words();
        let program = ProgramPass(&before).program(&axes, x, key);
        let $case = Case { taped: &taped, program, wide_loss: &wide_loss };
        $check
    }};
}
pub(super) use with_case;

/// Checks gradients against finite differences in double precision.
pub(super) fn check_quotients(what: &str, case: &Case<'_>, x: &[f32], found: &PassResult) {
    let wide: Vec<f64> = x.iter().copied().map(f64::from).collect();
    let quotient = |at: usize| {
        let moved = |by: f64| {
            let mut x = wide.clone();
            x[at] += by;
            (case.wide_loss)(&x, None).0
        };
        (moved(f64::from(STEP)) - moved(-f64::from(STEP))) / (2.0 * f64::from(STEP))
    };
    let wanted: Vec<f64> = (0..x.len()).map(quotient).collect();
    // The tolerance covers third derivatives times the square of the step, and rounding in single precision.
    assert_close(&format!("{what} quotients of the input"), &found.input, &wanted, 2e-5);
    for (which, gradient) in found.parameters.iter().enumerate() {
        let quotient = |at: usize| {
            let moved = |by: f32| (case.wide_loss)(&wide, Some((which, at, by)));
            let (high, low) = (moved(STEP), moved(-STEP));
            (high.0 - low.0) / (high.1 - low.1)
        };
        let wanted: Vec<f64> = (0..gradient.len()).map(quotient).collect();
        assert_close(&format!("{what} quotients of parameter {which}"), gradient, &wanted, 2e-5);
    }
}

/// Checks a layer against the results of the script and, if `quotients` is true, its gradients against finite
/// differences.
pub(super) fn check_case(golden: &mut Golden, name: &str, case: &Case<'_>, x: &[f32], quotients: bool) {
    let (found, evaluated) = (case.taped)();
    let mut all = vec![found];
    all.extend(case.program.clone());
    let every = |read: &dyn Fn(&PassResult) -> Vec<f32>| all.iter().map(read).collect::<Vec<_>>();
    let mut check = |what: &str, found: Vec<Vec<f32>>| {
        golden.check(name, what, &found.iter().map(Vec::as_slice).collect::<Vec<_>>());
    };
    check("y", every(&|found| found.output.clone()));
    check("d_x", every(&|found| found.input.clone()));
    for at in 0..all[0].parameters.len() {
        check(&format!("d_{at}"), every(&|found| found.parameters[at].clone()));
    }
    if !matches!(name, "Standardize" | "MinMax") {
        for at in 0..all[0].statistics.len() {
            check(&format!("s_{at}"), every(&|found| found.statistics[at].clone()));
        }
    }
    check("e", vec![evaluated]);
    if quotients {
        for found in &all {
            check_quotients(name, case, x, found);
        }
    }
}

/// Checks a built layer.
macro_rules! check {
    ($golden:ident, $name:expr, $layer:expr, $x:expr, ($($axis:expr),+), quotients: $quotients:expr) => {{
        let x: Vec<f32> = $x;
        with_case!($layer, &x, ($($axis),+), |case| check_case(&mut $golden, $name, &case, &x, $quotients));
    }};
}
pub(super) use check;

/// Builds a declared layer with the parameters of the script and the given settings, and checks it.
macro_rules! layers {
    ($golden:ident: $($case:literal is $layer:ty $({ $($field:ident = $value:expr),+ })?, $x:expr, ($($axis:expr),+);)+) => {$({
        #[allow(unused_mut, reason = "some have no settings")]
        let mut layer = <$layer as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
        fill(&mut layer);
        $($(layer.$field = $value;)+)?
        // Functions are not differentiable at ties, and finite differences of all numbers of a stack take half a
        // minute.
        let quotients = !["_ties", "_flat", "_all", "_both", "_deep"].iter().any(|end| $case.ends_with(end));
        check!($golden, $case, layer, $x, ($($axis),+), quotients: quotients);
    })+};
}
pub(super) use layers;

/// Checks activations on numbers near 0 and on edge cases.
macro_rules! functions {
    ($golden:ident: $($case:literal is $layer:ty $({ $($field:ident = $value:expr),+ })?, $x:expr;)+) => {$({
        layers! { $golden: $case is $layer $({ $($field = $value),+ })?, $x, (Const::<5>); }
        #[allow(unused_mut, reason = "some have no settings")]
        let mut layer = <$layer as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
        fill(&mut layer);
        $($(layer.$field = $value;)+)?
        check!($golden, concat!($case, "_edges"), layer, EDGES.to_vec(), (Const::<2>), quotients: false);
    })+};
}

const EDGES: [f32; 12] = [-1e4, -200.0, -90.0, -20.0, -1e-30, -0.0, 0.0, 1e-30, 20.0, 90.0, 200.0, 1e4];

#[test]
fn layers_are_pytorchs_and_their_gradients_those_of_the_function() {
    let mut golden = Golden::read();
    let x = |by: f32| numbers(0, 30).into_iter().map(|x| by * x).collect::<Vec<f32>>();
    let rows = |by: f32| numbers(100, 30).into_iter().map(|x| by * x).collect::<Vec<f32>>();
    let images = |by: f32| numbers(100, 144).into_iter().map(|x| by * x).collect::<Vec<f32>>();
    let above = || x(8.0).into_iter().map(|x| x + 4.125).collect::<Vec<f32>>();
    functions! { golden:
        "ReLU" is ReLU, x(8.0);
        "LeakyReLU" is LeakyReLU { slope = 0.3 }, x(8.0);
        "ELU" is ELU { alpha = 0.7 }, x(8.0);
        "SELU" is SELU, x(8.0);
        "SiLU" is SiLU, x(8.0);
        "Mish" is Mish, x(8.0);
        "AccurateGeLU" is AccurateGeLU, x(8.0);
        "FastGeLU" is FastGeLU, x(8.0);
        "Tanh" is Tanh, x(8.0);
        "Sigmoid" is Sigmoid, x(8.0);
        "Square" is Square, x(8.0);
        "Abs" is Abs, x(8.0);
        "Cos" is Cos, x(8.0);
        "Sin" is Sin, x(8.0);
        "Exp" is Exp, x(8.0);
        "Softmax" is Softmax, x(8.0);
        "LogSoftmax" is LogSoftmax, x(8.0);
        "Identity" is Identity, x(8.0);
        "PReLU" is PReLU, x(8.0);
        "Ln" is Ln, above();
        "Sqrt" is Sqrt, above();
    }
    layers! { golden:
        "LeakyReLU_start" is LeakyReLU, x(8.0), (Const::<5>);
        "ELU_start" is ELU, x(8.0), (Const::<5>);
        "PReLU1D" is PReLU1D<5>, rows(1.0), (Const::<5>);
        "PReLU1D_steps" is PReLU1D<5>, numbers(100, 90), (Const::<5>, Const::<3>);
        "PReLU1D_images" is PReLU1D<3>, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "PReLU_images" is PReLU, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "Linear" is Linear<5, 3>, rows(1.0), (Const::<5>);
        "UnbiasedLinear" is UnbiasedLinear<5, 3>, rows(1.0), (Const::<5>);
        "WeightNorm" is WeightNorm<Linear<5, 3>>, rows(1.0), (Const::<5>);
        "Residual" is Residual<Linear<5, 5>>, rows(1.0), (Const::<5>);
        "GeneralizedResidual" is GeneralizedResidual<Linear<5, 3>, Linear<5, 3>>, rows(1.0), (Const::<5>);
        "Repeated" is Repeated<(Linear<5, 5>, Tanh), 2>, rows(1.0), (Const::<5>);
        "SplitInto" is (SplitInto<(Linear<5, 4>, Linear<5, 4>)>, AddInto<(Tanh, Sigmoid)>), rows(1.0), (Const::<5>);
        "AddInto" is (SplitInto<(Linear<5, 4>, Linear<5, 4>)>, AddInto<(Tanh, Sigmoid)>), rows(1.0), (Const::<5>);
        "LayerNorm1D" is LayerNorm1D<5>, rows(1.0), (Const::<5>);
        "LayerNorm1D_flat" is LayerNorm1D<5>, rows(0.0), (Const::<5>);
        "LayerNorm1D_epsilon" is LayerNorm1D<5> { epsilon = 0.1 }, rows(1.0), (Const::<5>);
        "BatchNorm1D" is BatchNorm1D<5> { momentum = 0.3 }, rows(1.0), (Const::<5>);
        "BatchNorm1D_flat" is BatchNorm1D<5>, rows(0.0), (Const::<5>);
        "BatchNorm1D_epsilon" is BatchNorm1D<5> { epsilon = 0.1 }, rows(1.0), (Const::<5>);
        "BatchNorm1D_steps" is BatchNorm1D<5> { momentum = 0.3 }, numbers(100, 90), (Const::<5>, Const::<3>);
        "BatchNorm2D" is BatchNorm2D<3> { momentum = 0.3 }, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "Bias2D" is Bias2D<3>, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "Conv2D" is Conv2D<3, 2, 2, 1, 1>, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "MaxPool2D" is MaxPool2D<2>, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "MaxPool2D_ties" is MaxPool2D<2>, images(0.0), (Const::<3>, Const::<4>, Const::<2>);
        "AvgPool2D" is AvgPool2D<2>, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "MaxPoolGlobal" is MaxPoolGlobal, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "MaxPoolGlobal_ties" is MaxPoolGlobal, images(0.0), (Const::<3>, Const::<4>, Const::<2>);
        "AvgPoolGlobal" is AvgPoolGlobal, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "Flatten2D" is Flatten2D, images(1.0), (Const::<3>, Const::<4>, Const::<2>);
        "Reshape" is Reshape<Rank3<3, 2, 4>>, numbers(100, 144), (Const::<24>);
    }
    // This layer keeps its initial parameters.
    let prelu: Built<PReLU> = <PReLU as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
    check!(golden, "PReLU_start", prelu, x(8.0), (Const::<5>), quotients: true);
    let prelu = <PReLU1D<5> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
    check!(golden, "PReLU1D_start", prelu, x(8.0), (Const::<5>), quotients: true);
    let norm = <BatchNorm1D<5> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
    check!(golden, "BatchNorm1D_start", norm, rows(1.0), (Const::<5>), quotients: true);
    // The statistics of the rows are computed in double precision before they are rounded.
    let column = |at: usize| numbers(100, 30).into_iter().skip(at).step_by(5).map(f64::from).collect::<Vec<f64>>();
    let statistics = |of: &dyn Fn(Vec<f64>) -> f64| (0..5).map(|at| of(column(at)) as f32).collect::<Vec<f32>>();
    let mean = |column: &[f64]| column.iter().sum::<f64>() / 6.0;
    let mut standardize = <Standardize<5> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
    standardize.mean.copy_from(&statistics(&|column| mean(&column)));
    standardize.scale.copy_from(&statistics(&|column| {
        let mean = mean(&column);
        (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 6.0).sqrt()
    }));
    check!(golden, "Standardize", standardize, rows(1.0), (Const::<5>), quotients: true);
    let mut min_max = <MinMax<5> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::default());
    let [low, high] = [f64::min as fn(f64, f64) -> f64, f64::max]
        .map(|of| statistics(&|column| column.into_iter().reduce(of).expect("rows")));
    min_max.min.copy_from(&low);
    min_max.range.copy_from(&high.iter().zip(&low).map(|(high, low)| high - low).collect::<Vec<f32>>());
    check!(golden, "MinMax", min_max, rows(1.0), (Const::<5>), quotients: true);
    let is_other = |case: &str| super::noise::is_noise(case) || super::sequences::is_sequence(case);
    let left: Vec<_> = golden.left.keys().filter(|(case, _)| !is_other(case)).collect();
    assert!(left.is_empty(), "{left:?}");
}
