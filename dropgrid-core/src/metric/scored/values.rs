//! Numbers and their predictions.

use super::{Needs, Scored, check_finite, check_length, rows_of};
use crate::{data::Values, error::Result};

impl<'a> Scored<'a, Values> {
    /// The numbers `truth` of some rows and those `predicted` for them, row-major, `outputs` a row, all finite.
    ///
    /// # Errors
    /// [`DataError::EmptyData`](crate::error::DataError::EmptyData);
    /// [`ScoringError::Truth`](crate::error::ScoringError::Truth);
    /// [`ScoringError::Length`](crate::error::ScoringError::Length);
    /// [`ScoringError::NotFinite`](crate::error::ScoringError::NotFinite).
    pub fn values(truth: &'a [f64], predicted: &'a [f64], outputs: usize) -> Result<Self> {
        let rows = rows_of("values", truth.len(), outputs)?;
        check_length("predicted values", predicted.len(), rows, outputs)?;
        check_finite("truth", truth, outputs)?;
        check_finite("prediction", predicted, outputs)?;
        let scored = Self::of_decisions(truth, rows, outputs, Needs::Values, predicted);
        Ok(Self { outputs: predicted, ..scored })
    }

    /// The numbers predicted, row-major.
    pub fn predicted(&self) -> &'a [f64] {
        self.outputs
    }

    /// Each row's truth and prediction for one of the outputs.
    pub(in crate::metric) fn output(&self, output: usize) -> impl ExactSizeIterator<Item = (f64, f64)> + Clone + '_ {
        (0..self.rows).map(move |row| {
            let at = row * self.width + output;
            (self.truth[at], self.outputs[at])
        })
    }
}
