//! Regression in its own units: targets that are transformed inside the folds.

use dropgrid::{Error, prelude::*, split::Warning};

#[searchable]
struct Prices {
    hidden: (Standardize<3>, Linear<3, 32>, ReLU),
    #[grid(0.0)]
    dropout: Dropout,
    output: Linear<32, 1>,
}

/// Numbers in [0, 1) that look drawn.
fn fraction(at: usize, step: f64) -> f64 {
    (at as f64 * step).fract()
}

fn features(rows: usize) -> Vec<[f32; 3]> {
    let steps = [0.618_033_988_75, 0.754_877_666_25, 0.569_840_290_99];
    (0..rows).map(|at| steps.map(|step| fraction(at + 1, step) as f32 - 0.5)).collect()
}

/// Prices of 505,000 ± 148,000.
fn price([a, b, c]: [f32; 3]) -> f64 {
    505_000.0 + 362_000.0 * f64::from(a) + 362_000.0 * f64::from(b) * 0.9 + 60_000.0 * f64::from(c * c)
}

fn prices(rows: usize) -> Dataset<Regression<1>> {
    let rows = features(rows);
    let prices = Regression::of(rows.iter().map(|row| price(*row))).expect("prices");
    Dataset::new(rows, prices).expect("data")
}

fn standardized() -> Train {
    Train::default().target_transform(TargetTransform::Standardize)
}

fn search(recipe: Train) -> impl Fn(&Dataset<Regression<1>>) -> Report<Prices, Regression<1>> {
    move |data| {
        let scoring = (R2, RootMeanSquaredError);
        let search = Prices::search(Grid).scoring(scoring).cv(KFold::new(3).shuffle()).train(recipe.clone());
        search.progress(false).seed(5).fit(data).expect("a report")
    }
}

fn is_spread(warning: &Warning) -> bool {
    matches!(warning, Warning::TargetSpread { .. })
}

#[test]
fn prices_are_learned_with_the_default_recipe_and_everything_is_in_their_unit() {
    let data = prices(1500);
    let report = search(standardized())(&data);
    let (r2, rmse) = (report.best().mean(0), report.best().mean(1));
    assert!(r2 > 0.98, "{r2}");
    assert!((1e3..3e4).contains(&rmse), "{rmse} is in the unit of prices");
    assert!(!report.warnings().iter().any(is_spread));
    let fitted = report.fitted();
    let predicted = fitted.predict(data.features()).expect("rows fit");
    let mean = predicted.iter().map(|[price]| price).sum::<f64>() / 1500.0;
    assert!((mean - 505_000.0).abs() < 20_000.0, "{mean}");
    assert!(fitted.score(R2, &data).expect("a score") > 0.98);
    // A file keeps the transform.
    let bytes = fitted.to_bytes().expect("a file");
    let loaded = Fitted::<Prices, Regression<1>>::from_bytes(&bytes).expect("what was written");
    assert_eq!(loaded.predict(data.features()).expect("rows fit"), predicted);
    assert_eq!(loaded.to_bytes().expect("a file"), bytes);
    // Without it nothing is learned, and the report says what to write.
    let plain = search(Train::default())(&data);
    assert!(plain.best_score() < 0.0, "{}", plain.best_score());
    let told = plain.to_string();
    let words = "add `.target_transform(TargetTransform::Standardize)` to the recipe";
    assert!(plain.warnings().iter().any(is_spread) && told.contains(words), "{told}");
}

#[test]
fn the_transform_sees_the_rows_of_the_training_alone() {
    let data = prices(120);
    let changed = |row: usize, factor: f64| {
        let values = data.targets().values().iter().enumerate();
        let targets = Regression::of(values.map(|(at, value)| if at == row { value * factor } else { *value }));
        Dataset::from_features(data.features().clone(), targets.expect("prices")).expect("data")
    };
    let (train, test): (Vec<usize>, Vec<usize>) = ((0..80).collect(), (80..120).collect());
    let predicted = |data: &Dataset<Regression<1>>| {
        let folds = SplitList::new([(train.clone(), test.clone()), (test.clone(), train.clone())]);
        let params = PricesParams { dropout: 0.0 };
        let search = Prices::search(Only(params)).cv(folds).train(standardized().epochs(3)).progress(false);
        let values = search.cross_val_predict(data).expect("predictions").predictions().values();
        values[80..].to_vec()
    };
    let before = predicted(&data);
    assert_eq!(before, predicted(&changed(100, 50.0)), "a scored row does not count");
    assert_ne!(before, predicted(&changed(10, 50.0)), "a row of the training does");
}

