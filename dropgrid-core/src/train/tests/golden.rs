//! Fifty steps of every setting against PyTorch, on both implementations of the step. `tests/golden/training.py`
//! describes the trainings and writes the file; a new setting is a case there and one of the same name here.

use dfdx::{
    nn::{ZeroGrads, modules::Tanh},
    shapes::Rank1,
    tensor::{Cpu, ZerosTensor},
};

use super::networks::Known;
use crate::{
    data::{Binary, Classes, Dataset, Fit, MultiLabel, Regression},
    model::Network,
    nn::{Dropout, Linear, Lower, Parts},
    recipe::{Loss, OneCycle, Schedule, Train},
    seed::{Purpose, Seed},
    train::{
        erased_network::ErasedNetwork,
        loss::{Criterion, TrainTarget},
        network::{LoweredNetwork, TapedNetwork},
        state_dict::StateDict,
        step::{ParameterVector, ProgramBackend, TapeBackend, TrainingBackend},
    },
};

pub(super) const ROWS: usize = 38;
const BATCH: usize = 8;
const EPOCHS: usize = 10;
const GOLDEN: &str = include_str!("../../../../tests/golden/training.txt");

fn whole(at: usize) -> usize {
    (at * 37 + 11) % 101
}

fn number(at: usize) -> f64 {
    whole(at) as f64 / 101.0 - 0.5
}

/// The data whose targets `truth` makes from the whole numbers of each row.
fn data<T: TrainTarget, I>(target: impl FnOnce(Vec<I>) -> T, truth: impl Fn([usize; 4]) -> I) -> Dataset<T> {
    let at = |row: usize| [0, 1, 2, 3].map(|column| row * 4 + column);
    let features: Vec<[f32; 4]> = (0..ROWS).map(|row| at(row).map(|at| (2.0 * number(at)) as f32)).collect();
    let truth = (0..ROWS).map(|row| truth(at(row).map(whole))).collect();
    let weights: Vec<f64> = (0..ROWS).map(|row| (whole(row * 4) % 4) as f64 * 0.75).collect();
    Dataset::new(&features, target(truth)).and_then(|data| data.with_weights(weights)).expect("data")
}

pub(super) fn classes() -> Dataset<Classes<3>> {
    let largest =
        |[a, b, c, _]: [usize; 4]| [a, b, c].iter().position(|&one| one == a.max(b).max(c)).expect("one of them");
    data(|labels: Vec<usize>| Classes::new(labels).expect("labels"), largest)
}

fn signs() -> Dataset<Binary> {
    data(|labels: Vec<bool>| Binary::new(labels).expect("labels"), |[a, b, c, d]| a + b > c + d)
}

fn flags() -> Dataset<MultiLabel<2>> {
    data(|flags: Vec<[bool; 2]>| MultiLabel::new(flags).expect("flags"), |[a, b, c, d]| [a > b, c > d])
}

fn values() -> Dataset<Regression<2>> {
    let number = |number: usize| number as f64 / 101.0;
    let values = |[a, b, c, d]: [usize; 4]| [number(a) - number(b), number(c + d)];
    data(|values: Vec<[f64; 2]>| Regression::new(values).expect("numbers"), values)
}

/// The network with its first weights.
fn network<const O: usize>() -> Known<O> {
    let cpu = Cpu::default();
    let hidden = Linear { weight: cpu.zeros(), bias: cpu.zeros() };
    let output = Linear { weight: cpu.zeros(), bias: cpu.zeros() };
    let mut network: Known<O> = (hidden, Tanh, Dropout { p: 0.0 }, output);
    let flat = ParameterVector::new(&network, &mut network.alloc_grads()).expect("memory");
    let numbers: Vec<f32> = (0..flat.parameters.len()).map(|at| number(at) as f32).collect();
    flat.write(&numbers, &mut network);
    network
}

/// The parameters of a network.
pub(super) fn weights(network: &dyn Parts) -> Vec<f32> {
    let tensors = StateDict::of(network).tensors.into_iter().filter(|tensor| tensor.trainable);
    tensors.flat_map(|tensor| tensor.numbers).collect()
}

