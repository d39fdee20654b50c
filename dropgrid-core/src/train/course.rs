//! The settings and the rows of one training.

use super::{checkpoint::CheckpointSink, hook_calls::HookContext, stop::StopCondition};
use crate::{
    data::{Fit, Stop},
    limit::Clock,
    recipe::Train,
    seed::Seed,
};

/// The settings of one training, beside its network and its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) recipe: &'a Train,
    pub(crate) seed: Seed,
    /// The number of the fold that the rows belong to.
    pub(crate) fold: u32,
    /// When each of the candidates that share this training stops.
    pub(crate) stop_conditions: &'a [StopCondition],
    pub(crate) clock: &'a Clock,
    pub(crate) hook_context: &'a HookContext<'a>,
    /// Keeps states of the training on the way; none where nobody asks for them.
    pub(crate) checkpoints: Option<&'a dyn CheckpointSink>,
}

/// The rows of a fold's training part.
#[derive(Debug)]
pub(crate) struct Views<'a, T> {
    /// Rows to take steps on.
    pub(crate) fit: Fit<'a, T>,
    /// Validation rows; none where the recipe watches no quantity.
    pub(crate) stop: Option<Stop<'a, T>>,
}
