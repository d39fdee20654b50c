//! Exhaustive search without the fits that cannot change its winner.

mod units;
mod walk;

use std::collections::BTreeSet;

use super::{
    Elimination, Grid, Proposal, Strategy, View,
    entrants::size,
    missing::{CHUNK, Numbered, sharing},
};
use crate::{
    error::Result,
    record::{Budget, Job},
    space::{Enumerable, Enumeration, FiniteSpace},
    split::Warning,
};
use units::units;
use walk::{Settled, Walk};

/// [`Grid`] search that drops a candidate as soon as even perfect scores on its remaining folds cannot make it the
/// winner: [`Grid::exact`].
///
/// The winner, its scores and its model are those of the whole grid (see below). Every candidate is trained on the
/// first fold. Then candidates finish in the order of that score, and a candidate with the scores `s` on the first `j`
/// of `k` folds is dropped where `(s_1 + ... + s_j + (k - j) b) / k` is worse than the mean of the best candidate that
/// finished before it. Folds count by their weights; `b` is the [best value](crate::metric::Metric::best) of the
/// deciding metric, or the [error score](crate::search::Search::error_score) where that is better. A candidate with NaN
/// on a fold is dropped, too. A tie never drops: the first candidate of the space wins, as in a grid. Where the metric
/// has no best value, only candidates without a score are dropped, and the report has a
/// [warning](Warning::NoBestScore).
///
/// The ranks behind the winner are partial: a dropped candidate ranks behind all that finished, and the report says
/// why. Of `n` candidates, `√n` finish side by side, so that many workers are busy at least; on any number of workers
/// the search has the same fits. Candidates that share one training, as those with other epochs, are dropped together.
///
/// # Why the winner is that of the grid
/// Let a higher score be better; for a loss, every sign turns. Fold `i` has the weight `w_i > 0`, and a candidate with
/// the scores `s_i` on all `k` folds has the mean `m = Σ w_i s_i / Σ w_i`. The grid's winner is the first candidate of
/// the space with the best mean.
///
/// 1. **Bound.** No `s_i` is better than `b`: `b` is the metric's best value, or the error score where a fit that fails
///    would have a better one. Computed scores may pass the best value by a rounding, so `b` is moved by `1e-9 |b|`.
/// 2. **Reach.** After `j` folds, let `r` be the mean with `b` in place of the scores that are not there. The weights
///    are positive, so `r ≥ m`, whatever the other folds bring.
/// 3. **Drop.** A candidate is dropped only where `r < l`, and `l` is the mean of a candidate that has finished all
///    folds. Two computed means of `k` terms differ from exact ones by few roundings of `Σ |w_i s_i|`. A gap within
///    that bound drops nobody. So `m ≤ r < l`, and no candidate that is dropped has the best mean.
/// 4. **The winner finishes.** By 3 it is never dropped, so it has a score on each fold. A fit is a function of its
///    candidate, its fold and the seed: no fit that is left out changes one that is not. Its scores are therefore those
///    of the grid, and the model that is trained on all rows is, too.
/// 5. **Ties.** A candidate with the winner's mean has `r ≥ m = l`, so it finishes by the same argument, and the first
///    in the order of the space is chosen, as in the grid. The order in which candidates finish decides nothing.
/// 6. **No score.** With NaN on a fold the mean is NaN, which ranks behind every number. Such a candidate is dropped
///    only once another has finished with a number. A candidate whose every fit has failed leads nobody, as it does not
///    win a grid. Where nobody finishes with a number, nobody is dropped, and the search ends as the grid does.
/// 7. **Shared trainings.** Candidates of one training are dropped where 3 holds for each of them.
///
/// The proof is of the best mean by the deciding metric. A [refit rule](crate::report::Refit) that looks for a simpler
/// candidate near the best one may find fewer of them than in the whole grid, and the best by another metric may have
/// been dropped. `tests/search/strategies/exact.rs` compares random tables of scores with the whole grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExactGrid;

impl Grid {
    /// The grid search that leaves out the fits which cannot change the winner.
    pub fn exact(self) -> ExactGrid {
        ExactGrid
    }
}

impl<S: FiniteSpace<Kind: Enumerable>> Strategy<S> for ExactGrid {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        view.refuse_constraints()?;
        let candidates = size(&Grid, view.space)?;
        // The records decide how many fits are left out of several folds.
        Ok(candidates.and_then(|candidates| usize::try_from(candidates).ok()).filter(|_| view.folds.len() == 1))
    }

    fn is_of_space(&self) -> bool {
        true
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        let is_unbounded = view.best_score.is_none() && view.folds.len() > 1;
        is_unbounded.then(|| Warning::NoBestScore { metric: view.metrics[0].name.clone() })
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        Ok(follow(view, |progress| {
            let first = on_first_fold(view, &Enumeration::new(view.space), &mut progress.begun);
            if first.is_empty() { progress.walk(view).jobs() } else { first }
        }))
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        follow(view, |progress| {
            let first = on_first_fold(view, &Enumeration::new(view.space), &mut progress.begun);
            if first.is_empty() { progress.walk(view).eliminations() } else { Vec::new() }
        })
    }
}

/// The decisions so far.
#[derive(Default)]
struct Progress {
    /// The candidates below this number have a record on the first fold, or cannot be made.
    begun: u64,
    settled: Settled,
}

impl Progress {
    /// The walk, once every candidate has a record on the first fold.
    fn walk<'a, 'v, S: FiniteSpace>(&'a mut self, view: &'a View<'v, S>) -> Walk<'a, 'v, S> {
        self.settled.units.get_or_insert_with(|| units(view));
        Walk::new(view, &mut self.settled)
    }
}

/// Calls `go_on` with the decisions so far.
fn follow<S: FiniteSpace, R>(view: &View<'_, S>, go_on: impl FnOnce(&mut Progress) -> R) -> R {
    let name = format!("walk to {:?} {:?} {:?}", view.best_score, view.metrics[0].direction, view.evaluation_only);
    view.trials.decisions().with(&name, go_on)
}

/// The first jobs without a record on the first fold, from candidate `begun` on, which is moved up to the first of
/// them. Candidates that share a training come together.
fn on_first_fold<S: FiniteSpace>(
    view: &View<'_, S>,
    candidates: &impl Numbered<S::Params>,
    begun: &mut u64,
) -> Vec<Job<S::Params>> {
    let mut jobs: Vec<Job<S::Params>> = Vec::new();
    let mut added = BTreeSet::new();
    for number in *begun..candidates.len() {
        if jobs.len() >= CHUNK {
            break;
        }
        if added.contains(&number) {
            continue;
        }
        let params = if view.trials.get(number).is_some() { None } else { candidates.nth(number) };
        let Some(params) = params else {
            if jobs.is_empty() {
                *begun = number + 1;
            }
            continue;
        };
        let mates = sharing(view, candidates, &params);
        let mates = mates.into_iter().filter_map(|mate| Some((candidates.number_of(&mate)?, mate)));
        let mates: Vec<_> = mates.filter(|(mate, _)| *mate != number && view.trials.get(*mate).is_none()).collect();
        for (candidate, params) in [(number, params)].into_iter().chain(mates) {
            if added.insert(candidate) {
                jobs.push(Job { candidate, params, fold: 0, budget: Budget::Full });
            }
        }
    }
    jobs
}
