//! Faults of data.

use std::path::PathBuf;

use super::{
    read::ReadError,
    table::{ColumnFault, differences, in_file, kind, lines, list},
    worded::worded,
};
use crate::escape::escaped;

worded! {
/// The reason why data cannot be used: a file, a table, a label. Rows are numbered from 1, columns from 0 where they have no
/// name.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file or table cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Cells of a table that cannot be used, by column.
    #[error("{}", lines(faults))]
    Cells {
        /// The columns that have them.
        faults: Vec<ColumnFault>,
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
    /// A column has no value in any of the rows that a step is fitted on.
    #[error(
        "column {column} of the step has no value in the rows that are trained on: leave the column out, or write \
         `Impute<N, Constant>` to give its cells a value"
    )]
    NoValue {
        /// The position of the column among those of the step, from 0.
        column: usize,
    },
    /// A column that earlier steps of a chain made has no value in any of the rows that a step is fitted on.
    #[error(
        "a column that the steps of a chain made has no value in the rows that are trained on: leave the column out, or begin \
         with `Impute<N, Constant>` to give its cells a value"
    )]
    NoValueInChain,
    /// A named column of the data has no value in any of the rows that a fold trains on.
    #[error(
        "the column `{column}` has no value in the rows that are trained on: leave the column out, or write \
         `Impute<N, Constant>` to give its cells a value",
        column = escaped(column)
    )]
    ColumnWithoutValue {
        /// The name of the column, or its number.
        column: String,
    },
    /// A cell is not the code of a category.
    #[error("{value} is not the code of one of the {categories} categories 0..{categories}")]
    NotACategory {
        /// The cell.
        value: f64,
        /// Number of categories.
        categories: usize,
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
    /// A class column has another number of distinct names than the target has classes.
    #[error(
        "column `{column}` has {} distinct values, {}, but the target has {classes} classes",
        found.len(), list(found), column = escaped(column)
    )]
    ClassCount {
        /// The column's name.
        column: String,
        /// The distinct values found.
        found: Vec<String>,
        /// Classes of the target.
        classes: usize,
    },
    /// Two classes or categories have the same name.
    #[error("two classes or categories are named `{name}`", name = escaped(name))]
    DuplicateClass {
        /// The name.
        name: String,
    },
    /// A column is asked for as two of features, target, weights and groups.
    #[error("column `{column}` cannot be two of features, target, weights and groups", column = escaped(column))]
    ColumnUsedTwice {
        /// The column.
        column: String,
    },
    /// The table has no column of that name.
    #[error(
        "no column `{column}`{}; the columns are {}{advice}",
        in_file(path.as_ref()), list(columns), column = escaped(column)
    )]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// The file, where the table is of one.
        path: Option<PathBuf>,
        /// The columns of the table.
        columns: Vec<String>,
        /// The advice at the end of the sentence, with the mark before it; empty where nothing is likely.
        advice: String,
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
    /// A column of new data has categories where a model was trained on numbers, or numbers where it was trained on categories.
    #[error(
        "the column `{column}` has {}, but {} where the model was trained",
        kind(*is_category), kind(!*is_category), column = escaped(column)
    )]
    KindsDiffer {
        /// The name of the column, or its number.
        column: String,
        /// True where the new data has categories.
        is_category: bool,
    },
    /// A column has a number that the features do not have.
    #[error("no column {column}: the features have {width} columns, 0..{width}")]
    NoSuchColumn {
        /// The column, from 0.
        column: usize,
        /// Columns of the features.
        width: usize,
    },
    /// A cell of a column of categories, or a number of a sequence of codes, is not the position of one.
    #[error("row {row}, column `{column}`: {value} is no category, expected a whole number in 0..{count}", column = escaped(column))]
    CodeOutOfRange {
        /// Row number, the first data row is 1.
        row: usize,
        /// The name of the column, or its number.
        column: String,
        /// The value of the cell.
        value: f64,
        /// The number of categories.
        count: usize,
    },
    /// A network takes numbers, and no field of it prepares a column with missing cells or categories.
    #[error("the column `{column}` {fault}: {advice}", column = escaped(column))]
    NotPrepared {
        /// The name of the column, or its number.
        column: String,
        /// The property of the column, as `lacks a value in row 7`.
        fault: String,
        /// The field to write.
        advice: String,
    },
    /// A row has a category that a model was not trained on.
    #[error(
        "row {row} of the column `{column}` has none of the categories {known}: a step such as `OneHot<3, Zeros>` takes \
         unknown ones",
        column = escaped(column), known = list(known)
    )]
    UnknownCategory {
        /// Row number, the first data row is 1.
        row: usize,
        /// The name of the column, or its number.
        column: String,
        /// The names of the categories.
        known: Vec<String>,
    },
    /// A model does not have the columns that a data set has.
    #[error("the columns of `{model}` are not those of the data: {differences}", differences = differences(missing, unknown))]
    ColumnsOfModel {
        /// The name of the model.
        model: &'static str,
        /// Columns of the model that the data lacks.
        missing: Vec<String>,
        /// Columns of the data that the model does not name.
        unknown: Vec<String>,
    },
    /// A model names columns, and the data has no names.
    #[error("`{model}` names its columns, and the data has none: write `Features::with_names(..)`, among them {names}", names = list(names))]
    NoNames {
        /// The name of the model.
        model: &'static str,
        /// The columns of the model.
        names: Vec<String>,
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
