//! Flags and their predictions.

use super::{Needs, Scored, check_finite, check_length, check_probabilities, rows_of};
use crate::{data::Flags, error::Result};

impl<'a> Scored<'a, Flags> {
    /// The flags `truth` of some rows and the flags `predicted` for them, row-major, `width` a row.
    ///
    /// # Errors
    /// [`DataError::EmptyData`](crate::error::DataError::EmptyData);
    /// [`ScoringError::Truth`](crate::error::ScoringError::Truth);
    /// [`ScoringError::Length`](crate::error::ScoringError::Length).
    pub fn flags(truth: &'a [bool], predicted: &'a [bool], width: usize) -> Result<Self> {
        let rows = rows_of("flags", truth.len(), width)?;
        check_length("predicted flags", predicted.len(), rows, width)?;
        Ok(Self::of_decisions(truth, rows, width, Needs::Labels, predicted))
    }

    /// The flags `truth` of some rows and their predicted `probabilities`, row-major, `width` a row.
    ///
    /// # Errors
    /// Those of [`flags`](Self::flags); [`ScoringError::Probability`](crate::error::ScoringError::Probability).
    pub fn flag_probabilities(truth: &'a [bool], probabilities: &'a [f64], width: usize) -> Result<Self> {
        let rows = rows_of("flags", truth.len(), width)?;
        check_length("probabilities", probabilities.len(), rows, width)?;
        check_probabilities(probabilities, width)?;
        Ok(Self::of_outputs(truth, rows, width, Needs::Probabilities, probabilities))
    }

    /// The flags `truth` of some rows and a finite score for each flag, row-major, `width` a row.
    ///
    /// # Errors
    /// Those of [`flags`](Self::flags); [`ScoringError::NotFinite`](crate::error::ScoringError::NotFinite).
    pub fn flag_scores(truth: &'a [bool], scores: &'a [f64], width: usize) -> Result<Self> {
        let rows = rows_of("flags", truth.len(), width)?;
        check_length("scores", scores.len(), rows, width)?;
        check_finite("score", scores, width)?;
        Ok(Self::of_outputs(truth, rows, width, Needs::Scores, scores))
    }

    /// The flags predicted, row-major: those whose probability is above the
    /// [threshold](Self::above), one half.
    ///
    /// # Errors
    /// [`ScoringError::Needs`](crate::error::ScoringError::Needs) where there are only scores.
    pub fn predicted(&self) -> Result<&[bool]> {
        if self.given == Needs::Scores {
            return Err(self.lacks(Needs::Labels));
        }
        let decide = || self.outputs.iter().map(|&probability| probability > self.threshold).collect::<Vec<bool>>();
        Ok(self.decided.get_or_init(|| decide().into()))
    }
}
