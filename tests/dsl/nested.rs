//! A searchable struct as a layer of another.

use dfdx::tensor::AsArray;
use dropgrid::{prelude::*, report::CvResults, strategy::Strategy, study::StudyFile, testing};

mod blocks {
    use dropgrid::prelude::*;

    /// A block with a rate, a slope, and a rule between them.
    #[searchable(forbid = dropout > 0.1 && act > 0.2)]
    pub(super) struct Block<const WIDTH: usize> {
        linear: Linear<WIDTH, WIDTH>,
        #[grid(0.1, 0.3)]
        act: LeakyReLU,
        #[grid(0.0, 0.2)]
        dropout: Dropout,
    }
}
use blocks::{Block, BlockParams, BlockSpace};

/// The block once as a layer, once around which the input is added, and once repeated.
#[searchable(forbid = block.dropout > 0.1 && DEPTH == 2, tests)]
struct Mlp<#[grid(1, 2)] const DEPTH: usize, #[grid(6, 8)] const WIDTH: usize> {
    first: (Linear<4, WIDTH>, ReLU),
    #[searchable]
    block: Block<WIDTH>,
    #[searchable]
    second: Residual<Block<WIDTH>>,
    #[searchable]
    body: Repeated<Block<WIDTH>, DEPTH>,
    output: Linear<WIDTH, 3>,
    #[train]
    #[grid(2, 3)]
    epochs: usize,
}

fn values(params: &MlpParams) -> [f64; 6] {
    let MlpParams { block, second, body, .. } = params;
    [block.act, block.dropout, second.act, second.dropout, body.act, body.dropout]
}

#[test]
fn the_axes_of_a_layer_are_axes_of_the_model() {
    testing::check::<Mlp>();
    let description = Mlp::describe();
    let names: Vec<&str> = description.axes.iter().map(|axis| axis.name).collect();
    let expected = ["block", "second", "body"].map(|field| [format!("{field}.act"), format!("{field}.dropout")]);
    let expected = expected.as_flattened();
    assert_eq!(names[2..8], *expected);
    assert_eq!((names[0], names[1], names[8]), ("depth", "width", "epochs"));
    // Each block has 3 of 4; a depth of 2 goes with the 2 that drop nothing.
    assert_eq!(description.candidates, Some((3 + 2) * 3 * 3 * 2 * 2));
    assert_eq!(Mlp::space().len(), 180);
    assert_eq!(
        description.rules,
        [
            "forbid = block.dropout > 0.1 && DEPTH == 2",
            "block: forbid = dropout > 0.1 && act > 0.2",
            "second: forbid = dropout > 0.1 && act > 0.2",
            "body: forbid = dropout > 0.1 && act > 0.2",
        ]
    );
    let all: Vec<MlpParams> = Mlp::space().iter().collect();
    assert_eq!((&Mlp::space()).into_iter().count(), all.len());
    assert!(all.iter().all(|params| params.depth == 1 || params.block.dropout == 0.0));
    let is_allowed = |params: &MlpParams| values(params).chunks(2).all(|pair| pair != [0.3, 0.2]);
    assert!(all.iter().all(is_allowed));
    assert!(all.iter().enumerate().all(|(at, params)| Mlp::space().index_of(params) == Some(at)));
}

#[test]
fn a_builder_takes_the_hyperparameters_of_each_layer() {
    let (block, second) = (BlockParams { act: 0.1, dropout: 0.2 }, BlockParams { act: 0.3, dropout: 0.0 });
    let body = BlockParams { act: 0.3, dropout: 0.1 };
    let network = Mlp::builder().depth::<2>().width::<6>().block(block).second(second).body(body);
    let network = network.build(1).expect("a network");
    assert_eq!((network.block.dropout.p, network.second.0.dropout.p, network.second.0.act.slope), (0.2, 0.0, 0.3));
    let modules = &network.body.modules;
    assert_eq!(modules.iter().map(|module| module.dropout.p).collect::<Vec<_>>(), [0.1, 0.1]);
    let weights =
        modules.iter().map(|module| module.linear.weight.array()).chain([network.block.linear.weight.array()]);
    let weights: Vec<_> = weights.collect();
    assert!(weights[0] != weights[1] && weights[0] != weights[2]);
}

