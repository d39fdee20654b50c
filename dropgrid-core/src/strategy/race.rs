//! Races: candidates meet fold by fold, and those that cannot win are dropped.

use std::{collections::HashSet, error, ops::Range};

use dropgrid_surrogate::student::upper_tail;

use super::{
    CandidateSource, Elimination, Proposal, Strategy, View,
    entrants::{Entrants, finite_size},
};
use crate::{
    error::{Error, Result},
    record::{Budget, Record, mean_and_std},
    space::Space,
    split::Warning,
};

/// The degrees of freedom of the variance that candidates share.
const SHARED_DEGREES: u32 = 4;

/// Trains the candidates of a base fold by fold, and drops those that are significantly worse than the leader: racing
/// ([Maron and Moore 1994](https://papers.nips.cc/paper/1993/hash/02a32ad2669e6fe298e607fe7cc0e1a0-Abstract.html);
/// [Kuhn 2014](https://arxiv.org/abs/1405.6974)).
///
/// After fold `j`, from [`burn_in`](Self::burn_in) on, `D` are the differences of a candidate's scores to those of the
/// leader, the candidate with the best mean so far. The candidate is dropped where `mean(D) > t(1 - alpha, d + j - 1)
/// √(v / j)`, with the quantile of Student's t, `v = ((j - 1) var(D) + d m) / (d + j - 1)`, the median `m` of `var(D)`
/// over the candidates in the race, and `d = 4`: few folds tell little of a variance, and candidates are alike in it
/// ([Smyth 2004](https://doi.org/10.2202/1544-6115.1027)). A mean has the weights of the folds. A candidate with NaN on
/// a fold is dropped, too. The leader never is, and whoever is left after the last fold but one finishes.
///
/// Every candidate trains for its whole budget: tests of networks that are trained in part are wrong. Differences are
/// small in their variance because all candidates have the same folds, initial weights and order of batches. The test
/// is repeated after each fold, and folds overlap in their training rows, so `alpha` is no probability of losing the
/// best candidate.
///
/// # Examples
/// ```
/// # use dropgrid_core::strategy::{Grid, Race, Random};
/// let race = Race::new(Grid);
/// let careful = Race::new(Random::new(100)).alpha(0.001).burn_in(3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Race<B> {
    base: B,
    alpha: f64,
    burn_in: u32,
}

impl<B> Race<B> {
    /// A race of the candidates of `base` at the level 0.01, after two folds for everyone.
    pub fn new(base: B) -> Self {
        Self { base, alpha: 0.01, burn_in: 2 }
    }

    /// The level of the test, above 0 and at most 0.5: a larger one drops more candidates, and the best one more often.
    pub fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// The folds before the first test, at least 2.
    pub fn burn_in(self, folds: u32) -> Self {
        Self { burn_in: folds, ..self }
    }
}

impl<S: Space, B: CandidateSource<S>> Strategy<S> for Race<B> {
    fn count(&self, view: &View<'_, S>) -> Result<Option<usize>> {
        view.refuse_constraints()?;
        if !(self.alpha > 0.0 && self.alpha <= 0.5) {
            let (setting, expected) = ("alpha", "above 0 and at most 0.5");
            return Err(Error::Setting { setting, value: self.alpha.to_string(), expected });
        }
        if self.burn_in < 2 {
            let (setting, expected) = ("burn_in", "at least 2");
            return Err(Error::Setting { setting, value: self.burn_in.to_string(), expected });
        }
        if self.base.awaits_records() {
            // Its next candidate awaits all folds of the earlier ones, and the race gives these a few until all are
            // there.
            let (setting, expected) = (
                "base of a race",
                "a source such as Grid, Random or Sobol, which awaits no records; a model has `fold_by_fold`",
            );
            return Err(Error::Setting { setting, value: format!("{:?}", self.base), expected });
        }
        finite_size(&self.base, view.space)?;
        Ok(None)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        self.heats(view, |heats, entrants| {
            entrants.jobs(view, &heats.racing[heats.run..], heats.folds, |_| Budget::Full)
        })
    }

    fn eliminations(&self, view: &View<'_, S>) -> Vec<Elimination> {
        self.heats(view, |heats, _| heats.eliminations.clone()).unwrap_or_default()
    }

    fn warning(&self, view: &View<'_, S>) -> Option<Warning> {
        let folds = view.fold_count();
        let is_short = folds <= self.burn_in;
        is_short
            .then_some(Warning::ShortRace { folds, burn_in: self.burn_in })
            .or_else(|| self.base.warning(view.space))
    }

    fn is_of_space(&self) -> bool {
        self.base.is_of_space()
    }

    fn listed(&self) -> &[S::Params] {
        self.base.listed()
    }
}

/// The race so far.
#[derive(Default)]
struct Heats {
    /// The candidates that are in the race.
    racing: Vec<u64>,
    /// The folds that each of them gets; 0 before the race begins.
    folds: u32,
    /// The first so many of them have run these.
    run: usize,
    eliminations: Vec<Elimination>,
}

