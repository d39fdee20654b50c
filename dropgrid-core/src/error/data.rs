//! What can be wrong with data.

use std::path::PathBuf;

/// Why data cannot be used: a file, a table, a label. Rows are numbered from 1, columns from 0 where they have no name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A data file could not be opened or read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system or the CSV reader said.
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
    /// A quote of a CSV file is out of place, so that cells would be read that nobody wrote.
    #[error("line {line}, column `{column}`: {fault}")]
    Quote {
        /// The line of the file, from 1; the header is one.
        line: u64,
        /// The column's name in the header, or its number from 0.
        column: String,
        /// What is wrong with the quote.
        fault: QuoteFault,
    },
    /// A cell of a CSV file is not a number.
    #[error("row {row}, column `{column}`: `{value}` is not a number")]
    NotANumber {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name in the header.
        column: String,
        /// The cell as it stands in the file.
        value: String,
    },
    /// A feature is NaN or infinite.
    #[error("row {row}, column `{column}`: {value} is not finite")]
    NotFinite {
        /// Row number, the first data row is 1.
        row: usize,
        /// The column's name, or its number from 0 where columns have no names.
        column: String,
        /// The value.
        value: f64,
    },
    /// A class label is not one of the target's classes.
    #[error("row {row}, column `{column}`: label {value} is not one of the {classes} classes 0..{classes}")]
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
    #[error("row {row}, column `{column}`: `{value}` is not one of the classes {classes}", classes = list(classes))]
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
    #[error("column `{column}` has {found} distinct values, but the target has {classes} classes")]
    ClassCount {
        /// The column's name.
        column: String,
        /// Distinct values found.
        found: usize,
        /// Classes of the target.
        classes: usize,
    },
    /// Two classes have the same name.
    #[error("two classes are named `{name}`")]
    DuplicateClass {
        /// The name.
        name: String,
    },
    /// A column is asked for as two of target, weights and groups.
    #[error("column `{column}` cannot be two of target, weights and groups")]
    ColumnUsedTwice {
        /// The column.
        column: String,
    },
    /// The CSV file has no column of that name.
    #[error("no column `{column}` in {path}; its columns are {columns}", path = path.display(), columns = list(columns))]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// The file.
        path: PathBuf,
        /// The columns of the file.
        columns: Vec<String>,
    },
    /// Two columns of the CSV file have the same name.
    #[error("column `{column}` stands twice in the header of {path}", path = path.display())]
    DuplicateColumn {
        /// The name.
        column: String,
        /// The file.
        path: PathBuf,
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

/// What is wrong with a quote of a CSV file.
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
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
