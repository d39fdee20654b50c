//! The whole of the DSL: every kind of axis, in every place, with rules between them.

use dropgrid::{
    Error,
    prelude::*,
    seed::{Purpose, Seed},
    space::sample,
};

/// A rate given by a name, as a value of a grid.
const RATE: f64 = 0.2;

#[searchable(forbid = HIDDEN == 32 && dropout > 0.4, forbid = matches!(act, FullAct::Tanh) && lr > 1e-2)]
struct Full<#[grid(32, 2 * 32)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<8, HIDDEN>, Act),
    #[grid(0.0..=0.5, step = 0.1)]
    dropout: Dropout,
    #[grid(momentum: 0.05, 0.1)]
    norm: BatchNorm1D<HIDDEN>,
    body: Residual<(Linear<HIDDEN, HIDDEN>, Act)>,
    #[set(p = dropout / 2.0)]
    late: Dropout,
    output: Linear<HIDDEN, 3>,

    #[train]
    #[grid(log(1e-4..=1e-1), points = 4)]
    lr: f64,
    #[train]
    #[fixed(16)]
    batch_size: usize,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[grid(0.0, 0.9)]
    momentum: f64,
}

fn every<S: FiniteSpace>(space: &S) -> Vec<S::Params> {
    space.iter().collect()
}

