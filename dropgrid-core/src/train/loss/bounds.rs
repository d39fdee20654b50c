//! Trait bounds on the targets of a search, with compiler messages that say what to write.

use super::TrainTarget;
use crate::metric::{MetricOf, Scoring};

/// Targets for a network with outputs of shape `Output`. Every [`TrainTarget`] implements it for its output shape.
#[diagnostic::on_unimplemented(
    message = "targets `{Self}` are not for a network with outputs `{Output}`",
    label = "the targets do not go with the network's outputs",
    note = "`Classes<N>`, `MultiLabel<N>` and `Regression<N>` are for a network with N outputs, `(Const<N>,)`, and `Binary` for one",
    note = "give the last layer as many outputs, as `Linear<64, 10>` has 10, or the targets as many classes, as `Classes<10>`"
)]
pub trait TrainTargetFor<Output>: TrainTarget<Output = Output> {}

#[diagnostic::do_not_recommend]
impl<Output, T: TrainTarget<Output = Output>> TrainTargetFor<Output> for T {}

/// Targets that a metric or a tuple of metrics can score.
#[diagnostic::on_unimplemented(
    message = "`{C}` does not score `{Self}`",
    label = "no metrics of these targets",
    note = "`.scoring(..)` takes one metric or a tuple of up to six",
    note = "of `Classes` and `Binary`: `Accuracy`, `LogLoss`, `F1::averaged(Averaging::Macro)`, `RocAuc::ovr(Averaging::Macro)`, of two classes `F1::binary()`, `RocAuc::binary()`",
    note = "of `Regression`: `R2`, `MeanSquaredError`, `MeanAbsoluteError`; of `MultiLabel`: `SubsetAccuracy`, `F1::samples()`, `RocAuc::flags(Averaging::Macro)`",
    note = "dropout is off in a score: to score the mean of passes with dropout on, ask for it by name, `.mc_scoring(McDropout(20))` beside `.scoring(..)`"
)]
pub trait ScoringTarget<C>: TrainTarget {
    /// Returns the metrics. The first one decides between candidates.
    fn metrics(scoring: C) -> Vec<MetricOf<Self::Kind>>;
}

#[diagnostic::do_not_recommend]
impl<C: Scoring<T::Kind>, T: TrainTarget> ScoringTarget<C> for T {
    fn metrics(scoring: C) -> Vec<MetricOf<T::Kind>> {
        scoring.metrics()
    }
}
