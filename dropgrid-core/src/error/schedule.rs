//! Faults of the settings of successive halving, races and their kin.

use super::worded::worded;

worded! {
/// The reason why a strategy that eliminates candidates cannot make its schedule. Found before any training.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The smallest budget is larger than the largest.
    #[error("the smallest budget is {min} {unit}, and the largest {max}: set a smaller `min_resource`, or more {unit}")]
    MinOverMax {
        /// The smallest budget.
        min: u64,
        /// The largest budget.
        max: u64,
        /// `epochs` or `samples`.
        unit: &'static str,
    },
    /// The largest budget that was asked for is more than there is.
    #[error("`max_resource` is {max} {unit}, and there are {available}")]
    MaxOverAvailable {
        /// The budget asked for.
        max: u64,
        /// The epochs of a whole training, or the rows of the data.
        available: u64,
        /// `epochs` or `samples`.
        unit: &'static str,
    },
    /// The smallest budget of samples leaves a fold too few rows to train on.
    #[error(
        "{samples} samples of the data leave {left} rows to train on in fold {fold}{}, expected at least {least}: set a \
         larger `min_resource`", beside(*.validation)
    )]
    TooFewSamples {
        /// The samples.
        samples: u64,
        /// The fold, from 0.
        fold: u32,
        /// Its rows, without those for validation.
        left: usize,
        /// The rows that it sets aside for [validation](crate::recipe::Train::validation_fraction).
        validation: usize,
        /// The rows that it needs: one of each class.
        least: usize,
    },
    /// More candidates than a strategy can compare.
    #[error("the base has {candidates} candidates, and at most {most} can be compared: take `Random` with fewer")]
    TooManyCandidates {
        /// The candidates.
        candidates: u64,
        /// The most that there may be.
        most: u64,
    },
    /// The candidates have no end, and all of them are to be compared.
    #[error("the candidates of the base have no end: give it a number of candidates")]
    EndlessSource,
}
}

/// The rows that are set aside, in words.
fn beside(validation: usize) -> String {
    match validation {
        0 => String::new(),
        1 => " beside 1 for validation".to_owned(),
        rows => format!(" beside {rows} for validation"),
    }
}
