//! Class labels and their predictions.

use super::{Needs, Scored, argmax, check_finite, check_length, check_probabilities};
use crate::{
    data::Labels,
    error::{DataError, Error, Result, ScoringError},
};

impl<'a> Scored<'a, Labels> {
    /// The classes `truth` of some rows and the classes `predicted` for them, numbers below `classes`.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::LabelOutOfRange`]; [`ScoringError::Length`];
    /// [`ScoringError::TooFewClasses`].
    pub fn labels(truth: &'a [usize], predicted: &'a [usize], classes: usize) -> Result<Self> {
        check_truth(truth, classes)?;
        check_length("predicted labels", predicted.len(), truth.len(), 1)?;
        check_labels("prediction", predicted, classes)?;
        Ok(Self::of_decisions(truth, truth.len(), classes, Needs::Labels, predicted))
    }

    /// The classes `truth` of some rows and their predicted `probabilities`, row-major, `classes` a row.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::LabelOutOfRange`]; [`ScoringError::Length`] where there are not `classes`
    /// probabilities for each row; [`ScoringError::Probability`]; [`ScoringError::TooFewClasses`].
    pub fn classes(truth: &'a [usize], probabilities: &'a [f64], classes: usize) -> Result<Self> {
        check_truth(truth, classes)?;
        check_length("probabilities", probabilities.len(), truth.len(), classes)?;
        check_probabilities(probabilities, classes)?;
        Ok(Self::of_outputs(truth, truth.len(), classes, Needs::Probabilities, probabilities))
    }

    /// The classes `truth` of some rows and a finite score for each class, row-major, `classes` a row.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::LabelOutOfRange`]; [`ScoringError::Length`]; [`ScoringError::NotFinite`];
    /// [`ScoringError::TooFewClasses`].
    pub fn class_scores(truth: &'a [usize], scores: &'a [f64], classes: usize) -> Result<Self> {
        check_truth(truth, classes)?;
        check_length("scores", scores.len(), truth.len(), classes)?;
        check_finite("score", scores, classes)?;
        Ok(Self::of_outputs(truth, truth.len(), classes, Needs::Scores, scores))
    }

    /// The classes `truth` of some rows, 0 or 1, and the predicted probability of class 1.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::LabelOutOfRange`]; [`ScoringError::Length`];
    /// [`ScoringError::Probability`].
    pub fn binary(truth: &'a [usize], probabilities: &'a [f64]) -> Result<Self> {
        check_truth(truth, 2)?;
        check_length("probabilities", probabilities.len(), truth.len(), 1)?;
        check_probabilities(probabilities, 1)?;
        Ok(Self::of_outputs(truth, truth.len(), 2, Needs::Probabilities, probabilities))
    }

    /// The classes `truth` of some rows, 0 or 1, and a finite score that is higher the more a row seems of class 1.
    ///
    /// # Errors
    /// [`DataError::EmptyData`]; [`DataError::LabelOutOfRange`]; [`ScoringError::Length`]; [`ScoringError::NotFinite`].
    pub fn binary_scores(truth: &'a [usize], scores: &'a [f64]) -> Result<Self> {
        check_truth(truth, 2)?;
        check_length("scores", scores.len(), truth.len(), 1)?;
        check_finite("score", scores, 1)?;
        Ok(Self::of_outputs(truth, truth.len(), 2, Needs::Scores, scores))
    }

    /// The class predicted for each row: the most probable one, the lowest of equals; of two classes with one
    /// probability, class 1 where it is above the [threshold](Self::above).
    ///
    /// # Errors
    /// [`ScoringError::Needs`] where there are only scores, which have no common threshold.
    pub fn predicted(&self) -> Result<&[usize]> {
        if self.given == Needs::Scores {
            return Err(self.lacks(Needs::Labels));
        }
        let decide = || -> Vec<usize> {
            if self.outputs.len() == self.rows {
                self.outputs.iter().map(|&positive| usize::from(positive > self.threshold)).collect()
            } else {
                self.outputs.chunks_exact(self.width).map(argmax).collect()
            }
        };
        Ok(self.decided.get_or_init(|| decide().into()))
    }

    /// The only class that rows are of, where there is but one.
    pub(in crate::metric) fn only_class(&self) -> Option<usize> {
        self.truth.iter().all(|&class| class == self.truth[0]).then(|| self.truth[0])
    }
}

fn check_truth(truth: &[usize], classes: usize) -> Result<()> {
    if truth.is_empty() {
        return Err(Error::Data(DataError::EmptyData));
    }
    if classes < 2 {
        return Err(ScoringError::TooFewClasses { classes }.into());
    }
    check_labels("truth", truth, classes)
}

fn check_labels(column: &'static str, labels: &[usize], classes: usize) -> Result<()> {
    match labels.iter().position(|&label| label >= classes) {
        None => Ok(()),
        Some(at) => Err(Error::Data(DataError::LabelOutOfRange {
            row: at + 1,
            column: column.to_owned(),
            value: labels[at].to_string(),
            classes,
        })),
    }
}
