//! The run of a bracket: candidates train, the best train further, and so on.

use std::collections::BTreeMap;

use super::unit::Unit;
use crate::{
    record::Job,
    space::Space,
    strategy::{Elimination, View, entrants::Entrants},
};

/// Candidates that are compared with each other, rung by rung.
pub(in crate::strategy) struct Bracket<'a, P> {
    pub(in crate::strategy) unit: Unit,
    /// The resources of each rung.
    pub(in crate::strategy) resources: Vec<u64>,
    /// The number of candidates that go on from so many.
    pub(in crate::strategy) keep: &'a dyn Fn(usize) -> usize,
    pub(in crate::strategy) entrants: Entrants<P>,
}

/// The state of a bracket.
pub(in crate::strategy) struct Standings<P> {
    /// The jobs of the rung that is not done.
    pub(in crate::strategy) jobs: Vec<Job<P>>,
    /// The candidates of the last rung that have a score.
    pub(in crate::strategy) finalists: Vec<u64>,
    pub(in crate::strategy) eliminations: Vec<Elimination>,
    /// The last rung of each candidate, from 0.
    pub(in crate::strategy) iterations: BTreeMap<u64, usize>,
}

impl<P: Clone> Bracket<'_, P> {
    /// Follows the records as far as they go. A rung is decided once all of it is done, in whatever order.
    pub(in crate::strategy) fn standings<S: Space<Params = P>>(&self, view: &View<'_, S>) -> Standings<P> {
        let mut rung = self.entrants.numbers.clone();
        let mut standings = Standings {
            jobs: Vec::new(),
            finalists: Vec::new(),
            eliminations: Vec::new(),
            iterations: BTreeMap::new(),
        };
        for (at, &resources) in self.resources.iter().enumerate() {
            standings.iterations.extend(rung.iter().map(|number| (*number, at)));
            let scores = rung.iter().map(|&number| Some((score(view, self.unit, number, resources)?, number)));
            let scores = scores.collect::<Option<Vec<(f64, u64)>>>().filter(|_| self.entrants.are_whole);
            let Some(scores) = scores else {
                let budget = |params: &P| self.unit.budget(view, params, resources);
                standings.jobs = self.entrants.jobs(view, &rung, view.fold_count(), budget);
                break;
            };
            if at + 1 == self.resources.len() {
                break;
            }
            let ranked = ranked(view, scores, |number| violation(view, self.unit, number, resources));
            let (best, others) = ranked.split_at((self.keep)(ranked.len()).min(ranked.len()));
            let after = self.unit.words(resources);
            let out = |(place, &candidate): (usize, &u64)| {
                let reason = format!("rank {} of {}, of which {} went on", place + 1, ranked.len(), best.len());
                Elimination { candidate, after: after.clone(), reason }
            };
            standings.eliminations.extend((best.len()..).zip(others).map(out));
            rung = best.to_vec();
            rung.sort_unstable();
        }
        let is_scored = |number: &u64| {
            let trial = view.trials.get(*number);
            trial.is_some_and(|trial| trial.records().iter().any(|record| trial.is_done(record.budget)))
        };
        standings.finalists = rung.into_iter().filter(is_scored).collect();
        standings
    }
}

/// The score of a candidate with so many resources, once it is done on every fold.
pub(in crate::strategy) fn score<S: Space>(view: &View<'_, S>, unit: Unit, number: u64, resources: u64) -> Option<f64> {
    let trial = view.trials.get(number)?;
    trial.score(unit.budget(view, &trial.params, resources))
}

/// The violation of constraints of a candidate with so many resources, once it is done on every fold.
pub(in crate::strategy) fn violation<S: Space>(view: &View<'_, S>, unit: Unit, number: u64, resources: u64) -> f64 {
    let budget = view.trials.get(number).map(|trial| unit.budget(view, &trial.params, resources));
    budget.and_then(|budget| view.violation(number, budget)).unwrap_or(f64::INFINITY)
}

/// The numbers in the order of their scores, the best first: those that violate no constraint, then the others by their
/// violations. NaN, the score of a failed fit, comes last; of equal scores, the lower number comes first.
pub(in crate::strategy) fn ranked<S: Space>(
    view: &View<'_, S>,
    scores: Vec<(f64, u64)>,
    violation: impl Fn(u64) -> f64,
) -> Vec<u64> {
    let direction = view.metrics[0].direction;
    let violation = |number| if view.constraints.is_empty() { 0.0 } else { violation(number) };
    let mut scores: Vec<(f64, u64, f64)> =
        scores.into_iter().map(|(score, number)| (score, number, violation(number))).collect();
    scores.sort_by(|(a, first, by), (b, second, by_other)| {
        by.total_cmp(by_other).then(a.is_nan().cmp(&b.is_nan())).then(direction.compare(*a, *b)).then(first.cmp(second))
    });
    scores.into_iter().map(|(_, number, _)| number).collect()
}
