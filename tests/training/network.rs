//! What `#[searchable]` generates is a dfdx module like any other.

use dfdx::{
    nn::{BuildModule, Module, ModuleMut, NumParams, ResetParams, ZeroGrads, tensor_collection::*},
    shapes::{Dtype, Rank1, Rank2, Shape},
    tensor::{AsArray, Cpu, SampleTensor, Tensor, Trace, ZerosTensor},
    tensor_ops::Device,
};
use dropgrid::{Error, model::Network, phase::Pass, prelude::*};

/// Eight layers: more than dfdx's tuples and `visit_fields` take.
#[searchable]
pub struct Deep<#[grid(4, 8)] const HIDDEN: usize> {
    first: Linear<3, HIDDEN>,
    relu: ReLU,
    #[grid(0.25, 0.5)]
    early: Dropout,
    second: (Linear<HIDDEN, HIDDEN>, Tanh),
    norm: LayerNorm1D<HIDDEN>,
    body: Residual<(Linear<HIDDEN, HIDDEN>, ReLU)>,
    #[grid(0.0, 0.1)]
    late: Dropout,
    output: Linear<HIDDEN, 2>,
}

fn deep() -> DeepNet<4> {
    Deep::builder().hidden::<4>().early(0.5).late(0.1).build(1).expect("good values")
}

/// The names of all tensors, in the order of the layers.
#[derive(Default)]
struct Names(Vec<String>);

impl<E: Dtype, D: Device<E>> TensorVisitor<E, D> for Names {
    type Viewer = ViewTensorName;
    type Err = D::Err;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, E, D>,
        name: String,
    ) -> Result<Option<Tensor<S, E, D>>, Self::Err> {
        self.0.push(name);
        Ok(None)
    }
}

#[test]
fn tensors_have_the_names_of_their_fields() {
    let mut names = Names::default();
    DeepNet::<4>::iter_tensors(&mut RecursiveWalker { m: String::new(), f: &mut names }).expect("a visit");
    assert_eq!(
        names.0,
        [
            "first.weight",
            "first.bias",
            "second.0.weight",
            "second.0.bias",
            "norm.gamma",
            "norm.beta",
            "body.0.0.weight",
            "body.0.0.bias",
            "output.weight",
            "output.bias"
        ]
    );
}

#[test]
fn it_is_a_tensor_collection() {
    let mut network = deep();
    // 3*4+4, 4*4+4, 4+4, 4*4+4, 4*2+2
    assert_eq!(network.num_trainable_params(), 16 + 20 + 8 + 20 + 10);
    assert_eq!(DeepNet::<8>::build(&Cpu::default()).num_trainable_params(), 32 + 72 + 16 + 72 + 18);
    let before = network.first.weight.array();
    network.reset_params();
    assert_ne!(before, network.first.weight.array());
    let gradients = network.alloc_grads();
    assert_eq!(gradients.get(&network.output.bias).array(), [0.0; 2]);
}

#[test]
fn the_layers_are_applied_in_order() {
    let network = deep();
    let input: Tensor<Rank2<5, 3>, f32, _> = Cpu::default().sample_normal();
    let by_hand = {
        let x = network.first.forward(input.clone()).relu();
        let x = network.norm.forward(network.second.forward(x));
        network.output.forward(network.body.forward(x))
    };
    assert_eq!(network.forward(input).array(), by_hand.array());
}

/// The same network in double precision.
type Double = <DeepNet<4> as TensorCollection<f32, Cpu>>::To<f64, Cpu>;

#[test]
fn it_works_on_one_sample_and_on_another_dtype() {
    let network = deep();
    let one: Tensor<Rank1<2>, f32, _> = network.forward(Cpu::default().zeros::<Rank1<3>>());
    assert!(one.array().iter().all(|value| value.is_finite()));

    let double: Double = BuildModule::<Cpu, f64>::build(&Cpu::default());
    let two: Tensor<Rank1<2>, f64, _> = double.forward(Cpu::default().zeros::<Rank1<3>>());
    assert!(two.array().iter().all(|value| value.is_finite()));
}

#[test]
fn evaluation_repeats_itself_and_training_does_not() {
    let mut network = deep();
    let features = Features::from_flat((0..60).map(|i| i as f32 / 60.0).collect(), 3).expect("good features");
    let evaluate = |network: &DeepNet<4>| {
        network.evaluate(Pass::evaluation(&features).expect("the width fits")).expect("a pass").values()
    };
    assert_eq!(evaluate(&network), evaluate(&network));
    let mut train = |seed| {
        let batch = Pass::training(&features, dropgrid::seed::Seed(seed)).expect("the width fits");
        network.train(batch).expect("a pass").values()
    };
    assert_ne!(train(1), train(2));
    assert_eq!(train(3), train(3));
    let input: Tensor<Rank2<20, 3>, f32, _> = Cpu::default().sample_normal();
    let traced = network.forward_mut(input.clone().trace(network.alloc_grads()));
    assert_ne!(traced.array(), network.forward(input).array());
}

#[test]
fn the_seed_decides_the_weights_layer_by_layer() {
    let (a, b) = (deep(), deep());
    assert_eq!(a.first.weight.array(), b.first.weight.array());
    let other = Deep::builder().hidden::<4>().early(0.5).late(0.1).build(2).expect("good values");
    assert_ne!(a.first.weight.array(), other.first.weight.array());
    // A wider network has other shapes, but a layer of the same shape at the same place starts from the same weights.
    let rate = Deep::builder().hidden::<4>().early(0.25).late(0.0).build(1).expect("good values");
    assert_eq!(a.output.weight.array(), rate.output.weight.array());
}

#[test]
fn the_builder_takes_any_value_in_range_and_refuses_others() {
    let network = Deep::builder().late(0.05).hidden::<6>().early(0.0).build(1).expect("values off the grid");
    assert_eq!((network.late.p, network.early.p), (0.05, 0.0));
    for rate in [1.0, 1.2, -0.1, f64::NAN, f64::INFINITY] {
        let error = Deep::builder().hidden::<4>().early(rate).late(0.1).build(1).expect_err("not a rate");
        assert!(matches!(&error, Error::OutOfRange { layer, setting: "rate", .. } if layer == "early"), "{error}");
    }
    let error = Deep::builder().hidden::<4>().early(1.2).late(0.1).build(1).expect_err("not a rate");
    assert_eq!(error.to_string(), "early: rate 1.2 is outside [0, 1)");
}
