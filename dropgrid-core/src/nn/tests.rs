//! What every layer of dropgrid's promises: a program does what the tape does, with the same noise of the same key, and
//! numbers of another type go the same way.

mod noise;

use dfdx::{
    nn::{
        BuildModule, BuildOnDevice, Module, ModuleMut, ZeroGrads, builders as stock, modules::Residual,
        tensor_collection::TensorCollection,
    },
    shapes::{Const, Dim, Rank0, Shape},
    tensor::{Cpu, CpuError, Gradients, NoneTape, OwnedTape, RandomU64, SampleTensor, Tensor, TensorFromVec, Trace},
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

/// Where each trainable tensor of a network lies, and its gradient; and the same of the values of the others.
#[derive(Default)]
struct Read {
    trained: Vec<(usize, Vec<f32>)>,
    others: Vec<(usize, Vec<f32>)>,
}

fn read<N: TensorCollection<f32, Cpu>>(network: &N, gradients: &mut Gradients<f32, Cpu>) -> Read {
    let mut read = Read::default();
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

/// Checks that a network gives the same output, the same gradients and the same statistics on both ways, twice: what
/// the first step leaves is not in the way of the second.
macro_rules! both_ways_agree {
    ($network:expr, ($($axis:expr),+) to ($($out:expr),+)) => {{
        let (mut network, name) = ($network, stringify!($network));
        let before = network.clone();
        let axes: Vec<usize> = vec![$(Dim::size(&$axis)),+];
        let (batch, wanted) = (numbers(ROWS * axes.iter().product::<usize>(), 3), numbers(ROWS $(* Dim::size(&$out))+, 4));
        let mut program = Program::new(&axes);
        let output = before.lower(&mut program, Program::INPUT);
        let mut run = Run::new(program.finish(output), ROWS + 1).expect("memory");
        let mut gradients = network.alloc_grads();
        for _ in 0..2 {
            let input = Cpu::seed_from_u64(DEVICE).tensor_from_vec(batch.clone(), (ROWS, $($axis),+));
            let output = network.forward_mut(input.trace(gradients));
            run.batch()[..batch.len()].copy_from_slice(&batch);
            assert_close(name, run.forward(ROWS, key()), &output.as_vec());
            let weights = Cpu::default().tensor_from_vec(wanted.clone(), (ROWS, $($out),+));
            gradients = (output * weights).sum::<Rank0, _>().backward();
            run.output(ROWS).1.copy_from_slice(&wanted);
            run.backward(ROWS);

            let (_, found) = run.parameters();
            let found = found.to_vec();
            let taped = read(&before, &mut gradients);
            assert!(!taped.trained.is_empty());
            for (address, gradient) in taped.trained {
                let place = run.program().parameters.iter().find(|known| known.address == address).expect("a place");
                assert_close(name, &found[place.range.clone()], &gradient);
            }
            let after = read(&network, &mut gradients).others;
            for ((address, _), (_, values)) in taped.others.iter().zip(after) {
                let place = run.program().states.iter().find(|known| known.address == *address).expect("a place");
                assert_close(name, &run.program().state[place.range.clone()], &values);
            }
            network.zero_grads(&mut gradients);
        }
    }};
}

/// A layer of any declared type, with the weights of a seed.
fn built<L: BuildOnDevice<Cpu, f32>>(seed: u64) -> L::Built {
    L::Built::build(&Cpu::seed_from_u64(seed))
}

#[test]
fn a_program_does_what_the_tape_does() {
    macro_rules! between {
        ($($layer:expr),+ $(,)?) => {$(
            both_ways_agree!(
                (built::<builder::Linear<5, 8>>(1), $layer, built::<builder::Linear<8, 3>>(2)),
                (Const::<5>) to (Const::<3>)
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
        built::<stock::LayerNorm1D<8>>(5),
        built::<stock::BatchNorm1D<8>>(5),
        Residual((built::<stock::LayerNorm1D<8>>(5), built::<builder::WeightNorm<builder::Linear<8, 8>>>(6))),
        (built::<stock::BatchNorm1D<8>>(5), SELU, built::<stock::BatchNorm1D<8>>(6)),
    );
}

#[test]
fn a_program_does_what_the_tape_does_with_steps() {
    macro_rules! between {
        ($($layer:expr),+ $(,)?) => {$(
            both_ways_agree!(
                (built::<builder::Linear<5, 8>>(1), $layer, built::<builder::Linear<8, 3>>(2)),
                (Const::<4>, Const::<5>) to (Const::<4>, Const::<3>)
            );
        )+};
    }
    between!(
        SpatialDropout1D { p: 0.4 },
        built::<builder::WeightNorm<builder::Linear<8, 8>>>(5),
        built::<stock::LayerNorm1D<8>>(5),
        built::<stock::BatchNorm1D<4>>(5),
    );
}

#[test]
fn normalisations_of_many_numbers_agree() {
    // More than the parts in which sums are taken.
    both_ways_agree!(
        (built::<builder::Linear<3, 150>>(1), built::<stock::LayerNorm1D<150>>(5), built::<builder::WeightNorm<builder::Linear<150, 2>>>(2)),
        (Const::<3>) to (Const::<2>)
    );
}

#[test]
fn a_weight_starts_as_its_directions() {
    let layer: WeightNorm<40, 7, f32, Cpu> = BuildModule::build(&Cpu::seed_from_u64(3));
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

/// A matrix that changes nothing, flat.
fn identity<const N: usize>() -> Vec<f32> {
    (0..N * N).map(|at| f32::from(at / N == at % N)).collect()
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
