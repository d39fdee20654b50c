//! The order in which candidates finish, and those that are dropped.

use std::{cmp::Ordering, ops::Range};

use super::units::Unit;
use crate::{
    record::{Budget, Job, Record},
    space::FiniteSpace,
    strategy::{Elimination, Trial, View},
};

/// The relative distance from the metric's best value that is left to the rounding of scores.
const SLACK: f64 = 1e-9;

/// A candidate that finished, and its mean score.
#[derive(Clone, Copy)]
struct Leader {
    number: u64,
    mean: f64,
}

/// The decisions of a walk: more records change none of them.
#[derive(Default)]
pub(super) struct Settled {
    /// The units in their order, once every candidate has a record on the first fold.
    pub(super) units: Option<Vec<Unit>>,
    /// The best candidates of the first units, of one unit, two, and so on, as far as all are settled.
    leaders: Vec<Option<Leader>>,
    /// The units among these that were dropped, by their places.
    dropped: Vec<Dropped>,
}

/// A unit that was dropped after so many folds, and the candidate that it cannot reach.
#[derive(Clone, Copy)]
struct Dropped {
    place: usize,
    folds: usize,
    leader: Leader,
}

/// The walk through the units in the order of the first fold's scores, best first. A unit is compared with the best of
/// those that stand `lag` places before it or earlier, once all of these are settled.
pub(super) struct Walk<'a, 'v, S: FiniteSpace> {
    view: &'a View<'v, S>,
    units: &'a [Unit],
    /// The units that need records, and the folds.
    open: Vec<(&'a Unit, Range<u32>)>,
    /// The units that were dropped: among the first ones that are settled, and among the others.
    dropped: (&'a [Dropped], Vec<Dropped>),
}

/// The state of a unit.
enum Progress {
    /// It finished all folds.
    Finished,
    /// It was dropped after so many folds.
    Dropped(usize),
    /// It needs records of these folds.
    Needs(Range<u32>),
}

impl<'a, 'v, S: FiniteSpace> Walk<'a, 'v, S> {
    /// The walk from the first unit on that is not settled.
    pub(super) fn new(view: &'a View<'v, S>, settled: &'a mut Settled) -> Self {
        let Settled { units, leaders, dropped } = settled;
        let units = units.as_deref().unwrap_or_default();
        let lag = units.len().isqrt().max(1);
        let mut walk = Self { view, units, open: Vec::new(), dropped: (&[], Vec::new()) };
        let mut is_settled = true;
        for (place, unit) in units.iter().enumerate().skip(leaders.len()) {
            let leader = match place.checked_sub(lag) {
                Some(before) => match leaders.get(before) {
                    Some(leader) => *leader,
                    None => break,
                },
                None => None,
            };
            let trials = walk.trials(unit);
            match walk.progress(&trials, leader) {
                Progress::Needs(folds) => {
                    is_settled = false;
                    walk.open.push((unit, folds));
                }
                progress => {
                    if let (Progress::Dropped(folds), Some(leader)) = (&progress, leader) {
                        let dropped = if is_settled { &mut *dropped } else { &mut walk.dropped.1 };
                        dropped.push(Dropped { place, folds: *folds, leader });
                    }
                    if is_settled {
                        let best = leaders.last().copied().flatten();
                        leaders.push(walk.best(&trials, best));
                    }
                }
            }
        }
        walk.dropped.0 = dropped;
        walk
    }

    /// The candidates of a unit.
    fn trials(&self, unit: &Unit) -> Vec<&'a Trial<S::Params>> {
        unit.candidates.iter().filter_map(|&number| self.view.trials.get(number)).collect()
    }

    fn progress(&self, trials: &[&Trial<S::Params>], leader: Option<Leader>) -> Progress {
        let folds = self.view.fold_count();
        let has = |fold: u32| trials.iter().all(|trial| trial.record(fold, Budget::Full).is_some());
        let done = (0..folds).take_while(|&fold| has(fold)).count();
        for after in 1..folds as usize {
            if after > done {
                break;
            }
            if leader.is_some_and(|leader| !trials.iter().any(|trial| self.can_win(trial, after, leader))) {
                return Progress::Dropped(after);
            }
        }
        let next = done as u32;
        match leader {
            _ if next == folds => Progress::Finished,
            // One fold at a time: the next one may be spared.
            Some(_) => Progress::Needs(next..next + 1),
            None => Progress::Needs(next..folds),
        }
    }

    /// True where perfect scores on all but the first folds could make a candidate the winner.
    fn can_win(&self, trial: &Trial<S::Params>, folds: usize, leader: Leader) -> bool {
        let (reach, error) = self.reach(trial, folds);
        if reach.is_nan() {
            return self.scores(trial, folds).all(|score| !score.is_nan());
        }
        let is_behind = self.view.metrics[0].direction.compare(leader.mean, reach) == Ordering::Less;
        !is_behind || (leader.mean - reach).abs() <= error
    }

    /// The mean of a candidate's scores on the first folds and of the best that it may have on the others; NaN where
    /// the metric has no best value. With it, a bound on the rounding of two such means.
    fn reach(&self, trial: &Trial<S::Params>, folds: usize) -> (f64, f64) {
        let best = self.best_score().unwrap_or(f64::NAN);
        let weights = self.view.folds.iter().map(|fold| fold.weight);
        let scores = self.scores(trial, folds).chain(std::iter::repeat(best));
        let (mut sum, mut size, mut total) = (0.0, 0.0, 0.0);
        for (score, weight) in scores.zip(weights) {
            let term = score * weight;
            (sum, size, total) = (sum + term, size + term.abs(), total + weight);
        }
        // Each of n products and sums rounds by half an epsilon; two means are compared.
        let roundings = 4.0 * (self.view.folds.len() as f64 + 4.0);
        (sum / total, roundings * f64::EPSILON * size / total)
    }

    /// The best score that a fold may still have.
    fn best_score(&self) -> Option<f64> {
        let (direction, error_score) = (self.view.metrics[0].direction, self.view.error_score);
        let best = self.view.best_score?;
        let slack = SLACK * best.abs();
        let best = [best - slack, best + slack].into_iter().min_by(|a, b| direction.compare(*a, *b))?;
        Some(if direction.compare(error_score, best) == Ordering::Less { error_score } else { best })
    }

    /// The scores of a candidate on the first folds.
    fn scores(&self, trial: &Trial<S::Params>, folds: usize) -> impl Iterator<Item = f64> {
        let error_score = self.view.error_score;
        let score = move |record: &Record| record.outcome.as_ref().map_or(error_score, |scores| scores[0]);
        trial.at(Budget::Full).iter().take(folds).map(score).collect::<Vec<f64>>().into_iter()
    }

    /// The better of a leader and the candidates of a unit that finished. A candidate whose every fit failed leads
    /// nobody.
    fn best(&self, trials: &[&Trial<S::Params>], leader: Option<Leader>) -> Option<Leader> {
        let is_fit = |trial: &&&Trial<S::Params>| trial.at(Budget::Full).iter().any(|record| record.outcome.is_ok());
        let finished = trials.iter().filter(is_fit).filter_map(|trial| {
            let mean = trial.score(Budget::Full).filter(|mean| !mean.is_nan())?;
            Some(Leader { number: trial.number, mean })
        });
        let direction = self.view.metrics[0].direction;
        leader
            .into_iter()
            .chain(finished)
            .min_by(|a, b| direction.compare(a.mean, b.mean).then(a.number.cmp(&b.number)))
    }

    /// The jobs that open units need.
    pub(super) fn jobs(&self) -> Vec<Job<S::Params>> {
        let units = self.open.iter().map(|(unit, folds)| (self.trials(unit), folds.clone()));
        let trials = units.flat_map(|(trials, folds)| trials.into_iter().map(move |trial| (trial, folds.clone())));
        let jobs = trials.flat_map(|(trial, folds)| {
            let open = folds.filter(|&fold| trial.record(fold, Budget::Full).is_none());
            open.map(|fold| Job { candidate: trial.number, params: trial.params.clone(), fold, budget: Budget::Full })
        });
        jobs.collect()
    }

    /// The candidates that were dropped, and why.
    pub(super) fn eliminations(&self) -> Vec<Elimination> {
        let trials = self.dropped.0.iter().chain(&self.dropped.1).flat_map(|&Dropped { place, folds, leader }| {
            let trials = self.trials(&self.units[place]).into_iter();
            trials.map(move |trial| self.elimination(trial, folds, leader))
        });
        trials.collect()
    }

    fn elimination(&self, trial: &Trial<S::Params>, folds: usize, leader: Leader) -> Elimination {
        let reason = if self.scores(trial, folds).any(f64::is_nan) {
            "a fold has no score".to_owned()
        } else {
            let ((reach, _), Leader { number, mean }) = (self.reach(trial, folds), leader);
            format!("{reach:.6} with perfect scores on the other folds, and candidate {number} has {mean:.6}")
        };
        let after = format!("fold {folds} of {}", self.view.folds.len());
        Elimination { candidate: trial.number, after, reason }
    }
}
