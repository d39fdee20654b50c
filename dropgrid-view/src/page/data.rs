//! The numbers by which the page's script sorts, filters and names what is under the pointer.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::{
    SearchView,
    escape::escaped_lines,
    markup::{Element, script_json},
    number,
    plot::Places,
};

/// The candidates that have a mark in this part of the page, which are rows and all that plots draw, as JSON in a
/// `script` element.
pub(super) fn script(view: &SearchView, main: &Element) -> Element {
    let axes = view.varying();
    let places = Places::of(view);
    let markup = main.to_string();
    let marks = markup.split(" data-c=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let marked: BTreeSet<&str> = marks.collect();
    let mut candidates = Map::new();
    for candidate in &view.candidates {
        let number = candidate.number.to_string();
        if !marked.contains(number.as_str()) {
            continue;
        }
        let deciding = candidate.deciding();
        let params: Vec<Value> = axes.iter().map(|&axis| shown(candidate.params.get(axis))).collect();
        let means: Vec<Option<f64>> = candidate.summaries.iter().map(|summary| short(summary.mean)).collect();
        let heights = places.as_ref().map_or_else(Vec::new, |places| places.heights(candidate));
        // A hundredth of a pixel tells apart what a range is between.
        let rounded = |height: f64| (height * 100.0).round() / 100.0;
        let heights: Vec<Option<f64>> = heights.into_iter().map(|height| short(height.map(rounded))).collect();
        let fields = json!([
            deciding.map(|summary| summary.rank),
            means,
            short(deciding.and_then(|summary| summary.std)),
            short(deciding.and_then(|summary| summary.train_mean)),
            short(candidate.fit_seconds),
            candidate.state.word(),
            params,
            heights,
            short(candidate.violation())
        ]);
        candidates.insert(number, fields);
    }
    let names: Vec<_> = axes.iter().map(|&axis| escaped_lines(&view.axes[axis].name)).collect();
    let metrics: Vec<_> = view.metrics.iter().map(|metric| escaped_lines(&metric.name)).collect();
    let scales = places.as_ref().map_or_else(Vec::new, Places::scales);
    let all = json!({ "names": names, "metrics": metrics, "candidates": candidates, "scales": scales });
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
    number.filter(|number| number.is_finite()).and_then(|number| format!("{number:.5e}").parse().ok())
}
