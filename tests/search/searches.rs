//! A search end to end: the same bits for any number of workers, faults recorded, bad input refused before training.

use std::sync::atomic::{AtomicUsize, Ordering};

use dfdx::{
    nn::{Module, ZeroSizedModule},
    tensor::CpuError,
};
use dropgrid::{DataError, Error, Failure, SplitError, prelude::*, split::Warning};

use crate::{corners, faulty::Faulty};

#[searchable]
struct Mlp<#[grid(8, 16)] const HIDDEN: usize> {
    hidden: (Linear<4, HIDDEN>, ReLU),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[grid(1e-2, 3e-2)]
    lr: f64,
}

fn corners() -> Dataset<Classes<3>> {
    corners::corners(90, 2.0)
}

fn recipe() -> Train {
    Train::adam(1e-2).epochs(5).batch_size(16)
}

#[test]
fn the_digest_is_the_same_for_any_number_of_workers_and_for_every_run() {
    let run = |workers, seed| {
        let search = Mlp::search(Grid).cv(StratifiedKFold::new(3).shuffle()).scoring((Accuracy, LogLoss));
        search.train(recipe()).seed(seed).workers(workers).fit(&corners()).expect("a report")
    };
    let (one, two) = (run(1, 1), run(2, 1));
    assert_eq!(one.digest(), two.digest());
    assert_eq!(one.digest(), run(3, 1).digest());
    assert_ne!(one.digest(), run(1, 2).digest());
    assert_eq!(one.best_params(), two.best_params());
    let probabilities = |report: &Report<Mlp, Classes<3>>| report.fitted().predict_proba(corners().features());
    assert_eq!(probabilities(&one).expect("rows fit"), probabilities(&two).expect("rows fit"));
}

