//! The cells of columns that are not missing.

use crate::error::{DataError, Error, Result};

/// The cells of each of `columns` columns that are not NaN.
pub(super) fn present(cells: &[f64], columns: usize) -> impl Iterator<Item = Vec<f64>> {
    (0..columns).map(move |at| cells.iter().skip(at).step_by(columns).copied().filter(|cell| !cell.is_nan()).collect())
}

/// The same, where each column has a cell.
///
/// # Errors
/// [`DataError::NoValue`].
pub(super) fn some_present(cells: &[f64], columns: usize) -> Result<Vec<Vec<f64>>> {
    let some = |(column, cells): (usize, Vec<f64>)| {
        if cells.is_empty() { Err(Error::Data(DataError::NoValue { column })) } else { Ok(cells) }
    };
    present(cells, columns).enumerate().map(some).collect()
}
