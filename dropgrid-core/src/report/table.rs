//! The results as a table for a terminal.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::Results;
use crate::space::Params;

/// Rows shown; a terminal has about as many.
const SHOWN: usize = 20;

/// The best candidates, best first.
pub(super) fn render<P: Params>(results: &Results<P>) -> String {
    let mut order: Vec<usize> = (0..results.candidates().len()).collect();
    order.sort_by_key(|&at| results.candidates()[at].rank(0));

    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    let mut header = vec!["rank".to_owned()];
    header.extend(P::NAMES.iter().map(|name| (*name).to_owned()));
    for metric in results.metrics() {
        header.push(format!("mean {}", metric.name));
        header.push("std".to_owned());
    }
    header.push("fit time".to_owned());
    table.set_header(header);

    for &at in order.iter().take(SHOWN) {
        let candidate = &results.candidates()[at];
        let mut row = vec![candidate.rank(0).to_string()];
        row.extend(candidate.params().values().iter().map(plain));
        let failed = candidate.records().iter().any(|record| record.outcome.is_err());
        for metric in 0..results.metrics().len() {
            row.push(number(candidate.mean(metric), failed));
            row.push(number(candidate.std(metric), failed));
        }
        let seconds: f64 = candidate.records().iter().map(|record| record.fit_time.as_secs_f64()).sum();
        row.push(format!("{:.3} s", seconds / candidate.records().len().max(1) as f64));
        table.add_row(row.into_iter().map(|text| Cell::new(text).set_alignment(CellAlignment::Right)));
    }
    let mut text = table.to_string();
    if order.len() > SHOWN {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n… and {} more", order.len() - SHOWN);
    }
    text
}

/// A score; where there is none, whether a fit failed or the metric is undefined.
fn number(value: f64, failed: bool) -> String {
    match (value.is_nan(), failed) {
        (true, true) => "failed".to_owned(),
        (true, false) => "undefined".to_owned(),
        (false, _) => format!("{value:.6}"),
    }
}

/// A value as JSON, but strings without their quotes.
fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
