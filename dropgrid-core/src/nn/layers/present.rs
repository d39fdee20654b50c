//! The cells of columns without the missing ones.

use crate::error::{DataError, Error, Result};

/// Returns the cells of each of `columns` columns that are not NaN.
pub(super) fn present(cells: &[f64], columns: usize) -> impl Iterator<Item = Vec<f64>> {
    (0..columns).map(move |at| cells.iter().skip(at).step_by(columns).copied().filter(|cell| !cell.is_nan()).collect())
}

/// Returns the cells of each of `columns` columns that are not NaN, if every column has one.
///
/// # Errors
/// [`DataError::NoValue`] for a column without such a cell.
pub(super) fn some_present(cells: &[f64], columns: usize) -> Result<Vec<Vec<f64>>> {
    let some = |(column, cells): (usize, Vec<f64>)| {
        if cells.is_empty() { Err(Error::Data(DataError::NoValue { column })) } else { Ok(cells) }
    };
    present(cells, columns).enumerate().map(some).collect()
}
