//! A model whose layers are searchable structs.

use dropgrid::prelude::*;
use serde_json::json;

use super::{inputs, recipe, write};
use crate::corners::corners;

#[searchable]
struct Block<const WIDTH: usize> {
    linear: Linear<WIDTH, WIDTH>,
    #[grid(0.1)]
    act: LeakyReLU,
    norm: LayerNorm1D<WIDTH>,
    #[grid(0.2)]
    dropout: Dropout,
}

#[searchable]
struct Nested {
    first: (Linear<4, 8>, ReLU),
    #[searchable]
    block: Block<8>,
    #[searchable]
    skipped: Residual<Block<8>>,
    #[searchable]
    body: Repeated<Block<8>, 2>,
    output: Linear<8, 3>,
}

#[test]
fn searchable_layers_are_exported_like_others() {
    Nested::exports().expect("every layer can");
    let data = corners(60, 2.0);
    let fitted = fitted!(Nested, &data, recipe());
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("nested", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[4]), &outputs, &json!({}));
}
