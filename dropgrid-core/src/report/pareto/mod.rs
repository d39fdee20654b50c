//! Several objectives: the Pareto front, its knee and its hypervolume.

mod hypervolume;
mod knee;
mod objective;
mod ranks;
#[cfg(test)]
mod tests;

pub use knee::Knee;
pub use objective::Objective;

use std::ops::Deref;

use crate::{
    error::{Error, Result},
    metric::Direction,
    model::{Model, parameters},
    report::{Candidate, CvResults, MetricInfo, Report, Results},
};

/// The candidates of a search by several objectives: the front of those that none beats, and the ranks of the others.
///
/// Only [finalists](crate::report::CandidateScores::is_finalist) that have a value of each objective are compared. One
/// candidate dominates another where it is at least as good by every objective and better by one. Candidates that
/// violate a constraint come behind all others, the smallest violation first.
#[derive(Debug, Clone)]
pub struct ParetoFront<'a, P> {
    results: &'a Results<P>,
    ranking: ParetoRanking,
}

impl<'a, P> ParetoFront<'a, P> {
    /// `size` gives the number of trainable parameters, where that is known.
    ///
    /// # Errors
    /// Those of [`ParetoRanking::new`].
    pub(super) fn new(
        results: &'a Results<P>,
        objectives: Vec<Objective>,
        mut size: impl FnMut(&P) -> Option<usize>,
    ) -> Result<Self> {
        let size = &mut |at: usize| size(results.candidates()[at].params());
        Ok(Self { results, ranking: ParetoRanking::new(results, objectives, size)? })
    }

    /// The candidates that none dominates, the best by the first objective first.
    pub fn candidates(&self) -> impl Iterator<Item = &'a Candidate<P>> {
        self.ranking.front.iter().map(|&at| &self.results.candidates()[at])
    }
}

impl<P> Deref for ParetoFront<'_, P> {
    type Target = ParetoRanking;

    fn deref(&self) -> &ParetoRanking {
        &self.ranking
    }
}

/// Checks that there are objectives, and that each of them can be had of a search with these metrics.
///
/// # Errors
/// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric), [`Error::Setting`] without an objective.
fn check_objectives(objectives: &[Objective], metrics: &[MetricInfo]) -> Result<()> {
    if objectives.is_empty() {
        let (setting, value) = ("objectives", "none".to_owned());
        return Err(Error::Setting { setting, value, expected: "at least one objective" });
    }
    objectives.iter().try_for_each(|objective| objective.check(metrics))
}

/// The positions of candidates on the front and behind it, without the type of their hyperparameters.
#[derive(Debug, Clone)]
pub struct ParetoRanking {
    objectives: Vec<Objective>,
    directions: Vec<Direction>,
    /// The values of each candidate.
    values: Vec<Vec<f64>>,
    ranks: Vec<Option<usize>>,
    front: Vec<usize>,
}

impl ParetoRanking {
    /// `size` gives the number of trainable parameters of the candidate at a position, where that is known.
    ///
    /// # Errors
    /// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric), [`Error::Setting`] without an
    /// objective.
    pub(in crate::report) fn new(
        results: &CvResults,
        objectives: Vec<Objective>,
        size: &mut dyn FnMut(usize) -> Option<usize>,
    ) -> Result<Self> {
        check_objectives(&objectives, results.metrics())?;
        let columns = objectives.iter().map(|objective| objective.values(results, size));
        let (directions, columns): (Vec<Direction>, Vec<Vec<f64>>) =
            columns.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let count = results.candidates().len();
        let values: Vec<Vec<f64>> = (0..count).map(|at| columns.iter().map(|column| column[at]).collect()).collect();
        let loss = |at: usize| -> Vec<f64> {
            let is_compared = results.candidates()[at].is_finalist();
            let of = |(value, direction): (&f64, &Direction)| match direction {
                _ if !is_compared => f64::NAN,
                Direction::Minimize => *value,
                Direction::Maximize => -value,
            };
            values[at].iter().zip(&directions).map(of).collect()
        };
        let losses: Vec<Vec<f64>> = (0..count).map(loss).collect();
        let violations: Vec<f64> = results.candidates().iter().map(|candidate| candidate.violation()).collect();
        let ranks = ranks::ranks(&losses, &violations);
        let mut front: Vec<usize> = (0..count).filter(|&at| ranks[at] == Some(1)).collect();
        front.sort_by(|&a, &b| losses[a][0].total_cmp(&losses[b][0]).then(a.cmp(&b)));
        Ok(Self { objectives, directions, values, ranks, front })
    }

