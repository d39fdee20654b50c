//! The scores that a model learns from.

use std::collections::BTreeSet;

use super::{
    memo::Digest,
    two_way::{COMMON, TwoWay},
};
use crate::{
    metric::Direction,
    record::{Budget, Record, mean_and_std},
    space::Space,
    strategy::{
        Trial, View,
        cube::{Cube, Point},
    },
};

/// Candidates that have records on every fold at the smallest of their budgets, by their numbers.
#[derive(Debug, Clone, Default)]
pub(in crate::strategy) struct History {
    pub(in crate::strategy) points: Vec<Point>,
    /// The mean scores, higher is better. NaN of a candidate with a failed fit, unless the search has an error score.
    pub(in crate::strategy) scores: Vec<f64>,
    /// The squared standard errors of the scores.
    ///
    /// All candidates are scored on the same folds, with the same draws. So the part of a score that is its fold's is
    /// taken out: the mean over candidates of their deviations there. The rest gives the variance of a candidate, which
    /// few folds know badly: it is averaged with the median of all candidates, at a weight of four more degrees of
    /// freedom.
    pub(in crate::strategy) variances: Vec<f64>,
    /// The number of trials of other studies, which come before the candidates of the search.
    pub(super) prior: usize,
    /// The budget of each candidate of the search.
    budgets: Vec<Budget>,
    /// The scores of each of them on the folds, and the weights of the folds.
    pub(super) folds: Vec<Vec<f64>>,
    pub(super) weights: Vec<f64>,
}

/// A history, and what it was after fewer steps.
#[derive(Clone, Copy)]
pub(in crate::strategy) struct Growth<'a> {
    pub(in crate::strategy) history: &'a History,
    /// The number of steps: candidates, or fits where candidates are trained fold by fold.
    pub(in crate::strategy) steps: usize,
    /// The history after so many of the steps.
    pub(in crate::strategy) first: &'a dyn Fn(usize) -> History,
}

impl History {
    /// The candidates below a number.
    pub(in crate::strategy) fn below<S: Space>(view: &View<'_, S>, cube: &Cube<'_, S>, number: u64) -> Self {
        let trials = view.trials.iter().take_while(|trial| trial.number < number);
        Self::of(view, trials.filter_map(|trial| Some((cube.point(&trial.params)?, trial))))
    }

    fn of<'t, S: Space>(view: &View<'_, S>, trials: impl Iterator<Item = (Point, &'t Trial<S::Params>)>) -> Self {
        let weights = view.folds.iter().map(|fold| fold.weight).collect();
        let mut history = Self { weights, ..Self::default() };
        let mut violations = Vec::new();
        for (point, trial) in trials {
            let Some(budget) = first_budget(trial) else { continue };
            let of_fold = |record: &Record| signed_score(view, record);
            // The mean is that of the signed scores: it has the same bits whether a metric is maximised, or minimised
            // with the other sign.
            let folds: Vec<f64> = trial.at(budget).iter().map(of_fold).collect();
            history.scores.push(mean_and_std(&folds, &history.weights).0);
            history.folds.push(folds);
            history.points.push(point);
            history.budgets.push(budget);
            violations.push(view.violation_of(trial.at(budget)));
        }
        history.compare_within_budgets();
        history.feasible_first(&violations);
        history.variances = variances(&history.folds, &history.scores, &history.weights);
        history
    }

    /// The first candidates of a search, each with its scores on its first folds, higher is better. The means are those
    /// of [`TwoWay`].
    pub(super) fn by_fold(points: &[Point], folds: Vec<Vec<f64>>, weights: &[f64]) -> Self {
        let TwoWay { means, variances, .. } = TwoWay::of(&folds, weights);
        let points = points[..folds.len()].to_vec();
        let (prior, budgets) = (0, vec![Budget::Full; points.len()]);
        Self { prior, budgets, points, scores: means, variances, folds, weights: weights.to_vec() }
    }

