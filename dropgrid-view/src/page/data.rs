//! The numbers by which the page's script sorts, filters and names what is under the pointer.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    SearchView,
    escape::escaped_lines,
    markup::{Element, script_json},
    number,
    plot::sample,
};

/// The most candidates that any plot draws.
const DRAWN: usize = 800;

/// The candidates of the table and of the plots, as JSON in a `script` element.
pub(super) fn script(view: &SearchView, rows: usize) -> Element {
    let axes = view.varying();
    let mut known: BTreeSet<usize> = view.ranked().into_iter().take(rows).collect();
    known.extend(sample(view, DRAWN));
    let candidates: Map<String, Value> = known
        .into_iter()
        .map(|at| {
            let candidate = &view.candidates[at];
            let deciding = candidate.deciding();
            let params: Vec<Value> = axes.iter().map(|&axis| shown(candidate.params.get(axis))).collect();
            let numbers = json!([
                deciding.map(|summary| summary.rank),
                short(candidate.mean()),
                short(deciding.and_then(|summary| summary.std)),
                short(candidate.fit_seconds),
                params
            ]);
            (candidate.number.to_string(), numbers)
        })
        .collect();
    let names: Vec<_> = axes.iter().map(|&axis| escaped_lines(&view.axes[axis].name)).collect();
    let metric = escaped_lines(view.metric().map_or("score", |metric| &metric.name));
    let all = json!({ "names": names, "metric": metric, "total": view.candidates.len(), "candidates": candidates });
    Element::new("script").set("type", "application/json").set("id", "data").trusted(&script_json(&all))
}

/// A value as the table shows it.
fn shown(value: Option<&Value>) -> Value {
    match value {
        Some(Value::String(text)) => escaped_lines(text).into(),
        Some(Value::Array(_) | Value::Object(_)) => value.map_or(Value::Null, |value| number::value(value).into()),
        value => value.cloned().unwrap_or_default(),
    }
}

/// A number with six significant digits.
fn short(number: Option<f64>) -> Option<f64> {
    number.and_then(|number| format!("{number:.5e}").parse().ok())
}
