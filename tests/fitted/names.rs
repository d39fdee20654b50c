//! Columns and classes of the next file: matched by their names, in whatever order they stand.

use super::*;

#[searchable]
struct Wages {
    scale: Standardize<2>,
    hidden: (Linear<2, 8>, Tanh),
    output: Linear<8, 2>,
}

#[searchable]
struct Line<const CLASSES: usize> {
    scale: Standardize<1>,
    hidden: (Linear<1, 16>, Tanh),
    output: Linear<16, CLASSES>,
}

fn read<const N: usize>(file: &str, column: &str) -> Dataset<Classes<N>> {
    let target = Classes::<N>::in_column(column).learn_names();
    Dataset::from_csv(format!("tests/cases/{file}"), target).expect("a sound file")
}

/// A model that learned its file by heart.
macro_rules! train {
    ($model:ty, $data:expr) => {{
        let search = <$model>::search(Grid).cv(StratifiedKFold::new(2)).scoring(Accuracy);
        search.train(Train::adam(1e-2).epochs(120)).seed(3).fit($data).expect("a report").into_fitted()
    }};
}

/// What was trained on `age,income` is right on `income,age`, also from its file.
#[test]
fn columns_are_matched_by_name() {
    let (data, swapped) = (read::<2>("train.csv", "y"), read::<2>("new.csv", "y"));
    let fitted = train!(Wages, &data);
    assert_eq!(fitted.columns().expect("a header"), ["age", "income"]);
    let loaded = Fitted::<Wages, Classes<2>>::from_bytes(&fitted.to_bytes().expect("a file")).expect("the file");
    assert_eq!(loaded.columns(), fitted.columns());
    for model in [&fitted, &loaded] {
        assert_eq!(model.score(Accuracy, &data).expect("a score"), 1.0);
        assert_eq!(model.score(Accuracy, &swapped).expect("a score"), 1.0);
        let both = [&data, &swapped].map(|data| model.predict_proba(data.features()).expect("probabilities"));
        assert_eq!(both[0], both[1]);
        let both = [&data, &swapped].map(|data| model.decision_function(data.features()).expect("logits"));
        assert_eq!(both[0], both[1]);
    }
    // Without names the place counts.
    let rows = (0..data.len()).map(|row| data.features().row(row).to_vec());
    let unnamed = Features::from_rows(rows).expect("rows");
    assert_eq!(fitted.predict(&unnamed).expect("classes"), fitted.predict(data.features()).expect("classes"));
}

#[test]
fn other_columns_are_refused_by_name() {
    let fitted = train!(Wages, &read::<2>("train.csv", "y"));
    let features =
        |names: [&str; 2]| Features::from_rows([[30.0, 1000.0]]).expect("a row").with_names(names).expect("two names");
    let refusal = |features| fitted.predict(&features).expect_err("other columns").to_string();
    assert_eq!(
        refusal(features(["age", "wage"])),
        "the columns are not those that the model was trained on: `income` missing; `wage` not known"
    );
    let wide = Features::from_rows([[30.0, 1000.0, 1.0]]).expect("a row");
    assert_eq!(
        refusal(wide.with_names(["income", "age", "id"]).expect("three names")),
        "the columns are not those that the model was trained on: `id` not known"
    );
    let error = Features::from_rows([[1.0]]).expect("a row").with_names(["a", "b"]).expect_err("two names");
    assert_eq!(error.to_string(), "2 names for 1 columns");
    let error = Features::from_rows([[1.0, 2.0]]).expect("a row").with_names(["a", "a"]).expect_err("one name twice");
    assert_eq!(error.to_string(), "two columns are named `a`");
}

#[test]
fn classes_are_matched_by_name() {
    let fitted = train!(Line<2>, &read::<2>("yn.csv", "y"));
    let swapped = Classes::<2>::in_column("y").names(["yes", "no"]);
    let swapped = Dataset::from_csv("tests/cases/yn.csv", swapped).expect("a sound file");
    let score = fitted.score(Accuracy, &swapped).expect("a score");
    assert!(score >= 0.98, "{score}");
    assert_eq!(score, fitted.score(Accuracy, &read("yn.csv", "y")).expect("a score"));
}

/// The next file lacks class b and has a class d: rows of a and c are scored, d is refused by its name.
#[test]
fn a_class_that_was_not_learned_is_refused() {
    let fitted = train!(Line<3>, &read::<3>("abc.csv", "y"));
    let next = read::<3>("acd.csv", "y");
    let error = fitted.score(Accuracy, &next).expect_err("d is new");
    assert_eq!(error.to_string(), "row 101 is of class `d`, but the model was trained on the classes `a`, `b`, `c`");
    let known: Vec<usize> = (0..next.len()).filter(|&row| next.targets().labels()[row] != 2).collect();
    let score = fitted.score(Accuracy, &next.select(&known).expect("rows")).expect("a score");
    assert!(score >= 0.98, "{score}");
}

#[test]
fn flags_are_matched_by_name() {
    let rows: Vec<[bool; 2]> = (0..40).map(|at| [at % 7 > 3, at % 5 > 2]).collect();
    let flags = |rows: &[[bool; 2]], names: [&str; 2]| {
        let targets = MultiLabel::new(rows.to_vec()).expect("rows").with_names(names).expect("two names");
        Dataset::from_features(points(), targets).expect("as many rows")
    };
    let data = flags(&rows, ["right", "high"]);
    let search = Pair::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(3)).seed(1);
    let fitted = search.fit(&data).expect("a report").into_fitted();
    let swapped: Vec<[bool; 2]> = rows.iter().map(|&[right, high]| [high, right]).collect();
    let scores = [&data, &flags(&swapped, ["high", "right"])].map(|data| fitted.score(SubsetAccuracy, data));
    assert_eq!(scores[0].as_ref().expect("a score"), scores[1].as_ref().expect("a score"));
    let error = fitted.score(SubsetAccuracy, &flags(&rows, ["right", "low"])).expect_err("another flag");
    assert_eq!(
        error.to_string(),
        "the flags are not those that the model was trained on: `high` missing; `low` not known"
    );
}