/// The losses and the last weights of both implementations, the program's first.
fn both<T, const O: usize>(data: &Dataset<T>, recipe: &Train) -> [(Vec<f32>, Vec<f32>); 2]
where
    T: TrainTarget<Output = Rank1<O>>,
    Known<O>: Network<Output = Rank1<O>> + Lower,
{
    let recipe = recipe.clone().shuffle(false).epochs(EPOCHS).batch_size(BATCH);
    recipe.check().expect("a recipe");
    let rows: Vec<usize> = (0..ROWS).collect();
    let view = Fit::new(data, &rows);
    let trained = |network: &mut dyn ErasedNetwork<Rank1<O>>, backend: &dyn TrainingBackend<T>| {
        let mut train_step = backend.begin(network, &recipe, &view).expect("memory");
        let mut criterion = Criterion::new(&view, &recipe).expect("a loss");
        let mut losses = Vec::new();
        for epoch in 0..EPOCHS {
            for (batch, rows) in rows.chunks(BATCH).take(recipe.batches(ROWS)).enumerate() {
                let key = Seed(0).key(Purpose::Noise).epoch(epoch as u32).batch(batch as u32);
                let loss = train_step.step(network, &mut criterion, rows, key).expect("a step");
                if batch == 0 {
                    losses.push(loss);
                }
            }
        }
        train_step.store(network);
        (losses, weights(network))
    };
    let lowered = trained(&mut LoweredNetwork::new(network::<O>()), &ProgramBackend);
    [lowered, trained(&mut TapedNetwork(network::<O>()), &TapeBackend)]
}

/// The case `name` of the golden file: its losses and weights.
fn golden(name: &str) -> (Vec<f32>, Vec<f32>) {
    let mut lines = GOLDEN.lines().skip_while(|line| line.strip_prefix("case ") != Some(name)).skip(1);
    let mut numbers = |what: &str| {
        let line = lines.next().and_then(|line| line.strip_prefix(what)).unwrap_or_else(|| panic!("no case {name}"));
        line.split_whitespace().map(|number| number.parse().expect("a number")).collect()
    };
    (numbers("losses"), numbers("weights"))
}

/// The differences from the case `name` that are too large.
fn faults<T, const O: usize>(name: &str, data: &Dataset<T>, recipe: &Train) -> Vec<String>
where
    T: TrainTarget<Output = Rank1<O>>,
    Known<O>: Network<Output = Rank1<O>> + Lower,
{
    let (losses, weights) = golden(name);
    let paths = ["program", "tape"].into_iter().zip(both::<T, O>(data, recipe));
    let differ = |found: &[f32], wanted: &[f32]| {
        // NaN counts as the largest difference.
        let more = |most: f32, by: f32| if by > most || by.is_nan() { by } else { most };
        let most = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, more);
        // Single precision rounds numbers near 1 by 6e-8, and 50 steps add that up. PyTorch's own single precision
        // differs from its double precision by as much: 1.03e-6.
        (found.len() != wanted.len() || most.is_nan() || most >= 1.1e-6).then_some(most)
    };
    paths
        .flat_map(|(path, (found_losses, found_weights))| {
            let losses = differ(&found_losses, &losses).map(|by| format!("{name}, {path}: losses differ by {by}"));
            let weights = differ(&found_weights, &weights).map(|by| format!("{name}, {path}: weights differ by {by}"));
            losses.into_iter().chain(weights)
        })
        .collect()
}

