//! The jobs of strategies that know all of their candidates beforehand.

use std::{collections::HashSet, ops::Range};

use super::View;
use crate::{
    record::{Budget, Job},
    space::{Position, Space},
};

/// The number of jobs of a proposal: enough that workers rarely wait for the strategy, few enough to hold.
pub(super) const CHUNK: usize = 1 << 14;

/// Candidates with numbers from 0 on.
pub(super) trait Numbered<P> {
    /// The number of candidates.
    fn len(&self) -> u64;

    /// The candidate of a number. One that cannot be made is passed over.
    fn nth(&self, number: u64) -> Option<P>;

    /// The number of a candidate, where it can be told without a search.
    fn number_of(&self, params: &P) -> Option<u64>;

    /// The candidates of these numbers.
    fn all(&self, numbers: Range<u64>) -> Vec<Option<P>> {
        (numbers.start..numbers.end.min(self.len())).map(|number| self.nth(number)).collect()
    }
}

/// The first jobs without a record, at least `most` of them where there are as many: whole trainings of `candidates` on
/// every fold. Those that share a training with one of them are among them, whatever their numbers.
pub(super) fn missing<S: Space>(
    view: &View<'_, S>,
    candidates: &impl Numbered<S::Params>,
    most: usize,
) -> Vec<Job<S::Params>> {
    let budget = Budget::Full;
    let mut jobs = Vec::new();
    let mut add = |number: u64, params: &S::Params| {
        let trial = view.trials.get(number);
        let is_open = |fold: &u32| trial.is_none_or(|trial| trial.record(*fold, budget).is_none());
        let open = (0..view.fold_count()).filter(is_open);
        jobs.extend(open.map(|fold| Job { candidate: number, params: params.clone(), fold, budget }));
        jobs.len() >= most
    };
    // Candidates that were added with an earlier one.
    let mut added: HashSet<u64> = HashSet::new();
    let mut next = 0;
    loop {
        let number = view.trials.first_open(next, budget);
        if number >= candidates.len() {
            return jobs;
        }
        next = number + 1;
        if added.remove(&number) {
            continue;
        }
        let Some(params) = candidates.nth(number) else { continue };
        let mut is_enough = add(number, &params);
        for params in sharing(view, candidates, &params) {
            let Some(mate) = candidates.number_of(&params) else { continue };
            if mate > number && mate < candidates.len() && added.insert(mate) {
                is_enough = add(mate, &params);
            }
        }
        if is_enough {
            return jobs;
        }
    }
}

/// The candidates that differ from one only on axes that no step reads; none where such an axis is a range, or
/// candidates have no numbers.
pub(super) fn sharing<S: Space>(
    view: &View<'_, S>,
    candidates: &impl Numbered<S::Params>,
    params: &S::Params,
) -> Vec<S::Params> {
    if view.evaluation_only.is_empty() || candidates.number_of(params).is_none() {
        return Vec::new();
    }
    let lens = view.evaluation_only.iter().map(|&axis| view.space.len_of(axis)).collect::<Option<Vec<usize>>>();
    let (Some(lens), Some(positions)) = (lens, view.space.positions_of(params)) else { return Vec::new() };
    let others = (0..lens.iter().product()).filter_map(|mut rest: usize| {
        let mut positions = positions.clone();
        for (&axis, len) in view.evaluation_only.iter().zip(&lens).rev() {
            positions[axis] = Position::At(rest % len);
            rest /= len;
        }
        view.space.nearest(&positions)
    });
    others.collect()
}
