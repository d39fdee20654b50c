//! Columns as CSV.

use std::borrow::Cow;

use serde_json::Value;

use super::{Column, Format, flat, number, plain, rows};

pub(in crate::report) const FORMAT: Format =
    Format { name: "csv", aliases: &[], about: "Comma-separated values with a header", is_for_people: false, text };

fn text(columns: &[(String, Column)]) -> String {
    let (rows, columns) = (rows(columns), flat(columns));
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells.
    let _ = writer.write_record(columns.iter().map(|(name, _)| defused(name).into_owned()));
    for row in 0..rows {
        let _ = writer.write_record(columns.iter().map(|(_, column)| cell(column, row)));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn cell(column: &Column, row: usize) -> String {
    match column {
        Column::Numbers(numbers) => number(numbers[row]),
        Column::Integers(integers) => integers[row].to_string(),
        Column::Values(values) => match &values[row] {
            Value::String(text) => defused(text).into_owned(),
            value => plain(value),
        },
        Column::Tables(_) => String::new(),
    }
}

/// The text, with an apostrophe before one that a spreadsheet would take for a formula ([CSV
/// injection](https://owasp.org/www-community/attacks/CSV_Injection)), and before one that reads as such a text with
/// its apostrophe.
fn defused(text: &str) -> Cow<'_, str> {
    let is_formula =
        text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<(String, Column)> {
        vec![("text".to_owned(), Column::Values(texts.iter().map(|&text| text.into()).collect()))]
    }

    fn read(csv: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        reader.records().map(|record| record.expect("a row")[0].to_owned()).collect()
    }

    #[test]
    fn a_text_is_no_formula() {
        let hostile =
            ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''-1"];
        let cells = read(&text(&texts(&hostile)));
        for (text, cell) in hostile.iter().zip(&cells) {
            assert_eq!(*cell, format!("'{text}"), "reading it back is taking the apostrophe away");
        }
        let plain = ["ReLU", "a-1", "it's", "'quoted'", "", "1=1", "{\"lr\":-1}"];
        assert_eq!(read(&text(&texts(&plain))), plain);
        assert!(text(&[("=1".to_owned(), Column::Integers(vec![1]))]).starts_with("'=1\n"));
    }

    #[test]
    fn numbers_stay_numbers() {
        let numbers = vec![
            ("score".to_owned(), Column::Numbers(vec![-0.5, f64::NEG_INFINITY, f64::NAN])),
            ("param_lr".to_owned(), Column::Values(vec![(-0.5).into(), (-3).into(), Value::Null])),
        ];
        assert_eq!(text(&numbers), "score,param_lr\n-0.5,-0.5\n-inf,-3\n,\n");
    }
}
