//! The content of a cell.

use std::str::FromStr;

use crate::error::{DataError, Error, Result};

/// Checks that no cell of `column` is empty; an error says `what` the cells are.
///
/// # Errors
/// [`DataError::EmptyCell`].
pub(super) fn filled(cells: &[String], column: &str, what: &'static str) -> Result<()> {
    match cells.iter().position(String::is_empty) {
        None => Ok(()),
        Some(at) => Err(Error::Data(DataError::EmptyCell { row: at + 1, column: column.to_owned(), what })),
    }
}

/// The number in a cell of row `index`, from 0.
pub(super) fn number<T: FromStr>(index: usize, column: &str, cell: &str) -> Result<T> {
    cell.parse().map_err(|_| {
        Error::Data(DataError::NotANumber { row: index + 1, column: column.to_owned(), value: cell.to_owned() })
    })
}
