//! Whole models as ONNX files, with what they predict: `.ci/onnx` runs the files.
//!
//! `DROPGRID_ONNX` names the folder for them; without it only what Rust can say is checked.

mod gated;

use std::{env, fs, path::PathBuf};

use dropgrid::{
    Error,
    graph::{Edge, Graph},
    nn::Export,
    prelude::*,
};
use serde_json::{Value, json};

use crate::{corners::corners, own_layer::own_layer};

/// The rows of features as inputs of a file: of each column where one has categories, else of all.
fn inputs(features: &Features, sample: &[usize]) -> Value {
    let rows = features.len();
    let cell = |row: usize, column: usize| match features.categories(column) {
        // A missing cell is null.
        Some(names) => match features.cell(row, column) {
            code if code.is_nan() => Value::Null,
            code => json!(names[format!("{code}").parse::<usize>().expect("a code")]),
        },
        None => json!(features.cell(row, column)),
    };
    if (0..features.width()).any(|column| features.categories(column).is_some()) {
        let names = features.names().expect("names").iter().enumerate();
        let columns = names.map(|(column, name)| {
            let cells: Vec<Value> = (0..rows).map(|row| cell(row, column)).collect();
            (name.clone(), json!({ "shape": [rows, 1], "cells": cells }))
        });
        return Value::Object(columns.collect());
    }
    let cells: Vec<Value> = (0..rows)
        .flat_map(|row| (0..features.width()).map(move |column| (row, column)))
        .map(|(r, c)| cell(r, c))
        .collect();
    let shape: Vec<usize> = [rows].into_iter().chain(sample.iter().copied()).collect();
    json!({ "features": { "shape": shape, "cells": cells } })
}

/// Writes the file of a model and what it predicts for rows.
fn write(name: &str, bytes: &[u8], inputs: &Value, outputs: &Value, metadata: &Value) {
    assert!(bytes.len() > 100);
    let Some(folder) = env::var_os("DROPGRID_ONNX") else { return };
    let file = PathBuf::from(folder).join(format!("model_{name}"));
    fs::write(file.with_extension("onnx"), bytes).expect("a file");
    let case = json!({ "inputs": inputs, "outputs": outputs, "metadata": metadata });
    fs::write(file.with_extension("json"), case.to_string()).expect("a file");
}

/// The model of the first candidate, trained on all rows.
macro_rules! fitted {
    ($model:ident, $data:expr, $recipe:expr) => {{
        let search = $model::search(Grid).cv(KFold::new(2)).train($recipe).seed(5).progress(false);
        search.fit($data).expect("a report").into_fitted()
    }};
}

fn recipe() -> Train {
    Train::adam(1e-2).epochs(3).batch_size(16)
}

mod categories;
mod cells;
mod guide;
mod images;
mod nested;
mod refused;
mod sequences;

#[searchable]
struct Rows {
    scale: Standardize<4>,
    first: (Linear<4, 8>, PReLU, BatchNorm1D<8>, LayerNorm1D<8>),
    #[grid(0.2)]
    dropout: Dropout,
    body: Residual<(WeightNorm<Linear<8, 8>>, AccurateGeLU)>,
    output: Linear<8, 3>,
}

