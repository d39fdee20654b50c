//! Properties of every layer: a program computes the same as the tape, with the same noise for the same key, and double
//! precision agrees with single precision.

mod agreement;
mod evaluation;
mod export;
mod golden;
mod noise;
mod steps;
mod table;

use dfdx::{
    nn::{BuildModule, BuildOnDevice, Module, ModuleMut},
    shapes::{Const, Rank0, Shape},
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, RandomU64, SampleTensor, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::{Lower, builder::*};
use crate::{
    nn::dropout_mask,
    program::{Program, Run},
    seed::{Purpose, Seed},
};

type Batch<S> = Tensor<S, f32, Cpu, NoneTape>;
type Traced<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;

const ROWS: usize = 6;
const DEVICE: u64 = 11;

/// Returns the key that a layer draws on the tape: the first random number of a device with that seed.
fn key() -> [u32; 8] {
    Seed(Cpu::seed_from_u64(DEVICE).random_u64()).key(Purpose::Noise).words()
}

/// Runs the program of a layer on a batch of samples with these axes. Returns the run and the output.
fn lowered(layer: &impl Lower, axes: &[usize], batch: &[f32]) -> (Run, Vec<f32>) {
    let mut program = Program::new(axes);
    let output = layer.lower(&mut program, Program::INPUT);
    let mut run = Run::new(program.finish(output), ROWS).expect("memory");
    run.batch()[..batch.len()].copy_from_slice(batch);
    let output = run.forward(ROWS, key()).to_vec();
    (run, output)
}

fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let normal: Tensor<(usize,), f32, Cpu> = Cpu::seed_from_u64(seed).sample_normal_like(&(len,));
    normal.as_vec()
}

#[track_caller]
fn assert_close(what: &str, found: &[f32], wanted: &[f32]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (found, wanted) in found.iter().zip(wanted) {
        // Sums of a few numbers near 1 may have another order. A number that is not a code gives NaN.
        let same = found.is_nan() && wanted.is_nan();
        let is_close = same || (found - wanted).abs() <= 2e-6 * wanted.abs().max(1.0);
        assert!(is_close, "{what}: {found} instead of {wanted}");
    }
}

/// Builds a declared layer with the weights of a seed.
fn built<L: BuildOnDevice<Cpu, f32>>(seed: u64) -> L::Built {
    L::Built::build(&Cpu::seed_from_u64(seed))
}

#[test]
fn the_initial_weight_is_its_directions() {
    let layer: crate::nn::WeightNorm<40, 7, f32, Cpu> = BuildModule::build(&Cpu::seed_from_u64(3));
    let weight = layer.clone().forward(Cpu::default().tensor_from_vec(identity::<40>(), (Const::<40>, Const::<40>)));
    let bias = layer.bias.as_vec();
    let weight = weight.as_vec();
    let at = |output: usize, input: usize| weight[input * 7 + output] - bias[output];
    let directions = layer.weight_v.as_vec();
    for output in 0..7 {
        let row = &directions[output * 40..][..40];
        let square: f32 = row.iter().map(|v| v * v).sum();
        assert!((square - 1.0 / 3.0).abs() < 1e-6, "{square}");
        for (input, v) in row.iter().enumerate() {
            assert!((at(output, input) - v).abs() < 1e-6);
        }
    }
}

/// Returns an identity matrix, row-major.
fn identity<const N: usize>() -> Vec<f32> {
    (0..N * N).map(|at| f32::from(at / N == at % N)).collect()
}

/// Checks that a layer without parameters gives the same output on the tape and as a program.
#[track_caller]
fn outputs_agree<S: Shape, L>(layer: L, shape: S)
where
    L: Lower + Clone + ModuleMut<Traced<S>, Output = Traced<S>, Error = CpuError>,
    S::Concrete: AsRef<[usize]>,
{
    let batch = numbers(shape.num_elements(), 5);
    let input: Batch<S> = Cpu::seed_from_u64(DEVICE).tensor_from_vec(batch.clone(), shape);
    let taped = layer.clone().forward_mut(input.leaky_traced()).as_vec();
    let (_, lowered) = lowered(&layer, &shape.concrete().as_ref()[1..], &batch);
    assert_eq!(taped, lowered);
    assert_ne!(taped, batch);
}