#[test]
fn values_out_of_range_are_told_by_the_path_of_the_field() {
    let builder = |dropout| {
        let right = BlockParams { act: 0.1, dropout: 0.0 };
        let builder = Mlp::builder().depth::<1>().width::<6>().block(right.clone()).second(right);
        builder.body(BlockParams { act: 0.1, dropout }).build(1)
    };
    let error = builder(1.5).expect_err("a rate above 1").to_string();
    assert_eq!(error, "body.dropout: rate 1.5 is outside [0, 1)");
    let space = Mlp::space().second(BlockSpace::default().dropout([0.2, 0.2]));
    let error = dropgrid::space::Space::check(&space).expect_err("a value twice").to_string();
    assert!(error.starts_with("axis `second.dropout` has the value 0.2 twice"), "{error}");
}

#[test]
fn spaces_and_candidates_are_data() {
    let space: MlpSpace = serde_json::from_str(r#"{"second": {"dropout": [0.5]}, "depth": [1]}"#).expect("a space");
    assert_eq!(space, Mlp::space().depth([1]).second(Block::<6>::space().dropout([0.5])));
    let params = space.nth(0).expect("a candidate");
    let json = serde_json::to_string(&params).expect("JSON");
    assert!(json.contains(r#""second":{"act":0.1,"dropout":0.5}"#), "{json}");
    assert_eq!(serde_json::from_str::<MlpParams>(&json).expect("a candidate"), params);
    let rust = dropgrid::space::Params::to_rust(&params);
    assert!(rust.contains("    second: BlockParams {\n        act: 0.1,\n        dropout: 0.5,\n    },\n"), "{rust}");
}

/// Three times the layers of the block, in the model itself.
#[searchable]
struct Inline {
    first: (Linear<4, 6>, ReLU),
    linear: Linear<6, 6>,
    #[fixed(0.1)]
    act: LeakyReLU,
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<6, 3>,
}

#[searchable]
struct Nested {
    first: (Linear<4, 6>, ReLU),
    #[searchable]
    block: Block<6>,
    output: Linear<6, 3>,
}

/// 60 rows of three classes.
fn data() -> Dataset<Classes<3>> {
    let number = |row: usize, column: usize| ((row * 7 + column * 3) % 11) as f32 / 11.0 + (row % 3) as f32;
    let rows = (0..60).map(|row| [0, 1, 2, 3].map(|column| number(row, column)));
    let labels = Classes::new((0..60).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    Dataset::new(rows, labels).expect("data")
}

fn train() -> Train {
    Train::adam(1e-2).epochs(2).batch_size(10)
}

/// The outcome of each fit, to the last bit.
fn outcomes(results: &CvResults) -> Vec<String> {
    results
        .candidates()
        .iter()
        .flat_map(|candidate| candidate.records())
        .map(|it| format!("{:?}", it.outcome))
        .collect()
}

#[test]
fn a_layer_trains_as_its_fields_in_the_model_do() {
    let nested = Nested::search(Grid).space(Nested::space().block(Block::<6>::space().act([0.1])));
    let nested = nested.cv(KFold::new(2)).scoring(LogLoss).train(train()).seed(3).progress(false);
    let nested = nested.cross_validate(&data()).expect("a report");
    let inline = Inline::search(Grid).cv(KFold::new(2)).scoring(LogLoss).train(train()).seed(3).progress(false);
    let inline = inline.cross_validate(&data()).expect("a report");
    let outcomes = [outcomes(nested.results()), outcomes(inline.results())];
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[0].len(), 4);
    assert!(outcomes[0].iter().all(|outcome| outcome.starts_with("Ok")), "{outcomes:?}");
}

fn searched<S: Strategy<MlpSpace>>(strategy: S) -> Vec<MlpParams> {
    let search = Mlp::search(strategy).cv(KFold::new(2)).train(train()).seed(3).progress(false);
    let report = search.cross_validate(&data()).expect("a report");
    report.results().candidates().iter().map(|candidate| candidate.params().clone()).collect()
}

#[test]
fn every_strategy_proposes_candidates_of_the_space() {
    let proposed =
        [searched(Random::new(6)), searched(Sobol::new(6)), searched(Tpe::new(6).lag(0)), searched(Gp::new(6).lag(0))];
    for params in proposed.concat() {
        assert!(Mlp::space().index_of(&params).is_some(), "{params}");
    }
}

#[test]
fn studies_and_files_keep_the_hyperparameters_by_their_paths() {
    let folder = tempfile::tempdir().expect("a folder");
    let (study, file) = (folder.path().join("x.study"), folder.path().join("x.safetensors"));
    let search = |n| Mlp::search(Random::new(n)).cv(KFold::new(2)).train(train()).seed(3).progress(false);
    let report = search(4).study(&study).fit(&data()).expect("a report");
    assert_eq!(search(4).study(&study).fit(&data()).expect("the same").digest(), report.digest());
    let known = StudyFile::open(&study).expect("a study");
    assert!(format!("{:?}", known.info()).contains("block.dropout"), "{:?}", known.info());
    let csv = report.results().to_csv();
    assert!(csv.lines().next().is_some_and(|header| header.contains("param_second.dropout")), "{csv}");
    let warm = Mlp::search(Tpe::new(4).lag(0)).cv(KFold::new(2)).train(train()).progress(false);
    warm.warm_start(report.results()).cross_validate(&data()).expect("its axes have the same names");

    report.fitted().save(&file).expect("a file");
    let loaded = Fitted::<Mlp, Classes<3>>::load(&file).expect("what was written");
    assert_eq!(loaded.params(), report.fitted().params());
    let probabilities =
        |fitted: &Fitted<Mlp, Classes<3>>| fitted.predict_proba(data().features()).expect("probabilities");
    assert_eq!(probabilities(&loaded), probabilities(report.fitted()));
}

#[test]
fn a_model_with_searchable_layers_can_be_exported() {
    fn is_lowered<N: dropgrid::nn::Lower>() {}
    is_lowered::<MlpNet<2, 6>>();
    #[cfg(feature = "onnx")]
    <Mlp as dropgrid::model::Model>::exports().expect("every architecture");
}

/// A tie, a condition and a setting by name in a layer of a layer.
#[searchable]
struct Inner {
    linear: Linear<6, 6>,
    #[param]
    #[grid(0.1, 0.2)]
    rate: f64,
    #[set(p = rate / 2.0)]
    dropout: Dropout,
    #[param]
    #[when(rate > 0.1)]
    #[grid(0.01, 0.02)]
    slope: f64,
    #[set(slope = slope.unwrap_or(0.5))]
    act: LeakyReLU,
}

#[searchable]
struct Middle {
    #[searchable]
    inner: Inner,
    #[grid(epsilon: 1e-4, 1e-3)]
    norm: LayerNorm1D<6>,
}

#[searchable]
struct Outer {
    first: Linear<4, 6>,
    #[searchable]
    middle: Residual<Middle>,
    #[set(p = middle.inner.rate)]
    dropout: Dropout,
    output: Linear<6, 3>,
}

#[test]
fn ties_and_conditions_hold_in_a_layer_of_a_layer() {
    testing::check::<Outer>();
    let names = Outer::describe().axes.into_iter().map(|axis| axis.name).collect::<Vec<_>>();
    assert_eq!(names, ["middle.inner.rate", "middle.inner.slope", "middle.norm"]);
    assert_eq!(Outer::describe().rules, ["middle.inner.slope when(rate > 0.1)"]);
    assert_eq!(Outer::space().len(), (1 + 2) * 2);
    let params = Outer::space().iter().next_back().expect("a candidate");
    assert_eq!((params.middle.inner.rate, params.middle.inner.slope), (0.2, Some(0.02)));
    let network = Outer::builder().middle(params.middle.clone()).build(1).expect("a network");
    let inner = &network.middle.0.inner;
    assert_eq!((inner.dropout.p, inner.act.slope, network.dropout.p), (0.1, 0.02, 0.2));
    assert_eq!(<Outer as Model>::TIES, ["dropout.p", "middle.inner.dropout.p", "middle.inner.act.slope"]);
    let report = Outer::search(Grid).cv(KFold::new(2)).train(train()).progress(false);
    report.cross_validate(&data()).expect("a report");
}

/// A range in a layer makes a space that cannot be listed.
#[searchable]
struct Ranged {
    linear: Linear<4, 4>,
    #[uniform(0.0..0.5)]
    dropout: Dropout,
}

#[searchable]
struct OfRange {
    #[searchable]
    hidden: Repeated<(Linear<4, 4>, Ranged), 2>,
    output: Linear<4, 3>,
}

#[test]
fn a_layer_may_have_a_range() {
    testing::check::<OfRange>();
    assert_eq!(OfRange::describe().candidates, None);
    let report = OfRange::search(Random::new(4)).cv(KFold::new(2)).train(train()).progress(false);
    let report = report.cross_validate(&data()).expect("a report");
    let rates: Vec<f64> = report.results().candidates().iter().map(|it| it.params().hidden.dropout).collect();
    assert!(rates.iter().all(|rate| (0.0..0.5).contains(rate)) && rates.windows(2).all(|pair| pair[0] != pair[1]));
}