/// Every setting of the training recipe, by its name in the golden file.
pub(super) fn recipes() -> Vec<(&'static str, Train)> {
    let adam = || Train::adam(0.01);
    let sgd = || Train::sgd(0.1);
    let rmsprop = || Train::rmsprop(0.01);
    let cycle = OneCycle {
        pct_start: 0.4,
        div_factor: 10.0,
        final_div_factor: 100.0,
        momentum: Some((0.8, 0.9)),
        ..OneCycle::default()
    };
    let kept = OneCycle { momentum: None, ..OneCycle::default() };
    vec![
        ("adam", adam()),
        ("adam, decay", adam().weight_decay(0.1)),
        ("adam, betas and eps", adam().beta1(0.8).beta2(0.95).eps(1e-3)),
        ("adam, a long memory", adam().beta1(0.99).beta2(0.99999)),
        ("adam, amsgrad", adam().beta2(0.9).amsgrad(true)),
        ("adamw", Train::adamw(0.01).weight_decay(0.1)),
        ("adamw, amsgrad", Train::adamw(0.01).weight_decay(0.1).beta2(0.9).amsgrad(true)),
        ("sgd", sgd()),
        ("sgd, decay", sgd().weight_decay(0.1)),
        ("sgd, momentum", sgd().momentum(0.9)),
        ("sgd, nesterov", sgd().momentum(0.9).nesterov(true).weight_decay(0.01)),
        ("sgd, dampening", sgd().momentum(0.9).dampening(0.4)),
        ("rmsprop", rmsprop()),
        ("rmsprop, alpha and eps", rmsprop().alpha(0.8).eps(1e-3).weight_decay(0.05)),
        ("rmsprop, a long memory", rmsprop().lr(1e-4).alpha(0.99999)),
        ("rmsprop, momentum", rmsprop().momentum(0.5)),
        ("rmsprop, centered", rmsprop().centered(true).eps(1e-2)),
        ("rmsprop, centered, momentum", rmsprop().centered(true).eps(1e-2).momentum(0.5)),
        ("adam, decoupled", adam().weight_decay(0.1).decoupled_weight_decay(true)),
        ("nadam", Train::nadam(0.01)),
        ("nadam, decay", Train::nadam(0.01).weight_decay(0.1).momentum_decay(0.1).beta1(0.8).beta2(0.95).eps(1e-3)),
        ("nadam, decoupled", Train::nadam(0.01).weight_decay(0.1).decoupled_weight_decay(true)),
        ("radam", Train::radam(0.01)),
        ("radam, decay", Train::radam(0.01).weight_decay(0.1).beta1(0.8).beta2(0.9).eps(1e-3)),
        ("radam, decoupled", Train::radam(0.01).weight_decay(0.1).decoupled_weight_decay(true)),
        ("radam, never adaptive", Train::radam(0.01).beta2(0.5)),
        ("adamax", Train::adamax(0.01)),
        ("adamax, decay", Train::adamax(0.01).weight_decay(0.1).beta1(0.8).beta2(0.9).eps(1e-3)),
        ("adagrad", Train::adagrad(0.05)),
        (
            "adagrad, decay",
            Train::adagrad(0.05).lr_decay(0.1).weight_decay(0.1).initial_accumulator_value(0.01).eps(1e-3),
        ),
        ("adadelta", Train::adadelta(1.0)),
        ("adadelta, decay", Train::adadelta(0.5).alpha(0.8).weight_decay(0.1).eps(1e-3)),
        ("lion", Train::lion(0.003)),
        ("lion, decay", Train::lion(0.003).weight_decay(0.1).beta1(0.8).beta2(0.9)),
        ("schedule-free", Train::adamw_schedule_free(0.01)),
        ("schedule-free, decay", Train::adamw_schedule_free(0.01).weight_decay(0.1).beta1(0.8).beta2(0.95).eps(1e-3)),
        (
            "schedule-free, warm-up",
            Train::adamw_schedule_free(0.01).schedule(Schedule::constant().warm_up_from(1.0 / 11.0, 2)),
        ),
        ("schedule-free, ema", Train::adamw_schedule_free(0.01).ema(0.9)),
        ("cosine with restarts", sgd().schedule(Schedule::cosine_restarts(3, 1))),
        ("cosine with restarts, longer", adam().schedule(Schedule::cosine_restarts_to(2, 2, 1e-3))),
        ("cosine with restarts by step", sgd().momentum(0.9).schedule(Schedule::cosine_restarts(7, 2).by_step())),
        (
            "cosine with restarts, nadam, clip",
            Train::nadam(0.01).schedule(Schedule::cosine_restarts(3, 1)).clip_norm(0.05),
        ),
        ("one cycle, lion", Train::lion(0.003).schedule(Schedule::one_cycle())),
        ("step", sgd().schedule(Schedule::step(3, 0.5))),
        ("step by step", sgd().schedule(Schedule::step(12, 0.5).by_step())),
        ("multi step", sgd().schedule(Schedule::multi_step([2, 5, 6], 0.4))),
        ("exponential", adam().schedule(Schedule::exponential(0.8))),
        ("cosine", sgd().momentum(0.9).schedule(Schedule::cosine())),
        ("cosine by step", Train::adamw(0.01).weight_decay(0.5).schedule(Schedule::cosine_to(1e-3).by_step())),
        ("one cycle, adam", Train::adam(0.03).schedule(Schedule::one_cycle())),
        ("one cycle, sgd", Train::sgd(0.2).momentum(0.9).schedule(cycle.into())),
        ("one cycle, momentum kept", rmsprop().momentum(0.5).schedule(kept.into())),
        ("warm-up", sgd().schedule(Schedule::constant().warm_up(4))),
        ("warm-up, cosine", adam().schedule(Schedule::cosine().warm_up_from(0.1, 2))),
        ("clip norm", Train::sgd(0.5).clip_norm(0.05)),
        ("clip value", adam().clip_value(0.01)),
        ("accumulate", adam().accumulate(2)),
        ("accumulate, clip, cosine by step", sgd().accumulate(3).clip_norm(0.1).schedule(Schedule::cosine().by_step())),
        ("drop last", sgd().momentum(0.5).drop_last(true)),
        ("ema", sgd().momentum(0.9).ema(0.9)),
        ("ema, accumulate", adam().ema(0.7).accumulate(2)),
    ]
}