#[test]
fn rules_are_counted_exactly_and_leave_no_duplicates() {
    let space = Full::space();
    let all = every(&space);
    let mut expected = Vec::new();
    for hidden in [32, 64] {
        for act in [FullAct::ReLU, FullAct::Tanh] {
            for dropout in [0.0, 0.1, 0.2, 0.3, 0.4, 0.5] {
                for norm in [0.05, 0.1] {
                    for lr in [1e-4, 1e-3, 1e-2, 1e-1] {
                        for (optimizer, momentum) in
                            [(Optimizer::Adam, None), (Optimizer::Sgd, Some(0.0)), (Optimizer::Sgd, Some(0.9))]
                        {
                            let forbidden = hidden == 32 && dropout > 0.4 || act == FullAct::Tanh && lr > 1e-2;
                            if !forbidden {
                                let batch_size = 16;
                                expected.push(FullParams {
                                    hidden,
                                    act,
                                    dropout,
                                    norm,
                                    lr,
                                    batch_size,
                                    optimizer,
                                    momentum,
                                });
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(space.len(), expected.len());
    assert_eq!(all, expected);
    let backwards: Vec<FullParams> = space.iter().rev().collect();
    assert_eq!(backwards, expected.iter().rev().cloned().collect::<Vec<_>>());
    for (index, params) in expected.iter().enumerate().step_by(7) {
        assert_eq!(space.nth(index).as_ref(), Some(params));
        assert_eq!(space.index_of(params), Some(index));
    }
    assert_eq!(space.nth(expected.len()), None);
}

#[test]
fn what_the_space_does_not_have_has_no_index() {
    let space = Full::space();
    let inside = space.nth(0).expect("a first candidate");
    assert_eq!(space.index_of(&FullParams { dropout: 0.15, ..inside.clone() }), None);
    assert_eq!(space.index_of(&FullParams { momentum: Some(0.9), ..inside.clone() }), None, "adam has no momentum");
    assert_eq!(space.index_of(&FullParams { dropout: 0.5, ..inside }), None, "forbidden");
}

#[test]
fn a_candidate_trains_with_its_settings_and_ties() {
    let network = Full::builder().hidden::<32>().act::<Tanh>().dropout(0.3).norm(0.05).build(0).expect("a network");
    assert_eq!(network.dropout.p, 0.3);
    assert_eq!(network.late.p, 0.15);
    assert_eq!(network.norm.momentum, 0.05);
    let params = FullParams {
        hidden: 64,
        act: FullAct::ReLU,
        dropout: 0.1,
        norm: 0.1,
        lr: 0.01,
        batch_size: 16,
        optimizer: Optimizer::Sgd,
        momentum: Some(0.9),
    };
    let recipe = <Full as Model>::recipe(&params, Train::adam(1.0).epochs(3));
    assert_eq!(recipe, Train::sgd(0.01).epochs(3).batch_size(16).momentum(0.9));
    let recipe = <Full as Model>::recipe(&FullParams { momentum: None, ..params }, Train::adam(1.0));
    assert_eq!(recipe.momentum, None);
    assert_eq!(
        params_text(),
        "FullParams { hidden: 32, act: ReLU, dropout: 0.0, norm: 0.05, lr: 0.0001, batch_size: 16, optimizer: Adam, momentum: None }"
    );
}

fn params_text() -> String {
    Full::space().nth(0).expect("a first candidate").to_string()
}

#[test]
fn a_search_over_all_of_it_runs() {
    let rows: Vec<[f32; 8]> = (0..48)
        .map(|row| [0, 1, 2, 3, 4, 5, 6, 7].map(|column| ((row * 31 + column * 17) % 23) as f32 / 23.0))
        .collect();
    let data = Dataset::new(&rows, Classes::<3>::new((0..48).map(|row| row % 3).collect::<Vec<_>>()).expect("labels"));
    let space = Full::space().dropout([0.1]).lr([1e-2]).norm([0.1]);
    let report = Full::search(Grid)
        .space(space)
        .cv(StratifiedKFold::new(2))
        .train(Train::default().epochs(2))
        .fit(&data.expect("data"))
        .expect("a report");
    assert_eq!(report.results().candidates().len(), 2 * 2 * 3);
    assert_eq!(report.results().failures().count(), 0);
}

#[test]
fn the_model_describes_itself() {
    let text = Full::describe().to_string();
    let expected = "\
Full: 8 axes
  hidden           2  32, 64
  act              2  ReLU, Tanh
  dropout          6  0.0, 0.1, 0.2, 0.3, 0.4, 0.5
  norm             2  0.05, 0.1
  lr               4  0.0001, 0.001, 0.01, 0.1
  batch_size       1  16
  optimizer        2  Adam, Sgd
  momentum         2  0.0, 0.9
  momentum when(optimizer.is_sgd())
  forbid = HIDDEN == 32 && dropout > 0.4
  forbid = matches!(act, FullAct::Tanh) && lr > 1e-2
462 candidates
4 architectures
  hidden = 32, act = ReLU: 1507 parameters
  hidden = 32, act = Tanh: 1507 parameters
  hidden = 64, act = ReLU: 5059 parameters
  hidden = 64, act = Tanh: 5059 parameters";
    assert_eq!(text, expected);
}

/// Ranges, hyperparameters of the model's own, and values given by names and expressions.
#[searchable]
struct Ranges {
    #[grid(0.0, RATE, RATE * 2.0)]
    early: Dropout,
    first: (Linear<4, 8>, ReLU),
    #[set(p = if strong { rate } else { rate / 2.0 })]
    dropout: Dropout,
    #[uniform(0.0..0.5)]
    leaky: LeakyReLU,
    output: Linear<8, 2>,
    #[grid(true, false)]
    strong: bool,
    #[uniform(0.1..0.6)]
    rate: f64,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
    #[train]
    #[quantized(8..=32, step = 8)]
    batch_size: usize,
    #[train]
    #[uniform(1..4)]
    epochs: usize,
}

#[test]
fn samples_stay_in_their_ranges_and_cover_them() {
    let space = Ranges::space();
    let draws: Vec<RangesParams> = (0..2000)
        .map(|number| sample(&space, Seed(1).key(Purpose::Proposal).candidate(number)).expect("a candidate"))
        .collect();
    for params in &draws {
        assert!([0.0, 0.2, 0.4].contains(&params.early), "{params}");
        assert!((0.1..0.6).contains(&params.rate) && (0.0..0.5).contains(&params.leaky), "{params}");
        assert!((1e-4..1e-1).contains(&params.lr), "{params}");
        assert!([8, 16, 24, 32].contains(&params.batch_size) && (1..4).contains(&params.epochs), "{params}");
    }
    let count = |test: &dyn Fn(&RangesParams) -> bool| draws.iter().filter(|params| test(params)).count();
    // Each count is binomial over 2000 draws: five standard deviations are at most 112.
    let near = |count: usize, share: f64| assert!((count as f64 - 2000.0 * share).abs() < 112.0, "{count} for {share}");
    near(count(&|params| params.strong), 0.5);
    near(count(&|params| params.batch_size == 16), 0.25);
    near(count(&|params| params.epochs == 3), 1.0 / 3.0);
    near(count(&|params| params.rate < 0.35), 0.5);
    near(count(&|params| params.lr < 1e-3), 1.0 / 3.0);
    let again = sample(&space, Seed(1).key(Purpose::Proposal).candidate(7)).expect("a candidate");
    assert_eq!(again, draws[7]);
}

#[test]
fn a_random_search_takes_what_a_grid_cannot() {
    let rows: Vec<[f32; 4]> =
        (0..40).map(|row| [0, 1, 2, 3].map(|column| ((row * 7 + column * 5) % 11) as f32)).collect();
    let labels: Vec<usize> = (0..40).map(|row| row % 2).collect();
    let data = Dataset::new(&rows, Classes::<2>::new(labels).expect("labels")).expect("data");
    let run = |candidates| {
        let search = Ranges::search(Random::new(candidates).seed(3)).cv(KFold::new(2));
        search.workers(2).fit(&data).expect("a report")
    };
    let (short, long) = (run(3), run(5));
    let params = |report: &Report<Ranges, Classes<2>>| {
        report.results().candidates().iter().map(|candidate| candidate.params().clone()).collect::<Vec<_>>()
    };
    assert_eq!(params(&short), params(&long)[..3], "a longer search begins with a shorter one");
    assert_eq!(long.results().fits(), 10);
}

#[test]
fn ranges_are_narrowed_fixed_and_checked() {
    let space = Ranges::space().lr(1e-3..1e-2).rate([0.5]).epochs(2..=2);
    let params = sample(&space, Seed(0).key(Purpose::Proposal)).expect("a candidate");
    assert!((1e-3..1e-2).contains(&params.lr) && params.rate == 0.5 && params.epochs == 2, "{params}");
    use dropgrid::space::Interval;
    let refusal = |space: RangesSpace| space.check().expect_err("a bad range").to_string();
    assert_eq!(
        refusal(Ranges::space().lr(Interval::LogUniform(0.0, 1.0))),
        "axis `lr` goes from 0 to 1, expected a range above 0, since its logarithm is taken"
    );
    assert_eq!(
        refusal(Ranges::space().rate(Interval::Uniform(0.5, 0.1))),
        "axis `rate` goes from 0.5 to 0.1, expected two finite ends, the low one first"
    );
    assert_eq!(refusal(Ranges::space().early([0.1, 1.0])), "early: rate 1 is outside [0, 1)");
}

#[test]
fn a_tie_out_of_range_is_a_typed_error() {
    let error = Ranges::builder().early(0.0).leaky(0.1).strong(true).rate(1.5).build(0).expect_err("no rate");
    assert!(matches!(&error, Error::OutOfRange { layer, setting: "p", .. } if layer == "dropout"), "{error}");
    let network = Ranges::builder().early(0.0).leaky(0.1).strong(false).rate(0.5).build(0).expect("a network");
    assert_eq!((network.dropout.p, network.leaky.slope), (0.25, 0.1));
}

#[test]
fn overrides_come_from_a_file() {
    let space: FullSpace = serde_json::from_str(r#"{ "dropout": [0.1, 0.2], "act": ["Tanh"] }"#).expect("overrides");
    assert_eq!(space, Full::space().dropout([0.1, 0.2]).act([FullAct::Tanh]));
    let text = serde_json::to_string(&space).expect("json");
    assert_eq!(serde_json::from_str::<FullSpace>(&text).expect("the same space"), space);

    let space: RangesSpace = toml::from_str("lr = { log_uniform = [1e-3, 1e-2] }\nrate = [0.5]\n").expect("overrides");
    assert_eq!(space, Ranges::space().lr(dropgrid::space::Interval::LogUniform(1e-3, 1e-2)).rate([0.5]));
    let text = toml::to_string(&space).expect("toml");
    assert_eq!(toml::from_str::<RangesSpace>(&text).expect("the same space"), space);

    let error = serde_json::from_str::<FullSpace>(r#"{ "dropuot": [0.1] }"#).expect_err("no such axis");
    assert!(error.to_string().contains("unknown field `dropuot`, expected one of `hidden`"), "{error}");
}
