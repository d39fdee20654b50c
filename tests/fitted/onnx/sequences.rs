//! Whole models of sequences: codes of words in, probabilities out.

use dropgrid::prelude::*;
use serde_json::json;

use super::{inputs, recipe, write};

/// Words through a table of vectors, positions and a block of attention.
#[searchable(input = 6)]
struct Attentive {
    words: (Embedding<9, 8>, PositionalEncoding),
    #[grid(0.1)]
    encoder: TransformerEncoder<8, 2, 16>,
    output: (GlobalAverage, Linear<8, 3>),
}

/// The same words step by step, in both directions.
#[searchable(input = 6)]
struct Recurrent {
    words: Embedding<9, 4>,
    #[grid(0.1)]
    first: Lstm<4, 5, 2, AllStates, Bidirectional>,
    last: Gru<10, 6>,
    output: Linear<6, 3>,
}

/// A series of steps and channels, without codes.
#[searchable(input = Rank2<6, 2>)]
struct Convolution {
    first: (Conv1D<2, 6, 3, 1, 1>, LayerNorm1D<6>, ReLU, MaxPool1D<2, 2>),
    attention: MultiHeadAttention<6, 3>,
    output: (GlobalAverage, Linear<6, 3>),
}

/// Rows of six codes below 9, and a class that depends on their order.
fn sentences() -> Dataset<Classes<3>> {
    let codes = |row: usize| [0, 1, 2, 3, 4, 5].map(|step| ((row * 7 + step * step * 5 + row * step) % 9) as f32);
    let rows: Vec<[f32; 6]> = (0..48).map(codes).collect();
    let labels = rows.iter().map(|row| usize::from(row[0] > row[3]) + usize::from(row[1] > row[2]));
    Dataset::new(&rows, Classes::<3>::new(labels.collect::<Vec<_>>()).expect("labels")).expect("data")
}

macro_rules! check {
    ($name:literal, $model:ident, $data:expr, $sample:expr) => {{
        let data = $data;
        let fitted = fitted!($model, &data, recipe());
        let rows = data.features();
        let probabilities = fitted.predict_proba(rows).expect("probabilities");
        assert!(probabilities[0] != probabilities[1], "the network reads its rows");
        let outputs = json!({
            "label": fitted.predict(rows).expect("classes"),
            "probabilities": probabilities.concat(),
        });
        let loaded = Fitted::<$model, Classes<3>>::from_bytes(&fitted.to_bytes().expect("bytes")).expect("a model");
        write($name, &loaded.to_onnx_bytes().expect("bytes"), &inputs(rows, $sample), &outputs, &json!({}));
        $model::exports().expect("every layer can");
    }};
}

#[test]
fn words_through_attention_are_exported() {
    check!("attentive", Attentive, sentences(), &[6]);
}

#[test]
fn words_through_recurrent_layers_are_exported() {
    check!("recurrent", Recurrent, sentences(), &[6]);
}

#[test]
fn a_series_through_a_convolution_is_exported() {
    let step = |row: usize, at: usize| ((row * 31 + at * 17 + row * at) % 53) as f32 / 7.0 - 2.0;
    let rows: Vec<[f32; 12]> = (0..48).map(|row| std::array::from_fn(|at| step(row, at))).collect();
    let labels: Vec<usize> = rows.iter().map(|row| usize::from(row[0] > row[4]) + usize::from(row[9] > 0.0)).collect();
    let data = Dataset::new(&rows, Classes::<3>::new(labels).expect("labels")).expect("data");
    check!("convolution", Convolution, data, &[6, 2]);
}
