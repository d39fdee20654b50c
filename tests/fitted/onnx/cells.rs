//! Cells as they stand in a table: they are rounded as in Rust.

use dropgrid::prelude::*;
use serde_json::json;

use super::{recipe, write};

#[searchable]
struct Ranks {
    #[columns(size)]
    rank: QuantileTransform<1, Uniform, 10>,
    #[columns(time)]
    time: (QuantileTransform<1, Uniform, 10>, Standardize<1>),
    hidden: (Linear<2, 8>, Tanh),
    output: Linear<8, 3>,
}

/// A quantile function jumps at equal cells. The model has seen 0.1 in single precision, and the file takes it in
/// double.
#[test]
fn cells_are_rounded_as_in_training() {
    let sizes = [0.0, 0.02, 0.04, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.4];
    for (name, start) in [("near", 0.0), ("far", 1.7e9)] {
        let rows: Vec<[f64; 2]> = sizes.iter().map(|size| [*size, start + 10.0 * size]).collect();
        let features = Features::from_f64_rows(&rows).expect("features").with_names(["size", "time"]).expect("names");
        assert_eq!(features.origins().is_some(), start > 0.0);
        let labels = Classes::<3>::new((0..10).map(|row| row / 4)).expect("labels");
        let data = Dataset::from_features(features, labels).expect("data");
        let fitted = fitted!(Ranks, &data, recipe());
        let outputs = json!({
            "label": fitted.predict(data.features()).expect("classes"),
            "probabilities": fitted.predict_proba(data.features()).expect("probabilities").concat(),
        });
        let inputs = json!({ "features": { "shape": [10, 2], "cells": rows.concat() } });
        write(&format!("ranks_{name}"), &fitted.to_onnx_bytes().expect("bytes"), &inputs, &outputs, &json!({}));
    }
}
