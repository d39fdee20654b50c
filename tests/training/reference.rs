//! dropgrid's training step against the same training written by hand on dfdx: with masks that are written out, without
//! dropout, with stock layers between its own, with a layer used twice, and with other optimizers.

use dfdx::{
    losses::cross_entropy_with_logits_loss,
    nn::{BuildOnDevice, Module, ModuleMut, ZeroGrads, builders as stock},
    optim::{Adam, AdamConfig, Momentum, Optimizer as _, Sgd, SgdConfig, WeightDecay},
    shapes::{Const, Rank0, Rank2},
    tensor::{AsArray, Cpu, Tensor, TensorFromVec, Trace},
    tensor_ops::{Backward, MeanTo},
};
use dropgrid::{
    model::Init,
    nn::dropout_mask,
    prelude::*,
    seed::{Purpose, Seed},
};

const ROWS: usize = 48;
const BATCH: usize = 8;
const SEED: u64 = 5;

fn row(row: usize) -> [f32; 3] {
    [0, 1, 2].map(|column| ((row * 7 + column * 11) % 13) as f32 / 13.0)
}

fn label(row: usize) -> usize {
    usize::from(row * 5 % 7 > 3)
}

fn data() -> Dataset<Classes<2>> {
    let labels = Classes::<2>::new((0..ROWS).map(label).collect::<Vec<_>>()).expect("labels");
    Dataset::new((0..ROWS).map(row), labels).expect("data")
}

/// Thirty steps: five epochs of all rows.
fn recipe(recipe: Train) -> Train {
    recipe.epochs(5).batch_size(BATCH)
}

/// The probabilities that a search's refit gives for all rows, flat.
macro_rules! searched {
    ($model:ident, $recipe:expr) => {{
        let (data, all) = (data(), (0..ROWS).collect::<Vec<_>>());
        let search = $model::search(Grid).cv(SplitList::new([(all.clone(), all)])).train($recipe).seed(SEED);
        let report = search.scoring(LogLoss).fit(&data).expect("a report");
        report.fitted().predict_proba(data.features()).expect("the width fits").concat()
    }};
}

/// The same by hand: `$train` is a pass with a tape for a batch whose key is given, `$optimizer` a dfdx optimizer.
macro_rules! by_hand {
    ($network:expr, $optimizer:expr, |$net:ident, $input:ident, $key:ident| $train:expr) => {{
        let mut $net = $network;
        let mut optimizer = $optimizer(&$net);
        let mut gradients = $net.alloc_grads();
        for epoch in 0..5 {
            let mut order: Vec<usize> = (0..ROWS).collect();
            Seed(SEED).key(Purpose::BatchOrder).fold(dropgrid::seed::REFIT).epoch(epoch).shuffle(&mut order);
            for (batch, rows) in order.chunks(BATCH).enumerate() {
                let $key = Seed(SEED).key(Purpose::Noise).fold(dropgrid::seed::REFIT).epoch(epoch).batch(batch as u32);
                let cpu = Cpu::default();
                let input: Tensor<(usize, Const<3>), f32, _> =
                    cpu.tensor_from_vec(rows.iter().flat_map(|&at| row(at)).collect(), (rows.len(), Const));
                let wanted: Vec<f32> =
                    rows.iter().flat_map(|&at| [f32::from(label(at) == 0), f32::from(label(at) == 1)]).collect();
                let wanted = cpu.tensor_from_vec(wanted, (rows.len(), Const::<2>));
                let $input = input.trace(gradients);
                let loss = cross_entropy_with_logits_loss($train, wanted);
                gradients = loss.backward();
                optimizer.update(&mut $net, &gradients).expect("every tensor has a gradient");
                $net.zero_grads(&mut gradients);
            }
        }
        let input = (0..ROWS).flat_map(row).collect();
        let input: Tensor<Rank2<ROWS, 3>, f32, _> = Cpu::default().tensor_from_vec(input, (Const, Const));
        let logits: Tensor<Rank2<ROWS, 2>, f32, _> = $net.forward(input);
        let softmax = |[a, b]: [f32; 2]| {
            let other = 1.0 / (1.0 + f64::from(b - a).exp());
            [other, 1.0 - other]
        };
        logits.array().map(softmax).concat()
    }};
}

#[track_caller]
fn assert_close(found: &[f64], wanted: &[f64]) {
    let difference = found.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(found.len() == wanted.len() && difference < 1e-5, "they differ by {difference}");
}

