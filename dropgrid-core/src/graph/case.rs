//! Cases of the tests: graphs as text, and as files that `tests/golden/onnx_files.py` runs.

use super::{Edge, Graph};

/// The operators of a graph in order, parted by blanks.
pub(crate) fn operators(graph: &Graph) -> String {
    let operators: Vec<&str> = graph.nodes.iter().map(|node| node.operator).collect();
    operators.join(" ")
}

/// Writes a graph with the single input `features` and what it gives for rows, where `DROPGRID_ONNX` names a folder.
#[cfg(feature = "onnx")]
pub(crate) fn write(name: &str, graph: Graph, output: Edge, cells: &[f64], wanted: &[f64]) {
    use std::{env, fs, path::PathBuf};

    let width: usize = graph.shape(graph.inputs[0]).iter().product();
    let axes = graph.shape(graph.inputs[0]).to_vec();
    let shape: Vec<usize> = [cells.len() / width].into_iter().chain(axes).collect();
    let bytes = graph.into_onnx("case", &[("output", output)], &[]);
    assert!(!bytes.is_empty());
    let Some(folder) = env::var_os("DROPGRID_ONNX") else { return };
    // A NaN becomes null.
    let case = serde_json::json!({
        "inputs": { "features": { "shape": shape, "cells": cells } },
        "outputs": { "output": wanted },
    });
    let file = PathBuf::from(folder).join(name.replace(|letter: char| !letter.is_alphanumeric(), "_"));
    fs::write(file.with_extension("onnx"), bytes).expect("a file");
    fs::write(file.with_extension("json"), case.to_string()).expect("a file");
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn write(_name: &str, _graph: Graph, _output: Edge, _cells: &[f64], _wanted: &[f64]) {}
