//! The settings and the rows of one training.

use super::{hook_calls::HookContext, stop::StopCondition};
use crate::{
    data::{Fit, Target, Validation},
    limit::Clock,
    metric::MetricOf,
    recipe::Train,
    seed::Seed,
};

/// The settings of one training, except its network and its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course<'a> {
    pub(crate) recipe: &'a Train,
    pub(crate) seed: Seed,
    /// The number of the fold that the rows belong to.
    pub(crate) fold: u32,
    /// The stop condition of each candidate that shares this training.
    pub(crate) stop_conditions: &'a [StopCondition],
    pub(crate) clock: &'a Clock,
    pub(crate) hook_context: &'a HookContext<'a>,
    /// The key of the training in its states: a text that no other training on the same fold has. Empty if no states
    /// are saved.
    pub(crate) trajectory: &'a str,
}

/// The rows of a fold's training part, and the metrics of the training's curve.
pub(crate) struct Views<'a, T: Target> {
    /// The training rows.
    pub(crate) fit: Fit<'a, T>,
    /// The validation rows; `None` if the recipe monitors no quantity.
    pub(crate) validation: Option<Validation<'a, T>>,
    /// The metrics with which the curve scores both kinds of rows after each epoch. Empty if the curve has no scores.
    pub(crate) curve_metrics: &'a [MetricOf<T::Kind>],
}
