//! What every layer of dropgrid's promises: a program does what the tape does, with the same noise of the same key, and
//! numbers of another type go the same way.

use dfdx::{
    nn::{BuildModule, Module, ModuleMut, ZeroGrads, tensor_collection::TensorCollection},
    shapes::{Const, Rank0, Shape},
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, RandomU64, SampleTensor, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo},
};

use super::*;
use crate::{
    program::{Program, Run},
    seed::{Purpose, Seed},
};

type Batch<S> = Tensor<S, f32, Cpu, NoneTape>;
type Traced<S> = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;

const ROWS: usize = 6;
const DEVICE: u64 = 11;

/// The key that a layer draws on the tape from a device of that seed, whose first draw it is.
fn key() -> [u32; 8] {
    Seed(Cpu::seed_from_u64(DEVICE).random_u64()).key(Purpose::Noise).words()
}

/// The numbers that a program gives for a batch of samples of these axes.
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
        // Sums of a few numbers near 1 in another order.
        assert!((found - wanted).abs() <= 2e-6 * wanted.abs().max(1.0), "{what}: {found} instead of {wanted}");
    }
}

/// Checks that a layer between two dense ones gives the same output and the same gradients on both ways.
#[track_caller]
fn both_ways_agree<L>(name: &str, layer: L)
where
    L: Lower
        + TensorCollection<f32, Cpu, To<f32, Cpu> = L>
        + ModuleMut<Traced<(usize, Const<8>)>, Output = Traced<(usize, Const<8>)>, Error = CpuError>,
{
    let cpu = Cpu::seed_from_u64(DEVICE);
    let first: Linear<5, 8, f32, Cpu> = BuildModule::build(&Cpu::seed_from_u64(1));
    let last: Linear<8, 3, f32, Cpu> = BuildModule::build(&Cpu::seed_from_u64(2));
    let mut network = (first, layer, last);
    let (batch, wanted) = (numbers(ROWS * 5, 3), numbers(ROWS * 3, 4));

    let input: Batch<(usize, Const<5>)> = cpu.tensor_from_vec(batch.clone(), (ROWS, Const));
    let output = network.forward_mut(input.trace(network.alloc_grads()));
    let taped = output.as_vec();
    let wanted_tensor: Batch<(usize, Const<3>)> = Cpu::default().tensor_from_vec(wanted.clone(), (ROWS, Const));
    let gradients = (output * wanted_tensor).sum::<Rank0, _>().backward();

    let (mut run, lowered) = lowered(&network, &[5], &batch);
    assert_close(name, &lowered, &taped);
    run.output(ROWS).1.copy_from_slice(&wanted);
    run.backward(ROWS);
    let program = run.program().parameters.clone();
    let all = run.parameters().1.to_vec();
    let mut places = program.iter().map(|parameter| all[parameter.range.clone()].to_vec());
    let mut compare = |gradient: Vec<f32>| assert_close(name, &places.next().expect("a parameter"), &gradient);
    compare(gradients.get(&network.0.weight).as_vec());
    compare(gradients.get(&network.0.bias).as_vec());
}

#[test]
fn a_program_does_what_the_tape_does() {
    both_ways_agree("Dropout", Dropout { p: 0.4 });
    both_ways_agree("AlphaDropout", AlphaDropout { p: 0.4 });
    both_ways_agree("GaussianDropout", GaussianDropout { p: 0.4 });
    both_ways_agree("GaussianNoise", GaussianNoise { stddev: 0.7 });
    both_ways_agree("ELU", ELU { alpha: 0.6 });
    both_ways_agree("SELU", SELU);
    both_ways_agree("SiLU", SiLU);
    both_ways_agree("Mish", Mish);
    both_ways_agree("(SELU, AlphaDropout)", (SELU, AlphaDropout { p: 0.2 }));
}

/// Checks that a layer without parameters gives the same output on both ways.
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
fn channels_drop_alike_on_both_ways() {
    outputs_agree(Dropout2D { p: 0.5 }, (ROWS, Const::<3>, Const::<2>, Const::<4>));
    outputs_agree(SpatialDropout1D { p: 0.5 }, (ROWS, Const::<4>, Const::<3>));
}

#[test]
fn scalers_take_images_and_steps() {
    let mut standardize: Standardize<12, f32, Cpu> = BuildModule::build(&Cpu::default());
    standardize.mean.copy_from(&numbers(12, 8));
    standardize.scale.copy_from(&[0.5, 2.0, 4.0].repeat(4));
    let mut min_max: MinMax<12, f32, Cpu> = BuildModule::build(&Cpu::default());
    min_max.min.copy_from(&numbers(12, 9));
    min_max.high = 3.0;
    outputs_agree(standardize.clone(), (ROWS, Const::<12>));
    outputs_agree(standardize.clone(), (ROWS, Const::<4>, Const::<3>));
    outputs_agree(standardize, (ROWS, Const::<3>, Const::<2>, Const::<2>));
    outputs_agree(min_max.clone(), (ROWS, Const::<4>, Const::<3>));
    outputs_agree(min_max, (ROWS, Const::<3>, Const::<2>, Const::<2>));
}

/// What a layer gives for eight rows of four numbers, and the gradient of the sum of their squares by them.
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
        #[allow(clippy::unnecessary_cast, reason = "one of the two types is what it becomes")]
        all.map(|value| value as f32).collect::<Vec<f32>>()
    }};
}

#[test]
fn double_precision_goes_through_dfdx_to_the_same_numbers() {
    macro_rules! check {
        ($($layer:expr),+) => {$(
            assert_close(stringify!($layer), &passes!(f32, $layer), &passes!(f64, $layer));
        )+};
    }
    check!(ELU { alpha: 0.6 }, SELU, SiLU, Mish);
    let (mut single, mut double): (Standardize<4, f32, Cpu>, Standardize<4, f64, Cpu>) =
        (BuildModule::build(&Cpu::default()), BuildModule::build(&Cpu::default()));
    single.mean.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    double.mean.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    single.scale.copy_from(&[2.0, 1.0, 0.25, 8.0]);
    double.scale.copy_from(&[2.0, 1.0, 0.25, 8.0]);
    assert_close("Standardize", &passes!(f32, single), &passes!(f64, double));
    let (mut single, mut double): (MinMax<4, f32, Cpu>, MinMax<4, f64, Cpu>) =
        (BuildModule::build(&Cpu::default()), BuildModule::build(&Cpu::default()));
    single.min.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    double.min.copy_from(&[1.0, 0.0, -2.0, 0.5]);
    (single.low, double.low) = (-1.0, -1.0);
    assert_close("MinMax", &passes!(f32, single), &passes!(f64, double));
}
