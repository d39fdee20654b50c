//! When a training ends before its last epoch, and what it looks at for that.

use std::{any::Any, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::Train;
use crate::{
    data::Truth,
    error::{Error, Result},
    metric::{Direction, Metric, MetricOf},
};

/// Ends a training that does not get better: Keras'
/// [`EarlyStopping`](https://keras.io/api/callbacks/early_stopping/), rule for rule.
///
/// After each epoch the [watched](Train::watch) quantity is measured on rows that the fold's training part was spared of
/// (a tenth of it, unless [`stop_share`](Train::stop_share) says otherwise), never on a scored row. An epoch is an
/// improvement where the quantity is better than the best one so far by more than `min_delta`; the first one always is.
/// After `patience` epochs in a row without one the training ends.
///
/// A quantity that is NaN is no improvement, and nothing is one over a NaN in the first epoch: Keras compares the same
/// way.
///
/// # Examples
/// ```
/// # use dropgrid_core::recipe::{EarlyStopping, Train};
/// let recipe = Train::adam(1e-3).epochs(200).early_stopping(EarlyStopping::patience(10).min_delta(1e-3));
/// assert!(recipe.check().is_ok());
/// let error = recipe.stop_share(1.0).check().unwrap_err();
/// assert_eq!(error.to_string(), "stop_share is 1, expected a number between 0 and 1 and neither of them");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct EarlyStopping {
    /// Epochs in a row without an improvement after which the training ends; 0 counts as 1.
    pub patience: usize,
    /// What an improvement is more than, at least 0.
    pub min_delta: f64,
    /// Whether the weights of the best epoch are scored and kept, or those of the last.
    pub restore_best: bool,
    /// Epochs at the beginning that are not looked at.
    pub start_from_epoch: usize,
}

impl Default for EarlyStopping {
    /// The patience of [Lightning](https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.EarlyStopping.html),
    /// 3 epochs: Keras' 0 ends at the first epoch that is not better.
    fn default() -> Self {
        Self::patience(3)
    }
}

impl EarlyStopping {
    /// Ends after so many epochs in a row without an improvement, however small; the best epoch's weights are restored.
    pub const fn patience(epochs: usize) -> Self {
        Self { patience: epochs, min_delta: 0.0, restore_best: true, start_from_epoch: 0 }
    }

    /// What an improvement is more than, at least 0.
    pub const fn min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }

    /// Whether the weights of the best epoch are scored and kept, or those of the last.
    ///
    /// They are by default, as Lightning tests its best checkpoint; Keras asks for it by `restore_best_weights=True`.
    pub const fn restore_best(self, restore_best: bool) -> Self {
        Self { restore_best, ..self }
    }

    /// Does not look at the first `epochs` epochs: they neither count as improvements nor try the patience.
    pub const fn start_from_epoch(self, epochs: usize) -> Self {
        Self { start_from_epoch: epochs, ..self }
    }
}

/// What a training looks at after each epoch: the loss, or a metric with its direction.
#[derive(Clone, Default)]
pub struct Watch(Option<Watched>);

#[derive(Clone)]
struct Watched {
    name: String,
    direction: Direction,
    /// The name and the settings, by which metrics are told apart.
    identity: String,
    /// The kind of truth that it scores.
    kind: &'static str,
    /// A [`MetricOf`] that kind.
    metric: Arc<dyn Any + Send + Sync>,
}

impl Watch {
    /// The mean loss in evaluation, lower is better.
    pub const fn loss() -> Self {
        Self(None)
    }

    /// A metric, in its own direction.
    pub fn metric<M: Metric>(metric: M) -> Self {
        let (name, direction, identity) = (metric.name(), metric.direction(), metric.identity());
        let metric: MetricOf<M::Kind> = Box::new(metric);
        Self(Some(Watched { name, direction, identity, kind: M::Kind::NAME, metric: Arc::new(metric) }))
    }

    /// Its name: `loss`, or that of the metric.
    pub fn name(&self) -> &str {
        self.0.as_ref().map_or("loss", |watched| &watched.name)
    }

    /// Whether higher is better.
    pub fn direction(&self) -> Direction {
        self.0.as_ref().map_or(Direction::Minimize, |watched| watched.direction)
    }

    /// The metric, where it is one for targets of kind `K`; none is the loss.
    ///
    /// # Errors
    /// [`Error::Watched`] where it is a metric of another kind.
    pub(crate) fn of_kind<K: Truth>(&self) -> Result<Option<&MetricOf<K>>> {
        let Some(Watched { name, kind, metric, .. }) = &self.0 else { return Ok(None) };
        let other = || Error::Watched { metric: name.clone(), kind, targets: K::NAME };
        metric.downcast_ref::<MetricOf<K>>().map(Some).ok_or_else(other)
    }
}

impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        let identity = |watch: &Self| watch.0.as_ref().map(|watched| watched.identity.clone());
        identity(self) == identity(other)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("loss"),
            Some(Watched { identity, .. }) => f.write_str(identity),
        }
    }
}

impl Train {
    /// Ends a training that does not get better; see [`EarlyStopping`]. It is off by default.
    pub fn early_stopping(self, early_stopping: EarlyStopping) -> Self {
        Self { early_stopping: Some(early_stopping), ..self }
    }

    /// The patience of the [early stopping](Self::early_stopping), which this switches on.
    pub fn patience(self, patience: usize) -> Self {
        let early_stopping = self.early_stopping.unwrap_or_default();
        self.early_stopping(EarlyStopping { patience, ..early_stopping })
    }

    /// What an improvement is more than for the [early stopping](Self::early_stopping), which this switches on.
    pub fn min_delta(self, min_delta: f64) -> Self {
        let early_stopping = self.early_stopping.unwrap_or_default();
        self.early_stopping(early_stopping.min_delta(min_delta))
    }

    /// What early stopping and a [plateau schedule](super::Schedule::reduce_on_plateau) look at: a metric of the data's
    /// kind of targets, better in its own direction. By default it is the loss.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::{metric::{Accuracy, Direction}, recipe::{EarlyStopping, Train}};
    /// let recipe = Train::adam(1e-3).early_stopping(EarlyStopping::patience(5)).watch(Accuracy);
    /// assert_eq!((recipe.watch.name(), recipe.watch.direction()), ("accuracy", Direction::Maximize));
    /// ```
    pub fn watch(self, metric: impl Metric) -> Self {
        Self { watch: Watch::metric(metric), ..self }
    }

    /// The share of the rows to train on that are watched instead, between 0 and 1; a tenth by default. It is taken only
    /// where there is something to watch for.
    ///
    /// The rows are drawn for each fold, the same for all candidates: class by class where there are classes; whole
    /// groups where the folds keep groups whole; the last rows where the folds keep the future apart, with the gap that
    /// the folds have.
    pub fn stop_share(self, share: f64) -> Self {
        Self { stop_share: share, ..self }
    }

    /// Whether rows are watched while others are trained on.
    pub(crate) fn watches(&self) -> bool {
        self.early_stopping.is_some() || self.schedule.watches()
    }
}
