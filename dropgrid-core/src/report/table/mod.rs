//! The results as a table for a terminal.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::{Fields, Results};

/// Rows shown; a terminal has about as many.
const SHOWN: usize = 20;

/// The best candidates, best first.
pub(super) fn render<P: Fields>(results: &Results<P>) -> String {
    let (header, rows) = results.summary_table(SHOWN);
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    let hidden = results.candidates().len().saturating_sub(SHOWN);
    for row in rows {
        table.add_row(row.into_iter().map(|text| Cell::new(text).set_alignment(CellAlignment::Right)));
    }
    let mut text = table.to_string();
    if hidden > 0 {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n… and {hidden} more");
    }
    text
}