    /// Candidates with their scores on the folds at one budget, higher is better.
    pub(in crate::strategy) fn new(points: Vec<Point>, folds: Vec<Vec<f64>>, weights: &[f64]) -> Self {
        let scores: Vec<f64> = folds.iter().map(|of| mean_and_std(of, weights).0).collect();
        let variances = variances(&folds, &scores, weights);
        let (prior, budgets) = (0, vec![Budget::Full; points.len()]);
        Self { prior, budgets, points, scores, variances, folds, weights: weights.to_vec() }
    }

    /// Puts the scores of candidates that violate constraints below those of all that do not, by their violations. One
    /// whose violation is not known has no score.
    fn feasible_first(&mut self, violations: &[f64]) {
        if violations.iter().all(|violation| *violation == 0.0) {
            return;
        }
        let feasible = || (0..violations.len()).filter(|&at| violations[at] == 0.0 && self.scores[at].is_finite());
        let worst = feasible().map(|at| self.scores[at]).reduce(f64::min).unwrap_or(0.0);
        let best = feasible().map(|at| self.scores[at]).reduce(f64::max).unwrap_or(0.0);
        let spread = if best > worst { best - worst } else { 1.0 };
        let most = violations.iter().copied().filter(|violation| violation.is_finite()).fold(0.0, f64::max);
        for at in (0..violations.len()).filter(|&at| violations[at] > 0.0) {
            let is_known = violations[at].is_finite() && self.scores[at].is_finite();
            let score = if is_known { worst - spread * (violations[at] / most) } else { f64::NAN };
            let by = score - self.scores[at];
            self.folds[at].iter_mut().for_each(|of_fold| *of_fold += by);
            self.scores[at] = score;
        }
    }

    /// Puts scores of different budgets on one scale: each becomes its distance from the mean of its budget, in its
    /// deviations.
    fn compare_within_budgets(&mut self) {
        let budgets: BTreeSet<Budget> = self.budgets.iter().copied().collect();
        if budgets.len() < 2 {
            return;
        }
        for budget in budgets {
            let of: Vec<usize> = (0..self.len()).filter(|&at| self.budgets[at] == budget).collect();
            let finite: Vec<f64> = of.iter().map(|&at| self.scores[at]).filter(|score| score.is_finite()).collect();
            let (mean, deviation) = mean_and_std(&finite, &vec![1.0; finite.len()]);
            let deviation = if deviation > 0.0 { deviation } else { 1.0 };
            for at in of {
                let scores = self.folds[at].iter_mut().chain([&mut self.scores[at]]);
                scores.for_each(|score| *score = (*score - mean) / deviation);
            }
        }
    }

    /// The first candidates alone.
    pub(in crate::strategy) fn first(&self, len: usize) -> Self {
        let (points, scores) = (self.points[..len].to_vec(), self.scores[..len].to_vec());
        let prior = self.prior.min(len);
        let own = len - prior;
        let (folds, weights) = (self.folds[..own].to_vec(), self.weights.clone());
        let budgets = self.budgets[..own].to_vec();
        let mut all = self.variances[..prior].to_vec();
        all.extend(variances(&folds, &scores[prior..], &weights));
        Self { variances: all, prior, points, scores, budgets, folds, weights }
    }

    /// The squared standard errors of the candidates of the search.
    pub(super) fn own_variances(&self) -> Vec<f64> {
        if self.folds.iter().any(|of| of.len() < self.weights.len()) {
            return TwoWay::of(&self.folds, &self.weights).variances;
        }
        variances(&self.folds, &self.scores, &self.weights)
    }

    pub(in crate::strategy) fn len(&self) -> usize {
        self.points.len()
    }

    /// Finite scores for all: a failed fit counts as the worst finite score, and so does minus infinity; plus infinity
    /// counts as the best one. `None` where no score is finite.
    pub(in crate::strategy) fn finite_scores(&self) -> Option<Vec<f64>> {
        let finite = || self.scores.iter().copied().filter(|score| score.is_finite());
        let (worst, best) = (finite().reduce(f64::min)?, finite().reduce(f64::max)?);
        Some(self.scores.iter().map(|score| if score.is_nan() { worst } else { score.clamp(worst, best) }).collect())
    }

