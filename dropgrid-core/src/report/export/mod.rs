//! Exports: named columns as text, one format a file.
//!
//! To add a format, write its file and name it in [`FORMATS`]: [`Results::write`](super::Results::write) and the
//! command's `export` then know it.

#[cfg(feature = "arrow")]
mod arrow;
pub(super) mod csv;
pub(super) mod json;
mod json_lines;
pub(super) mod markdown;

pub use json::objects;

use std::path::Path;

use serde_json::Value;

use crate::{
    error::{Error, FileError, Result},
    file,
};

/// The formats of exports.
pub const FORMATS: [Format; 4] = [csv::FORMAT, json::FORMAT, json_lines::FORMAT, markdown::FORMAT];

/// A format of exports.
///
/// | format | content |
/// |---|---|
/// | `csv` | RFC 4180 with a header. A cell without a number or a value is empty |
/// | `json` | A list of one object a row, as pandas' `orient="records"` |
/// | `jsonl` | The same objects, one a line: [JSON lines](https://jsonlines.org) |
/// | `md` | A table in Markdown, with every text escaped so that it shows letter by letter |
///
/// Numbers have as many digits as it takes to read the same bits back. NaN is an empty cell in CSV and `null` in JSON.
///
/// A spreadsheet would take a text in CSV for a formula where it begins with `=`, `+`, `-`, `@` (their wide forms too),
/// a tab or the end of a line. Such a text has an apostrophe before it: `'=1+1`. Numbers are never changed: `-0.5`. To
/// read the text back, remove the first apostrophe where one of these characters follows the apostrophes that it begins
/// with.
///
/// JSON has `\u` escapes in place of the characters that a terminal would obey; they read back as they were.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The name, which is the extension of its files.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// One line about it.
    pub about: &'static str,
    /// True of a format for people, who get a summary of the results; programs get every column.
    pub(super) is_for_people: bool,
    text: fn(&[(String, Column)]) -> String,
}

impl Format {
    /// The format of this name, in letters of either case.
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |format: &Self| {
            [&[format.name], format.aliases].concat().iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        FORMATS.into_iter().find(is_named)
    }

    /// The format of a file, by its extension.
    ///
    /// # Errors
    /// [`FileError::UnknownExtension`](crate::error::FileError::UnknownExtension).
    pub fn of_file(path: &Path) -> Result<Self> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        Self::named(extension).ok_or_else(|| {
            let mut names = FORMATS.map(|format| format.name).to_vec();
            names.extend(BINARY);
            let last = names.pop().unwrap_or_default();
            let expected = format!("{} or {last}", names.join(", "));
            Error::File(FileError::UnknownExtension { path: path.to_owned(), expected })
        })
    }

    /// The columns in this format.
    pub fn text(&self, columns: &[(String, Column)]) -> String {
        (self.text)(columns)
    }

    /// Writes the columns to a file, [whole or not at all](file::write).
    ///
    /// # Errors
    /// Those of [`file::write`].
    pub fn write(&self, path: impl AsRef<Path>, columns: &[(String, Column)]) -> Result<()> {
        file::write(path, self.text(columns))
    }
}

/// The extensions of files that are no texts.
#[cfg(feature = "arrow")]
const BINARY: &[&str] = arrow::EXTENSIONS;
#[cfg(not(feature = "arrow"))]
const BINARY: &[&str] = &[];

/// Writes columns to a file, [whole or not at all](file::write), in the format of its extension: one of [`FORMATS`], or
/// `arrow`, `feather` and `parquet` under the features of these names. `columns` gives those for people where its
/// argument is true.
///
/// # Errors
/// Those of [`file::write`]; [`FileError::UnknownExtension`](crate::error::FileError::UnknownExtension).
pub(super) fn write(path: &Path, columns: impl Fn(bool) -> Vec<(String, Column)>) -> Result<()> {
    #[cfg(feature = "arrow")]
    if let Some(extension) = path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase)
        && BINARY.contains(&extension.as_str())
    {
        return arrow::write(path, &extension, &columns(false));
    }
    let format = Format::of_file(path)?;
    format.write(path, &columns(format.is_for_people))
}

/// The values of one column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Times in seconds, scores and their summaries; NaN where there is none.
    Numbers(Vec<f64>),
    /// Ranks, of which 1 is the best, and other counts.
    Integers(Vec<usize>),
    /// Hyperparameters and other data as JSON; null where there is none.
    Values(Vec<Value>),
    /// Tables of named columns, as the learning curves of fits. JSON has each as a list of objects; other formats leave
    /// the column out.
    Tables(Vec<Vec<(String, Column)>>),
}

impl Column {
    /// Number of rows.
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Integers(integers) => integers.len(),
            Self::Values(values) => values.len(),
            Self::Tables(tables) => tables.len(),
        }
    }
}

/// Number of rows of a table.
fn rows(columns: &[(String, Column)]) -> usize {
    columns.first().map_or(0, |(_, column)| column.len())
}

/// The columns that a format without nested tables has.
fn flat(columns: &[(String, Column)]) -> Vec<(&str, &Column)> {
    let is_flat = |(_, column): &&(String, Column)| !matches!(column, Column::Tables(_));
    columns.iter().filter(is_flat).map(|(name, column)| (name.as_str(), column)).collect()
}

/// The shortest text that reads back as the same number; nothing for NaN.
fn number(value: f64) -> String {
    if value.is_nan() {
        return String::new();
    }
    serde_json::Number::from_f64(value).map_or_else(|| value.to_string(), |number| number.to_string())
}

/// A value as JSON, but a string without its quotes, and nothing for null.
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

    #[test]
    fn a_format_has_one_name_and_is_found_by_the_extension() {
        for format in FORMATS {
            let path = format!("results.{}", format.name.to_uppercase());
            assert_eq!(Format::of_file(Path::new(&path)).expect("a format").name, format.name);
            let names = FORMATS.iter().flat_map(|other| [&[other.name], other.aliases].concat());
            assert_eq!(names.filter(|name| *name == format.name).count(), 1);
        }
        let error = Format::of_file(Path::new("results.xlsx")).unwrap_err().to_string();
        assert!(error.ends_with("expected csv, json, jsonl or md"), "{error}");
    }
}
