//! The run of a bracket: candidates train, the best train further, and so on.

use std::{
    collections::{BTreeMap, HashSet},
    error,
};

use super::{finalists::RungScore, unit::Unit};
use crate::{
    record::Job,
    space::Space,
    strategy::{Elimination, View, entrants::Entrants},
};

/// Candidates that are compared with each other, rung by rung.
pub(in crate::strategy) struct Bracket<'a, P> {
    /// The name by which the bracket knows its decisions.
    pub(in crate::strategy) name: String,
    pub(in crate::strategy) unit: Unit,
    /// The resources of each rung.
    pub(in crate::strategy) resources: Vec<u64>,
    /// The number of candidates that go on from so many.
    pub(in crate::strategy) keep: &'a dyn Fn(usize) -> usize,
    /// Makes the candidates of the first rung.
    pub(in crate::strategy) entrants: &'a dyn Fn() -> Result<Entrants<P>, Fault>,
}

type Fault = Box<dyn error::Error + Send + Sync>;

/// The decisions on the rungs so far.
#[derive(Default)]
struct Decisions {
    /// The candidates of each rung that is decided with their scores, the best first.
    rungs: Vec<Vec<(f64, u64)>>,
    /// The candidates of the rung that is not.
    members: Vec<u64>,
    /// The first so many of them have a score.
    scored: usize,
}

/// The state of a bracket.
#[derive(Default)]
pub(in crate::strategy) struct Standings {
    /// For each rung, its resources and the scores so far.
    pub(in crate::strategy) rungs: Vec<(u64, Vec<RungScore>)>,
    pub(in crate::strategy) eliminations: Vec<Elimination>,
    /// The last rung of each candidate, from 0.
    pub(in crate::strategy) iterations: BTreeMap<u64, usize>,
}

impl<P: Clone> Bracket<'_, P> {
    /// The jobs of the rung that is not decided. A rung is decided once all of it is done, in whatever order. Its best
    /// candidates begin the next one, so that they are ahead where the search ends early.
    pub(in crate::strategy) fn jobs<S: Space<Params = P>>(&self, view: &View<'_, S>) -> Result<Vec<Job<P>>, Fault> {
        view.trials.decisions().with(&self.name, |decisions| self.go_on(view, decisions))
    }

    /// Follows the records as far as they go.
    fn go_on<S: Space<Params = P>>(&self, view: &View<'_, S>, decisions: &mut Decisions) -> Result<Vec<Job<P>>, Fault> {
        while let Some(&resources) = self.resources.get(decisions.rungs.len()) {
            let is_first = decisions.rungs.is_empty();
            let entrants = if is_first { (self.entrants)()? } else { Entrants::recorded() };
            if is_first {
                decisions.members.clone_from(&entrants.numbers);
            }
            let members = &decisions.members;
            let settled = if is_first { entrants.settled } else { members.len() };
            let score = |number: u64| score(view, self.unit, number, resources);
            while decisions.scored < settled && score(members[decisions.scored]).is_some() {
                decisions.scored += 1;
            }
            if !entrants.are_whole || decisions.scored < members.len() {
                let budget = |params: &P| self.unit.budget(view, params, resources);
                return Ok(entrants.jobs(view, &members[decisions.scored..], view.fold_count(), budget));
            }
            let scores = members.iter().filter_map(|&number| Some((score(number)?, number))).collect();
            let violation = |number| violation(view, self.unit, number, resources);
            let ranked = ranked(view, scores, violation);
            decisions.members = ranked.iter().take((self.keep)(ranked.len())).map(|(_, number)| *number).collect();
            decisions.scored = 0;
            decisions.rungs.push(ranked);
        }
        Ok(Vec::new())
    }

    /// The state of the bracket on the records so far.
    ///
    /// # Errors
    /// Those of the candidates.
    pub(in crate::strategy) fn standings<S: Space<Params = P>>(&self, view: &View<'_, S>) -> Result<Standings, Fault> {
        view.trials.decisions().with(&self.name, |decisions| {
            self.go_on(view, decisions)?;
            Ok(self.standings_of(view, decisions))
        })
    }

    fn standings_of<S: Space<Params = P>>(&self, view: &View<'_, S>, decisions: &Decisions) -> Standings {
        let mut standings = Standings::default();
        for (at, &resources) in self.resources.iter().enumerate() {
            let ranked = decisions.rungs.get(at);
            if at > decisions.rungs.len() {
                break;
            }
            let members: Vec<u64> =
                ranked.map_or_else(|| decisions.members.clone(), |ranked| ranked.iter().map(|(_, it)| *it).collect());
            standings.iterations.extend(members.iter().map(|number| (*number, at)));
            let below = at.checked_sub(1).map(|below| self.resources[below]);
            standings.rungs.push((resources, rung_scores(view, self.unit, &members, (below, resources))));
            let Some(ranked) = ranked.filter(|_| at + 1 < self.resources.len()) else { continue };
            let kept = (self.keep)(ranked.len()).min(ranked.len());
            let after = self.unit.words(resources);
            let out = |(place, &(_, candidate)): (usize, &(f64, u64))| {
                let reason = format!("rank {} of {}, of which {kept} went on", place + 1, ranked.len());
                Elimination { candidate, after: after.clone(), reason }
            };
            standings.eliminations.extend(ranked.iter().enumerate().skip(kept).map(out));
        }
        standings
    }
}

impl Standings {
    /// The numbers of the candidates that were eliminated.
    pub(in crate::strategy) fn eliminated(&self) -> HashSet<u64> {
        self.eliminations.iter().map(|elimination| elimination.candidate).collect()
    }
}

/// The scores on a rung of so many resources of those candidates that have one; the rung below has the other ones.
pub(in crate::strategy) fn rung_scores<S: Space>(
    view: &View<'_, S>,
    unit: Unit,
    members: &[u64],
    (below, resources): (Option<u64>, u64),
) -> Vec<RungScore> {
    let of = |&number: &u64| {
        let trial = view.trials.get(number)?;
        let budget = |resources| unit.budget(view, &trial.params, resources);
        let (score, is_new) = (trial.score(budget(resources))?, below.map(budget) != Some(budget(resources)));
        Some(RungScore { number, score, is_new })
    };
    members.iter().filter_map(of).collect()
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

/// The candidates in the order of their scores, the best first: those that violate no constraint, then the others by
/// their violations. NaN, the score of a failed fit, comes last; of equal scores, the lower number comes first.
pub(in crate::strategy) fn ranked<S: Space>(
    view: &View<'_, S>,
    scores: Vec<(f64, u64)>,
    violation: impl Fn(u64) -> f64,
) -> Vec<(f64, u64)> {
    let direction = view.metrics[0].direction;
    let violation = |number| if view.constraints.is_empty() { 0.0 } else { violation(number) };
    let with_violation = |(score, number)| (violation(number), score, number);
    let mut scores: Vec<(f64, f64, u64)> = scores.into_iter().map(with_violation).collect();
    scores.sort_by(|(by, a, first), (by_other, b, second)| {
        let by_score = a.is_nan().cmp(&b.is_nan()).then(direction.compare(*a, *b));
        by.total_cmp(by_other).then(by_score).then(first.cmp(second))
    });
    scores.into_iter().map(|(_, score, number)| (score, number)).collect()
}
