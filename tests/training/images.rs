//! Layers of images: against PyTorch, against difference quotients, on the tape and on dropgrid's own training step, in
//! single precision by dropgrid's arithmetic and in double precision by dfdx's.

use dfdx::{
    nn::{BuildOnDevice, Module, ModuleMut},
    shapes::{Const, Dtype, Rank1, Rank3, Rank4, Shape},
    tensor::{Cpu, OwnedTape, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, SumTo, TryMul},
};
use dropgrid::{model::Init, nn::Lower, prelude::*, seed::Seed};

use crate::own_layer::own_layer;

/// The numbers that `tests/golden/images.py` writes down by the same rule.
fn numbers(len: usize, seed: usize, coarse: bool) -> Vec<f64> {
    let draws = (0..len).map(|at| (at * 7919 + seed * 104_729) % 1009);
    draws.map(|draw| if coarse { (draw % 5) as f64 / 2.0 - 1.0 } else { (draw as f64 - 504.0) / 512.0 }).collect()
}

/// A number type of the tests.
trait Real: Dtype {
    fn real(value: f64) -> Self;
    fn wide(self) -> f64;
}

impl Real for f32 {
    fn real(value: f64) -> Self {
        value as f32
    }

    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    fn real(value: f64) -> Self {
        value
    }

    fn wide(self) -> f64 {
        self
    }
}

fn tensor<S: Shape, E: Real>(shape: S, values: &[f64]) -> Tensor<S, E, Cpu>
where
    Cpu: TensorFromVec<E>,
{
    Cpu::default().tensor_from_vec(values.iter().map(|value| E::real(*value)).collect(), shape)
}

fn wide<S: Shape, E: Real>(tensor: &Tensor<S, E, Cpu>) -> Vec<f64>
where
    Cpu: dfdx::tensor::Storage<E>,
{
    tensor.as_vec().into_iter().map(Real::wide).collect()
}

/// What came out, the gradient of what went in, and those of weight and bias.
type Found = Vec<Vec<f64>>;

/// A pass with a tape and back, of the loss that the golden script has.
macro_rules! pass {
    ($layer:ident, $input:expr, $E:ty) => {{
        let input = $input;
        let out = $layer.forward_mut(input.leaky_trace());
        let (output, tape) = dfdx::tensor::SplitTape::split_tape(out);
        let found = wide(&output);
        let factors = tensor::<_, $E>(*dfdx::shapes::HasShape::shape(&output), &numbers(found.len(), 4, false));
        let loss = dfdx::tensor::PutTape::put_tape(output, tape).try_mul(factors).expect("memory").sum();
        let gradients = loss.backward();
        let back = wide(&gradients.get(&input));
        (vec![found, back], gradients)
    }};
}

#[track_caller]
fn assert_close(what: &str, found: &[f64], wanted: &[f64], bound: f64) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let difference = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(difference < bound, "{what}: they differ by {difference}");
}

/// The cases of the golden file: settings, and lines of numbers.
fn golden() -> Vec<(String, Found)> {
    let mut cases: Vec<(String, Found)> = Vec::new();
    for line in include_str!("../golden/images.txt").lines() {
        let (name, rest) = line.split_once(' ').expect("a name first");
        if name == "case" {
            cases.push((rest.to_owned(), Vec::new()));
        } else {
            let numbers = rest.split(' ').map(|number| number.parse().expect("a number")).collect();
            cases.last_mut().expect("a case first").1.push(numbers);
        }
    }
    cases
}

macro_rules! conv {
    ($B:literal $I:literal $H:literal $W:literal $O:literal $K:literal $S:literal $P:literal $L:literal $G:literal, $E:ty) => {{
        let mut layer =
            <Conv2D<$I, $O, $K, $S, $P, $L, $G> as BuildOnDevice<Cpu, $E>>::build_on_device(&Cpu::default());
        let draw = |values: Vec<f64>| values.into_iter().map(<$E as Real>::real).collect::<Vec<$E>>();
        layer.weight.copy_from(&draw(numbers($O * $I / $G * $K * $K, 2, false)));
        layer.bias.copy_from(&draw(numbers($O, 3, false)));
        let x = tensor::<_, $E>(($B, Const::<$I>, Const::<$H>, Const::<$W>), &numbers($B * $I * $H * $W, 1, false));
        let (mut found, gradients) = pass!(layer, x.clone(), $E);
        found.push(wide(&gradients.get(&layer.weight)));
        found.push(wide(&gradients.get(&layer.bias)));
        assert_eq!(wide(&layer.forward(x)), found[0], "without a tape");
        found
    }};
}

macro_rules! pool {
    ($layer:expr, $coarse:literal, $B:literal $C:literal $H:literal $W:literal, $E:ty) => {{
        let mut layer = $layer;
        let x = tensor::<_, $E>(($B, Const::<$C>, Const::<$H>, Const::<$W>), &numbers($B * $C * $H * $W, 1, $coarse));
        let (found, _) = pass!(layer, x.clone(), $E);
        assert_eq!(wide(&layer.forward(x)), found[0], "without a tape");
        found
    }};
}