fn weights() -> Init<'static> {
    Init::alone(Seed(SEED))
}

fn adam<N>(network: &N) -> Adam<N, f32, Cpu> {
    Adam::new(network, AdamConfig { lr: 1e-2, ..AdamConfig::default() })
}

#[searchable]
struct Dropped {
    hidden: (Linear<3, 20>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    tanh: (Linear<20, 8>, Tanh),
    #[grid(0.5)]
    late: Dropout,
    output: Linear<8, 2>,
}

#[test]
fn a_step_is_the_step_that_it_says_it_is() {
    let network = Dropped::builder().dropout(0.25).late(0.5).build_with(&weights()).expect("a network");
    let by_hand = by_hand!(network, adam, |network, input, key| {
        let mask = |layer: u32, p: f32, width: usize| dropout_mask(key, layer, p, BATCH * width);
        let cpu = Cpu::default();
        let early = cpu.tensor_from_vec(mask(0, 0.25, 20), (BATCH, Const::<20>));
        let late = cpu.tensor_from_vec(mask(1, 0.5, 8), (BATCH, Const::<8>));
        let hidden = network.hidden.forward_mut(input) * early;
        let tanh = network.tanh.forward_mut(hidden) * late;
        network.output.forward_mut(tanh)
    });
    assert_close(&searched!(Dropped, recipe(Train::adam(1e-2))), &by_hand);
}

/// Every layer that a program knows, none of which drops.
#[searchable]
struct Own {
    first: (Linear<3, 16>, LeakyReLU, Linear<16, 16>, Sigmoid),
    body: Residual<(ReLU, Linear<16, 16>, FastGeLU)>,
    again: Repeated<(Linear<16, 16>, Tanh), 2>,
    #[grid(0.0)]
    dropout: Dropout,
    both: GeneralizedResidual<(Linear<16, 8>, Abs), (Linear<16, 8>, Square)>,
    output: Linear<8, 2>,
}

type Head = (stock::Linear<3, 16>, stock::LeakyReLU<f32>, stock::Linear<16, 16>, stock::Sigmoid);
type Body = stock::Residual<(stock::ReLU, stock::Linear<16, 16>, stock::FastGeLU)>;
type Again = stock::Repeated<(stock::Linear<16, 16>, stock::Tanh), 2>;
type Both = stock::GeneralizedResidual<(stock::Linear<16, 8>, stock::Abs), (stock::Linear<16, 8>, stock::Square)>;
type Stock = (Head, Body, Again, stock::Dropout, Both, stock::Linear<8, 2>);

/// The stock network with the initial weights of the declared one: layers at the same positions draw the same.
fn stock() -> <Stock as BuildOnDevice<Cpu, f32>>::Built {
    let (weights, failed) = (weights(), "a layer");
    let mut network = (
        weights.layer::<Head>(0).expect(failed),
        weights.layer::<Body>(1).expect(failed),
        weights.layer::<Again>(2).expect(failed),
        weights.layer::<stock::Dropout>(3).expect(failed),
        weights.layer::<Both>(4).expect(failed),
        weights.layer::<stock::Linear<8, 2>>(5).expect(failed),
    );
    network.0.1.0 = LeakyReLU::default().slope;
    network.3.p = 0.0;
    network
}

/// dfdx's RMSprop is TensorFlow's; that of PyTorch is checked against PyTorch, in `train::tests::golden`.
#[test]
fn without_dropout_optimizers_do_what_dfdx_does() {
    let decay = |weight_decay| AdamConfig { lr: 1e-2, weight_decay, ..AdamConfig::default() };
    let sgd = |momentum, weight_decay| SgdConfig { lr: 0.1, momentum, weight_decay };
    let l2 = Some(WeightDecay::L2(0.01));
    macro_rules! check {
        ($($recipe:expr => $optimizer:expr;)+) => {$({
            let found = searched!(Own, recipe($recipe));
            assert_close(&found, &by_hand!(stock(), |network| $optimizer(network), |network, input, _key| {
                network.forward_mut(input)
            }));
        })+};
    }
    check! {
        Train::adam(1e-2) => |network| Adam::new(network, decay(None));
        Train::adam(1e-2).weight_decay(0.01) => |network| Adam::new(network, decay(l2));
        Train::adamw(1e-2) => |network| Adam::new(network, decay(Some(WeightDecay::Decoupled(0.01))));
        Train::sgd(0.1) => |network| Sgd::new(network, sgd(None, None));
        Train::sgd(0.1).weight_decay(0.01) => |network| Sgd::new(network, sgd(None, l2));
        Train::sgd(0.1).momentum(0.9) => |network| Sgd::new(network, sgd(Some(Momentum::Classic(0.9)), None));
        Train::sgd(0.1).momentum(0.9).nesterov(true).weight_decay(0.01)
            => |network| Sgd::new(network, sgd(Some(Momentum::Nesterov(0.9)), l2));
    }
}

/// dfdx's own layers, and one of them that only dfdx knows, between dropgrid's: the network trains on the tape.
#[searchable]
struct Mixed {
    first: (Linear<3, 16>, ReLU, stock::Linear<16, 16>),
    norm: BatchNorm1D<16>,
    #[grid(0.0)]
    dropout: stock::Dropout,
    body: Residual<(Linear<16, 16>, Tanh)>,
    #[fixed(0.0)]
    late: Dropout,
    output: Linear<16, 2>,
}

#[test]
fn stock_layers_work_between_own_ones() {
    type First = (stock::Linear<3, 16>, stock::ReLU, stock::Linear<16, 16>);
    type Body = stock::Residual<(stock::Linear<16, 16>, stock::Tanh)>;
    let (weights, failed) = (weights(), "a layer");
    let network = (
        weights.layer::<First>(0).expect(failed),
        weights.layer::<stock::BatchNorm1D<16>>(1).expect(failed),
        weights.layer::<Body>(3).expect(failed),
        weights.layer::<stock::Linear<16, 2>>(5).expect(failed),
    );
    // Not Adam: the gradient of a bias before a batch norm is 0 but for rounding, which Adam would make a full step of.
    let sgd = |network: &_| Sgd::new(network, SgdConfig { lr: 0.1, momentum: None, weight_decay: None });
    let by_hand = by_hand!(network, sgd, |network, input, _key| network.forward_mut(input));
    assert_close(&searched!(Mixed, recipe(Train::sgd(0.1))), &by_hand);
}

#[test]
fn a_layer_used_twice_gets_both_gradients() {
    let cpu = Cpu::default();
    let own = <Linear<4, 4> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::seed_from_u64(3));
    let theirs = <stock::Linear<4, 4> as BuildOnDevice<Cpu, f32>>::build_on_device(&Cpu::seed_from_u64(3));
    assert_eq!(own.weight.array(), theirs.weight.array());
    let input: Tensor<(usize, Const<4>), f32, _> =
        cpu.tensor_from_vec((0..20).map(|at| (at % 7) as f32 / 7.0).collect(), (5, Const));

