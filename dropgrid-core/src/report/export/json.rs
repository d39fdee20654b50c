//! Columns as JSON.

use serde_json::Value;

use super::{Column, Format, rows};
use crate::escape::escaped_json;

pub(in crate::report) const FORMAT: Format =
    Format { name: "json", aliases: &[], about: "One list of objects", is_for_people: false, text };

fn text(columns: &[(String, Column)]) -> String {
    let rows: Vec<String> = lines(columns).map(|object| format!("  {object}")).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
}

/// The object of each row as one line, with escapes in place of the characters that a terminal would obey.
pub(super) fn lines(columns: &[(String, Column)]) -> impl Iterator<Item = String> {
    objects(columns).map(|object| escaped_json(&object.to_string()).into_owned())
}

/// Each row of columns as a JSON object. NaN is `null`, as pandas writes and reads it.
pub fn objects(columns: &[(String, Column)]) -> impl Iterator<Item = Value> {
    let object = |row| Value::Object(columns.iter().map(|(name, column)| (name.clone(), value(column, row))).collect());
    (0..rows(columns)).map(object)
}

fn value(column: &Column, row: usize) -> Value {
    match column {
        Column::Numbers(numbers) => numbers[row].into(),
        Column::Integers(integers) => integers[row].into(),
        Column::Values(values) => values[row].clone(),
        Column::Tables(tables) => objects(&tables[row]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::json_lines, *};

    #[test]
    fn json_keeps_a_text_and_rings_no_bell() {
        let columns = |text: &str| vec![("text".to_owned(), Column::Values(vec![text.into()]))];
        let hostile = "=1\u{1b}[31m\u{9b}\u{202e}\n";
        for json in [text(&columns(hostile)), format!("[{}]", json_lines::FORMAT.text(&columns(hostile)))] {
            let value: Value = serde_json::from_str(&json).expect("JSON");
            assert_eq!(value[0]["text"], hostile);
            assert!(!json.contains(['\u{1b}', '\u{9b}', '\u{202e}']));
        }
    }
}
