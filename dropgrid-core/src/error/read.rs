//! Faults of a file or a table that is read.

use std::path::PathBuf;

use super::{
    array::ArrayFault,
    table::{QuoteFault, RaggedRow, file, list, of_file, types},
    worded::worded,
};
use crate::escape::{escaped, shown};

worded! {
/// The reason why a file, rows or record batches cannot be read as a table.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A data file could not be opened or read.
    #[error("cannot read {path}: {source}", path = shown(path))]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system or of the decompression.
        source: std::io::Error,
    },
    /// A data file is of another format than CSV.
    #[error("{path} is {format}, or save the table as CSV", path = shown(path))]
    NotCsv {
        /// The file.
        path: PathBuf,
        /// Its format, and what to write.
        format: &'static str,
    },
    /// A file is no Parquet file, a damaged one, or one that is written in a way that is not read.
    #[error("{path} cannot be read as Parquet: {reason}", path = shown(path), reason = escaped(reason))]
    NotParquet {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A file is no Arrow file or stream, a damaged one, or one that is written in a way that is not read.
    #[error("{path} cannot be read as Arrow: {reason}", path = shown(path), reason = escaped(reason))]
    NotArrow {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// Columns are of types that a table cannot hold.
    #[error(
        "a table holds numbers, yes and no, dates, times and texts, but {columns}: {advice}",
        columns = types(columns), advice = escaped(advice)
    )]
    ColumnTypes {
        /// The columns' names and types.
        columns: Vec<(String, String)>,
        /// The call to write.
        advice: String,
    },
    /// A record batch has other columns than the first.
    #[error("batch {batch} has the columns {}, but the first one has {}", list(found), list(expected))]
    BatchesDiffer {
        /// The batch, from 1.
        batch: usize,
        /// Its columns with their types.
        found: Vec<String>,
        /// Those of the first batch.
        expected: Vec<String>,
    },
    /// A data file is not in UTF-8, and does not say in which encoding it is.
    #[error(
        "line {line}: the bytes of `{text}` are not UTF-8: write `Csv::new().latin1()` if that is the text in Latin-1 or \
         Windows-1252, or save the file as UTF-8",
        text = escaped(text)
    )]
    NotUtf8 {
        /// The line of the file, from 1; the header is one.
        line: u64,
        /// The cell that has them, as Latin-1.
        text: String,
    },
    /// A data file has no line that is not blank.
    #[error("{} is empty", file(path.as_ref()))]
    EmptyFile {
        /// The file, where the table is of one.
        path: Option<PathBuf>,
    },
    /// The first line of a data file is numbers, and may be data.
    #[error(
        "the first line{} is no header but numbers, {}: write `Csv::new().no_header()`, or `.header()` if they are names",
        of_file(path.as_ref()), list(names)
    )]
    HeaderOfNumbers {
        /// The file, where the table is of one.
        path: Option<PathBuf>,
        /// The cells of the line.
        names: Vec<String>,
    },
    /// Rows of a data file have more or fewer cells than the header.
    #[error(
        "the first line has {expected} {}, but {count} {} another number ({}{}): {advice}",
        if *expected == 1 { "cell" } else { "cells" },
        if *count == 1 { "line has" } else { "lines have" },
        rows.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        if *count > rows.len() { format!("; {} more", count - rows.len()) } else { String::new() }
    )]
    Ragged {
        /// Cells of the first line.
        expected: usize,
        /// The first rows of another length.
        rows: Vec<RaggedRow>,
        /// Number of rows of another length.
        count: usize,
        /// The call to write, or the action to take.
        advice: String,
    },
    /// A row of the user's own type is no record of named, plain fields.
    #[error("row {row} is no record of named, plain fields: {reason}", reason = escaped(reason))]
    Rows {
        /// Row number, from 1.
        row: usize,
        /// The reason.
        reason: String,
    },
    /// An array of a `.npy` or `.npz` file cannot be used.
    #[error("{array}: {fault}", array = escaped(array))]
    Array {
        /// The file, and the array's name where the file has several.
        array: String,
        /// The fault.
        fault: ArrayFault,
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
    /// Two columns of a table have the same name.
    #[error(
        "column `{column}` stands twice in the header{}: give all columns names by `Csv::new().names([..])`",
        of_file(path.as_ref()), column = escaped(column)
    )]
    DuplicateColumn {
        /// The name.
        column: String,
        /// The file, where the table is of one.
        path: Option<PathBuf>,
    },
}
}
