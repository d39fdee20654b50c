//! Dropout in a training step, measured by the weights that the step changes, on both implementations.

use dfdx::{
    shapes::Rank1,
    tensor::{Cpu, OnesTensor, ZerosTensor},
};

use crate::{
    data::{Dataset, Fit, Regression},
    nn::{Dropout, InputShape, Linear},
    recipe::Train,
    seed::{Purpose, Seed},
    train::{
        erased_network::{ErasedNetwork, Evaluate},
        evaluate::predict,
        loss::Criterion,
        network::{LoweredNetwork, TapedNetwork},
        state_dict::StateDict,
        step::{ProgramBackend, TapeBackend, TrainingBackend},
    },
};

const UNITS: usize = 64;
const SEEDS: u64 = 500;

type Net = (Linear<1, UNITS, f32, Cpu>, Dropout, Linear<UNITS, 1, f32, Cpu>);

impl InputShape for Net {
    type Sample = Rank1<1>;
}

/// A network in which each unit is 1 before the dropout and has the weight 1 after it, whatever the input.
fn network(p: f32) -> Net {
    let cpu = Cpu::default();
    let hidden = Linear { weight: cpu.zeros(), bias: cpu.ones() };
    (hidden, Dropout { p }, Linear { weight: cpu.ones(), bias: cpu.zeros() })
}

/// The masks of the forward and the backward pass in a step on a single row.
///
/// With the derivative g of the loss by the output, gradient descent moves the last bias by -g, a last weight by -g
/// times the output of the dropout, and a first bias by -g times the factor of its gradient.
fn masks(
    seed: u64,
    network: &mut dyn ErasedNetwork<Rank1<1>>,
    backend: &dyn TrainingBackend<Regression<1>>,
) -> [[f32; UNITS]; 2] {
    let data = Dataset::new([[1.0]], Regression::new([[1.0]]).expect("numbers")).expect("data");
    let (recipe, view) = (Train::sgd(1.0), Fit::new(&data, &[0]));
    let mut train_step = backend.begin(network, &recipe, &view).expect("memory");
    let mut criterion = Criterion::new(&view, &recipe).expect("a loss");
    let key = Seed(seed).key(Purpose::Noise).fold(3).epoch(1);
    train_step.step(network, &mut criterion, &[0], key).expect("a step");
    train_step.store(network);
    let tensors = StateDict::of(network).tensors;
    let moves = |name: &str| -> [f32; UNITS] {
        let tensor = tensors.iter().find(|tensor| tensor.name == name).expect("a tensor");
        tensor.numbers.clone().try_into().expect("a number a unit")
    };
    let moved = tensors.iter().find(|tensor| tensor.name == "2.bias").expect("a bias").numbers[0];
    [moves("2.weight"), moves("0.bias")].map(|moves| moves.map(|to| (to - 1.0) / moved))
}

fn masks_of_program(p: f32, seed: u64) -> [[f32; UNITS]; 2] {
    masks(seed, &mut LoweredNetwork::new(network(p)), &ProgramBackend)
}

fn masks_of_tape(p: f32, seed: u64) -> [[f32; UNITS]; 2] {
    masks(seed, &mut TapedNetwork(network(p)), &TapeBackend)
}

#[track_caller]
fn check(p: f32, mask: impl Fn(u64) -> [[f32; UNITS]; 2]) {
    let mut kept = [0_u32; UNITS];
    let mut all = Vec::new();
    for seed in 0..SEEDS {
        let [forward, backward] = mask(seed);
        for (unit, (forward, backward)) in forward.into_iter().zip(backward).enumerate() {
            let is_kept = forward > 0.5;
            let factor = if is_kept { 1.0 / (1.0 - p) } else { 0.0 };
            // A mask is the quotient of two differences of numbers in single precision, near 100 and near 1.
            assert!((forward - factor).abs() < 1e-4, "p {p}, seed {seed}, unit {unit}: {forward} for {factor}");
            assert!((backward - factor).abs() < 1e-4, "p {p}, seed {seed}, unit {unit}: {backward} for {factor}");
            kept[unit] += u32::from(is_kept);
        }
        let bits = forward.map(|factor| factor > 0.5);
        assert!(!all.contains(&bits), "p {p}: seed {seed} has the mask of an earlier one");
        all.push(bits);
    }
    // The draws are the same in every run. A binomial share is off by more than 4 standard deviations once in 16,000,
    // by more than 4.5 once in 150,000.
    let off = |kept: u32, draws: u64| {
        let (share, draws) = (f64::from(kept) / draws as f64, draws as f64);
        let wanted = 1.0 - f64::from(p);
        (share - wanted).abs() / (wanted * (1.0 - wanted) / draws).sqrt()
    };
    let total = off(kept.iter().sum(), SEEDS * UNITS as u64);
    assert!(total < 4.0, "p {p}: {total} standard deviations");
    let worst = kept.into_iter().map(|kept| off(kept, SEEDS)).fold(0.0, f64::max);
    assert!(worst < 4.5, "p {p}, a unit: {worst} standard deviations");
}

#[test]
fn a_share_p_is_dropped_the_rest_scaled_and_the_backward_pass_takes_the_same_mask() {
    for p in [0.2, 0.5, 0.75] {
        check(p, |seed| masks_of_program(p, seed));
        check(p, |seed| masks_of_tape(p, seed));
    }
}

#[test]
fn nothing_is_dropped_at_rate_0_nor_when_predicting() {
    let data = Dataset::new([[1.0]], Regression::new([[1.0]]).expect("numbers")).expect("data");
    for p in [0.0, 0.9] {
        let (lowered, taped) = (LoweredNetwork::new(network(p)), TapedNetwork(network(p)));
        let networks: [&dyn Evaluate; 2] = [&lowered, &taped];
        for network in networks {
            let predicted = predict::<Regression<1>>(network, data.features(), &[0], None).expect("finite");
            assert_eq!(predicted, [UNITS as f64]);
        }
    }
    let [forward, backward] = masks_of_program(0.0, 1);
    assert!(forward.iter().chain(&backward).all(|factor| (factor - 1.0).abs() < 1e-4));
}
