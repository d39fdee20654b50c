//! The condition under which a candidate stops.

use crate::recipe::{EarlyStopping, Train};

/// The condition under which a candidate stops. Candidates that share a training differ in nothing else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StopCondition {
    /// The number of epochs after which it stops at the latest.
    pub(crate) epochs: usize,
    pub(crate) early_stopping: Option<EarlyStopping>,
}

impl StopCondition {
    /// The condition that `recipe` sets.
    pub(crate) fn of(recipe: &Train) -> Self {
        Self { epochs: recipe.epochs, early_stopping: recipe.early_stopping }
    }
}