impl<B> Race<B> {
    /// Calls `finish` with the race as far as the records go, and with its candidates.
    fn heats<S: Space, R>(
        &self,
        view: &View<'_, S>,
        finish: impl FnOnce(&Heats, &Entrants<S::Params>) -> R,
    ) -> Result<R, Box<dyn error::Error + Send + Sync>>
    where
        B: CandidateSource<S>,
    {
        let entrants = Entrants::new(view, &self.base, finite_size(&self.base, view.space)?)?;
        let name = format!("race at {} from {} on {:?}", self.alpha, self.burn_in, view.metrics[0].direction);
        Ok(view.trials.decisions().with(&name, |heats: &mut Heats| {
            self.go_on(heats, view, &entrants);
            finish(heats, &entrants)
        }))
    }

    fn go_on<S: Space>(&self, heats: &mut Heats, view: &View<'_, S>, entrants: &Entrants<S::Params>)
    where
        B: CandidateSource<S>,
    {
        let count = view.fold_count();
        // The burn-in has no test, so its folds come all at once.
        let burn_in = self.burn_in.min(count);
        heats.folds = heats.folds.max(burn_in);
        loop {
            let is_first = heats.folds == burn_in;
            if is_first {
                heats.racing.clone_from(&entrants.numbers);
            }
            let settled = if is_first { entrants.settled } else { heats.racing.len() };
            let folds = heats.folds;
            let has_run = |number: u64| {
                let trial = view.trials.get(number);
                trial.is_some_and(|trial| (0..folds).all(|fold| trial.record(fold, Budget::Full).is_some()))
            };
            while heats.run < settled && has_run(heats.racing[heats.run]) {
                heats.run += 1;
            }
            if folds == count || !entrants.are_whole || heats.run < heats.racing.len() {
                return;
            }
            let dropped = self.dropped(view, &heats.racing, folds);
            let numbers: HashSet<u64> = dropped.iter().map(|elimination| elimination.candidate).collect();
            heats.racing.retain(|number| !numbers.contains(number));
            heats.eliminations.extend(dropped);
            (heats.folds, heats.run) = (folds + 1, 0);
        }
    }

    /// The candidates that are dropped after so many folds, by their numbers, ascending.
    fn dropped<S: Space>(&self, view: &View<'_, S>, racing: &[u64], after: u32) -> Vec<Elimination>
    where
        B: CandidateSource<S>,
    {
        let (direction, folds) = (view.metrics[0].direction, 0..after as usize);
        let weights: Vec<f64> = view.folds[folds.clone()].iter().map(|fold| fold.weight).collect();
        let scores: Vec<Vec<f64>> = racing.iter().map(|number| scores(view, *number, folds.clone())).collect();
        let mean = |scores: &[f64]| mean_and_std(scores, &weights).0;
        let means = scores.iter().map(|scores| mean(scores)).enumerate().filter(|(_, mean)| !mean.is_nan());
        let Some((leader, _)) = means.min_by(|a, b| direction.compare(a.1, b.1)) else { return Vec::new() };
        let difference = |of: &[f64]| -> Vec<f64> {
            let behind = |(leader, score): (&f64, &f64)| direction.gain(*score, *leader);
            scores[leader].iter().zip(of).map(behind).collect()
        };
        let differences: Vec<Vec<f64>> = scores.iter().map(|of| difference(of)).collect();
        let others = (0..racing.len()).filter(|at| *at != leader);
        let variances: Vec<f64> = differences.iter().map(|differences| variance(differences)).collect();
        let shared = median(others.clone().map(|at| variances[at]).filter(|variance| variance.is_finite()).collect());
        let (own, degrees) = (after - 1, SHARED_DEGREES + after - 1);
        let total: f64 = weights.iter().sum();
        // 1 / j where all folds have one weight.
        let share = weights.iter().map(|weight| weight * weight).sum::<f64>() / (total * total);
        let after = format!("fold {after} of {}", view.folds.len());
        let eliminate = |at: usize| {
            let (behind, candidate) = (mean(&differences[at]), racing[at]);
            if behind.is_nan() {
                let reason = "a fold has no score".to_owned();
                return Some(Elimination { candidate, after: after.clone(), reason });
            }
            let variance = (f64::from(own) * variances[at] + f64::from(SHARED_DEGREES) * shared) / f64::from(degrees);
            let t = behind / (variance * share).sqrt();
            // Equal differences on all folds and candidates have no variance; infinite ones none that is a number.
            let p = if t.is_nan() { 0.0 } else { upper_tail(t.max(0.0), degrees) };
            let is_behind = behind > 0.0 && p < self.alpha;
            let leader = self.base.number_shown(racing[leader]);
            let reason = || format!("{behind:.6} behind candidate {leader}, p = {p:.6}");
            is_behind.then(|| Elimination { candidate, after: after.clone(), reason: reason() })
        };
        others.filter_map(eliminate).collect()
    }
}

/// The scores of a candidate on these folds.
fn scores<S: Space>(view: &View<'_, S>, number: u64, folds: Range<usize>) -> Vec<f64> {
    let records = view.trials.get(number).map_or(&[][..], |trial| trial.at(Budget::Full));
    let score = |record: &Record| record.outcome.as_ref().map_or(view.error_score, |scores| scores[0]);
    records[folds].iter().map(score).collect()
}

/// The variance of a sample, with `ddof = 1`.
fn variance(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let std = mean_and_std(values, &vec![1.0; values.len()]).1;
    std * std * count / (count - 1.0)
}

/// The median; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        len if len % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}
