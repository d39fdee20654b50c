//! Categories in vectors beside numbers: those that nobody knew, and those that a fold has not seen.

use dfdx::tensor::AsArray;
use dropgrid::prelude::*;

use crate::scalers::Draw;

/// The network of Guo and Berkhahn 2016: vectors of the categories beside scaled numbers.
#[searchable]
struct Sales<#[grid(2, 3)] const WIDTH: usize> {
    #[grid(min_frequency: 1.0, 30.0)]
    #[columns(store)]
    store: (GroupInfrequent<5>, Embed<6, WIDTH>),
    #[columns(day)]
    day: Embed<3, 2>,
    #[columns(distance)]
    distance: (Impute<1>, Standardize<1>),
    hidden: (Linear<{ WIDTH + 3 }, 8>, ReLU),
    output: Linear<8, 1>,
}

/// Sixty rows of a store, a day and a distance, of which some lack the store. The store of the rows from 40 on is
/// `later`.
fn sales(later: f64) -> Dataset<Regression<1>> {
    let mut draw = Draw(5);
    let (mut rows, mut targets) = (Vec::new(), Vec::new());
    for at in 0..60 {
        let [store, day, distance] = [4, 3, 100].map(|count| draw.below(count) as f64);
        targets.push([(store - 1.0).abs() + day]);
        let store = if store == 3.0 { f64::NAN } else { store };
        let distance = if at % 7 == 3 { f64::NAN } else { distance };
        rows.push([if at < 40 { store } else { later }, day, distance]);
    }
    let features = Features::with_missing(&rows).and_then(|it| it.with_names(["store", "day", "distance"]));
    let features = features.and_then(|it| it.with_categories(0, ["A", "B", "C", "D", "E"])).expect("features");
    let features = features.with_categories(1, ["fr", "sa", "su"]).expect("features");
    Dataset::from_features(features, Regression::new(targets).expect("targets")).expect("data")
}

/// The scores of each candidate on the first forty rows, which it trains on, and on the other twenty.
fn scores(later: f64) -> Vec<[u64; 2]> {
    let splits = SplitList::new([((0..40).collect::<Vec<_>>(), (40..60).collect::<Vec<_>>())]);
    let search = Sales::search(Grid).cv(splits).progress(false).train_scores(true).scoring(MeanSquaredError);
    let search = search.train(Train::adam(1e-2).epochs(30).batch_size(8));
    let report = search.cross_validate(&sales(later)).expect("a report");
    let records = report.results().candidates().iter().map(|candidate| candidate.records()[0].clone());
    let bits = |scores: Vec<f64>| scores[0].to_bits();
    records.map(|record| [bits(record.train_scores.expect("scores")), bits(record.outcome.expect("scores"))]).collect()
}

#[test]
fn a_category_that_only_scored_rows_have_is_one_that_nobody_knew() {
    let [once, again, missing, known] = [3.0, 4.0, f64::NAN, 0.0].map(scores);
    assert_eq!(once.len(), 4);
    assert_eq!(once, again, "two stores of which no training row is");
    assert_eq!(once, missing, "their group is that of missing cells");
    let train = |scores: &[[u64; 2]]| scores.iter().map(|scores| scores[0]).collect::<Vec<_>>();
    assert_eq!(train(&once), train(&known), "scored rows changed a training");
    // The candidates of 30 rows or more have every store in the group.
    assert_eq!(once.iter().zip(&known).filter(|(once, known)| once[1] != known[1]).count(), 2);
}

fn fitted() -> Fitted<Sales, Regression<1>> {
    let space = Sales::space().width([2]).store([1.0]);
    let search = Sales::search(Grid).space(space).cv(KFold::new(2)).progress(false);
    search.train(Train::adam(1e-2).epochs(30).batch_size(8)).fit(&sales(0.0)).expect("a report").into_fitted()
}

/// The features of a file whose cells are texts.
fn features(text: &str) -> Features {
    let table = Csv::new().parse(text).and_then(|it| it.as_categories(["store", "day"])).expect("a table");
    table.allow_missing(["store", "distance"]).and_then(|it| it.features()).expect("features")
}

#[test]
fn the_next_file_may_have_categories_that_nobody_knew() {
    let fitted = fitted();
    let network = fitted.network::<SalesNet<2>>().expect("the only architecture");
    assert_eq!(network.store.0.frequent.array(), [1.0, 1.0, 1.0, 0.0, 0.0]);
    let next = features("day,store,distance\nsa,Z,20\nsa,NA,20\nsa,E,20\nsa,B,20\n");
    let values = fitted.predict(&next).expect("values");
    assert_eq!([values[0], values[1]], [values[2]; 2], "unknown, missing and unseen are the group");
    assert!((values[0][0] - values[3][0]).abs() > 0.1, "{values:?}");
    let loaded = Fitted::<Sales, Regression<1>>::from_bytes(&fitted.to_bytes().expect("bytes")).expect("a model");
    assert_eq!(loaded.predict(&next).expect("values"), values);
    let error = fitted.predict(&features("day,store,distance\nmo,A,20\n")).expect_err("no group").to_string();
    assert!(error.starts_with("row 1 of the column `day` has none of the categories `fr`, `sa`, `su`"), "{error}");
}

#[test]
fn the_promises_hold_with_groups() {
    dropgrid::testing::check::<Sales>();
}
