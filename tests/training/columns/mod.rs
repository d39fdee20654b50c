//! Fields that take columns of the data: by name, without a leak, on both ways of training, saved and loaded.

mod groups;
mod names;
mod steps;

use std::fmt::Write;

use dropgrid::{data::Row as _, prelude::*};

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
    #[category(rename = "C/D")]
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
        let sex = Sex::NAMES[sex.code()];
        writeln!(text, "{survived},{deck},x,{sex},{fare},{age}").expect("a string");
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
fn a_column_of_the_row_is_no_target() {
    let error = table().dataset_of::<Passenger, _>(Regression::<1>::in_column("fare")).expect_err("a leak");
    assert_eq!(error.to_string(), "column `fare` cannot be two of features, target, weights and groups");
    let late = table().dataset_of::<Passenger, _>(Binary::in_column("survived").groups("deck")).expect_err("a leak");
    assert!(late.to_string().contains("`deck`"), "{late}");
}

#[test]
fn categories_of_categories_are_the_same() {
    let once = table().as_categories(["sex", "deck"]).expect("columns");
    let twice = once.as_categories(["sex", "deck"]).expect("columns");
    let typed = |table: &Table| {
        let data = table.dataset_of::<Passenger, _>(Binary::in_column("survived")).expect("data");
        data.features().values().iter().map(|value| value.to_bits()).collect::<Vec<_>>()
    };
    assert_eq!(typed(&twice), typed(&table()));
    let classes = once.select(["age", "sex"]).and_then(|it| it.allow_missing(["age"])).expect("columns");
    let classes = classes.dataset(Classes::<2>::in_column("sex").learn_names()).expect("data");
    assert_eq!(classes.targets().names().expect("names"), ["female", "male"]);
}

#[test]
fn a_file_is_predicted_with_its_missing_cells_and_categories() {
    let folder = tempfile::tempdir().expect("a folder");
    let (next, to) = (folder.path().join("next.csv"), folder.path().join("predicted.csv"));
    let fitted = search().space(Survival::space().width([1])).fit(&data()).expect("a report").into_fitted();
    std::fs::write(&next, "name,fare,age,deck,sex\nA,1700000400.5,30,C/D,female\nB,1700000000,NA,NA,male\n")
        .expect("a file");
    fitted.predict_csv(&next, &to).expect("predictions");
    let rows = [
        Passenger { age: Some(30.0), fare: 1_700_000_400.5, sex: Sex::Female, deck: Some(Deck::Cd), survived: false },
        Passenger { age: None, fare: 1.7e9, sex: Sex::Male, deck: None, survived: false },
    ];
    let names = fitted.predict_names(&rows).expect("names");
    let text = std::fs::read_to_string(&to).expect("a file");
    for (line, (name, id)) in text.lines().skip(1).zip(names.iter().zip(["A", "B"])) {
        assert!(line.starts_with(&format!("{id},")) && line.contains(name.as_str()), "{line}");
    }
    assert_eq!(text.lines().count(), 3);
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

#[test]
fn searches_nested_curves_and_studies_take_rows_of_ones_own_type() {
    let folder = tempfile::tempdir().expect("a folder");
    let space = Survival::space().width([1]).fill([SurvivalFill::Mean]);
    let search = || search().space(space.clone());
    let digest = search().cross_validate(&data()).expect("a report").digest();
    for _ in 0..2 {
        let study = folder.path().join("rows.study");
        assert_eq!(search().study(&study).cross_validate(&data()).expect("a report").digest(), digest);
    }
    let other = data().select(&(1..120).collect::<Vec<_>>()).expect("rows");
    let error = search().study(folder.path().join("rows.study")).cross_validate(&other).expect_err("other data");
    assert!(error.to_string().contains("data"), "{error}");
    let nested = search().nested_cross_validate(KFold::new(2), &data()).expect("nested");
    assert_eq!(nested.folds().len(), 2);
    let params = search().fit(&data()).expect("a report").best_params().clone();
    let only = || Survival::search(dropgrid::strategy::Only(params.clone())).cv(KFold::new(3)).progress(false);
    let out = only().train(Train::adam(3e-2).epochs(5)).cross_val_predict(&data()).expect("predictions");
    assert_eq!(out.folds().len(), 120);
}

/// The promises hold on batches of numbers and of categories.
#[test]
fn the_models_promises_hold() {
    dropgrid::testing::check::<Survival>();
    dropgrid::testing::check::<steps::EveryStep>();
}
