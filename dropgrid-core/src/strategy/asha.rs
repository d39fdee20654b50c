//! Asynchronous successive halving.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashSet},
    error,
};

use super::{
    CandidateSource, Elimination, Proposal, Strategy, View,
    entrants::{Entrants, size},
    halving::{
        bracket::{ranked, score, violation},
        schedule::rungs,
        unit::{Unit, check_factor},
    },
};
use crate::{
    error::{Error, Result},
    metric::Direction,
    record::Job,
    space::Space,
    split::Warning,
};

/// Candidates of the first rung that are in work at once, at least: enough for many workers.
const AHEAD: u64 = 64;

/// Trains candidate after candidate for a few epochs, and trains one further as soon as it is among the best of its rung: the
/// asynchronous successive halving of [Li et al. 2020](https://proceedings.mlsys.org/paper_files/paper/2020/hash/a06f20b349c6cf09a6b171c71b88bbfc-Abstract.html).
///
/// The rungs have `R / η^s, …, R / η, R` epochs, rounded down, where `s = ⌊log_η(R / r_min)⌋`. A rung promotes the candidates
/// that are among the best `⌊m / η⌋` of its first `m`, for each `m`. No rung waits for another to be whole, so good candidates
/// are trained to the end early: take it where a [time budget](crate::search::Search::time_budget) ends the search, with a base
/// that may be endless, as `Random::new(usize::MAX)`. Each rung takes its candidates in the order of their numbers, and those
/// of the next one in the order of their promotion. No clock decides: on any number of workers the search has the same fits.
///
/// A training goes on from the epochs that it has had, and every candidate is scored on all folds. Candidates without a score
/// are not promoted. Where a rung promotes nobody at its end, its best candidate goes on, so that one gets the whole training.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Asha, Random};
/// let asha = Asha::new(Random::new(usize::MAX)).factor(4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asha<B> {
    base: B,
    factor: u32,
    unit: Unit,
    min: Option<u64>,
    max: Option<u64>,
}

impl<B> Asha<B> {
    /// An asynchronous halving of the candidates of `base`.
    pub fn new(base: B) -> Self {
        Self { base, factor: 2, unit: Unit::Epochs, min: None, max: None }
    }

    /// The factor `η`, at least 2: one candidate in so many goes on, with so many times the epochs. The default is 2.
    pub fn factor(self, factor: u32) -> Self {
        Self { factor, ..self }
    }

    /// Spends samples in place of epochs, as [`SuccessiveHalving::samples`](super::SuccessiveHalving::samples).
    pub fn samples(self) -> Self {
        Self { unit: Unit::Samples, ..self }
    }

    /// The least resources of a candidate, `r_min`. The default is 1 epoch, or two samples of each class and fold.
    pub fn min_resource(self, resources: u64) -> Self {
        Self { min: Some(resources), ..self }
    }

    /// The most resources of a candidate, `R`. The default is all epochs of the training, or all rows of the data.
    pub fn max_resource(self, resources: u64) -> Self {
        Self { max: Some(resources), ..self }
    }

