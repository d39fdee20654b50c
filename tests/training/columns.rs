//! Fields that take columns of the data: by name, without a leak, on both ways of training, saved and loaded.

use dropgrid::{
    Error,
    data::{FeatureKind, Row as _},
    error::DataError,
    hook::FitInfo,
    prelude::*,
};

use crate::scalers::Draw;

#[derive(Row)]
struct Passenger {
    age: Option<f32>,
    fare: f64,
    sex: Sex,
    deck: Option<Deck>,
    #[row(skip)]
    survived: bool,
}

#[derive(Category, Debug, Clone, Copy, PartialEq, Eq)]
#[category(rename_all = "lowercase")]
enum Sex {
    Female,
    Male,
}

#[derive(Category, Debug, Clone, Copy, PartialEq, Eq)]
enum Deck {
    A,
    B,
    #[category(name = "C/D")]
    Cd,
}

#[searchable(rows = Passenger)]
struct Survival<
    #[grid(Mean, Median)] Fill, //
    #[grid(1, 2)] const WIDTH: usize,
> {
    #[columns(fare, age)]
    numbers: (Impute<2, Fill>, Standardize<2>),
    #[columns(sex)]
    sex: OneHot<{ Sex::COUNT }>,
    #[columns(deck)]
    deck: (Impute<1, OwnCategory<{ Deck::COUNT }>>, Embed<{ Deck::COUNT + 1 }, WIDTH>),
    hidden: (Linear<{ 2 + Sex::COUNT + WIDTH }, 8>, ReLU),
    output: Linear<8, 1>,
}

fn passengers() -> Vec<Passenger> {
    let mut draw = Draw(3);
    (0..120)
        .map(|_| {
            let sex = if draw.below(2) == 0 { Sex::Female } else { Sex::Male };
            let deck = Deck::from_code(draw.below(4) as usize);
            let age = (draw.below(5) > 0).then(|| draw.below(70) as f32);
            let fare = 1.7e9 + draw.below(4000) as f64 / 8.0;
            let score =
                i32::from(sex == Sex::Female) * 2 + i32::from(fare > 1.7e9 + 250.0) + i32::from(deck == Some(Deck::B));
            Passenger { age, fare, sex, deck, survived: score >= 2 }
        })
        .collect()
}

fn data() -> TypedDataset<Passenger, Binary> {
    let passengers = passengers();
    let survived = Binary::new(passengers.iter().map(|passenger| passenger.survived)).expect("targets");
    TypedDataset::new(&passengers, survived).expect("data")
}

fn search() -> dropgrid::search::Search<Survival, Grid> {
    Survival::search(Grid).cv(KFold::new(3)).train(Train::adam(3e-2).epochs(20).batch_size(16)).progress(false).seed(1)
}

#[test]
fn rows_of_ones_own_type_are_learned_and_predicted() {
    let report = search().fit(&data()).expect("a report");
    assert!(report.best_score() > 0.9, "{report}");
    let (passengers, fitted) = (passengers(), report.fitted());
    let by_rows = fitted.predict(&passengers).expect("predictions");
    assert_eq!(by_rows, fitted.predict(data().features()).expect("predictions"));
    assert_eq!(by_rows[..1], fitted.predict(&passengers[..1]).expect("a prediction")[..]);
    // Loaded, it knows the columns and the categories.
    let loaded = Fitted::<Survival, Binary>::from_bytes(&fitted.to_bytes().expect("bytes")).expect("a model");
    assert_eq!(loaded.predict_proba(&passengers).expect("same"), fitted.predict_proba(&passengers).expect("same"));
}

#[test]
fn the_compiler_knows_the_columns() {
    let names: Vec<&str> = Passenger::COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(names, ["age", "fare", "sex", "deck"]);
    assert_eq!((Deck::NAMES, Sex::NAMES), (["A", "B", "C/D"].as_slice(), ["female", "male"].as_slice()));
    assert_eq!(Deck::from_code(2), Some(Deck::Cd));
    let data = data();
    assert_eq!(data.features().categories(3).expect("categories"), ["A", "B", "C/D"]);
}

/// The table of the same rows as text, with columns in another order and one more.
fn table() -> Table {
    let mut text = "survived,deck,name,sex,fare,age\n".to_owned();
    for Passenger { age, fare, sex, deck, survived } in passengers() {
        let deck = deck.map_or("", |deck| Deck::NAMES[deck.code()]);
        let age = age.map_or_else(String::new, |age| age.to_string());
        text += &format!("{survived},{deck},x,{},{fare},{age}\n", Sex::NAMES[sex.code()]);
    }
    Csv::new().parse(&text).expect("a table")
}

#[test]
fn a_file_of_such_rows_gives_the_same_bits() {
    let digest = search().cross_validate(&data()).expect("a report").digest();
    let typed = table().dataset_of::<Passenger, _>(Binary::in_column("survived")).expect("data");
    assert_eq!(search().cross_validate(&typed).expect("a report").digest(), digest);
    // So does one whose columns are known only when it runs.
    let table = table().without(["name"]).expect("columns").as_categories(["sex", "deck"]).expect("columns");
    let table = table.allow_missing(["age", "deck"]).expect("columns");
    let untyped = table.dataset(Binary::in_column("survived")).expect("data");
    assert_eq!(search().cross_validate(&untyped).expect("a report").digest(), digest);
}

#[test]
fn categories_of_the_next_file_are_found_by_name() {
    let fitted = search().space(Survival::space().width([1])).fit(&data()).expect("a report").into_fitted();
    let next = "fare,age,deck,sex\n1700000400.5,30,C/D,female\n1700000000,NA,NA,male\n";
    let next = Csv::new().parse(next).expect("a table").as_categories(["deck", "sex"]).expect("columns");
    let next = next.allow_missing(["age", "deck"]).expect("columns").features().expect("features");
    let rows = [
        Passenger { age: Some(30.0), fare: 1_700_000_400.5, sex: Sex::Female, deck: Some(Deck::Cd), survived: false },
        Passenger { age: None, fare: 1.7e9, sex: Sex::Male, deck: None, survived: false },
    ];
    assert_eq!(fitted.predict_proba(&next).expect("by name"), fitted.predict_proba(&rows).expect("by type"));
    let unknown = Csv::new().parse("fare,age,deck,sex\n3,30,A,female\n3,30,A,robot\n").expect("a table");
    let unknown = unknown.as_categories(["deck", "sex"]).expect("columns").features().expect("features");
    let error = fitted.predict(&unknown).expect_err("an unknown category").to_string();
    assert!(error.starts_with("row 2 of the column `sex` has none of the categories `female`, `male`"), "{error}");
}

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
    assert_eq!(error, "`Untyped` names its columns, and the data has none: write `Features::with_names([`age`])`");
    let features =
        data.features().clone().with_categories(1, ["p"; 10].iter().enumerate().map(|(at, p)| format!("{p}{at}")));
    let kinds = Dataset::from_features(features.expect("categories"), data.targets().clone()).expect("data");
    let error = refusal(&kinds);
    assert!(
        error.starts_with("the column `y` has categories, `p0`, `p1`, `p2`, `p3`, .., and the network takes numbers"),
        "{error}"
    );
    let _ = FeatureKind::Number;
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
