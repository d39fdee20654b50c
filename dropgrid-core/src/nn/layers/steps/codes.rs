//! The codes of categories.

use crate::error::{DataError, Error, Result};

/// Returns the category with the code `cell`.
#[allow(clippy::cast_sign_loss, reason = "the cell is at least 0")]
pub(super) fn code<const C: usize>(cell: f64) -> Option<usize> {
    (cell >= 0.0 && cell < C as f64 && cell.fract() == 0.0).then_some(cell as usize)
}

/// Checks that each cell of a column is missing, unknown or the code of one of `C` categories. The data set has already
/// been checked for missing and unknown cells.
///
/// # Errors
/// [`DataError::NotACategory`] for any other cell.
pub(super) fn check<const C: usize>(cells: &[f64]) -> Result<()> {
    let fault = cells.iter().find(|cell| !(cell.is_nan() || **cell == UNKNOWN) && code::<C>(**cell).is_none());
    fault.map_or(Ok(()), |&value| Err(Error::Data(DataError::NotACategory { value, categories: C })))
}

/// The code of a category that is not in the training data set.
pub(super) const UNKNOWN: f64 = -1.0;