#[test]
fn a_search_learns_and_its_model_predicts() {
    let data = corners();
    let report =
        Mlp::search(Grid).scoring((LogLoss, Accuracy)).train(recipe().epochs(20)).fit(&data).expect("a report");
    assert_eq!(report.results().candidates().len(), 8);
    assert_eq!(report.results().fits(), 40);
    let best = report.best();
    assert!(report.best_score() < 0.2, "{report}");
    assert!(best.mean(1) > 0.97, "{report}");
    let lowest = report.results().candidates().iter().map(|candidate| candidate.mean(0)).fold(f64::NAN, f64::min);
    assert_eq!(report.best_score(), lowest, "log loss is minimised");

    let fitted = report.fitted();
    let labels = fitted.predict(data.features()).expect("rows fit");
    let right = labels.iter().zip(data.targets().labels()).filter(|(a, b)| a == b).count();
    assert_eq!(fitted.score(Accuracy, &data).expect("rows fit"), right as f64 / 90.0);
    assert!(right > 87, "{right} of 90");
    for row in fitted.predict_proba(data.features()).expect("rows fit") {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
    let network = match fitted.params().hidden {
        8 => fitted.network::<MlpNet<8>>().map(|network| network.output.bias.as_vec()),
        _ => fitted.network::<MlpNet<16>>().map(|network| network.output.bias.as_vec()),
    };
    assert_eq!(network.expect("the network of the best width").len(), 3);
    let narrow = Features::from_rows([[0.0; 3]]).expect("features");
    assert!(matches!(fitted.predict(&narrow), Err(Error::Data(DataError::InputWidth { expected: 4, found: 3 }))));
}

#[searchable]
struct Fragile {
    #[grid(0.0, 0.5, 0.75)]
    faulty: Faulty,
    output: Linear<4, 3>,
}

#[test]
fn a_fit_that_panics_or_diverges_is_recorded_and_the_search_goes_on() {
    let report = Fragile::search(Grid).cv(KFold::new(3)).train(recipe()).workers(2).fit(&corners()).expect("a report");
    assert_eq!(report.best_params().faulty, 0.0);
    let candidates = report.results().candidates();
    let ranks: Vec<usize> = candidates.iter().map(|candidate| candidate.rank(0)).collect();
    assert_eq!(ranks, [1, 2, 2]);
    assert!(candidates[1].mean(0).is_nan());
    for record in candidates[1].records() {
        assert!(matches!(record.outcome, Err(Failure::Diverged { epoch: 1, batch: 1, .. })), "{record:?}");
    }
    for record in candidates[2].records() {
        assert_eq!(record.outcome, Err(Failure::Panicked { message: "the rate is 0.75".to_owned() }));
    }
    let text = report.to_string();
    assert!(text.contains("6 of 9 fits failed"), "{text}");
    assert!(text.contains("3 x panicked: the rate is 0.75"), "{text}");
}

#[test]
fn a_search_in_which_everything_fails_is_a_clear_error() {
    let space = Fragile::space().faulty([0.75, 0.8]);
    let error = Fragile::search(Grid).space(space).cv(KFold::new(3)).fit(&corners()).expect_err("nothing finished");
    assert_eq!(error.to_string(), "all 6 fits failed: 3 x panicked: the rate is 0.75; 3 x panicked: the rate is 0.8");
}

#[test]
fn a_learning_rate_that_explodes_is_a_divergence() {
    let space = Mlp::space().lr([1e30]).hidden([8]).dropout([0.0]);
    let error = Mlp::search(Grid).space(space).train(recipe()).fit(&corners()).expect_err("nothing finished");
    assert!(error.to_string().starts_with("all 5 fits failed: "), "{error}");
    assert!(error.to_string().contains("diverged"), "{error}");
}

/// Counts the layers built, so that a test can see that nothing was trained.
#[derive(Debug, Clone)]
struct Counted;

static BUILT: AtomicUsize = AtomicUsize::new(0);

impl Default for Counted {
    fn default() -> Self {
        BUILT.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl ZeroSizedModule for Counted {}

impl dfdx::nn::NonMutableModule for Counted {}

impl<T> Module<T> for Counted {
    type Output = T;
    type Error = CpuError;

    fn try_forward(&self, input: T) -> Result<T, CpuError> {
        Ok(input)
    }
}

#[searchable(input = 4)]
struct Watched {
    counted: Counted,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
    #[train]
    #[grid(1e-3, 1e-2)]
    lr: f64,
    #[train]
    #[grid(1, 2)]
    epochs: usize,
    #[train]
    #[grid(16, 32)]
    batch_size: usize,
}

#[test]
fn bad_input_is_refused_before_any_training() {
    let data = corners();
    let refusal = |search: dropgrid::search::Search<Watched, Grid>, data: &Dataset<Classes<3>>| {
        search.fit(data).expect_err("bad input").to_string()
    };
    let search = || Watched::search(Grid);
    let space = Watched::space;
    let is = |found: String, expected: &str| assert_eq!(found, expected);

    is(refusal(search().cv(KFold::new(0)), &data), "cross-validation needs at least 2 folds, got 0");
    is(refusal(search().cv(KFold::new(1)), &data), "cross-validation needs at least 2 folds, got 1");
    is(refusal(search().cv(StratifiedKFold::new(0)), &data), "cross-validation needs at least 2 folds, got 0");
    is(refusal(search().cv(KFold::new(91)), &data), "cannot make 91 folds of 90 rows");
    is(
        refusal(search().cv(StratifiedKFold::new(31)), &data),
        "cannot make 31 stratified folds: the largest class has 30 rows",
    );
    is(refusal(search().train(recipe().epochs(0)), &data), "epochs is 0, expected at least 1");
    is(refusal(search().train(recipe().batch_size(0)), &data), "batch_size is 0, expected at least 1");
    for (lr, text) in [(0.0, "0"), (-1.0, "-1"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let expected = format!("lr is {text}, expected a positive, finite number");
        is(refusal(search().train(Train::adam(lr)), &data), &expected);
        is(refusal(search().space(space().lr([1e-3, lr])), &data), &expected);
    }
    is(refusal(search().space(space().epochs([5, 0])), &data), "epochs is 0, expected at least 1");
    is(refusal(search().space(space().batch_size([0])), &data), "batch_size is 0, expected at least 1");
    is(refusal(search().space(space().dropout([1.0])), &data), "dropout: rate 1 is outside [0, 1)");
    is(refusal(search().space(space().dropout([])), &data), "axis `dropout` has no values");
    is(refusal(search().workers(0), &data), "a search needs at least 1 worker, got 0");
    let narrow = Dataset::new(vec![[0.0_f32; 3]; 90], data.targets().clone()).expect("data");
    is(refusal(search(), &narrow), "the network takes rows of 4 features, but the data has 3");
    assert_eq!(BUILT.load(Ordering::Relaxed), 0, "a network was built");

    search().train(recipe()).fit(&data).expect("the same search with good input");
    assert!(BUILT.load(Ordering::Relaxed) > 0);
}

#[test]
fn training_settings_of_the_model_override_the_recipe() {
    // One epoch on few rows cannot fit the corners, forty can: the axis must reach the training.
    let space = Watched::space().dropout([0.1]).lr([1e-2]).epochs([1, 40]).batch_size([16]);
    let report = Watched::search(Grid).space(space).scoring(LogLoss).train(recipe().epochs(1)).fit(&corners());
    let report = report.expect("a report");
    let candidates = report.results().candidates();
    assert!(candidates[1].mean(0) < candidates[0].mean(0) / 2.0, "{report}");
}

#[test]
fn a_class_smaller_than_the_folds_is_a_warning() {
    let data = corners();
    let mut labels = data.targets().labels().to_vec();
    labels.iter_mut().filter(|label| **label == 2).skip(2).for_each(|label| *label = 0);
    let data =
        Dataset::from_features(data.features().clone(), Classes::<3>::new(labels).expect("labels")).expect("data");
    let space = Mlp::space().hidden([8]).dropout([0.0]).lr([1e-2]);
    let report =
        Mlp::search(Grid).space(space).cv(StratifiedKFold::new(3)).train(recipe()).fit(&data).expect("a report");
    assert_eq!(report.warnings(), [Warning::SmallClass { class: 2, rows: 2, folds: 3 }]);
    assert!(report.to_string().contains("warning: class 2 has 2 rows, fewer than the 3 folds"), "{report}");
}

#[test]
fn the_last_partial_batch_trains() {
    // 72 training rows a fold in batches of 71: without the last batch of one row the two would start alike and differ
    // in nothing else, so the scores show whether that row was seen.
    let run = |batch_size| {
        let space = Mlp::space().hidden([8]).dropout([0.0]).lr([3e-2]);
        let search =
            Mlp::search(Grid).space(space).scoring(LogLoss).train(Train::adam(3e-2).epochs(1).batch_size(batch_size));
        search.fit(&corners()).expect("a report").best().scores(0)
    };
    // Adam's first step has the size of the learning rate: two steps move further than one.
    assert_ne!(run(71), run(72));
    assert_eq!(run(72), run(1000));
}

#[test]
fn groups_of_the_data_reach_the_splitter() {
    let search = || Mlp::search(Grid).train(recipe()).workers(2).progress(false);
    let error = search().cv(GroupKFold::new(3)).fit(&corners()).expect_err("no groups");
    assert!(matches!(error, Error::Split(SplitError::NeedsGroups { splitter: "GroupKFold" })), "{error}");

    // Ten patients with nine consecutive rows each, so that every fold of whole patients has each class.
    let grouped = corners().with_groups((0..90).map(|row| format!("patient {}", row / 9))).expect("a group a row");
    let report = search().cv(GroupKFold::new(3)).fit(&grouped).expect("a report");
    assert!(report.warnings().is_empty(), "{:?}", report.warnings());
    let report = search().cv(StratifiedKFold::new(3)).fit(&grouped).expect("a report");
    assert_eq!(report.warnings(), [Warning::GroupsIgnored { splitter: "StratifiedKFold" }]);
}