/// Every case of the golden file, of which some have a meaning of their own in dfdx.
macro_rules! cases {
    ($E:ty) => {
        vec![
            ("conv 2 1 8 8 3 3 1 0 1 1", conv!(2 1 8 8 3 3 1 0 1 1, $E)),
            ("conv 2 3 5 7 4 3 1 1 1 1", conv!(2 3 5 7 4 3 1 1 1 1, $E)),
            ("conv 3 4 6 6 2 1 1 0 1 1", conv!(3 4 6 6 2 1 1 0 1 1, $E)),
            ("conv 2 4 9 5 6 3 2 1 1 2", conv!(2 4 9 5 6 3 2 1 1 2, $E)),
            ("conv 2 4 7 8 4 3 1 1 1 4", conv!(2 4 7 8 4 3 1 1 1 4, $E)),
            ("conv 1 2 9 9 3 3 1 2 2 1", conv!(1 2 9 9 3 3 1 2 2 1, $E)),
            ("conv 2 3 8 6 3 2 3 1 2 3", conv!(2 3 8 6 3 2 3 1 2 3, $E)),
            ("conv 2 2 4 4 5 4 1 0 1 1", conv!(2 2 4 4 5 4 1 0 1 1, $E)),
            ("conv 2 2 3 2 2 5 2 3 1 1", conv!(2 2 3 2 2 5 2 3 1 1, $E)),
            ("max 2 2 6 6 0 2 2 0 1 1", pool!(MaxPool2D::<2, 2>, false, 2 2 6 6, $E)),
            ("max 2 3 7 5 0 3 2 1 1 1", pool!(MaxPool2D::<3, 2, 1>, false, 2 3 7 5, $E)),
            ("max 1 2 8 9 0 3 1 1 2 1", pool!(MaxPool2D::<3, 1, 1, 2>, false, 1 2 8 9, $E)),
            ("max-coarse 2 3 6 7 0 3 1 1 1 1", pool!(MaxPool2D::<3, 1, 1>, true, 2 3 6 7, $E)),
            ("avg 2 2 6 6 0 2 2 0 1 1", pool!(AvgPool2D::<2, 2>, false, 2 2 6 6, $E)),
            ("avg 2 3 7 5 0 3 2 1 1 1", pool!(AvgPool2D::<3, 2, 1>, false, 2 3 7 5, $E)),
            ("all-max 2 3 4 5 0 0 0 0 0 0", pool!(MaxPoolGlobal, false, 2 3 4 5, $E)),
            ("all-avg 2 3 4 5 0 0 0 0 0 0", pool!(AvgPoolGlobal, false, 2 3 4 5, $E)),
        ]
    };
}

fn check(cases: Vec<(&str, Found)>, skip: &[&str], bound: f64) {
    let golden = golden();
    assert_eq!(cases.len(), golden.len(), "a case of the golden file is in no test");
    for ((name, found), (wanted_name, wanted)) in cases.into_iter().zip(golden) {
        assert_eq!(name, wanted_name);
        assert_eq!(found.len(), wanted.len(), "{name}");
        for ((found, wanted), what) in found.iter().zip(&wanted).zip(["output", "input", "weight", "bias"]) {
            if !skip.contains(&name) || what == "output" {
                assert_close(&format!("{name}, {what}"), found, wanted, bound);
            }
        }
    }
}

#[test]
fn layers_are_pytorchs_in_single_precision() {
    // Sums of up to 150 products below 1.
    check(cases!(f32), &[], 2e-5);
}

#[test]
fn layers_are_pytorchs_by_the_operations_of_any_device() {
    // Nine digits of numbers up to 20. Of equal largest numbers dfdx gives each the gradient.
    check(cases!(f64), &["max-coarse 2 3 6 7 0 3 1 1 1 1"], 2e-7);
}

#[test]
fn a_layer_used_twice_gets_both_gradients() {
    macro_rules! twice {
        ($E:ty) => {{
            let mut layer = <Conv2D<2, 2, 3, 1, 1> as BuildOnDevice<Cpu, $E>>::build_on_device(&Cpu::default());
            layer.weight.copy_from(&numbers(36, 2, false).into_iter().map(<$E as Real>::real).collect::<Vec<$E>>());
            layer.bias.copy_from(&[<$E as Real>::real(0.25), <$E as Real>::real(-0.5)]);
            let x = tensor::<_, $E>((3, Const::<2>, Const::<5>, Const::<4>), &numbers(120, 1, false));
            let once = layer.forward_mut(x.leaky_trace());
            let gradients = layer.forward_mut(once).square().sum().backward();
            [wide(&gradients.get(&layer.weight)), wide(&gradients.get(&layer.bias)), wide(&gradients.get(&x))]
        }};
    }
    for (found, wanted) in twice!(f32).iter().zip(&twice!(f64)) {
        let largest = wanted.iter().copied().map(f64::abs).fold(0.0, f64::max);
        assert!(largest > 1.0);
        assert_close("twice", found, wanted, 1e-5 * largest);
    }
}

