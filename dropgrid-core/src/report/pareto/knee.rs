//! The knee of a front, and the rule that trains it.

use super::{Objective, ParetoFront, check_objectives};
use crate::{
    error::Result,
    report::{MetricInfo, Refit, Results},
};

/// The number of the point with the smallest sum of its coordinates, each scaled to [0, 1] over the points; lower
/// coordinates are better. Of equal ones it is the one of the lowest number. Points that are not finite are left out.
pub(super) fn knee(points: &[(usize, Vec<f64>)]) -> Option<usize> {
    let finite: Vec<&(usize, Vec<f64>)> =
        points.iter().filter(|(_, point)| point.iter().all(|value| value.is_finite())).collect();
    let count = finite.first()?.1.len();
    let bound = |axis: usize, of: fn(f64, f64) -> f64| finite.iter().map(|(_, point)| point[axis]).reduce(of);
    let bounds: Vec<(f64, f64)> =
        (0..count).map(|axis| Some((bound(axis, f64::min)?, bound(axis, f64::max)?))).collect::<Option<_>>()?;
    let sum = |point: &[f64]| {
        let scaled =
            |(value, (low, high)): (&f64, &(f64, f64))| if high > low { (value - low) / (high - low) } else { 0.0 };
        point.iter().zip(&bounds).map(scaled).sum::<f64>()
    };
    let sums = finite.into_iter().map(|(number, point)| (sum(point), *number));
    sums.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, number)| number)
}

/// The [knee](super::ParetoRanking::knee) of the Pareto front by these objectives. Where no candidate has finite
/// values, it is the best by the deciding metric.
///
/// Before any training, an objective that is no metric of the search is
/// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric), and no objective at all is
/// [`Error::Setting`](crate::Error::Setting).
///
/// # Examples
/// A network that is small for its accuracy:
/// ```
/// # use dropgrid_core::report::{Knee, Objective, Refit};
/// # fn check<P>(_: impl Refit<P>) {}
/// # check::<()>(
/// Knee::of([Objective::metric("accuracy"), Objective::parameters()])
/// # )
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knee(Vec<Objective>);

impl Knee {
    /// The knee by these objectives.
    pub fn of(objectives: impl IntoIterator<Item: Into<Objective>>) -> Self {
        Self(objectives.into_iter().map(Into::into).collect())
    }
}

impl<P> Refit<P> for Knee {
    fn check(&self, metrics: &[MetricInfo]) -> Result<()> {
        check_objectives(&self.0, metrics)
    }

    fn choose(&self, results: &Results<P>, best: usize, size: &mut dyn FnMut(&P) -> usize) -> usize {
        match ParetoFront::new(results, self.0.clone(), |params| Some(size(params))) {
            Ok(front) => front.knee().unwrap_or(best),
            // The search has checked the objectives. Elsewhere it is a panic.
            Err(error) => panic!("{error}"),
        }
    }
}
