//! Named columns as text: CSV, JSON and Markdown.

use std::{borrow::Cow, fmt::Write};

use serde_json::Value;

use crate::escape::{escaped, escaped_json};

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
            Self::Values(values) => match &values[row] {
                Value::String(text) => defused(text).into_owned(),
                value => plain(value),
            },
        }
    }

    /// The cell as people read it.
    fn cell(&self, row: usize) -> String {
        match self {
            Self::Values(values) => plain(&values[row]),
            column => column.csv(row),
        }
    }
}

/// A text that no spreadsheet takes for a formula: one that begins as a formula does gets an apostrophe before it
/// ([CSV injection](https://owasp.org/www-community/attacks/CSV_Injection)), and so does one whose first characters are
/// such apostrophes already. So a text that is read back is without its first apostrophe where one of these characters
/// follows the apostrophes at its beginning, and else as it is.
fn defused(text: &str) -> Cow<'_, str> {
    let is_formula =
        text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Columns as CSV (RFC 4180) with a header. A cell without a number or a value is empty. Numbers have as many digits as it
/// takes to read the same bits back.
///
/// A text that begins with `=`, `+`, `-`, `@` (their wide forms too), a tab or the end of a line, which a spreadsheet would
/// take for a formula, has an apostrophe before it: `'=1+1`. A number is never changed: `-0.5`. To read such a text back,
/// remove the first apostrophe where one of these characters follows the apostrophes that it begins with.
pub fn to_csv(columns: &[(String, Column)]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells.
    let _ = writer.write_record(columns.iter().map(|(name, _)| defused(name).into_owned()));
    for row in 0..rows(columns) {
        let _ = writer.write_record(columns.iter().map(|(_, column)| column.csv(row)));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Columns as a JSON list of one object a row, as pandas' `orient="records"`. What is no number is `null`. Characters that a
/// terminal would obey are written as `\u` escapes, which read back as they were.
pub fn to_json(columns: &[(String, Column)]) -> String {
    let rows: Vec<String> = objects(columns).map(|object| format!("  {}", escaped_json(&object.to_string()))).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
}

/// Columns as [JSON lines](https://jsonlines.org): the objects of [`to_json`], one a line.
pub fn to_json_lines(columns: &[(String, Column)]) -> String {
    objects(columns).fold(String::new(), |mut text, object| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", escaped_json(&object.to_string()));
        text
    })
}

/// Each row of columns as a JSON object. What is no number is `null`.
pub fn objects(columns: &[(String, Column)]) -> impl Iterator<Item = Value> {
    let object = |row| Value::Object(columns.iter().map(|(name, column)| (name.clone(), column.json(row))).collect());
    (0..rows(columns)).map(object)
}

/// Columns as a table in Markdown; texts are as they are, [escaped](markdown).
pub fn to_markdown(columns: &[(String, Column)]) -> String {
    let header: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
    let cells = |row| columns.iter().map(|(_, column)| column.cell(row)).collect();
    markdown(&header, &(0..rows(columns)).map(cells).collect::<Vec<_>>())
}

/// A table in Markdown that shows the cells letter by letter: what Markdown or HTML would read as markup is escaped, and so
/// is what a [terminal](crate::escape) would obey. A line feed is a space.
pub fn markdown(header: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| literal(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(header);
    let _ = writeln!(text, "|{}", " ---: |".repeat(header.len()));
    rows.iter().fold(text, |text, row| text + &line(row))
}

/// A text as Markdown that shows it.
fn literal(text: &str) -> String {
    let text = text.replace("\r\n", " ").replace('\n', " ");
    let mut out = String::with_capacity(text.len());
    let text = escaped(&text);
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '[' | ']' | '~' | '$' => out.extend(['\\', letter]),
            // Within a word it is no markup, and names are full of it.
            '_' if !(before.is_alphanumeric() && letters.peek().is_some_and(|next| next.is_alphanumeric())) => {
                out.push_str("\\_");
            }
            letter => out.push(letter),
        }
        before = letter;
    }
    out
}

fn rows(columns: &[(String, Column)]) -> usize {
    columns.first().map_or(0, |(_, column)| column.len())
}

/// The shortest text that reads back as the same number.
fn number(value: f64) -> String {
    serde_json::Number::from_f64(value).map_or_else(|| value.to_string(), |number| number.to_string())
}

/// A value as JSON, but strings without their quotes and nothing for null.
pub(in crate::report) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
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
        let cells = read(&to_csv(&texts(&hostile)));
        for (text, cell) in hostile.iter().zip(&cells) {
            assert_eq!(*cell, format!("'{text}"), "reading it back is taking the apostrophe away");
        }
        let plain = ["ReLU", "a-1", "it's", "'quoted'", "", "1=1", "{\"lr\":-1}"];
        assert_eq!(read(&to_csv(&texts(&plain))), plain);
        assert!(to_csv(&[("=1".to_owned(), Column::Ranks(vec![1]))]).starts_with("'=1\n"));
    }

    #[test]
    fn numbers_stay_numbers() {
        let numbers = vec![
            ("score".to_owned(), Column::Numbers(vec![-0.5, f64::NEG_INFINITY, f64::NAN])),
            ("param_lr".to_owned(), Column::Values(vec![(-0.5).into(), (-3).into(), Value::Null])),
        ];
        assert_eq!(to_csv(&numbers), "score,param_lr\n-0.5,-0.5\n-inf,-3\n,\n");
    }

    #[test]
    fn markdown_shows_a_text_letter_by_letter() {
        let hostile = "a|b `c` <img src=x> & \\ *d* [e](f) _g_ log_loss $h$\ni\u{1b}[31m";
        assert_eq!(
            to_markdown(&texts(&[hostile])),
            "| text |\n| ---: |\n\
             | a\\|b \\`c\\` &lt;img src=x&gt; &amp; \\\\ \\*d\\* \\[e\\](f) \\_g\\_ log_loss \\$h\\$ i\\\\u{1b}\\[31m |\n"
        );
        assert!(to_markdown(&texts(&["-1"])).contains("| -1 |"), "no spreadsheet reads it");
    }

    #[test]
    fn json_keeps_a_text_and_rings_no_bell() {
        let hostile = "=1\u{1b}[31m\u{9b}\u{202e}\n";
        for json in [to_json(&texts(&[hostile])), format!("[{}]", to_json_lines(&texts(&[hostile])))] {
            let value: Value = serde_json::from_str(&json).expect("JSON");
            assert_eq!(value[0]["text"], hostile);
            assert!(!json.contains(['\u{1b}', '\u{9b}', '\u{202e}']));
        }
    }
}