    /// The resources of the rungs.
    ///
    /// # Errors
    /// [`Error::Setting`], [`Error::Schedule`](crate::Error::Schedule).
    fn rungs<S: Space>(&self, view: &View<'_, S>) -> Result<Vec<u64>>
    where
        B: CandidateSource<S>,
    {
        check_factor(self.factor)?;
        let available = self.unit.available(view);
        let (min, max) = (self.min.unwrap_or_else(|| self.unit.smallest(view)), self.max.unwrap_or(available));
        self.unit.check(view, (min, max), available)?;
        Ok(rungs(min, max, u64::from(self.factor)))
    }

    fn ladder<S: Space>(&self, view: &View<'_, S>) -> Result<Ladder<S::Params>, Box<dyn error::Error + Send + Sync>>
    where
        B: CandidateSource<S>,
    {
        let there_are = size(&self.base, view.space)?.unwrap_or(u64::MAX);
        let begun = view.trials.iter().next_back().map_or(0, |trial| trial.number + 1);
        // More of a long search, whose rungs take longer to look through.
        let end = begun.saturating_add(AHEAD + begun / 8).min(there_are);
        let entrants = Entrants::new(view, &self.base, end)?;
        let is_closed = entrants.are_whole && end == there_are;
        Ok(Ladder::new(view, (self.unit, self.factor as usize), &self.rungs(view)?, &entrants, is_closed))
    }
}

/// The rungs as far as the records go.
struct Ladder<P> {
    jobs: Vec<Job<P>>,
    /// The candidates with a score on the highest rung that has any.
    finalists: Vec<u64>,
    eliminations: Vec<Elimination>,
}

impl<P: Clone> Ladder<P> {
    fn new<S: Space<Params = P>>(
        view: &View<'_, S>,
        (unit, factor): (Unit, usize),
        rungs: &[u64],
        entrants: &Entrants<P>,
        mut is_closed: bool,
    ) -> Self {
        let mut ladder = Self { jobs: Vec::new(), finalists: Vec::new(), eliminations: Vec::new() };
        let mut jobs: Vec<Vec<Job<P>>> = Vec::new();
        let mut climbers = entrants.numbers.clone();
        for (at, &resources) in rungs.iter().enumerate() {
            let budget = |params: &P| unit.budget(view, params, resources);
            jobs.push(entrants.jobs(view, &climbers, view.fold_count(), budget));
            let score = |&number: &u64| Some((score(view, unit, number, resources)?, number));
            let done: Vec<(f64, u64)> = climbers.iter().map_while(score).collect();
            if !done.is_empty() {
                ladder.finalists = done.iter().map(|(_, number)| *number).collect();
            }
            if at + 1 == rungs.len() {
                break;
            }
            is_closed &= done.len() == climbers.len();
            let missed = |number| violation(view, unit, number, resources);
            // One that violates a constraint is promoted by nobody's absence but the last.
            let is_feasible = |number| view.constraints.is_empty() || missed(number) == 0.0;
            let feasible: Vec<(f64, u64)> = done
                .iter()
                .map(|&(score, number)| (if is_feasible(number) { score } else { f64::NAN }, number))
                .collect();
            let mut promoted = promoted(&feasible, factor, view.metrics[0].direction);
            if is_closed && promoted.is_empty() {
                promoted.extend(ranked(view, done.clone(), missed).first());
            }
            let count = done.len();
            let after = unit.words(resources);
            let is_promoted: HashSet<u64> = promoted.iter().copied().collect();
            let out =
                ranked(view, done, missed).into_iter().enumerate().filter(|(_, number)| !is_promoted.contains(number));
            ladder.eliminations.extend(out.map(|(place, candidate)| {
                let reason = format!("rank {} of {count}, of which {} went on", place + 1, promoted.len());
                Elimination { candidate, after: after.clone(), reason }
            }));
            climbers = promoted;
        }
        // The highest rung first: it ends the soonest.
        ladder.jobs = jobs.into_iter().rev().flatten().collect();
        ladder.finalists.sort_unstable();
        ladder
    }
}

/// The candidates that are among the best `1 / factor` of the first `m` of a rung for some `m`, in the order of the smallest
/// such `m`.
fn promoted(rung: &[(f64, u64)], factor: usize, direction: Direction) -> Vec<u64> {
    let (mut best, mut others, mut promoted) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut is_promoted = HashSet::new();
    for (at, &(score, number)) in rung.iter().enumerate() {
        // The worst of the best makes room for a better one.
        best.insert(Place { score, number, direction });
        if best.len() > at / factor {
            others.extend(best.pop_last());
        }
        if best.len() < (at + 1) / factor {
            best.extend(others.pop_first());
        }
        let entered = [best.last().copied(), best.get(&Place { score, number, direction }).copied()];
        for place in entered.into_iter().flatten() {
            if !place.score.is_nan() && is_promoted.insert(place.number) {
                promoted.push(place.number);
            }
        }
    }
    promoted
}

/// A candidate's place in a rung, the best first.
#[derive(Debug, Clone, Copy)]
struct Place {
    score: f64,
    number: u64,
    direction: Direction,
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = self.direction.compare(self.score, other.score);
        self.score.is_nan().cmp(&other.score.is_nan()).then(by_score).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Place {}

impl<S: Space, B: CandidateSource<S>> Strategy<S> for Asha<B> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        self.rungs(view)?;
        if size(&self.base, view.space)? == Some(0) {
            return Err(Error::NoCandidates);
        }
        // The scores decide how many candidates are promoted.
        Ok(None)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(self.ladder(view)?.jobs)
    }

    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        self.ladder(view).map(|ladder| ladder.finalists).unwrap_or_default()
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        self.ladder(view).map(|ladder| ladder.eliminations).unwrap_or_default()
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        self.base.warning(view.space)
    }

    fn learns(&self) -> bool {
        self.base.awaits_records()
    }

    fn is_of_space(&self) -> bool {
        self.base.is_of_space()
    }

    fn listed(&self) -> &[S::Params] {
        self.base.listed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the definition: for each prefix, whoever is among its best.
    #[test]
    fn whoever_was_among_the_best_of_a_prefix_is_promoted() {
        let mut random = 1_u32;
        for case in 0..200_u64 {
            let count = case % 30;
            let mut rung = Vec::new();
            for number in 0..count {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let score = if random >> 28 == 0 { f64::NAN } else { f64::from(random >> 29) };
                rung.push((score, number));
            }
            for (factor, direction) in [(2, Direction::Maximize), (3, Direction::Minimize), (4, Direction::Maximize)] {
                let mut expected: Vec<u64> = Vec::new();
                for m in 1..=rung.len() {
                    let mut prefix = rung[..m].to_vec();
                    prefix.retain(|(score, _)| !score.is_nan());
                    prefix.sort_by(|a, b| direction.compare(a.0, b.0).then(a.1.cmp(&b.1)));
                    prefix.truncate(m / factor);
                    let new: Vec<u64> =
                        prefix.iter().map(|it| it.1).filter(|number| !expected.contains(number)).collect();
                    expected.extend(new);
                }
                let mut is = promoted(&rung, factor, direction);
                is.sort_unstable();
                expected.sort_unstable();
                assert_eq!(is, expected);
            }
        }
    }
}
