//! Columns whose names are known only when the program runs.

use dropgrid::{Error, error::DataError, hook::FitInfo, prelude::*};

#[searchable]
struct Untyped {
    #[columns(age)]
    age: (Impute<1>, Standardize<1>),
    #[columns(..)]
    rest: Standardize<2>,
    output: Linear<3, 1>,
}

fn untyped(cells: [[f64; 3]; 6], names: [&str; 3]) -> Dataset<Regression<1>> {
    let features = Features::with_missing(cells).and_then(|it| it.with_names(names)).expect("features");
    Dataset::from_features(features, Regression::new((0..6).map(|at| [f64::from(at)])).expect("targets")).expect("data")
}

const CELLS: [[f64; 3]; 6] =
    [[1.0, 2.0, f64::NAN], [2.0, 1.0, 7.0], [3.0, 5.0, 9.0], [4.0, 4.0, 8.0], [7.0, 3.0, 1.0], [6.0, 9.0, 2.0]];

fn refusal(data: &Dataset<Regression<1>>) -> String {
    let search = Untyped::search(Grid).cv(KFold::new(2)).progress(false);
    let hook = Never;
    search.hook(hook).cross_validate(data).expect_err("a fault").to_string()
}

/// A hook of fits that never come.
struct Never;

impl Hook for Never {
    fn fit_start(&self, _: &FitInfo) {
        panic!("it trains");
    }
}

#[test]
fn columns_are_matched_before_any_training() {
    let data = untyped(CELLS, ["x", "y", "age"]);
    let report = Untyped::search(Grid).cv(KFold::new(2)).progress(false).train(Train::sgd(1e-2).epochs(2));
    report.fit(&data).expect("a report");
    assert_eq!(
        refusal(&untyped(CELLS, ["x", "y", "Age"])),
        "the columns of `Untyped` are not those of the data: `age` missing"
    );
    assert!(
        refusal(&untyped(CELLS, ["x", "age", "y"]))
            .starts_with("the column `y` lacks a value in row 1: in the field `rest`")
    );
    let unnamed = Dataset::from_features(
        Features::from_f64_rows([[1.0, 2.0, 3.0]; 6]).expect("features"),
        Regression::new((0..6).map(|at| [f64::from(at)])).expect("targets"),
    );
    let error = refusal(&unnamed.expect("data"));
    assert_eq!(
        error,
        "`Untyped` names its columns, and the data has none: write `Features::with_names(..)`, among them `age`"
    );
    let features =
        data.features().clone().with_categories(1, ["p"; 10].iter().enumerate().map(|(at, p)| format!("{p}{at}")));
    let kinds = Dataset::from_features(features.expect("categories"), data.targets().clone()).expect("data");
    let error = refusal(&kinds);
    assert!(
        error.starts_with("the column `y` has categories, `p0`, `p1`, `p2`, `p3`, .., and the network takes numbers"),
        "{error}"
    );
}

#[searchable]
struct Plain {
    output: Linear<3, 1>,
}

#[test]
fn a_network_of_numbers_refuses_missing_cells_and_categories() {
    let data = untyped(CELLS, ["x", "y", "age"]);
    let error = Plain::search(Grid).cv(KFold::new(2)).progress(false).cross_validate(&data).expect_err("a fault");
    assert!(matches!(&error, Error::Data(DataError::NotPrepared { column, .. }) if column == "age"), "{error}");
    assert_eq!(
        error.to_string(),
        "the column `age` lacks a value in row 1: write a field at the head of the model that prepares it, as \
         `#[columns(age)] age: Impute<1>`"
    );
}

/// The statistics of a fold do not depend on its scored rows, nor on anything but the rows that it trains on.
#[test]
fn steps_see_the_training_rows_only() {
    let fit = |scored: f64| {
        let mut cells = CELLS;
        for row in &mut cells[3..] {
            *row = row.map(|cell| cell * scored);
        }
        let data = untyped(cells, ["x", "y", "age"]);
        let splits = SplitList::new([(vec![0, 1, 2], vec![3, 4, 5])]);
        let search =
            Untyped::search(Grid).cv(splits).progress(false).train(Train::sgd(1e-2).epochs(3)).train_scores(true);
        let report = search.scoring(MeanSquaredError).cross_validate(&data).expect("a report");
        let record = report.results().candidates()[0].records()[0].clone();
        (record.train_scores.expect("scores"), record.outcome.expect("scores"))
    };
    let ((train, test), (other_train, other_test)) = (fit(1.0), fit(1e3));
    assert_eq!(train, other_train, "scored rows changed a training");
    assert_ne!(test, other_test);
}

#[test]
fn a_model_of_named_columns_predicts_none_without_names() {
    let data = untyped(CELLS, ["x", "y", "age"]);
    let search = Untyped::search(Grid).cv(KFold::new(2)).progress(false).train(Train::sgd(1e-2).epochs(2));
    let fitted = search.fit(&data).expect("a report").into_fitted();
    let unnamed = Features::with_missing(CELLS).expect("features");
    let error = fitted.predict(&unnamed).expect_err("columns by place");
    assert!(matches!(&error, Error::Data(DataError::NoNames { model: "Untyped", .. })), "{error}");
}

