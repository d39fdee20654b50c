//! The condition at which a candidate stops.

use crate::recipe::{EarlyStopping, Train};

/// When a candidate stops: all that tells it from the others that share its training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StopCondition {
    /// The most epochs.
    pub(crate) epochs: usize,
    pub(crate) early_stopping: Option<EarlyStopping>,
}

impl StopCondition {
    /// The condition that `recipe` sets.
    pub(crate) fn of(recipe: &Train) -> Self {
        Self { epochs: recipe.epochs, early_stopping: recipe.early_stopping }
    }
}
