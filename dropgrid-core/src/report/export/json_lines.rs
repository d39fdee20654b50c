//! Columns as JSON lines.

use super::{Column, Format, json};

pub(super) const FORMAT: Format =
    Format { name: "jsonl", aliases: &[], about: "One object a line", is_for_people: false, text };

fn text(columns: &[(String, Column)]) -> String {
    json::lines(columns).map(|line| line + "\n").collect()
}