    let mut layer = own.clone();
    let once = layer.forward_mut(input.leaky_trace());
    let gradients = layer.forward_mut(once).square().mean::<Rank0, _>().backward();
    let mut reference = theirs;
    let once = reference.forward_mut(input.leaky_trace());
    let wanted = reference.forward_mut(once).square().mean::<Rank0, _>().backward();
    let close = |a: Vec<f32>, b: Vec<f32>| a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(close(gradients.get(&own.weight).as_vec(), wanted.get(&reference.weight).as_vec()));
    assert!(close(gradients.get(&own.bias).as_vec(), wanted.get(&reference.bias).as_vec()));
    assert!(close(gradients.get(&input).as_vec(), wanted.get(&input).as_vec()));
}

#[searchable]
struct Slope {
    output: Linear<1, 1>,
}

/// Rows of opposite slopes, the weights of which decide between them: the slopes of weighted least squares are 0.980199
/// and 0.001876.
#[test]
fn weights_of_a_file_decide_a_slope() {
    let target = || Regression::<1>::in_column("y").weights("w");
    let data = Dataset::from_csv("tests/cases/weights.csv", target()).expect("a sound file");
    let slope = |recipe: Train| {
        let report = Slope::search(Grid).cv(KFold::new(2)).train(recipe).progress(false).seed(1).fit(&data);
        report.expect("a report").fitted().network::<SlopeNet>().expect("the only architecture").output.weight.as_vec()
            [0]
    };
    let recipe = Train::sgd(0.05).epochs(400).batch_size(data.len());
    let (with, without) = (slope(recipe.clone().sample_weights(true)), slope(recipe.sample_weights(false)));
    assert!((with - 0.980_199).abs() < 1e-3, "{with}");
    assert!((without - 0.001_876).abs() < 1e-3, "{without}");
}