#[test]
fn classes_have_labels_and_probabilities() {
    let data = corners(60, 2.0);
    let names = data.targets().clone().with_names(["left", "middle", "right"]).expect("names");
    let named = Dataset::from_features(data.features().clone(), names).expect("data");
    let fitted = fitted!(Rows, &named, recipe());
    let rows = named.features();
    let outputs = json!({
        "label": fitted.predict_names(rows).expect("names"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    let metadata = json!({ "model": "Rows", "classes": "[\"left\",\"middle\",\"right\"]", "target": "classes" });
    let bytes = fitted.to_onnx_bytes().expect("bytes");
    assert_eq!(bytes, fitted.to_onnx_bytes().expect("bytes"), "the same model gives the same bytes");
    write("named_classes", &bytes, &inputs(rows, &[4]), &outputs, &metadata);

    let fitted = fitted!(Rows, &data, recipe());
    let loaded = Fitted::<Rows, Classes<3>>::from_bytes(&fitted.to_bytes().expect("bytes")).expect("a model");
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("loaded_classes", &loaded.to_onnx_bytes().expect("bytes"), &inputs(rows, &[4]), &outputs, &json!({}));
}

#[searchable]
struct One {
    hidden: (Linear<4, 8>, Tanh),
    output: Linear<8, 1>,
}

#[test]
fn two_classes_follow_the_threshold() {
    let data = corners(60, 1.0);
    let labels: Vec<usize> = data.targets().labels().iter().map(|label| label % 2).collect();
    let data =
        Dataset::from_features(data.features().clone(), Binary::from_labels(labels).expect("labels")).expect("data");
    let fitted = fitted!(One, &data, recipe()).with_threshold(0.45).expect("a threshold");
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write(
        "two_classes",
        &fitted.to_onnx_bytes().expect("bytes"),
        &inputs(rows, &[4]),
        &outputs,
        &json!({ "threshold": "0.45" }),
    );
}

#[searchable]
struct Two {
    scale: MinMax<4>,
    hidden: (Linear<4, 8>, Mish),
    output: Linear<8, 2>,
}

#[test]
fn flags_are_true_above_the_threshold() {
    let data = corners(60, 1.0);
    let flags = data.targets().labels().iter().map(|&label| [label > 0, label == 2]).collect::<Vec<[bool; 2]>>();
    let data = Dataset::from_features(data.features().clone(), MultiLabel::new(flags).expect("flags")).expect("data");
    let fitted = fitted!(Two, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "flags": fitted.predict(rows).expect("flags").concat(),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("flags", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[4]), &outputs, &json!({}));
}

#[test]
fn a_regression_is_in_the_units_of_the_data() {
    use TargetTransform::{Log, Log1p, Log1pStandardize, LogStandardize, MinMax, None, Standardize};
    let data = corners(60, 1.0);
    let value = |row: usize| 1.7e5 + 1e4 * data.features().cell(row, 0) + row as f64;
    let values: Vec<[f64; 2]> = (0..data.len()).map(|row| [value(row), 1.0 + 1e-6 * row as f64]).collect();
    let data = Dataset::from_features(data.features().clone(), Regression::new(values).expect("values")).expect("data");
    for transform in [None, Standardize, MinMax, Log, LogStandardize, Log1p, Log1pStandardize] {
        let fitted = fitted!(Two, &data, recipe().target_transform(transform));
        let rows = data.features();
        let outputs = json!({ "values": fitted.predict(rows).expect("values").concat() });
        let name = format!("regression_{transform:?}");
        write(
            &name,
            &fitted.to_onnx_bytes().expect("bytes"),
            &inputs(rows, &[4]),
            &outputs,
            &json!({ "target": "regression" }),
        );
    }
}

/// Columns that lie far from zero: single precision has not their digits.
#[test]
fn columns_far_from_zero_keep_their_digits() {
    let data = corners(60, 1.0);
    let cells = |row: usize| [0, 1, 2, 3].map(|column| 1.7e9 + data.features().cell(row, column));
    let rows: Vec<[f64; 4]> = (0..data.len()).map(cells).collect();
    let features = Features::from_f64_rows(&rows).expect("features");
    assert!(features.origins().is_some());
    let data = Dataset::from_features(features, data.targets().clone()).expect("data");
    let fitted = fitted!(Rows, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("far", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[4]), &outputs, &json!({}));
}

#[searchable]
struct Columns<#[grid(Mean)] Fill> {
    #[columns(age, fare)]
    numbers: (Impute<2, Fill>, PowerTransform<2>),
    #[columns(label, deck)]
    codes: PerColumn<(OneHot<2, Zeros>, (Impute<1, OwnCategory<3>>, Embed<4, 2>))>,
    #[columns(fare)]
    rank: (WithIndicator<Impute<1, Median>>, QuantileTransform<2, Normal>),
    hidden: (Linear<8, 8>, SiLU),
    output: Linear<8, 2>,
}

const TABLE: &str = "age,label,deck,fare,survived\n\
    22,male,A,7.25,no\n38,female,B,71.28,yes\n,female,,7.92,yes\n35,female,B,53.1,yes\n\
    35,male,C,8.05,no\n,male,,8.46,no\n54,male,B,51.86,no\n2,male,A,,no\n\
    27,female,C,11.13,yes\n14,female,A,30.07,yes\n4,female,C,16.7,yes\n58,male,,26.55,no\n";

/// The column `label` keeps its name, so that the output of that name gets another.
#[test]
fn columns_are_inputs_of_their_names() {
    let table = Csv::new().parse(TABLE).expect("a table").as_categories(["label", "deck"]).expect("categories");
    let table = table.allow_missing(["age", "deck", "fare"]).expect("columns");
    let data = table.dataset(Classes::<2>::in_column("survived")).expect("data");
    let fitted = fitted!(Columns, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "label_1": fitted.predict_names(rows).expect("names"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    let metadata = json!({ "columns": "[\"age\",\"fare\",\"label\",\"deck\"]" });
    write("columns", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[4]), &outputs, &metadata);
    Columns::exports().expect("every layer can");
}

/// A layer of a user's own that says how it is exported, or does not.
#[derive(Debug, Clone, Copy, Default)]
struct Doubled<const EXPORTS: bool>;

own_layer!(Doubled<true>, |_this, input| train: input.try_add_self()?, evaluate: input.try_add_self()?);
own_layer!(Doubled<false>, |_this, input| train: input.try_add_self()?, evaluate: input.try_add_self()?);

/// A tensor added to itself.
trait AddSelf: Sized {
    fn try_add_self(self) -> Result<Self, dfdx::tensor::CpuError>;
}

impl<S: dfdx::shapes::Shape, T: dfdx::tensor::Tape<f32, dfdx::tensor::Cpu>> AddSelf
    for dfdx::tensor::Tensor<S, f32, dfdx::tensor::Cpu, T>
{
    fn try_add_self(self) -> Result<Self, dfdx::tensor::CpuError> {
        use dfdx::tensor_ops::TryMul;
        self.try_mul(2.0)
    }
}

impl Export for Doubled<true> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let two = graph.constant("two", &[1], &[2.0]);
        graph.multiply(input, two)
    }
}

#[searchable]
struct Own<#[grid(Doubled<true>)] Layer> {
    first: (Linear<4, 8>, Layer),
    output: Linear<8, 3>,
}

#[searchable]
struct Refused {
    first: (Linear<4, 8>, Tanh),
    twice: Residual<Doubled<false>>,
    output: Linear<8, 3>,
}

#[test]
fn a_layer_of_ones_own_is_exported_or_named_before_any_training() {
    Own::exports().expect("every layer can");
    let data = corners(60, 1.0);
    let fitted = fitted!(Own, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("own_layer", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[4]), &outputs, &json!({}));

    let wanted = "cannot export `Refused` to ONNX: implement `dropgrid::nn::Export` for the layers of \
                  `twice: Residual<Doubled<false>>`";
    assert_eq!(Refused::exports().expect_err("a layer").to_string(), wanted);
    let fitted = fitted!(Refused, &data, recipe());
    assert!(matches!(fitted.to_onnx_bytes(), Err(Error::Export { model: "Refused", .. })));
}