#[test]
fn fifty_steps_are_pytorchs() {
    let (adam, sgd) = (|| Train::adam(0.01), || Train::sgd(0.1));
    let mut of_classes = recipes();
    of_classes.extend([
        ("smoothing", sgd().label_smoothing(0.1)),
        ("class weight", sgd().class_weight([1.0, 2.0, 0.5])),
        ("class weight, smoothing", adam().class_weight([1.0, 2.0, 0.5]).label_smoothing(0.2)),
        ("sample weights", sgd().sample_weights(true)),
        ("sample weights, smoothing, accumulate", sgd().sample_weights(true).label_smoothing(0.1).accumulate(2)),
        ("focal", sgd().loss(Loss::Focal)),
        ("focal, gamma", adam().loss(Loss::Focal).focal_gamma(0.5)),
    ]);
    let of_signs = [
        ("binary", sgd()),
        ("binary, class weight", sgd().class_weight([1.0, 3.0])),
        ("binary, sample weights", adam().sample_weights(true)),
    ];
    let of_flags = [
        ("flags", sgd()),
        ("flags, pos weight, smoothing", sgd().pos_weight([2.0, 0.5]).label_smoothing(0.1)),
        ("flags, focal", adam().loss(Loss::Focal)),
    ];
    let of_values = [
        ("mse", sgd()),
        ("mse, sample weights", sgd().sample_weights(true)),
        ("mae", sgd().loss(Loss::Mae)),
        ("huber", sgd().loss(Loss::Huber).huber_delta(0.2)),
        ("smooth l1", adam().loss(Loss::SmoothL1).huber_delta(0.2)),
    ];
    let (mut found, mut cases) = (Vec::new(), 0);
    macro_rules! check {
        ($($data:expr, $outputs:literal, $cases:expr;)+) => {$(
            for (name, recipe) in &$cases {
                found.extend(faults::<_, $outputs>(name, &$data, recipe));
                cases += 1;
            }
        )+};
    }
    check! {
        classes(), 3, of_classes;
        signs(), 1, of_signs;
        flags(), 2, of_flags;
        values(), 2, of_values;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let golden = GOLDEN.lines().filter(|line| line.starts_with("case ")).count();
    assert_eq!(golden, cases, "a case of the golden file is in no test");
}
