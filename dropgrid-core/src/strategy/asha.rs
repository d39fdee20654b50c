//! Asynchronous successive halving.

use std::{collections::HashSet, error};

use super::{
    CandidateSource, Elimination, Proposal, Strategy, View,
    entrants::{Entrants, size},
    halving::{
        bracket::{ranked, rung_scores, score, violation},
        finalists::finalists,
        promotions::{Place, Promotions},
        resources::{Resources, resource_settings},
        schedule::rungs,
        unit::Unit,
        without,
    },
};
use crate::{
    error::{Error, Result},
    space::Space,
    split::Warning,
};

/// Candidates of the first rung that are in work at once, at least: enough for many workers.
const AHEAD: u64 = 64;

/// Trains candidate after candidate for a few epochs, and trains one further as soon as it is among the best of its
/// rung: the asynchronous successive halving of [Li et al.
/// 2020](https://proceedings.mlsys.org/paper_files/paper/2020/hash/a06f20b349c6cf09a6b171c71b88bbfc-Abstract.html).
///
/// The rungs have `R / η^s, …, R / η, R` epochs, rounded down, where `s = ⌊log_η(R / r_min)⌋`. A rung promotes the
/// candidates that are among the best `⌊m / η⌋` of its first `m`, for each `m`. No rung waits for another to be whole,
/// so good candidates are trained to the end early: take it where a [time budget](crate::search::Search::time_budget)
/// ends the search, with a base that may be endless, as `Random::new(usize::MAX)`. Each rung takes its candidates in
/// the order of their numbers, and those of the next one in the order of their promotion. No clock decides: on any
/// number of workers the search has the same fits.
///
/// A training goes on from the epochs that it has had, and every candidate is scored on all folds. Candidates without a
/// score are not promoted. Where a rung promotes nobody at its end, its best candidate goes on, so that one gets the
/// whole training. The finalists are the candidates of the highest rung on which one has a finite score: all of one and
/// the same budget.
///
/// Choose `r_min`. After one epoch, those candidates lead that learn fast at first; a fifth of the epochs tells more.
/// The report has a [warning](Warning::EarlyComparison) where nobody has chosen and it is less.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Asha, Random};
/// // Of 32 epochs: rungs of 8, 16 and 32.
/// let asha = Asha::new(Random::new(usize::MAX)).min_resource(8);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asha<B> {
    base: B,
    resources: Resources,
}

resource_settings!(
    Asha,
    "The factor `η`, at least 2: one candidate in so many goes on, with so many times the epochs. The default is 2.",
    "The least resources of a candidate, `r_min`. The default is 1 epoch, or two samples of each class and fold."
);

impl<B> Asha<B> {
    /// An asynchronous halving of the candidates of `base`.
    pub fn new(base: B) -> Self {
        Self { base, resources: Resources::epochs(2) }
    }