#[test]
fn one_image_is_a_batch_of_one() {
    let cpu = Cpu::default();
    let mut network =
        <(Conv2D<2, 3, 3>, MaxPool2D<2, 2>, AvgPool2D<2>, Flatten2D) as BuildOnDevice<Cpu, f32>>::build_on_device(&cpu);
    let values = numbers(2 * 8 * 8, 1, false);
    let one: Tensor<Rank3<2, 8, 8>, f32, _> = tensor(Default::default(), &values);
    let batch: Tensor<Rank4<1, 2, 8, 8>, f32, _> = tensor(Default::default(), &values);
    let alone: Tensor<Rank1<12>, f32, _> = network.forward(one.clone());
    assert_eq!(alone.as_vec(), network.forward(batch).as_vec());
    let taped: Tensor<Rank1<12>, f32, _, OwnedTape<f32, Cpu>> = network.forward_mut(one.leaky_trace());
    assert_eq!(taped.as_vec(), alone.as_vec());
}

/// A rectifier that dropgrid does not know: a network with it trains on the tape.
#[derive(Debug, Clone, Default)]
struct Rectifier;

own_layer!(Rectifier, |this, input| train: { let _ = this; input.relu() }, evaluate: input.relu());

/// Every layer of images: groups, strides, padding, a dilation, a residual, both poolings, dropout of nothing.
#[searchable(input = Rank3<1, 8, 8>)]
struct Cnn<#[grid(ReLU, Rectifier)] Act> {
    first: (Conv2D<1, 6, 3, 1, 1>, Act, MaxPool2D<2, 2>, BatchNorm2D<6>),
    body: Residual<(Conv2D<6, 6, 3, 1, 2, 2, 3>, Act)>,
    #[fixed(0.0)]
    dropout: Dropout,
    second: (Conv2D<6, 8, 2>, Tanh, AvgPool2D<2, 1, 1>, Act),
    both: GeneralizedResidual<(Flatten2D, Linear<128, 16>), (MaxPoolGlobal, Linear<8, 16>)>,
    output: (Act, Linear<16, 3>),
}

/// Images of a bar that lies, stands or leans.
fn bars(count: usize) -> Dataset<Classes<3>> {
    let image = |row: usize| -> Vec<f32> {
        let (class, place) = (row % 3, row / 3 % 6);
        let is_on = |y: usize, x: usize| [y == place + 1, x == place + 1, x + place == y + 2][class];
        (0..64).map(|at| f32::from(is_on(at / 8, at % 8)) + ((row * 31 + at * 17) % 23) as f32 / 40.0).collect()
    };
    let labels = Classes::<3>::new((0..count).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    Dataset::new((0..count).map(image), labels).expect("data")
}

#[test]
fn a_training_step_is_that_of_the_tape() {
    fn is_lowered<N: Lower>() {}
    is_lowered::<CnnNet<ReLU>>();
    for recipe in [Train::adam(3e-3), Train::sgd(0.02).momentum(0.9)] {
        let report = Cnn::search(Grid)
            .cv(StratifiedKFold::new(3))
            .scoring(LogLoss)
            .train(recipe.epochs(12).batch_size(16))
            .seed(7)
            .fit(&bars(150))
            .expect("a report");
        let scores: Vec<f64> = report.results().candidates().iter().map(|candidate| candidate.mean(0)).collect();
        // Losses after 84 steps, whose sums are taken in another order.
        assert!((scores[0] - scores[1]).abs() < 2e-4, "{scores:?}");
        assert!(scores[0] < 0.9, "it has learned something, so that there is something to compare: {scores:?}");
    }
}

#[test]
fn layers_start_as_pytorchs() {
    let layer = Init::alone(Seed(3)).layer::<Conv2D<8, 16, 3, 1, 1, 1, 2>>(0).expect("a layer");
    let bound = 1.0 / (4.0_f32 * 9.0).sqrt();
    for values in [layer.weight.as_vec(), layer.bias.as_vec()] {
        assert!(values.iter().all(|value| value.abs() <= bound));
        assert!(values.iter().any(|value| value.abs() > 0.8 * bound));
    }
    let concrete = dfdx::shapes::HasShape::shape(&layer.weight).concrete();
    assert_eq!(concrete, [16, 4, 3, 3]);
}

#[test]
fn trained_images_are_recognised() {
    let report = Cnn::search(Only(CnnParams { act: CnnAct::ReLU, dropout: 0.0 }))
        .cv(StratifiedKFold::new(3).shuffle())
        .train(Train::adam(5e-3).epochs(25).batch_size(16))
        .seed(1)
        .fit(&bars(180))
        .expect("a report");
    assert!(report.best_score() > 0.95, "{}", report.best_score());
}
