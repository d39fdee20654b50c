//! The layer of one's own in `examples/own_layer.rs`.

#[path = "../../../examples/own_layer.rs"]
#[allow(dead_code, unreachable_pub, reason = "the example has a program, too")]
mod example;

use dropgrid::prelude::*;
use serde_json::json;

use self::example::{Gates, circle};
use super::{inputs, write};

#[test]
fn the_block_of_the_example_gives_the_same_probabilities() {
    Gates::exports().expect("every layer can");
    let data = circle(120).expect("data");
    let search = Gates::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(20)).seed(7).progress(false);
    let fitted = search.fit(&data).expect("a report").into_fitted();
    let rows = data.features();
    let outputs = json!({
        "label": fitted.predict(rows).expect("classes"),
        "probabilities": fitted.predict_proba(rows).expect("probabilities").concat(),
    });
    write("gated_block", &fitted.to_onnx_bytes().expect("bytes"), &inputs(rows, &[2]), &outputs, &json!({}));
}
