//! Faults of data.

use std::path::PathBuf;

use super::worded::worded;
use crate::escape::{escaped, shown};

worded! {
/// The reason why data cannot be used: a file, a table, a label. Rows are numbered from 1, columns from 0 where they have no
/// name.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A data file could not be opened or read.
    #[error("cannot read {path}: {source}", path = shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the operating system or of the CSV reader.
        source: csv::Error,
    },
    /// A table has no rows.
    #[error("the data has no rows")]
    EmptyData,
    /// A table has rows but no feature columns.
    #[error("the data has no feature columns")]
    NoFeatures,
    /// A row is shorter or longer than the first one.
    #[error("row {row} has {found} features, but the first row has {expected}")]
    RaggedRow {
        /// Row number, the first data row is 1.
        row: usize,
        /// Features in this row.
        found: usize,
        /// Features in the first row.
        expected: usize,
    },
    /// A flat buffer does not divide into rows.
    #[error("{values} values do not divide into rows of {width}")]
    RaggedBuffer {
        /// Length of the buffer.
        values: usize,
        /// Features a row.
        width: usize,
    },
    /// Features and targets have different lengths.
    #[error("{features} rows of features, but {targets} targets")]
    LengthMismatch {
        /// Rows of features.
        features: usize,
        /// Targets.
        targets: usize,
    },
    /// A quote of a CSV file is out of place, so a reader would find cells that nobody wrote.
    #[error("line {line}, column `{column}`: {fault}", column = escaped(column))]
    Quote {
        /// The line of the file, from 1; the header is one.
        line: u64,
        /// The column's name in the header, or its number from 0.
        column: String,
        /// The fault of the quote.
        fault: QuoteFault,
    },
    /// A cell of a CSV file is not a number.
    #[error("row {row}, column `{column}`: `{value}` is not a number", column = escaped(column), value = escaped(value))]
    NotANumber {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name in the header.
        column: String,
        /// The cell as it stands in the file.
        value: String,
    },
    /// A feature is NaN or infinite.
    #[error("row {row}, column `{column}`: {value} is not finite", column = escaped(column))]
    NotFinite {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name, or its number from 0 where columns have no names.
        column: String,
        /// The value.
        value: f64,
    },
    /// A feature in double precision is beyond single precision, in which networks compute.
    #[error(
        "row {row}, column `{column}`: {value:e} is beyond ±{most:e}; scale the column",
        column = escaped(column), most = f32::MAX
    )]
    TooLarge {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's number from 0.
        column: String,
        /// The value.
        value: f64,
    },
    /// A class label is not one of the target's classes.
    #[error(
        "row {row}, column `{column}`: label {value} is not one of the {classes} classes 0..{classes}",
        column = escaped(column), value = escaped(value)
    )]
    LabelOutOfRange {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name.
        column: String,
        /// The label as given.
        value: String,
        /// Number of classes.
        classes: usize,
    },
    /// A cell of a class column is not one of the classes' names.
    #[error(
        "row {row}, column `{column}`: `{value}` is not one of the classes {classes}",
        classes = list(classes), column = escaped(column), value = escaped(value)
    )]
    UnknownClass {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name.
        column: String,
        /// The cell as it stands in the file.
        value: String,
        /// The names of the classes.
        classes: Vec<String>,
    },
    /// A class column has another number of distinct names than the target has classes.
    #[error("column `{column}` has {found} distinct values, but the target has {classes} classes", column = escaped(column))]
    ClassCount {
        /// The column's name.
        column: String,
        /// Distinct values found.
        found: usize,
        /// Classes of the target.
        classes: usize,
    },
    /// Two classes have the same name.
    #[error("two classes are named `{name}`", name = escaped(name))]
    DuplicateClass {
        /// The name.
        name: String,
    },
    /// A column is asked for as two of target, weights and groups.
    #[error("column `{column}` cannot be two of target, weights and groups", column = escaped(column))]
    ColumnUsedTwice {
        /// The column.
        column: String,
    },
    /// The CSV file has no column of that name.
    #[error(
        "no column `{column}` in {path}; its columns are {columns}",
        path = shown(path), columns = list(columns), column = escaped(column)
    )]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// The file.
        path: PathBuf,
        /// The columns of the file.
        columns: Vec<String>,
    },
    /// Two columns of the CSV file have the same name.
    #[error("column `{column}` stands twice in the header of {path}", path = shown(path), column = escaped(column))]
    DuplicateColumn {
        /// The name.
        column: String,
        /// The file.
        path: PathBuf,
    },
    /// The number of names is not the number of columns.
    #[error("{names} names for {width} columns")]
    ColumnCount {
        /// Names given.
        names: usize,
        /// Columns of the features.
        width: usize,
    },
    /// Two columns have the same name.
    #[error("two columns are named `{column}`", column = escaped(column))]
    RepeatedColumn {
        /// The name.
        column: String,
    },
    /// The columns or flags of new data are not those that a model was trained on.
    #[error(
        "the {kind} are not those that the model was trained on: {differences}",
        differences = differences(missing, unknown)
    )]
    ColumnsDiffer {
        /// `columns` or `flags`.
        kind: &'static str,
        /// Names that the model knows and the data lacks.
        missing: Vec<String>,
        /// Names that the data has and the model does not know.
        unknown: Vec<String>,
    },
    /// A row is of a class that a model was not trained on.
    #[error(
        "row {row} is of class `{class}`, but the model was trained on the classes {learned}",
        class = escaped(class), learned = list(learned)
    )]
    ClassNotLearned {
        /// Row number, the first data row is 1.
        row: usize,
        /// The name of its class.
        class: String,
        /// The names of the model's classes.
        learned: Vec<String>,
    },
    /// A row's label or group is an empty cell.
    #[error(
        "row {row}, column `{column}`: the {what} is empty: fill it in or leave the row out",
        column = escaped(column)
    )]
    EmptyCell {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name in the header.
        column: String,
        /// `label` or `group`.
        what: &'static str,
    },
    /// A selection names a row that the data has not.
    #[error("no row {row}: the data has {rows} rows, 0..{rows}")]
    NoSuchRow {
        /// The row, from 0.
        row: usize,
        /// Rows of the data.
        rows: usize,
    },
    /// The data's rows do not have the length that the network takes.
    #[error("the network takes rows of {expected} features, but the data has {found}")]
    InputWidth {
        /// Features that the network's first layer takes.
        expected: usize,
        /// Features a row of the data.
        found: usize,
    },
}
}

/// The names that are missing, then those that are not known.
fn differences(missing: &[String], unknown: &[String]) -> String {
    let part = |names: &[String], what| (!names.is_empty()).then(|| format!("{} {what}", list(names)));
    let parts = [part(missing, "missing"), part(unknown, "not known")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The fault of a quote that is out of place in a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuoteFault {
    /// The file ends within a quoted cell.
    #[error("the quote that opens here is never closed; close it, and write a quote within the cell as two")]
    Unclosed,
    /// More than blanks stands between the end of a quoted cell and the next comma.
    #[error("text follows the closing quote; quote the whole cell, and write a quote within it as two")]
    Trailing,
    /// A quoted cell begins with a blank.
    #[error("a blank stands before the quote; begin the cell with its quote")]
    Indented,
}

/// The names between backticks, with commas between them.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", escaped(name))).collect();
    quoted.join(", ")
}
