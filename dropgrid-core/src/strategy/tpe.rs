//! The tree-structured Parzen estimator.

use std::cmp::Ordering;

use dropgrid_surrogate::{Dimension, Parzen};
use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use super::{
    cube::{Cube, Point},
    gp,
    sequential::{Design, Step, sequential_strategy},
};
use crate::{
    seed::Purpose,
    space::{RuleKind, Space},
};

/// Points drawn from the density of the good candidates, of which the best is tried.
const DRAWS: usize = 24;

/// Times that points are drawn until one of them is allowed and was not tried.
const ROUNDS: usize = 8;

/// Tries `n` candidates: first at Sobol points, then each where good candidates are dense and others are not, by a
/// multivariate tree-structured Parzen estimator ([Bergstra et al. 2011](https://papers.nips.cc/paper/4443), as optuna
/// 5 has it: [Watanabe 2023](https://arxiv.org/abs/2304.11127)).
///
/// A tenth of the candidates, at most 25, are the good ones. Of 24 points drawn from their density the candidate is
/// that with the largest ratio of it to the density of all others. Axes under the same condition have one density
/// together, of the candidates that have them. A candidate with a failed fit is one of the others.
///
/// Candidate `i` is decided on the scores of the candidates before `i - lag`, on nothing else, and those in between
/// count as bad ones. So a search has the same bits on any number of workers, which train up to [`lag`](Self::lag) + 1
/// candidates side by side. No candidate is tried twice. Where a finite space has fewer than `n`, each is tried once,
/// and the report has a [warning](crate::split::Warning::FewCandidates).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tpe {
    design: Design,
}

sequential_strategy!(Tpe, choose, gp::expected);

/// Axes that a candidate has together, and the densities of good and of other candidates on them.
struct Group<'a> {
    axes: Vec<usize>,
    good: Parzen<'a>,
    other: Parzen<'a>,
}

/// The next candidate of a search.
pub(super) fn choose<S: Space>(step: &Step<'_, S>) -> Option<(S::Params, Point)> {
    let groups = groups(step);
    let Some((first, rest)) = groups.split_first().filter(|_| step.growth.history.len() > 0) else {
        return step.untried(1).pop();
    };
    let mut rng = step.seed.key(Purpose::Proposal).fold(3).candidate(step.number).rng();
    let mut coordinates = vec![0.0; step.cube.dimensions.len()];
    for _ in 0..ROUNDS {
        for drawn in first.draw(&mut rng) {
            first.place(&drawn, &mut coordinates);
            for group in rest {
                group.place(&group.draw(&mut rng)[0], &mut coordinates);
            }
            let candidate = step.cube.candidate(&coordinates);
            if let Some(new) = candidate.filter(|(_, point)| !step.tried.contains(&point.identity())) {
                return Some(new);
            }
        }
    }
    // What is dense was tried, as in the end of a finite space.
    let score = |point: &Point| groups.iter().filter_map(|group| group.score(&group.of(point)?)).sum::<f64>();
    let candidates = step.untried(DRAWS).into_iter().map(|candidate| (score(&candidate.1), candidate));
    candidates.reduce(|a, b| if b.0 > a.0 { b } else { a }).map(|(_, candidate)| candidate)
}

/// The groups of axes, that of the axes which every candidate has first.
fn groups<'a, S: Space>(step: &'a Step<'_, S>) -> Vec<Group<'a>> {
    let (points, scores) = (&step.growth.history.points, &step.growth.history.scores);
    let mut order: Vec<usize> = (0..points.len()).collect();
    let best_first = |a: &usize, b: &usize| match scores[*a].is_nan().cmp(&scores[*b].is_nan()) {
        Ordering::Equal => scores[*b].partial_cmp(&scores[*a]).unwrap_or(Ordering::Equal),
        other => other,
    };
    order.sort_by(best_first);
    let (good, other) = order.split_at_mut(points.len().div_ceil(10).min(25));
    good.sort_unstable();
    other.sort_unstable();
    let good: Vec<&Point> = good.iter().map(|&at| &points[at]).collect();
    let other: Vec<&Point> = other.iter().map(|&at| &points[at]).chain(step.pending).collect();

    let group = |axes: Vec<usize>| {
        let dimensions: Vec<&Dimension> = axes.iter().map(|&axis| &step.cube.dimensions[axis]).collect();
        let of = |points: &[&Point]| -> Vec<Vec<f64>> {
            points.iter().filter_map(|point| axes.iter().map(|&axis| point.0[axis]).collect()).collect()
        };
        let (good, other) = (Parzen::new(&dimensions, &of(&good)), Parzen::new(&dimensions, &of(&other)));
        Group { axes, good, other }
    };
    axes_by_condition::<S>(step.cube).into_iter().map(group).collect()
}

/// The axes without a condition, then those of each condition together.
fn axes_by_condition<S: Space>(cube: &Cube<'_, S>) -> Vec<Vec<usize>> {
    let condition = |axis: usize| S::RULES.iter().find(|rule| rule.kind == RuleKind::When(axis)).map(|rule| rule.text);
    let mut groups: Vec<(Option<&str>, Vec<usize>)> = vec![(None, Vec::new())];
    for axis in 0..cube.dimensions.len() {
        let of = condition(axis);
        match groups.iter_mut().find(|(condition, _)| *condition == of) {
            Some((_, axes)) => axes.push(axis),
            None => groups.push((of, vec![axis])),
        }
    }
    groups.into_iter().map(|(_, axes)| axes).collect()
}

impl Group<'_> {
    /// The logarithm of the ratio of the densities.
    fn score(&self, point: &[f64]) -> Option<f64> {
        let score = self.good.log_density(point) - self.other.log_density(point);
        (!score.is_nan()).then_some(score)
    }

    /// Points drawn from the density of the good candidates, that of the best score first.
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
        let draw = |_| {
            let point = self.good.sample(&mut || rng.next_u64());
            (self.score(&point).unwrap_or(f64::NEG_INFINITY), point)
        };
        let mut drawn: Vec<(f64, Vec<f64>)> = (0..DRAWS).map(draw).collect();
        drawn.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        drawn.into_iter().map(|(_, point)| point).collect()
    }

    /// The coordinates of a candidate on the group's axes; `None` where it does not have them.
    fn of(&self, point: &Point) -> Option<Vec<f64>> {
        self.axes.iter().map(|&axis| point.0[axis]).collect()
    }

    /// Sets the group's coordinates.
    fn place(&self, drawn: &[f64], coordinates: &mut [f64]) {
        self.axes.iter().zip(drawn).for_each(|(&axis, &at)| coordinates[axis] = at);
    }
}