    /// A digest with all of it.
    pub(in crate::strategy) fn add_to(&self, digest: Digest) -> Digest {
        let points = self.points.iter().flat_map(Point::words);
        digest.words(points).numbers(&self.scores).numbers(&self.variances)
    }
}

/// The score of a fit by the deciding metric, higher is better.
pub(super) fn signed_score<S: Space>(view: &View<'_, S>, record: &Record) -> f64 {
    let sign = match view.metrics[0].direction {
        Direction::Maximize => 1.0,
        Direction::Minimize => -1.0,
    };
    sign * record.outcome.as_ref().map_or(view.error_score, |scores| scores[0])
}

/// The smallest budget that a candidate was trained for, once every fold has a record there. Which larger budgets have
/// records may depend on the order in which fits finish.
pub(super) fn first_budget<P>(trial: &Trial<P>) -> Option<Budget> {
    let budget = trial.records().first()?.budget;
    trial.is_done(budget).then_some(budget)
}

/// The squared standard errors of the mean scores of candidates on common folds: see [`History`].
pub(super) fn variances(folds: &[Vec<f64>], means: &[f64], weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    let weights: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
    let is_finite = |at: &usize| folds[*at].iter().all(|score| score.is_finite());
    let whole: Vec<usize> = (0..folds.len()).filter(is_finite).collect();
    let (count, k) = (whole.len() as f64, weights.len() as f64);
    if whole.len() < 2 || weights.len() < 2 {
        return vec![0.0; folds.len()];
    }
    let effect = |fold: usize| whole.iter().map(|&at| folds[at][fold] - means[at]).sum::<f64>() / count;
    let effects: Vec<f64> = (0..weights.len()).map(effect).collect();
    let variance = |&at: &usize| {
        let term = |fold: usize| {
            let own = folds[at][fold] - means[at] - effects[fold];
            weights[fold] * (own * own)
        };
        // One degree of freedom is the candidate's mean, and a share of one for each fold is its effect.
        (0..weights.len()).map(term).sum::<f64>() * k / (k - 1.0) * count / (count - 1.0)
    };
    let own: Vec<f64> = whole.iter().map(variance).collect();
    let mut sorted = own.clone();
    sorted.sort_by(f64::total_cmp);
    let median = f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]);
    let of_mean: f64 = weights.iter().map(|weight| weight * weight).sum();
    let mut all = vec![median * of_mean; folds.len()];
    for (at, own) in whole.into_iter().zip(own) {
        all[at] = ((k - 1.0) * own + COMMON * median) / (k - 1.0 + COMMON) * of_mean;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_of_a_score_is_what_its_folds_do_not_share() {
        // Two candidates that differ by the same on every fold.
        let shared = [vec![1.0, 5.0, 3.0], vec![2.0, 6.0, 4.0]];
        assert_eq!(variances(&shared, &[3.0, 4.0], &[1.0; 3]), [0.0, 0.0]);
        // By hand: residuals -0.5, 0.5 and 0.5, -0.5; each variance 0.25 * 2/1 * 2/1 = 1, of the mean 1/2.
        let other = [vec![0.0, 2.0], vec![1.0, 1.0]];
        assert_eq!(variances(&other, &[1.0, 1.0], &[1.0; 2]), [0.5, 0.5]);
        // A failed candidate has the median of the others.
        let failed = [vec![0.0, 2.0], vec![f64::NAN, 1.0], vec![1.0, 1.0]];
        assert_eq!(variances(&failed, &[1.0, f64::NAN, 1.0], &[1.0; 2])[1], 0.5);
        assert_eq!(variances(&failed[..2], &[1.0, f64::NAN], &[1.0; 2]), [0.0, 0.0]);
        let history =
            History { scores: vec![f64::NAN, 1.0, f64::INFINITY, -2.0, f64::NEG_INFINITY], ..History::default() };
        assert_eq!(history.finite_scores(), Some(vec![-2.0, 1.0, 1.0, -2.0, -2.0]));
        assert_eq!(History { scores: vec![f64::NAN], ..history }.finite_scores(), None);
    }
}