#[test]
fn a_column_without_a_value_is_named() {
    let mut cells = CELLS;
    cells[1..].iter_mut().for_each(|row| row[2] = f64::NAN);
    let splits = SplitList::new([(vec![0, 1, 2], vec![3, 4, 5]), (vec![3, 4, 5], vec![0, 1, 2])]);
    let search = Untyped::search(Grid).cv(splits).progress(false).train(Train::sgd(1e-2).epochs(2));
    let error = search.cross_validate(&untyped(cells, ["x", "y", "age"])).expect_err("a fold without a value");
    let error = error.to_string();
    assert!(error.contains("the column `age` has no value in the rows that are trained on"), "{error}");
    let answers = Csv::new().parse("smoker,y\nyes,1\nNo,2\nY,3\nno,4\n").expect("a table");
    let answers = answers.as_categories(["smoker"]).and_then(|it| it.features()).expect("features");
    assert_eq!(answers.categories(0).expect("categories"), ["no", "yes"]);
    assert_eq!((0..4).map(|row| answers.row(row)[0]).collect::<Vec<_>>(), [1.0, 0.0, 1.0, 0.0]);
}

/// The layers of a column that misses cells; one of two takes those.
#[searchable]
struct Prepared<#[grid(Impute<1>, Standardize<1>)] Step> {
    #[columns(age)]
    age: Step,
    #[columns(..)]
    rest: Standardize<2>,
    output: Linear<3, 1>,
}

#[test]
fn only_architectures_that_are_trained_are_asked() {
    let data = untyped(CELLS, ["x", "y", "age"]);
    let search = || Prepared::search(Grid).cv(KFold::new(2)).progress(false).train(Train::sgd(1e-2).epochs(2));
    let error = search().hook(Never).cross_validate(&data).expect_err("one of two cannot").to_string();
    assert!(error.starts_with("the column `age` lacks a value in row 1: in the field `age`"), "{error}");
    let narrowed = search().space(Prepared::space().step([PreparedStep::Impute]));
    narrowed.cross_validate(&data).expect("the other one can");
    let listed = Candidates::new([PreparedParams { step: PreparedStep::Impute }]);
    let search = Prepared::search(listed).cv(KFold::new(2)).progress(false).train(Train::sgd(1e-2).epochs(2));
    search.cross_validate(&data).expect("the other one can");
}

/// A constant for missing categories, before one column's numbers and before those of two.
#[searchable]
struct Constants {
    #[grid(value: 0.0, 1.0)]
    #[columns(deck)]
    deck: (Impute<1, Constant>, OneHot<2>),
    #[set(low = 10.0, high = 90.0)]
    #[columns(fare)]
    fare: (Impute<1>, RobustScale<1>),
    output: Linear<3, 1>,
}

#[searchable]
struct Outside {
    #[grid(value: 0.0, 2.0)]
    #[columns(deck)]
    deck: (Impute<1, Constant>, OneHot<2>),
    #[columns(fare)]
    fare: Impute<1>,
    output: Linear<3, 1>,
}

/// Twenty rows of a deck and a fare, both of which may miss a cell.
fn decks() -> Dataset<Regression<1>> {
    let cell = |row: usize| match row % 3 {
        0 => f64::NAN,
        code => (code - 1) as f64,
    };
    let rows: Vec<[f64; 2]> =
        (0..20).map(|row| [cell(row), if row == 4 { f64::NAN } else { (row * row) as f64 }]).collect();
    let features = Features::with_missing(&rows).and_then(|it| it.with_names(["deck", "fare"]));
    let features = features.and_then(|it| it.with_categories(0, ["A", "B"])).expect("features");
    let targets = Regression::new((0..20).map(|row| [if row % 3 == 2 { 1.0 } else { 0.0 }])).expect("targets");
    Dataset::from_features(features, targets).expect("data")
}

#[test]
fn settings_of_a_chain_are_searched_by_name() {
    let search = Constants::search(Grid).cv(KFold::new(2)).progress(false);
    let report = search.train(Train::adam(3e-2).epochs(60).batch_size(5)).fit(&decks()).expect("a report");
    assert_eq!(report.results().candidates().len(), 2);
    // Rows without a deck have the target of those of `A`.
    assert_eq!(report.best_params().deck, 0.0);
    let network = report.fitted().network::<ConstantsNet>().expect("the only architecture");
    assert_eq!((network.deck.0.value, network.fare.1.low, network.fare.1.high), (0.0, 10.0, 90.0));
    assert_eq!(network.deck.0.fill.read(), [0.0]);
}

#[test]
fn a_constant_that_is_no_category_is_refused_before_any_training() {
    let search = Outside::search(Grid).cv(KFold::new(2)).progress(false);
    let error = search.hook(Never).cross_validate(&decks()).expect_err("there are two categories");
    assert!(matches!(&error, Error::LayerSettings { layer, .. } if layer == "deck"), "{error}");
    assert_eq!(
        error.to_string(),
        "deck: value is 2, expected the position of a category: a whole number from 0 and below the number of categories \
         that the next layer takes"
    );
}
