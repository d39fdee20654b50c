//! The settings and the rows of one training.

use super::{hook_calls::HookContext, stop::StopCondition};
use crate::{
    data::{Fit, Target, Validation},
    limit::Clock,
    metric::MetricOf,
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
    /// The conditions under which the candidates stop that share this training, one each.
    pub(crate) stop_conditions: &'a [StopCondition],
    pub(crate) clock: &'a Clock,
    pub(crate) hook_context: &'a HookContext<'a>,
    /// The key of the training, which its states have: a text that no other training on the same fold has. It is empty where
    /// no state is kept.
    pub(crate) trajectory: &'a str,
}

/// The rows of a fold's training part, and the metrics of the training's curve.
pub(crate) struct Views<'a, T: Target> {
    /// Rows to take steps on.
    pub(crate) fit: Fit<'a, T>,
    /// Validation rows; none where the recipe monitors no quantity.
    pub(crate) validation: Option<Validation<'a, T>>,
    /// The metrics by which the curve scores both kinds of rows after each epoch; none where it has no scores.
    pub(crate) curve_metrics: &'a [MetricOf<T::Kind>],
}
