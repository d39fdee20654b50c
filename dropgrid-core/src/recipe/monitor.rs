//! The quantity that a training monitors on its validation rows.

use std::{any::Any, fmt, sync::Arc};

use super::Train;
use crate::{
    data::Truth,
    error::{Error, Result},
    metric::{Direction, Metric, MetricOf},
};

/// The quantity that early stopping and schedules look at after each epoch: the loss, or a metric with its direction.
#[derive(Clone, Default)]
pub struct Monitor(Option<MonitoredMetric>);

#[derive(Clone)]
struct MonitoredMetric {
    name: String,
    direction: Direction,
    /// The metric's name and settings: its [`identity`](Metric::identity).
    identity: String,
    /// The kind of targets that it scores.
    kind: &'static str,
    /// A [`MetricOf`] of that kind.
    metric: Arc<dyn Any + Send + Sync>,
}

impl Monitor {
    /// The mean loss of an evaluation pass; lower is better.
    pub const fn loss() -> Self {
        Self(None)
    }

    /// A metric, in its own direction.
    pub fn metric<M: Metric>(metric: M) -> Self {
        let (name, direction, identity) = (metric.name(), metric.direction(), metric.identity());
        let metric: MetricOf<M::Kind> = Box::new(metric);
        Self(Some(MonitoredMetric { name, direction, identity, kind: M::Kind::NAME, metric: Arc::new(metric) }))
    }

    /// Its name: `loss`, or that of the metric.
    pub fn name(&self) -> &str {
        self.0.as_ref().map_or("loss", |metric| &metric.name)
    }

    /// The direction in which values are better.
    pub fn direction(&self) -> Direction {
        self.0.as_ref().map_or(Direction::Minimize, |metric| metric.direction)
    }

    /// The metric, or none for the loss.
    ///
    /// # Errors
    /// [`Error::Monitor`] where the metric does not score targets of kind `K`.
    pub(crate) fn of_kind<K: Truth>(&self) -> Result<Option<&MetricOf<K>>> {
        let Some(MonitoredMetric { name, kind, metric, .. }) = &self.0 else { return Ok(None) };
        let other = || Error::Monitor { metric: name.clone(), kind, targets: K::NAME };
        metric.downcast_ref::<MetricOf<K>>().map(Some).ok_or_else(other)
    }
}

impl PartialEq for Monitor {
    fn eq(&self, other: &Self) -> bool {
        let identity = |monitor: &Self| monitor.0.as_ref().map(|metric| metric.identity.clone());
        identity(self) == identity(other)
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("loss"),
            Some(MonitoredMetric { identity, .. }) => f.write_str(identity),
        }
    }
}

impl Train {
    /// Sets the quantity that early stopping and a [plateau schedule](super::Schedule::reduce_on_plateau) look at: a
    /// metric of the data's kind of targets, better in its own direction. By default it is the loss.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::{metric::{Accuracy, Direction}, recipe::{EarlyStopping, Train}};
    /// let recipe = Train::adam(1e-3).early_stopping(EarlyStopping::patience(5)).monitor(Accuracy);
    /// assert_eq!((recipe.monitor.name(), recipe.monitor.direction()), ("accuracy", Direction::Maximize));
    /// ```
    pub fn monitor(self, metric: impl Metric) -> Self {
        Self { monitor: Monitor::metric(metric), ..self }
    }

    /// The share of a training part that is set aside for validation, between 0 and 1; a tenth by default. Rows are set
    /// aside only where early stopping, the schedule or a [pruning](crate::strategy::Pruning) looks at them.
    ///
    /// The rows are drawn for each fold and are the same for all candidates. Where there are classes, each gives its
    /// share. Where the folds keep groups whole, whole groups are set aside. Where the folds keep the future apart, it
    /// is the last rows, with the gap that the folds have. Of [`Windows`](crate::data::Windows) that are not in whole
    /// groups it is the last ones, too, and those before that share a step with one of them are not trained on.
    pub fn validation_fraction(self, fraction: f64) -> Self {
        Self { validation_fraction: fraction, ..self }
    }

    /// True where early stopping, the schedule or the strategy looks at validation rows.
    pub(crate) fn needs_validation(&self) -> bool {
        self.early_stopping.is_some() || self.schedule.needs_validation() || self.watches
    }
}