    /// The objectives.
    pub fn objectives(&self) -> &[Objective] {
        &self.objectives
    }

    /// The direction of each objective.
    pub(in crate::report) fn directions(&self) -> &[Direction] {
        &self.directions
    }

    /// The positions of [these candidates](ParetoFront::candidates) in the results.
    pub fn positions(&self) -> &[usize] {
        &self.front
    }

    /// The values of the candidate at that position of the results, one an objective.
    ///
    /// # Panics
    /// Where there is no such candidate.
    pub fn values(&self, position: usize) -> &[f64] {
        &self.values[position]
    }

    /// The non-domination rank of the candidate at that position of the results: 1 on the front, 2 on the front of the
    /// others, and so on. `None` of a candidate that is not compared, or is not there.
    pub fn rank(&self, position: usize) -> Option<usize> {
        self.ranks.get(position).copied().flatten()
    }

    /// The position in the results of the front's knee: the candidate that gives up the least of all objectives
    /// together.
    ///
    /// Each objective is scaled so that the best value on the front is 0 and the worst is 1. The knee has the smallest
    /// sum: of two objectives it is the candidate farthest from the line through the ends of the front, on the side of
    /// the ideal ([Das 1999](https://doi.org/10.1007/BF01195985); in more dimensions the plane through the units takes
    /// the place of the line). Of equal ones it is the first. `None` where no candidate has finite values.
    pub fn knee(&self) -> Option<usize> {
        let losses: Vec<(usize, Vec<f64>)> = self.front.iter().map(|&at| (at, self.losses(at))).collect();
        knee::knee(&losses)
    }

    /// The volume that the front dominates up to a `reference`, one value an objective in its unit, which candidates
    /// are better than: more is better. Candidates that are no better than the reference in each objective add nothing.
    ///
    /// # Errors
    /// [`Error::Setting`] where the reference has NaN, or another number of values than there are objectives.
    pub fn hypervolume(&self, reference: &[f64]) -> Result<f64> {
        if reference.len() != self.objectives.len() || reference.iter().any(|value| value.is_nan()) {
            let (setting, value) = ("reference", format!("{reference:?}"));
            return Err(Error::Setting { setting, value, expected: "one number for each objective" });
        }
        let points: Vec<Vec<f64>> = self.front.iter().map(|&at| self.losses(at)).collect();
        Ok(hypervolume::hypervolume(&points, &self.oriented(reference)))
    }

    fn losses(&self, position: usize) -> Vec<f64> {
        self.oriented(&self.values[position])
    }

    /// The values with lower ones better.
    fn oriented(&self, values: &[f64]) -> Vec<f64> {
        let of =
            |(value, direction): (&f64, &Direction)| if *direction == Direction::Minimize { *value } else { -value };
        values.iter().zip(&self.directions).map(of).collect()
    }
}

impl<P> Results<P> {
    /// The Pareto front by these objectives, as `["accuracy", "log_loss"]`. The number of parameters is known to a
    /// [report](Report::pareto) only: by it, no candidate is compared here.
    ///
    /// # Errors
    /// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric), [`Error::Setting`] without an
    /// objective.
    pub fn pareto(&self, objectives: impl IntoIterator<Item: Into<Objective>>) -> Result<ParetoFront<'_, P>> {
        ParetoFront::new(self, objectives.into_iter().map(Into::into).collect(), |_| None)
    }
}

impl<M: Model, T, F> Report<M, T, F> {
    /// The Pareto front by these objectives: the candidates of which none is better by one objective without being
    /// worse by another.
    ///
    /// ```
    /// # use dropgrid_core::{Result, model::Model, report::{Objective, Report}};
    /// # fn check<M: Model, T>(report: &Report<M, T>) -> Result<()> {
    /// let front = report.pareto([Objective::metric("accuracy"), Objective::parameters()])?;
    /// for candidate in front.candidates() {
    ///     println!("{}: {:.3}", candidate.params(), candidate.mean("accuracy")?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ScoringError::UnknownMetric`](crate::error::ScoringError::UnknownMetric), [`Error::Setting`] without an
    /// objective.
    pub fn pareto(&self, objectives: impl IntoIterator<Item: Into<Objective>>) -> Result<ParetoFront<'_, M::Params>> {
        let objectives = objectives.into_iter().map(Into::into).collect();
        ParetoFront::new(self.results(), objectives, |params| parameters::<M>(params).ok())
    }
}
