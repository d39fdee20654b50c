//! Sample weights.

use crate::error::{Error, Result, ScoringError, SplitError};

/// Checks that there is one weight a row, each finite and not negative, and not all of them 0.
pub(crate) fn check(weights: &[f64], rows: usize) -> Result<()> {
    if weights.len() != rows {
        return Err(Error::Split(SplitError::RowsMismatch { what: "weights", found: weights.len(), rows }));
    }
    if let Some(at) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        return Err(ScoringError::Weight { row: at + 1, value: weights[at] }.into());
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return Err(ScoringError::ZeroWeights { rows }.into());
    }
    Ok(())
}