#[test]
fn a_watched_metric_is_in_the_unit_of_the_data_and_a_watched_loss_is_not() {
    let data = prices(300);
    let watched = |recipe: Train| -> Vec<f64> {
        let search = Prices::search(Grid).cv(KFold::new(2)).train(recipe.epochs(2)).progress(false);
        let report = search.cross_validate(&data).expect("a report");
        let records = report.results().candidates()[0].records().iter();
        records.flat_map(|record| record.curve.epochs.iter().map(|epoch| epoch.monitored.expect("a value"))).collect()
    };
    let stopping = standardized().early_stopping(EarlyStopping::patience(5));
    assert!(watched(stopping.clone()).iter().all(|loss| *loss < 10.0));
    assert!(watched(stopping.monitor(MeanAbsoluteError)).iter().all(|error| *error > 1e4));
}

#[test]
fn the_spread_of_dropout_is_in_the_unit_of_the_data() {
    let data = prices(300);
    let params = PricesParams { dropout: 0.3 };
    for (transform, low) in [(TargetTransform::Standardize, 1e3), (TargetTransform::LogStandardize, 1e3)] {
        let recipe = Train::adam(1e-2).target_transform(transform).mc_samples(10);
        let search = Prices::search(Only(params.clone())).cv(KFold::new(2)).train(recipe).progress(false);
        let report = search.fit(&data).expect("a report");
        let spread = report.results().candidates()[0].records()[0].details.spread.expect("passes with dropout");
        let passes = report.fitted().mc_predict(data.features(), McDropout(20), 1).expect("dropout alone");
        let std = passes.std().iter().map(|[std]| std).sum::<f64>() / 300.0;
        assert!(spread > low && std > low, "{transform}: {spread}, {std}");
        let mean = passes.mean().iter().map(|[mean]| mean).sum::<f64>() / 300.0;
        assert!((mean - 505_000.0).abs() < 60_000.0, "{transform}: {mean}");
    }
}

#[searchable]
struct Pairs {
    hidden: (Standardize<3>, Linear<3, 32>, ReLU),
    output: Linear<32, 2>,
    #[train]
    #[grid(TargetTransform::None, TargetTransform::Standardize, TargetTransform::MinMax)]
    target_transform: TargetTransform,
}

#[test]
fn each_number_has_its_own_transform_which_is_an_axis_like_any_setting() {
    let rows = features(600);
    let targets = Regression::new(rows.iter().map(|row| [price(*row), 1e-3 * f64::from(row[2])])).expect("numbers");
    let data = Dataset::new(rows, targets).expect("data");
    let search = Pairs::search(Grid).cv(KFold::new(2).shuffle()).train(Train::adam(1e-2)).progress(false);
    let report = search.fit(&data).expect("a report");
    assert_eq!(report.results().candidates().len(), 3);
    assert_ne!(report.best_params().target_transform, TargetTransform::None);
    assert!(report.best_score() > 0.95, "{report}");
    // The candidate without a transform is told of, with the number that it cannot reach.
    let told: Vec<String> = report.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("target 0 is 510000 ± 139300, but a network begins near 0"), "{told:?}");
    let errors = [0, 1].map(|output| {
        let predicted = report.fitted().predict(data.features()).expect("rows fit");
        let truth = (0..600).map(|row| data.targets().row(row)[output]);
        predicted.iter().zip(truth).map(|(row, truth)| (row[output] - truth).abs()).sum::<f64>() / 600.0
    });
    assert!(errors[0] < 3e4 && errors[1] < 1e-4, "{errors:?}");
}

#[test]
fn a_transform_that_is_none_of_the_targets_is_refused_before_any_training() {
    let refusal = |transform, targets: Vec<f64>| {
        let rows = features(targets.len());
        let data = Dataset::new(rows, Regression::of(targets).expect("numbers")).expect("data");
        let search = Prices::search(Grid).cv(KFold::new(2)).train(Train::default().target_transform(transform));
        search.progress(false).fit(&data).expect_err("refused").to_string()
    };
    let low = vec![3.0, 2.0, 0.0, 5.0];
    assert_eq!(
        refusal(TargetTransform::Log, low.clone()),
        "target_transform is log, but the targets are Regression<1>: expected numbers above 0, and row 3 has 0"
    );
    assert!(
        refusal(TargetTransform::Log1pStandardize, vec![1.0, -1.0])
            .ends_with("expected numbers above -1, and row 2 has -1")
    );

    #[searchable]
    struct Classifier {
        hidden: (Linear<3, 4>, ReLU),
        output: Linear<4, 2>,
    }
    let data = Dataset::new(features(20), Classes::<2>::new((0..20).map(|at| at % 2)).expect("labels")).expect("data");
    let search = Classifier::search(Grid).cv(KFold::new(2)).train(standardized()).progress(false);
    let error = search.fit(&data).expect_err("classes are no numbers");
    assert!(matches!(error, Error::Unfit { setting: "target_transform", .. }), "{error}");
}