#[test]
fn dropped_channels_agree() {
    outputs_agree(Dropout2D { p: 0.5 }, (ROWS, Const::<3>, Const::<2>, Const::<4>));
    outputs_agree(SpatialDropout1D { p: 0.5 }, (ROWS, Const::<4>, Const::<3>));
}

#[test]
fn scalers_take_images_and_steps() {
    let mut standardize: crate::nn::Standardize<12, f32, Cpu> = BuildModule::build(&Cpu::default());
    standardize.mean.copy_from(&numbers(12, 8));
    standardize.scale.copy_from(&[0.5, 2.0, 4.0].repeat(4));
    let mut min_max: crate::nn::MinMax<12, f32, Cpu> = BuildModule::build(&Cpu::default());
    min_max.min.copy_from(&numbers(12, 9));
    min_max.high = 3.0;
    outputs_agree(standardize.clone(), (ROWS, Const::<12>));
    outputs_agree(standardize.clone(), (ROWS, Const::<4>, Const::<3>));
    outputs_agree(standardize, (ROWS, Const::<3>, Const::<2>, Const::<2>));
    outputs_agree(min_max.clone(), (ROWS, Const::<4>, Const::<3>));
    outputs_agree(min_max, (ROWS, Const::<3>, Const::<2>, Const::<2>));
}

/// Computes the output of a layer for eight rows of four numbers, and the gradient of the sum of its squares.
macro_rules! passes {
    ($number:ty, $layer:expr) => {{
        let (layer, cpu) = (&mut $layer, Cpu::default());
        let values = numbers(32, 21).into_iter().map(|value| <$number>::from(2.0 * value)).collect();
        let input: Tensor<(usize, Const<4>), $number, Cpu> = cpu.tensor_from_vec(values, (8, Const));
        let evaluated = layer.forward(input.clone()).as_vec();
        let trained = layer.forward_mut(input.clone().leaky_traced());
        assert_eq!(trained.as_vec(), evaluated);
        let gradient = trained.square().sum::<Rank0, _>().backward().get(&input).as_vec();
        let all = evaluated.into_iter().chain(gradient);
        #[allow(clippy::unnecessary_cast, reason = "one of the two types is `f32`")]
        all.map(|value| value as f32).collect::<Vec<f32>>()
    }};
}

#[test]
fn double_precision_agrees_with_single() {
    macro_rules! check {
        ($($layer:expr),+) => {$(
            assert_close(stringify!($layer), &passes!(f32, $layer), &passes!(f64, $layer));
        )+};
    }
    check!(ELU { alpha: 0.6 }, SELU, SiLU, Mish);
    let (mut single, mut double): (crate::nn::Standardize<4, f32, Cpu>, crate::nn::Standardize<4, f64, Cpu>) =
        (BuildModule::build(&Cpu::default()), BuildModule::build(&Cpu::default()));
    single.mean.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    double.mean.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    single.scale.copy_from(&[2.0, 1.0, 0.25, 8.0]);
    double.scale.copy_from(&[2.0, 1.0, 0.25, 8.0]);
    assert_close("Standardize", &passes!(f32, single), &passes!(f64, double));
    let (mut single, mut double): (crate::nn::MinMax<4, f32, Cpu>, crate::nn::MinMax<4, f64, Cpu>) =
        (BuildModule::build(&Cpu::default()), BuildModule::build(&Cpu::default()));
    single.min.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    double.min.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    (single.low, double.low) = (-1.0, -1.0);
    assert_close("MinMax", &passes!(f32, single), &passes!(f64, double));
}
