//! Rows that Rust refuses with an error: a file says so in each of its outputs.

use dropgrid::prelude::*;
use serde_json::{Value, json};

use super::{inputs, recipe, write};

#[searchable]
struct Three {
    #[columns(deck)]
    deck: OneHot<3>,
    #[columns(age)]
    age: Standardize<1>,
    hidden: (Linear<4, 8>, ReLU),
    output: Linear<8, 3>,
}

#[searchable]
struct One {
    #[columns(deck)]
    deck: Embed<3, 2>,
    #[columns(age)]
    age: QuantileTransform<1, Uniform, 5>,
    hidden: (Linear<3, 8>, ReLU),
    output: Linear<8, 1>,
}

fn features(rows: &[[f64; 2]], decks: [&str; 3]) -> Features {
    let features = Features::with_missing(rows).and_then(|it| it.with_names(["deck", "age"]));
    features.and_then(|it| it.with_categories(0, decks)).expect("features")
}

/// Rows of a deck and an age.
fn good() -> Features {
    let rows: Vec<[f64; 2]> = (0..30).map(|row| [f64::from(row % 3), f64::from(20 + row * 7 % 40)]).collect();
    features(&rows, ["A", "B", "C"])
}

/// The inputs of those rows, and after them of four that Rust refuses: an unknown deck, no deck, no age, and an age
/// beyond single precision.
fn with_refused() -> Value {
    let mut inputs = inputs(&good(), &[2]);
    for (column, more) in [
        ("deck", [json!("Z"), Value::Null, json!("A"), json!("A")]),
        ("age", [json!(30.0), json!(30.0), Value::Null, json!(1e300)]),
    ] {
        inputs[column]["shape"] = json!([34, 1]);
        inputs[column]["cells"].as_array_mut().expect("cells").extend(more);
    }
    inputs
}

/// The outputs of the good rows, and after them so many equal ones of the refused.
fn then(known: impl Into<Value>, refused: impl Into<Value>, count: usize) -> Value {
    let (mut all, refused) = (known.into(), refused.into());
    all.as_array_mut().expect("outputs").extend(std::iter::repeat_n(refused, count));
    all
}

/// Asserts that each of the refused rows is an error in Rust.
fn assert_refused<T>(predict: impl Fn(&Features) -> dropgrid::Result<T>) {
    assert!(predict(&good()).is_ok());
    let rows = [([2.0, 30.0], "Z"), ([f64::NAN, 30.0], "C"), ([0.0, f64::NAN], "C")];
    for (row, last) in rows {
        assert!(predict(&features(&[row], ["A", "B", last])).is_err(), "{row:?}");
    }
    // Features cannot have the last one.
    assert!(Features::with_missing([[0.0, 1e300]]).is_err());
}

macro_rules! outputs {
    ($name:literal, $probabilities:expr, $refused:expr) => {
        json!({ $name: $refused, "probabilities": then($probabilities.concat(), Value::Null, 4 * $probabilities[0].len()) })
    };
}

#[test]
fn a_refused_row_has_no_class() {
    let labels = Classes::<3>::new((0..30).map(|row| row % 3)).expect("labels");
    let data = Dataset::from_features(good(), labels.clone()).expect("data");
    let fitted = fitted!(Three, &data, recipe());
    assert_refused(|rows| fitted.predict(rows));
    let probabilities = fitted.predict_proba(&good()).expect("probabilities");
    let outputs = outputs!("label", probabilities, then(fitted.predict(&good()).expect("classes"), -1, 4));
    write("refused_numbers", &fitted.to_onnx_bytes().expect("bytes"), &with_refused(), &outputs, &json!({}));

    let named = labels.with_names(["left", "middle", "right"]).expect("names");
    let fitted = fitted!(Three, &Dataset::from_features(good(), named).expect("data"), recipe());
    let probabilities = fitted.predict_proba(&good()).expect("probabilities");
    let names: Vec<String> = fitted.predict_names(&good()).expect("names");
    let outputs = outputs!("label", probabilities, then(names, String::new(), 4));
    write("refused_names", &fitted.to_onnx_bytes().expect("bytes"), &with_refused(), &outputs, &json!({}));

    let labels = Binary::from_labels((0..30).map(|row| row % 2)).expect("labels");
    let fitted = fitted!(One, &Dataset::from_features(good(), labels).expect("data"), recipe());
    assert_refused(|rows| fitted.predict(rows));
    let probabilities = fitted.predict_proba(&good()).expect("probabilities");
    let outputs = outputs!("label", probabilities, then(fitted.predict(&good()).expect("classes"), -1, 4));
    write("refused_two", &fitted.to_onnx_bytes().expect("bytes"), &with_refused(), &outputs, &json!({}));
}

#[test]
fn a_refused_row_has_no_flag_and_no_value() {
    let flags = MultiLabel::new((0..30).map(|row| [row % 2 == 0, row % 3 == 0, true])).expect("flags");
    let fitted = fitted!(Three, &Dataset::from_features(good(), flags).expect("data"), recipe());
    let probabilities = fitted.predict_proba(&good()).expect("probabilities");
    let flags = then(fitted.predict(&good()).expect("flags").concat(), false, 12);
    let outputs = outputs!("flags", probabilities, flags);
    write("refused_flags", &fitted.to_onnx_bytes().expect("bytes"), &with_refused(), &outputs, &json!({}));

    let values = Regression::new((0..30).map(|row| [f64::from(row)])).expect("values");
    let fitted = fitted!(One, &Dataset::from_features(good(), values).expect("data"), recipe());
    assert_refused(|rows| fitted.predict(rows));
    let outputs = json!({ "values": then(fitted.predict(&good()).expect("values").concat(), Value::Null, 4) });
    write("refused_values", &fitted.to_onnx_bytes().expect("bytes"), &with_refused(), &outputs, &json!({}));
}
