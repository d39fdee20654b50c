//! Metrics that the user writes as closures.

use std::{fmt, marker::PhantomData};

use super::{Direction, Measured, Metric, Needs, Scored};
use crate::{data::Truth, error::Result};

/// A metric that a closure computes.
///
/// The closure sees truth, predictions and weights as every metric does. A NaN or an infinity from it is a failed fit.
/// A study knows it by its name, direction and needs: a closure that computes something else gets another name.
///
/// # Examples
/// A false alarm costs 1, a miss 5:
/// ```
/// # use dropgrid_core::{data::Labels, metric::{CustomMetric, Direction, Metric, Needs, Scored}};
/// let cost = CustomMetric::new("cost", Direction::Minimize, Needs::Labels, |scored: &Scored<'_, Labels>| {
///     let rows = scored.truth().iter().zip(scored.predicted()?);
///     Ok(rows.map(|row| match row { (0, 1) => 1.0, (1, 0) => 5.0, _ => 0.0 }).sum())
/// });
/// assert_eq!(cost.score(&Scored::labels(&[0, 1, 1], &[1, 0, 1], 2)?)?.value, 6.0);
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
pub struct CustomMetric<K, F> {
    name: String,
    direction: Direction,
    needs: Needs,
    best: Option<f64>,
    score: F,
    kind: PhantomData<fn() -> K>,
}

impl<K: Truth, F: Fn(&Scored<'_, K>) -> Result<f64> + Send + Sync + 'static> CustomMetric<K, F> {
    /// A metric with its name in results, its direction, the form of predictions that it needs, and the closure.
    pub fn new(name: impl Into<String>, direction: Direction, needs: Needs, score: F) -> Self {
        Self { name: name.into(), direction, needs, best: None, score, kind: PhantomData }
    }

    /// The metric with the [best value](Metric::best) that it can have; by default it has none.
    pub fn with_best(self, best: f64) -> Self {
        Self { best: Some(best), ..self }
    }
}

impl<K: Truth, F: Fn(&Scored<'_, K>) -> Result<f64> + Send + Sync + 'static> Metric for CustomMetric<K, F> {
    type Kind = K;

    fn name(&self) -> String {
        self.name.clone()
    }

    /// The name, the direction and what it needs: a closure shows nothing of itself.
    fn identity(&self) -> String {
        let direction = if self.direction == Direction::Maximize { "higher" } else { "lower" };
        format!("{:?} ({direction} is better, of {})", self.name, self.needs.name())
    }

    fn direction(&self) -> Direction {
        self.direction
    }

    fn best(&self) -> Option<f64> {
        self.best
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn measure(&self, scored: &Scored<'_, K>) -> Result<Measured> {
        Ok((self.score)(scored)?.into())
    }
}

impl<K, F> fmt::Debug for CustomMetric<K, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomMetric")
            .field("name", &self.name)
            .field("direction", &self.direction)
            .finish_non_exhaustive()
    }
}