    /// The resources of the rungs.
    ///
    /// # Errors
    /// [`Error::Setting`], [`Error::Schedule`](crate::Error::Schedule).
    fn rungs<S: Space>(&self, view: &View<'_, S>) -> Result<Vec<u64>>
    where
        B: CandidateSource<S>,
    {
        let (min, max) = self.resources.ends(view)?;
        Ok(rungs(min, max, u64::from(self.resources.factor)))
    }

    /// Calls `finish` with the rungs as far as the records go, and with the candidates that are known.
    fn ladder<S: Space, R>(
        &self,
        view: &View<'_, S>,
        finish: impl FnOnce(&Ladder, &Entrants<S::Params>) -> R,
    ) -> Result<R, Box<dyn error::Error + Send + Sync>>
    where
        B: CandidateSource<S>,
    {
        let there_are = size(&self.base, view.space)?.unwrap_or(u64::MAX);
        let begun = view.trials.iter().next_back().map_or(0, |trial| trial.number + 1);
        // More of a long search, whose rungs take longer to look through.
        let end = begun.saturating_add(AHEAD + begun / 8).min(there_are);
        let entrants = Entrants::new(view, &self.base, end)?;
        let is_closed = entrants.are_whole && end == there_are;
        let (Resources { unit, factor, .. }, rungs) = (self.resources, self.rungs(view)?);
        let name = format!("ladder of {rungs:?} {unit:?} by {factor} {:?}", view.metrics[0].direction);
        Ok(view.trials.decisions().with(&name, |ladder: &mut Ladder| {
            ladder.climb(view, (unit, factor as usize), rungs, &entrants, is_closed);
            finish(ladder, &entrants)
        }))
    }
}

/// The rungs as far as the records go, the lowest first.
#[derive(Default)]
struct Ladder(Vec<LadderRung>);

/// A rung: the candidates that take part, and its decisions on the first of them.
#[derive(Default)]
struct LadderRung {
    resources: u64,
    /// In the order in which they are compared.
    climbers: Vec<u64>,
    /// The first so many have a score.
    scored: usize,
    promotions: Promotions,
}

impl Ladder {
    /// Decides what the records allow to decide.
    fn climb<S: Space>(
        &mut self,
        view: &View<'_, S>,
        (unit, factor): (Unit, usize),
        resources: Vec<u64>,
        entrants: &Entrants<S::Params>,
        mut is_closed: bool,
    ) {
        if self.0.is_empty() {
            self.0 = resources.into_iter().map(|resources| LadderRung { resources, ..LadderRung::default() }).collect();
        }
        let direction = view.metrics[0].direction;
        let Some(lowest) = self.0.first_mut() else { return };
        let known = lowest.climbers.len();
        lowest.climbers.extend(entrants.numbers[..entrants.settled].iter().skip(known));
        for at in 0..self.0.len() {
            let (below, above) = self.0.split_at_mut(at + 1);
            let (rung, Some(next)) = (&mut below[at], above.first_mut()) else { break };
            while let Some(&number) = rung.climbers.get(rung.scored)
                && let Some(score) = score(view, unit, number, rung.resources)
            {
                // One that violates a constraint is promoted only where nobody else is.
                let is_feasible = view.constraints.is_empty() || violation(view, unit, number, rung.resources) == 0.0;
                let score = if is_feasible { score } else { f64::NAN };
                next.climbers.extend(rung.promotions.add(Place { score, number, direction }, rung.scored, factor));
                rung.scored += 1;
            }
            is_closed &= rung.scored == rung.climbers.len();
            if is_closed && next.climbers.is_empty() {
                let has_score =
                    |number: &u64| score(view, unit, *number, rung.resources).is_some_and(|it| !it.is_nan());
                next.climbers.extend(rung.ranked(view, unit).first().filter(|number| has_score(number)));
            }
        }
    }
}

impl LadderRung {
    /// The candidates that are compared, the best first.
    fn ranked<S: Space>(&self, view: &View<'_, S>, unit: Unit) -> Vec<u64> {
        let score = |&number: &u64| Some((score(view, unit, number, self.resources)?, number));
        let scores = self.climbers[..self.scored].iter().filter_map(score).collect();
        let violation = |number| violation(view, unit, number, self.resources);
        ranked(view, scores, violation).into_iter().map(|(_, number)| number).collect()
    }
}

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
        let unit = self.resources.unit;
        self.ladder(view, |ladder, entrants| {
            // The highest rung first: it ends the soonest.
            let jobs = ladder.0.iter().rev().flat_map(|rung| {
                let budget = |params: &S::Params| unit.budget(view, params, rung.resources);
                entrants.jobs(view, &rung.climbers[rung.scored..], view.fold_count(), budget)
            });
            jobs.collect()
        })
    }

    fn finalists(&self, view: &View<'_, S>) -> Vec<u64> {
        let unit = self.resources.unit;
        let scores = self.ladder(view, |ladder, _| {
            let rungs = ladder.0.iter().enumerate().map(|(at, rung)| {
                let below = at.checked_sub(1).map(|below| ladder.0[below].resources);
                rung_scores(view, unit, &rung.climbers, (below, rung.resources))
            });
            rungs.collect::<Vec<_>>()
        });
        // Whoever was not promoted yet may be promoted by what comes.
        finalists(&scores.unwrap_or_default(), &HashSet::new())
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        let unit = self.resources.unit;
        let eliminations = self.ladder(view, |ladder, _| {
            let pairs = ladder.0.iter().zip(ladder.0.iter().skip(1));
            let out = pairs.flat_map(|(rung, next)| {
                let (promoted, after) =
                    (next.climbers.iter().copied().collect::<HashSet<u64>>(), unit.words(rung.resources));
                let ranked = rung.ranked(view, unit).into_iter().enumerate();
                let out: Vec<_> = ranked.filter(|(_, number)| !promoted.contains(number)).collect();
                out.into_iter().map(move |(place, candidate)| {
                    let (count, went_on) = (rung.scored, promoted.len());
                    let reason = format!("rank {} of {count}, of which {went_on} went on", place + 1);
                    Elimination { candidate, after: after.clone(), reason }
                })
            });
            out.collect()
        });
        without(eliminations.unwrap_or_default(), &self.finalists(view))
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        self.resources.warning(&self.rungs(view).ok()?).or_else(|| self.base.warning(view.space))
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
