//! Named columns as text: CSV, JSON and Markdown.

use std::fmt::Write;

use serde_json::Value;

/// The values of one column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Times in seconds, scores and their summaries; NaN where there is none.
    Numbers(Vec<f64>),
    /// Ranks, 1 is best.
    Ranks(Vec<usize>),
    /// Hyperparameters and other data as JSON; null where there is no such one.
    Values(Vec<Value>),
}

impl Column {
    /// Number of rows.
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Ranks(ranks) => ranks.len(),
            Self::Values(values) => values.len(),
        }
    }

    fn json(&self, row: usize) -> Value {
        match self {
            // JSON has no NaN: what is no number is null, as pandas writes and reads it.
            Self::Numbers(numbers) => Value::from(numbers[row]),
            Self::Ranks(ranks) => Value::from(ranks[row]),
            Self::Values(values) => values[row].clone(),
        }
    }

    fn csv(&self, row: usize) -> String {
        match self {
            Self::Numbers(numbers) if numbers[row].is_nan() => String::new(),
            Self::Numbers(numbers) => number(numbers[row]),
            Self::Ranks(ranks) => ranks[row].to_string(),
            Self::Values(values) => plain(&values[row]),
        }
    }
}

/// Columns as CSV (RFC 4180) with a header. A cell without a number or a value is empty. Numbers have as many digits as it
/// takes to read the same bits back.
pub fn to_csv(columns: &[(String, Column)]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells.
    let _ = writer.write_record(columns.iter().map(|(name, _)| name));
    for row in 0..rows(columns) {
        let _ = writer.write_record(columns.iter().map(|(_, column)| column.csv(row)));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Columns as a JSON list of one object a row, as pandas' `orient="records"`. What is no number is `null`.
pub fn to_json(columns: &[(String, Column)]) -> String {
    let rows: Vec<String> = objects(columns).map(|object| format!("  {object}")).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
}

/// Columns as [JSON lines](https://jsonlines.org): the objects of [`to_json`], one a line.
pub fn to_json_lines(columns: &[(String, Column)]) -> String {
    objects(columns).fold(String::new(), |mut text, object| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{object}");
        text
    })
}

/// Each row of columns as a JSON object. What is no number is `null`.
pub fn objects(columns: &[(String, Column)]) -> impl Iterator<Item = Value> {
    let object = |row| Value::Object(columns.iter().map(|(name, column)| (name.clone(), column.json(row))).collect());
    (0..rows(columns)).map(object)
}

/// Columns as a table in Markdown, with the cells of [`to_csv`].
pub fn to_markdown(columns: &[(String, Column)]) -> String {
    let header: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let cells = |row| columns.iter().map(|(_, column)| column.csv(row)).collect();
    markdown(&header, &(0..rows(columns)).map(cells).collect::<Vec<_>>())
}

/// A table in Markdown.
pub fn markdown(header: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(header);
    let _ = writeln!(text, "|{}", " ---: |".repeat(header.len()));
    rows.iter().fold(text, |text, row| text + &line(row))
}

fn rows(columns: &[(String, Column)]) -> usize {
    columns.first().map_or(0, |(_, column)| column.len())
}

/// The shortest text that reads back as the same number.
fn number(value: f64) -> String {
    serde_json::Number::from_f64(value).map_or_else(|| value.to_string(), |number| number.to_string())
}

/// A value as JSON, but strings without their quotes and nothing for null.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
