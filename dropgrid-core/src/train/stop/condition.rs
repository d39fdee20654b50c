//! The condition under which a candidate stops.

use crate::recipe::{EarlyStopping, Train};

/// The condition under which a candidate stops. Candidates that share a training differ only in this and in their
/// scoring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StopCondition {
    /// The largest number of epochs.
    pub(crate) epochs: usize,
    pub(crate) early_stopping: Option<EarlyStopping>,
}

impl StopCondition {
    /// Returns the condition that `recipe` sets.
    pub(crate) fn of(recipe: &Train) -> Self {
        Self { epochs: recipe.epochs, early_stopping: recipe.early_stopping }
    }
}
