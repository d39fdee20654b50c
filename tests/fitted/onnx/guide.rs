//! The models that the Python code of `docs/onnx.md` runs: `.ci/guide` runs it on these files.

use dropgrid::prelude::*;
use serde_json::json;

use super::{inputs, recipe, write};

#[searchable]
struct Digits {
    hidden: (Linear<64, 8>, ReLU),
    output: Linear<8, 10>,
}

/// A model of 64 numbers a row, whose classes have names.
#[test]
fn rows_of_numbers_are_predicted_in_python() {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit")).expect("a file");
    let digits = digits.select(&(0..200).collect::<Vec<_>>()).expect("rows");
    let names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let names = digits.targets().clone().with_names(names).expect("names");
    let digits = Dataset::from_features(digits.features().clone(), names).expect("data");
    let fitted = fitted!(Digits, &digits, recipe());
    let rows = digits.features();
    let outputs = json!({
        "label": fitted.predict_names(rows).expect("names"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("guide_digits", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[64]), &outputs, &json!({}));
}

#[searchable]
struct Survival {
    #[columns(age)]
    age: (Impute<1>, Standardize<1>),
    #[columns(sex)]
    sex: OneHot<2>,
    #[columns(deck)]
    deck: (GroupInfrequent<3>, Embed<4, 2>),
    output: Linear<5, 2>,
}

const PASSENGERS: &str = "age,sex,deck,survived\n\
    22,male,1,no\n38,female,2,yes\n,female,,yes\n35,female,2,yes\n35,male,3,no\n,male,,no\n54,male,2,no\n2,male,1,no\n\
    27,female,3,yes\n14,female,1,yes\n4,female,3,yes\n58,male,,no\n";

/// A model with categories, of which some look like numbers and some are missing.
#[test]
fn a_table_of_texts_is_predicted_in_python() {
    let table = Csv::new().parse(PASSENGERS).expect("a table").as_categories(["sex", "deck"]).expect("categories");
    let table = table.allow_missing(["age", "deck"]).expect("columns");
    let data = table.dataset(Classes::<2>::in_column("survived").learn_names()).expect("data");
    let fitted = fitted!(Survival, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict_names(rows).expect("names"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("guide_survival", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[3]), &outputs, &json!({}));
}
