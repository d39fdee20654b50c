//! The condition at which a candidate stops.

use crate::{
    recipe::{EarlyStopping, Train},
    train::checkpoint::{StateReader, StateWriter},
};

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

/// Writes an early-stopping rule, or that there is none.
pub(super) fn write_rule(rule: Option<EarlyStopping>, to: &mut StateWriter) {
    to.byte(rule.is_some().into());
    if let Some(EarlyStopping { patience, min_delta, restore_best, start_from_epoch }) = rule {
        to.count(patience);
        to.double(min_delta);
        to.byte(restore_best.into());
        to.count(start_from_epoch);
    }
}

/// Reads the rule that [`write_rule`] wrote behind the byte which says that there is one.
pub(super) fn read_rule(from: &mut StateReader<'_>) -> Option<EarlyStopping> {
    let (rule, min_delta) = (EarlyStopping::patience(from.count()?), from.double()?);
    let (restore_best, start) = (from.byte()? == 1, from.count()?);
    Some(rule.min_delta(min_delta).restore_best(restore_best).start_from_epoch(start))
}
